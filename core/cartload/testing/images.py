"""Synthetic DICOM images: a phantom that a viewer shows as a real volume, made without numpy."""

from __future__ import annotations

import hashlib
import io
import math
import random
import sys
from array import array
from functools import cache
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.model import SOPInstanceUID

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydicom.dataset import Dataset, FileMetaDataset

    from cartload.model import SeriesRecord

UID_ROOT = "1.3.6.1.4.1.14519.5.2.1.9203.8273"
CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"
MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4"
SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1"
SOP_CLASS_NAMES: Mapping[str, str] = {
    CT_IMAGE: "CT Image Storage",
    MR_IMAGE: "MR Image Storage",
    SEGMENTATION: "Segmentation Storage",
}

_UID_DIGITS = 28
_PIXEL_DATA = b"\xe0\x7f\x10\x00OW\x00\x00"  # (7FE0,0010) in explicit VR little endian; its length follows
_GRAIN = 64
_STRIP = 32_768  # samples; longer than what deflate looks back on


@frozen(kw_only=True)
class Volume:
    """The grid that a series samples the phantom on; lengths are in millimetres."""

    rows: int = 64
    columns: int = 64
    slices: int = 24
    spacing: float = 5.0
    thickness: float = 2.5


@frozen(kw_only=True)
class Slice:
    """One image of a series; ``index`` counts from 0 through the volume, and may repeat."""

    acquisition: int | None = 1
    instance: int | None = 1
    index: int = 0
    name: str = ""


@frozen
class _Ellipsoid:
    """A part of the body in a cube from -1 to 1: centre, radii, and its value in CT and in MR."""

    centre: tuple[float, float, float]
    radii: tuple[float, float, float]
    values: Mapping[str, int]

    def at(self, z: float) -> tuple[float, float]:
        """Give the radii of the cut at height *z*; zero where it does not reach."""
        part = 1 - ((z - self.centre[2]) / self.radii[2]) ** 2
        scale = math.sqrt(part) if part > 0 else 0.0
        return self.radii[0] * scale, self.radii[1] * scale


# Stored CT values are Hounsfield units + 1024, the negative of the rescale intercept.
_AIR = {"CT": 24, "MR": 8, "SEG": 0}
_BODY = (
    _Ellipsoid((0.0, 0.0, 0.0), (0.86, 0.66, 1.9), {"CT": 960, "MR": 700, "SEG": 0}),
    _Ellipsoid((0.0, 0.0, 0.0), (0.80, 0.60, 1.8), {"CT": 1064, "MR": 420, "SEG": 0}),
    _Ellipsoid((-0.38, -0.05, 0.2), (0.30, 0.42, 0.9), {"CT": 224, "MR": 60, "SEG": 255}),
    _Ellipsoid((0.38, -0.05, 0.2), (0.28, 0.42, 0.9), {"CT": 224, "MR": 60, "SEG": 255}),
    _Ellipsoid((0.08, -0.18, 0.1), (0.20, 0.18, 0.5), {"CT": 1090, "MR": 560, "SEG": 0}),
    _Ellipsoid((-0.36, 0.02, -0.8), (0.36, 0.40, 0.5), {"CT": 1104, "MR": 510, "SEG": 0}),
    _Ellipsoid((0.0, -0.10, 0.8), (0.07, 0.07, 0.5), {"CT": 24, "MR": 10, "SEG": 0}),
    _Ellipsoid((0.0, 0.46, 0.0), (0.11, 0.10, 3.0), {"CT": 1624, "MR": 180, "SEG": 0}),
    _Ellipsoid((0.44, -0.22, 0.3), (0.06, 0.06, 0.1), {"CT": 1074, "MR": 880, "SEG": 128}),
)


def uid(*names: str) -> str:
    """Derive a DICOM unique identifier of 62 characters from names; the same names give the same."""
    digest = int(hashlib.sha256("\0".join(names).encode()).hexdigest(), 16)
    return f"{UID_ROOT}.1{digest % 10 ** (_UID_DIGITS - 1):0{_UID_DIGITS - 1}d}"


def sop_uid(series: SeriesRecord, image: Slice) -> SOPInstanceUID:
    """Derive the identifier of one image from its series and its own numbers and name."""
    return SOPInstanceUID(
        uid(series.series_uid, str(image.acquisition), str(image.instance), str(image.index), image.name)
    )


