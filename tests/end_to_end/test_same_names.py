"""A series has one tree, however many come at once and in whatever order its images come; none is lost."""

from __future__ import annotations

import random
import struct
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from archive_carts import stored_bytes
from cartload.model import SOPInstanceUID
from cartload.settings import FileNames
from cartload.testing.archive import ArchiveImage, ArchiveSeries
from cartload.testing.catalogue import synthetic_series
from cartload.testing.images import Slice, uid
from cartload_archive import ArchiveOptions, ArchiveServer
from in_process import Way, bring_home, cart_of
from small_carts import TINY, a_catalogue, a_record

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.testing.archive import Catalogue

NUMBERS = [(acquisition, instance) for acquisition in (1, 2, None) for instance in (*range(1, 12), None)]


def a_cart(seed: int) -> Catalogue:
    """Give ten series of 36 images in another order for each seed; 0 is the order of their numbers."""
    shuffled = random.Random(seed)  # noqa: S311 - the same order each time is wanted
    slices = [
        Slice(acquisition=acquisition, instance=instance, index=place)
        for place, (acquisition, instance) in enumerate(NUMBERS)
    ]
    made = []
    for number in range(1, 11):
        series = synthetic_series(a_record(number), slices, TINY)
        images = list(series.images)
        if seed:
            shuffled.shuffle(images)
        made.append(evolve(series, images=tuple(images)))
    return a_catalogue(made)


def tree(catalogue: Catalogue, options: ArchiveOptions, way: Way, folder: Path) -> dict[str, bytes]:
    with ArchiveServer(catalogue, options) as server:
        ended = bring_home(cart_of(catalogue, server.servlet_url), folder, way)
    assert ended.exit_code == 0
    return ended.images


@pytest.mark.parametrize(("jobs", "seed"), [(1, 1), (3, 2), (16, 3), (16, 0)])
@pytest.mark.parametrize("transport", ["nbia", "nbia-rest"])
def test_the_tree_is_one_for_any_number_of_jobs_and_any_order_of_images(
    jobs: int, seed: int, transport: str, tmp_path: Path
) -> None:
    options = ArchiveOptions()
    plain = tree(a_cart(0), options, Way(jobs=1), tmp_path / "plain")
    assert len(plain) == 10 * len(NUMBERS)
    assert tree(a_cart(seed), options, Way(jobs=jobs, transport=transport), tmp_path / "other") == plain


ODD = [
    (None, None), (None, None), ("", ""), (" ", " "), (None, "1"), ("1", None), ("1", "1"), ("1", "1"),
    ("1", "1"), ("01", "+1"), ("1\\2", "1"), ("1", "3\\4"), ("-1", "-5"), ("0", "0"), ("-0", "0"),
    ("999999999999", "999999999999"), ("9" * 64, "1"), ("abc", "x"), ("1.5", "2.0"), ("1e3", "NaN"),
    ("../..", "CON"), ("1\x00", "\x1b[2J"),
]  # fmt: skip
"""Acquisition and instance numbers as no standard allows them, and as archives have them."""


def _element(group: int, element: int, kind: bytes, value: bytes) -> bytes:
    padded = value + (b"\0" if kind == b"UI" else b" ") * (len(value) % 2)
    return struct.pack("<HH2sH", group, element, kind, len(padded)) + padded


def _image(series: ArchiveSeries, place: int, acquisition: str | None, instance: str | None) -> ArchiveImage:
    """Write an image byte by byte: no library would write these numbers."""
    sop_uid = uid("odd", str(place))
    meta = _element(0x0002, 0x0010, b"UI", b"1.2.840.10008.1.2.1")
    numbers = ((0x0012, acquisition), (0x0013, instance))
    elements = [
        _element(0x0002, 0x0000, b"UL", struct.pack("<I", len(meta))),
        meta,
        _element(0x0008, 0x0018, b"UI", sop_uid.encode()),
        _element(0x0020, 0x000E, b"UI", series.uid.encode()),
        *(_element(0x0020, tag, b"IS", text.encode()) for tag, text in numbers if text is not None),
        struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OW", 0, 64) + bytes(64),
    ]
    return ArchiveImage(SOPInstanceUID(sop_uid), None, None, bytes(128) + b"DICM" + b"".join(elements))


@pytest.mark.parametrize("names", FileNames)
@pytest.mark.parametrize("transport", ["nbia", "nbia-rest"])
def test_no_image_is_lost_whatever_its_numbers_are(transport: str, names: FileNames, tmp_path: Path) -> None:
    empty = ArchiveSeries(a_record(), ())
    images = [_image(empty, place, *numbers) for place, numbers in enumerate(ODD)]
    series = ArchiveSeries.of(empty.record, images)
    catalogue = a_catalogue([series])
    way = Way(transport=transport, file_names=names)
    home = tree(catalogue, ArchiveOptions(), way, tmp_path)
    assert len(home) == len(ODD)
    assert sorted(home.values()) == stored_bytes([series])
