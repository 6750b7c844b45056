from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pydicom
import pytest

from cartload.model import SeriesRecord, SeriesUID, StudyUID, is_uid
from cartload.testing.images import (
    CT_IMAGE,
    MR_IMAGE,
    SEGMENTATION,
    Imager,
    Slice,
    Volume,
    pixels,
    sop_uid,
    uid,
)

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

CLASSES = {"CT": CT_IMAGE, "MR": MR_IMAGE, "SEG": SEGMENTATION}


def record(modality: str = "CT") -> SeriesRecord:
    return SeriesRecord(
        series_uid=SeriesUID(uid("series", modality)),
        study_uid=StudyUID(uid("study")),
        patient_id="P-1",
        collection="C",
        image_count=0,
        image_bytes=0,
        modality=modality,
        series_number="3",
        series_description="Größe",
        sop_class_uid=CLASSES[modality],
    )


def read(modality: str, image: Slice, volume: Volume) -> Dataset:
    return pydicom.dcmread(io.BytesIO(Imager(record(modality), volume).image(image)))


@pytest.mark.parametrize("modality", CLASSES)
@pytest.mark.parametrize("volume", [Volume(), Volume(rows=33, columns=17, slices=3)])
def test_an_image_is_readable_and_its_pixels_have_the_right_length(modality: str, volume: Volume) -> None:
    found = read(modality, Slice(), volume)
    samples = found.Rows * found.Columns * int(found.get("NumberOfFrames", 1)) * found.BitsAllocated // 8
    assert len(found.PixelData) == samples + samples % 2
    assert found.file_meta.MediaStorageSOPInstanceUID == found.SOPInstanceUID
    assert found.SOPClassUID == CLASSES[modality]
    assert found.PhotometricInterpretation == "MONOCHROME2"


def test_an_image_says_where_it_belongs_and_where_it_lies() -> None:
    found = read("CT", Slice(acquisition=2, instance=7, index=6), Volume(slices=24, thickness=2.5))
    assert (found.PatientID, found.SeriesInstanceUID, found.SeriesNumber) == ("P-1", uid("series", "CT"), 3)
    assert (found.AcquisitionNumber, found.InstanceNumber) == (2, 7)
    assert [float(value) for value in found.ImagePositionPatient] == [-157.5, -157.5, 15.0]
    assert (found.RescaleIntercept, found.RescaleSlope, found.SeriesDescription) == (-1024, 1, "Größe")


def test_a_number_can_be_empty() -> None:
    found = read("MR", Slice(acquisition=None, instance=None), Volume())
    assert (found.AcquisitionNumber, found.InstanceNumber) == (None, None)


def test_a_segmentation_has_a_plane_for_each_frame() -> None:
    found = read("SEG", Slice(), Volume(slices=5))
    assert found.NumberOfFrames == len(found.PerFrameFunctionalGroupsSequence) == 5
    assert set(found.PixelData) <= {0, 128, 255}
    assert {0, 255} <= set(found.PixelData)


def test_ct_values_are_hounsfield_units_above_the_intercept() -> None:
    values = memoryview(pixels("CT", 21, Volume(rows=64, columns=64, slices=42))).cast("H")
    air, lung, heart = (values[place] - 1024 for place in (0, 32 * 64 + 18, 24 * 64 + 32))
    assert -1040 < air < -960
    assert -850 < lung < -750
    assert 30 < heart < 100
    assert max(values) < 4096


def test_slices_differ_and_are_the_same_each_time() -> None:
    drawn = [pixels("CT", index, Volume()) for index in range(24)]
    assert len(set(drawn)) == 24
    assert drawn == [pixels("CT", index, Volume()) for index in range(24)]


def test_identifiers_are_valid_distinct_and_the_same_each_time() -> None:
    found = {sop_uid(record(), Slice(instance=number)) for number in range(50)}
    assert len(found) == 50
    assert all(is_uid(one) for one in found)
    assert uid("a", "b") == uid("a", "b") != uid("ab")
