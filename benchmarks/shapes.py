"""The archives that are measured: a few large CT series, and one of very many small images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from cartload.model import SeriesRecord, SeriesUID, StudyUID
from cartload.testing.archive import ArchiveImage, ArchiveSeries, Catalogue
from cartload.testing.images import CT_IMAGE, Imager, Slice, Volume, pixels, sop_uid, uid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def ct_series() -> Catalogue:
    """Make 4 series of 200 slices of 512 x 512 x 16 bit: 105 MB each."""
    return _catalogue(series=4, images=200, side=512)


def long_series() -> Catalogue:
    """Make 1 series of 2,000 slices of 512 x 512 x 16 bit, all but their headers the same: 1.05 GB."""
    return _catalogue(series=1, images=2000, side=512)


def small_images() -> Catalogue:
    """Make 1 series of 2,000 images of 10 KB."""
    return _catalogue(series=1, images=2000, side=68)


def many_series() -> Catalogue:
    """Make 16 series of 50 slices of 512 x 512 x 16 bit."""
    return _catalogue(series=16, images=50, side=512)


SHAPES: Mapping[str, Callable[[], Catalogue]] = {
    "ct": ct_series,
    "long": long_series,
    "small": small_images,
    "many": many_series,
}


def _catalogue(*, series: int, images: int, side: int) -> Catalogue:
    volume = Volume(rows=side, columns=side, slices=images, spacing=0.7)
    drawn = pixels("CT", images // 2, volume)
    return Catalogue(tuple(_series(number, images, volume, drawn) for number in range(series)))


def _series(number: int, images: int, volume: Volume, drawn: bytes) -> ArchiveSeries:
    record = SeriesRecord(
        series_uid=SeriesUID(uid("benchmark", str(number), str(images))),
        study_uid=StudyUID(uid("benchmark")),
        patient_id="BENCHMARK",
        collection="BENCHMARK",
        image_count=0,
        image_bytes=0,
        series_number=str(number),
        modality="CT",
        sop_class_uid=CT_IMAGE,
    )
    imager = Imager(record, volume)
    slices = [Slice(instance=index + 1, index=index) for index in range(images)]
    made = (_Stored(imager.head(image), drawn) for image in slices)
    stored = (
        ArchiveImage(sop_uid(record, image), image.acquisition, image.instance, content.read, content.size)
        for image, content in zip(slices, made, strict=True)
    )
    return ArchiveSeries.of(evolve(record), stored)


class _Stored:
    """An image of its own header and the pixels that all share, put together when read."""

    def __init__(self, head: bytes, drawn: bytes) -> None:
        self._head = head
        self._drawn = drawn
        self.size = len(head) + len(drawn)

    def read(self) -> bytes:
        return self._head + self._drawn
