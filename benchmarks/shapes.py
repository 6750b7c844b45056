"""The archives that are measured: a few large CT series, very many small images, one series without end."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cartload.model import SeriesRecord, SeriesUID, StudyUID
from cartload.testing.archive import ArchiveImage, ArchiveSeries, Catalogue
from cartload.testing.images import CT_IMAGE, Imager, Slice, Volume, pixels, sop_uid, uid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def _catalogue(counts: Sequence[int], side: int) -> Catalogue:
    """Make a series of each number of images; all have the same pixels and headers of their own."""
    volume = Volume(rows=side, columns=side, slices=max(counts), spacing=0.7)
    drawn = pixels("CT", volume.slices // 2, volume)
    return Catalogue(tuple(_series(number, count, volume, drawn) for number, count in enumerate(counts)))


SHAPES: Mapping[str, Callable[[], Catalogue]] = {
    "ct": partial(_catalogue, [200] * 4, 512),  # 105 MB each
    "small": partial(_catalogue, [2000], 68),  # images of 10 KB
    "many": partial(_catalogue, [40] * 32, 512),  # 21 MB each
    "long": partial(_catalogue, [3800, *[40] * 15], 512),  # one of 2 GB among others
}


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
    return ArchiveSeries.of(record, stored)


class _Stored:
    """An image of its own header and the pixels that all share, put together when read."""

    def __init__(self, head: bytes, drawn: bytes) -> None:
        self._head = head
        self._drawn = drawn
        self.size = len(head) + len(drawn)

    def read(self) -> bytes:
        return self._head + self._drawn