class Imager:
    """Makes the images of one series; not to be shared between threads."""

    def __init__(self, series: SeriesRecord, volume: Volume) -> None:
        self.series = series
        self.volume = volume
        self._modality = series.modality or "CT"
        # What all images share is built once: a data element costs pydicom some twenty microseconds.
        self._shared = _shared(series, volume)

    def image(self, image: Slice) -> bytes:
        """Make a whole DICOM file: ``head`` followed by ``pixels``."""
        return self.head(image) + pixels(self._modality, image.index, self.volume)

    def head(self, image: Slice) -> bytes:
        """Write all of a file but the pixels themselves, the head of their data element included."""
        from pydicom import dcmwrite  # noqa: PLC0415 - slow to import, and many never need it
        from pydicom.uid import UID  # noqa: PLC0415 - likewise

        made = self._shared
        made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = UID(sop_uid(self.series, image))
        made.AcquisitionNumber = image.acquisition
        made.InstanceNumber = image.instance
        if self._modality != "SEG":
            made.ImagePositionPatient = _corner(self.volume, image.index)
            made.SliceLocation = made.ImagePositionPatient[2]
        stream = io.BytesIO()
        dcmwrite(stream, made, enforce_file_format=True)
        length = size_of_pixels(self._modality, self.volume)
        return stream.getvalue() + _PIXEL_DATA + length.to_bytes(4, "little")


def size_of_pixels(modality: str, volume: Volume) -> int:
    """Tell how many bytes ``pixels`` gives; always an even number, as the standard demands."""
    samples = volume.rows * volume.columns
    return samples * volume.slices + (samples * volume.slices) % 2 if modality == "SEG" else samples * 2


def pixels(modality: str, index: int, volume: Volume) -> bytes:
    """Draw one slice (16 bit), or for ``SEG`` every slice as a frame (8 bit), in little endian."""
    if modality == "SEG":
        frames = (array("B", _draw("SEG", frame, volume)).tobytes() for frame in range(volume.slices))
        drawn = b"".join(frames)
        return drawn + bytes(len(drawn) % 2)
    samples = _draw("MR" if modality == "MR" else "CT", index, volume)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


def _draw(kind: str, index: int, volume: Volume) -> array[int]:
    """Paint the body from the outside in, a run of samples for each row of each part."""
    grain = 0 if kind == "SEG" else _GRAIN
    columns = volume.columns
    z = 1.0 - 2.0 * (index % volume.slices + 0.5) / volume.slices
    canvas = array("H", bytes(2 * volume.rows * columns))
    textures = [_texture(_AIR[kind], grain), *(_texture(part.values[kind], grain) for part in _BODY)]
    for layer, texture in enumerate(textures):
        runs = _cut(_BODY[layer - 1], z, volume) if layer else _everything(volume)
        for row, first, last in runs:
            start = (row * 997 + index * 3571 + layer * 7) % (_STRIP - columns)
            canvas[row * columns + first : row * columns + last] = texture[start : start + last - first]
    return canvas


def _everything(volume: Volume) -> Iterator[tuple[int, int, int]]:
    return ((row, 0, volume.columns) for row in range(volume.rows))


def _cut(part: _Ellipsoid, z: float, volume: Volume) -> Iterator[tuple[int, int, int]]:
    """Give the row, first column and column after the last of each run of samples inside *part*."""
    columns, rows = volume.columns, volume.rows
    width, height = part.at(z)
    if not height:
        return
    top = max(0, math.ceil((part.centre[1] - height + 1) * rows / 2 - 0.5))
    bottom = min(rows - 1, math.floor((part.centre[1] + height + 1) * rows / 2 - 0.5))
    for row in range(top, bottom + 1):
        off = (2 * (row + 0.5) / rows - 1 - part.centre[1]) / height
        half = width * math.sqrt(max(0.0, 1 - off * off))
        first = max(0, math.ceil((part.centre[0] - half + 1) * columns / 2 - 0.5))
        last = min(columns, math.floor((part.centre[0] + half + 1) * columns / 2 + 0.5))
        if first < last:
            yield row, first, last


@cache
def _texture(value: int, grain: int) -> array[int]:
    """Make a strip of samples around *value*, so that pictures have grain and do not compress to nothing."""
    if not grain:
        return array("H", [value]) * _STRIP
    noise = random.Random(value).randbytes(_STRIP)  # noqa: S311 - the same picture each time is wanted
    return array("H", [max(0, value + byte % grain - grain // 2) for byte in noise])


def _shared(series: SeriesRecord, volume: Volume) -> Dataset:
    from pydicom.dataset import Dataset  # noqa: PLC0415 - see Imager.head

    made = Dataset()
    made.file_meta = _file_meta(series)
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID
    _add_subject(made, series)
    _add_series(made, series)
    _add_picture(made, volume)
    if made.Modality == "SEG":
        _add_segments(made, volume)
    else:
        _add_plane(made, volume)
    return made


def _file_meta(series: SeriesRecord) -> FileMetaDataset:
    from pydicom.dataset import FileMetaDataset  # noqa: PLC0415 - see Imager.head
    from pydicom.uid import UID  # noqa: PLC0415 - see Imager.head

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(series.sop_class_uid or CT_IMAGE)
    meta.TransferSyntaxUID = UID(EXPLICIT_LITTLE_ENDIAN)
    meta.ImplementationClassUID = UID(f"{UID_ROOT}.1")
    meta.ImplementationVersionName = "CARTLOAD_DEMO"
    return meta


def _add_subject(made: Dataset, series: SeriesRecord) -> None:
    day = f"{series.study_date:%Y%m%d}" if series.study_date else ""
    made.PatientName = f"{series.patient_id}^Synthetic"
    made.PatientID = series.patient_id
    made.PatientBirthDate = ""
    made.PatientSex = "O"
    made.StudyInstanceUID = series.study_uid
    made.StudyDate = made.SeriesDate = made.ContentDate = day
    made.StudyTime = made.ContentTime = "120000" if day else ""
    made.AccessionNumber = ""
    made.ReferringPhysicianName = ""
    made.StudyID = series.study_id or ""
    if series.study_description:
        made.StudyDescription = series.study_description


def _add_series(made: Dataset, series: SeriesRecord) -> None:
    made.Modality = series.modality or "CT"
    made.SeriesInstanceUID = series.series_uid
    made.SeriesNumber = series.series_number
    if series.series_description:
        made.SeriesDescription = series.series_description
    made.Manufacturer = series.manufacturer or ""
    made.FrameOfReferenceUID = uid("frame of reference", series.study_uid)
    made.PositionReferenceIndicator = ""
    made.PatientPosition = "HFS"


def _add_picture(made: Dataset, volume: Volume) -> None:
    bits = 8 if made.Modality == "SEG" else 16
    made.SamplesPerPixel = 1
    made.PhotometricInterpretation = "MONOCHROME2"
    made.Rows = volume.rows
    made.Columns = volume.columns
    made.BitsAllocated = bits
    made.BitsStored = min(bits, 12)
    made.HighBit = min(bits, 12) - 1
    made.PixelRepresentation = 0


def _corner(volume: Volume, index: int) -> list[str]:
    """Place the centre of a slice's first sample; the phantom's centre is the origin."""
    across = -(volume.columns - 1) * volume.spacing / 2
    down = -(volume.rows - 1) * volume.spacing / 2
    return [f"{across:.3f}", f"{down:.3f}", f"{(volume.slices / 2 - index) * volume.thickness:.3f}"]


def _add_plane(made: Dataset, volume: Volume) -> None:
    ct = made.Modality == "CT"
    made.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL" if ct else "M"]
    made.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
    made.PixelSpacing = [f"{volume.spacing:.3f}"] * 2
    made.SliceThickness = f"{volume.thickness:.3f}"
    made.WindowCenter, made.WindowWidth = ("40", "400") if ct else ("450", "900")
    if ct:
        made.RescaleIntercept, made.RescaleSlope, made.RescaleType = "-1024", "1", "HU"
        made.KVP = "120"
    else:
        made.RepetitionTime, made.EchoTime = "500", "12"


def _add_segments(made: Dataset, volume: Volume) -> None:
    """Add what makes it a fractional segmentation of the lungs (PS3.3 section A.51)."""
    made.ImageType = ["DERIVED", "PRIMARY"]
    made.ContentLabel, made.ContentDescription, made.ContentCreatorName = "LUNGS", "", "Synthetic"
    made.NumberOfFrames = volume.slices
    made.SegmentationType, made.SegmentationFractionalType = "FRACTIONAL", "PROBABILITY"
    made.MaximumFractionalValue = 255
    made.LossyImageCompression = "00"
    made.SegmentSequence = [_filled(SegmentNumber=1, SegmentLabel="Lungs", SegmentAlgorithmType="AUTOMATIC")]
    measures = _filled(
        PixelSpacing=[f"{volume.spacing:.3f}"] * 2,
        SliceThickness=f"{volume.thickness:.3f}",
        SpacingBetweenSlices=f"{volume.thickness:.3f}",
    )
    orientation = _filled(ImageOrientationPatient=["1", "0", "0", "0", "1", "0"])
    made.SharedFunctionalGroupsSequence = [
        _filled(PixelMeasuresSequence=[measures], PlaneOrientationSequence=[orientation])
    ]
    made.PerFrameFunctionalGroupsSequence = [
        _filled(
            FrameContentSequence=[_filled(DimensionIndexValues=[1, frame + 1])],
            PlanePositionSequence=[_filled(ImagePositionPatient=_corner(volume, frame))],
            SegmentIdentificationSequence=[_filled(ReferencedSegmentNumber=1)],
        )
        for frame in range(volume.slices)
    ]


def _filled(**elements: object) -> Dataset:
    from pydicom.dataset import Dataset  # noqa: PLC0415 - see Imager.head

    made = Dataset()
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made
