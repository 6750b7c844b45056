"""Lengths, counts and contents that are not what the archive announced: nothing of it is published.

Each lie is told about two series: of one for ever, of the other until it is asked again.
"""

from __future__ import annotations

import struct
from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING

import pytest

from cartload.state import TaskState
from cartload_archive import ArchiveOptions, ArchiveServer
from cartload_archive.members import Entry
from cartload_archive.tar import tar_stream
from cartload_archive.zips import Compression, zip_stream
from cartload_plugins.transports.tar import read_tar
from cartload_plugins.transports.window import Bounds, Window
from cartload_plugins.transports.zip import read_zip
from fake_archive import dicom, md5
from in_process import Way, bring_home, cart_of
from no_network import SERVLET, without_network
from plugins.network.scripted_server import answer, chunked
from plugins.transports.streams import reader
from small_carts import a_catalogue, a_record, a_series
from toxics import Door, ToxicProxy, marker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from in_process import Ended
    from no_network import Alter
    from toxics import Passing

CATALOGUE = a_catalogue((a_series(a_record(number), 3) for number in range(1, 5)), policy=None)
FOR_EVER, ONCE = CATALOGUE.public[:2]
STORED = ArchiveOptions(compression=Compression.STORE)


class Liar:
    """Alters the answers for one series always, and for another the first time."""

    def __init__(self, lie: Callable[[bytes], bytes]) -> None:
        self._lie = lie
        self._lock = Lock()
        self.told: Counter[str] = Counter()

    def __call__(self, uid: str, body: bytes) -> bytes:
        with self._lock:
            lies = uid == FOR_EVER or (uid == ONCE and not self.told[uid])
            self.told[uid] += 1
        return self._lie(body) if lies else body


def assert_nothing_false_is_published(ended: Ended) -> None:
    """Demand that the series that is always lied about is exact or named as failed, and the others exact.

    Exact, because what was whole and verified before the lie is kept, until nothing is missing.
    """
    assert ended.error is None
    assert {str(uid): (one.state, bool(one.reason)) for uid, one in ended.shortfalls.items()} in (
        {},
        {str(FOR_EVER): (TaskState.FAILED, True)},
    )
    assert ended.exit_code == (1 if ended.shortfalls else 0)
    there = sorted(content for files in ended.series.values() for content in files.values())
    assert there == held(*CATALOGUE.public[len(ended.shortfalls) :])


def held(*uids: str) -> list[bytes]:
    return sorted(
        image.read() for uid, series in CATALOGUE.series.items() if uid in uids for image in series.images
    )


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, transport: str, alter: Alter) -> Ended:
    without_network(monkeypatch, CATALOGUE, alter, STORED)
    return bring_home(cart_of(CATALOGUE, SERVLET), folder, Way(transport=transport, attempts=3))


# --- lies of HTTP ---------------------------------------------------------------------------------


def middle(body: bytes) -> int:
    return len(body) // 2


def cut_member(body: bytes) -> int:
    """Find a place between two members: what is before it looks like an archive that is complete."""
    at = body.index(b"PK\x03\x04", 1) if body.startswith(b"PK") else body.index(b"ustar", 1000) - 257
    return min(at, marker(body))


FRAMES: dict[str, Callable[[bytes, int], bytes]] = {
    "length-too-small": lambda body, cut: answer(body).replace(b": %d" % len(body), b": %d" % cut),
    "length-too-large": lambda body, cut: answer(body).replace(
        b": %d" % len(body), b": %d" % (len(body) + cut)
    ),
    "length-of-what-was-cut": lambda body, cut: answer(body[:cut]),
    "chunks-well-formed-around-a-cut": lambda body, cut: chunked([body[:cut]]),
    "chunks-without-the-last": lambda body, cut: chunked([body[:cut]], ended=False),
    "the-end-of-the-connection": lambda body, cut: answer(body[:cut], length=False),
    "two-lengths": lambda body, cut: answer(
        body, headers={"Content-Length": str(cut), "Transfer-Encoding": "identity"}
    ),
}
CUTS = {"in-the-middle": middle, "between-two-members": cut_member, "before-the-end-marker": marker}


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("transport", ["nbia", "nbia-rest"], ids=["TAR", "ZIP"])
def test_a_body_of_another_length_than_it_should_have_is_never_published(
    transport: str, frame: Callable[[bytes, int], bytes], cut: Callable[[bytes], int], tmp_path: Path
) -> None:
    def lie(body: bytes) -> bytes:
        return frame(body, cut(body))

    liar = Liar(lie)

    def alter(passing: Passing) -> bytes:
        if passing.door is not Door.ARCHIVE or not passing.series_uid:
            return passing.answer
        body = passing.answer[passing.body_start : passing.offset_of_end]
        said = liar(passing.series_uid, body)
        return passing.answer if said == body else said

    with ArchiveServer(CATALOGUE) as server, ToxicProxy(server.url, alter=alter) as proxy:
        way = Way(transport=transport, read_timeout=0.3, attempts=2)
        ended = bring_home(cart_of(CATALOGUE, proxy.servlet_url), tmp_path, way)
    assert_nothing_false_is_published(ended)


# --- lies of TAR ----------------------------------------------------------------------------------


def with_size(field: bytes, *, sound: bool = True) -> Callable[[bytes], bytes]:
    """Write another size into the first header."""

    def lie(body: bytes) -> bytes:
        header = bytearray(body[:512])
        header[124:136] = field
        if sound:
            header[148:156] = b" " * 8
            header[148:156] = b"%06o\0 " % sum(header)
        return bytes(header) + body[512:]

    return lie


def base_256(size: int) -> bytes:
    return (size % (1 << 96) | (0x80 << 88)).to_bytes(12, "big")


TAR_LIES: dict[str, Callable[[bytes], bytes]] = {
    "2^34": with_size(base_256(1 << 34)),
    "2^60": with_size(base_256(1 << 60)),
    "2^86": with_size(base_256(1 << 86)),
    "negative-base-256": with_size(base_256(-512)),
    "minus-one-block": with_size(b"-0000001000\0"),
    "no-number": with_size(b"NaN\0\0\0\0\0\0\0\0\0"),
    "nothing": with_size(bytes(12)),
    "zero": with_size(b"00000000000\0"),
    "one-less": lambda body: with_size(b"%011o\0" % (size_of(body) - 1))(body),
    "one-more": lambda body: with_size(b"%011o\0" % (size_of(body) + 1))(body),
    "wrong-checksum": with_size(b"00000000001\0", sound=False),
}


def size_of(body: bytes) -> int:
    return int(body[124:135], 8)


@pytest.mark.parametrize("lie", TAR_LIES.values(), ids=TAR_LIES)
def test_a_tar_that_lies_about_a_size_is_never_published(
    lie: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_nothing_false_is_published(run(monkeypatch, tmp_path, "nbia", Liar(lie)))


def test_an_image_that_took_a_piece_of_the_next_one_along_is_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lie = Liar(lambda body: with_size(b"%011o\0" % (size_of(body) + 512))(body))
    ended = run(monkeypatch, tmp_path, "nbia", lie)
    assert ended.shortfalls.keys() == {FOR_EVER}


# --- lies of ZIP ----------------------------------------------------------------------------------


def patched(signature: bytes, offset: int, value: bytes) -> Callable[[bytes], bytes]:
    """Write *value* so many bytes behind the first *signature*."""

    def lie(body: bytes) -> bytes:
        at = body.index(signature) + offset if body.startswith(b"PK") else 0
        return body[:at] + value + body[at + len(value) :]

    return lie


LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


def number(value: int, width: int = 4) -> bytes:
    return value.to_bytes(width, "little")


def with_large_end(body: bytes) -> bytes:
    """Put an end record of 64 bits, which tells of one file more, before the old one."""
    at = body.rindex(END)
    count, start = int.from_bytes(body[at + 10 : at + 12], "little"), marker(body)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, *[count + 1] * 2, at - start, start)
    return body[:at] + record + struct.pack("<4sIQI", b"PK\6\7", 0, at, 1) + body[at:]


def with_large_local(body: bytes) -> bytes:
    """Have the first file say that its sizes are 64 bits, and 2^40."""
    name = int.from_bytes(body[26:28], "little")
    extra = struct.pack("<HHQQ", 1, 16, 1 << 40, 1 << 40)
    head = body[:18] + b"\xff" * 8 + body[26:28] + number(len(extra), 2)
    return head + body[30 : 30 + name] + extra + body[30 + name :]


ZIP_LIES: dict[str, Callable[[bytes], bytes]] = {
    "local-size": patched(LOCAL, 22, number(100)),
    "local-packed": patched(LOCAL, 18, number(100)),
    "local-both": patched(LOCAL, 18, number(100) * 2),
    "local-huge": patched(LOCAL, 18, number(0xFFFFFFFE) * 2),
    "local-checksum": patched(LOCAL, 14, number(1)),
    "local-large-without-extra": patched(LOCAL, 18, b"\xff" * 8),
    "local-large": with_large_local,
    "central-size": patched(CENTRAL, 24, number(1)),
    "central-packed": patched(CENTRAL, 20, number(1)),
    "central-checksum": patched(CENTRAL, 16, number(1)),
    "central-place": patched(CENTRAL, 42, number(1)),
    "central-large-without-extra": patched(CENTRAL, 20, b"\xff" * 8),
    "count-more": patched(END, 8, number(99, 2) * 2),
    "count-less": patched(END, 8, number(1, 2) * 2),
    "count-of-this-disk": patched(END, 8, number(1, 2)),
    "directory-longer": patched(END, 12, number(9999)),
    "directory-elsewhere": patched(END, 16, number(1)),
    "large-end-of-more-files": with_large_end,
    "another-archive-behind": lambda body: body + body,
}


@pytest.mark.parametrize("lie", ZIP_LIES.values(), ids=ZIP_LIES)
def test_a_zip_whose_numbers_disagree_is_never_published(
    lie: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_nothing_false_is_published(run(monkeypatch, tmp_path, "nbia-rest", Liar(lie)))


# --- lies about what is in it ---------------------------------------------------------------------


def unpacked(body: bytes) -> list[Entry]:
    window, bounds = Window(reader(body), "a test"), Bounds(total=1 << 30, count=1 << 10)
    entries = read_zip(window, bounds) if body.startswith(b"PK") else read_tar(window, bounds)
    return [Entry(one.name, b"".join(bytes(chunk) for chunk in one.content)) for one in entries]


def repacked(body: bytes, entries: list[Entry]) -> bytes:
    is_zip = body.startswith(b"PK")
    return b"".join(zip_stream(entries, Compression.STORE) if is_zip else tar_stream(entries))


def images_of(entries: list[Entry]) -> list[int]:
    return [place for place, entry in enumerate(entries) if entry.name.endswith(".dcm")]


def listing(entries: list[Entry]) -> Entry:
    rows = (
        f"{one.name.rpartition('^')[2]},{md5(one.content)}\n" for one in entries if one.name.endswith(".dcm")
    )
    return Entry("md5hashes.csv", "".join(("Filename,MD5Hash\n", *rows)).encode())


def with_entries(change: Callable[[list[Entry]], list[Entry]]) -> Callable[[bytes], bytes]:
    """Change what is in an archive, its MD5 list with it: only what was announced tells the lie."""

    def lie(body: bytes) -> bytes:
        if not (body.startswith(b"PK") or body[257:262] == b"ustar"):
            return body
        changed = [entry for entry in change(unpacked(body)) if entry.name != "md5hashes.csv"]
        return repacked(body, [*changed, listing(changed)])

    return lie


def another(entries: list[Entry], *, series: str, image: str) -> Entry:
    (first, *_) = images_of(entries)
    name = entries[first].name
    prefix = f"{image}^" if "^" in name else ""
    return Entry(f"{prefix}9-9.dcm", dicom(series, image, 99, b"\1" * 512))


def one_more(entries: list[Entry]) -> list[Entry]:
    return [*entries, another(entries, series=FOR_EVER, image=f"{FOR_EVER[:-4]}.99")]


def of_another_series(entries: list[Entry]) -> list[Entry]:
    (first, *_) = images_of(entries)
    entries[first] = another(entries, series=CATALOGUE.public[3], image=f"{FOR_EVER[:-4]}.99")
    return entries


def one_less(entries: list[Entry]) -> list[Entry]:
    del entries[images_of(entries)[-1]]
    return entries


def twice_and_different(entries: list[Entry]) -> list[Entry]:
    first, last = images_of(entries)[0], images_of(entries)[-1]
    content = entries[first].content
    entries[last] = Entry(entries[first].name, content[:-1] + bytes([content[-1] ^ 1]))
    return entries


def twice_under_one_name_instead_of_another(entries: list[Entry]) -> list[Entry]:
    first, last = images_of(entries)[0], images_of(entries)[-1]
    entries[last] = entries[first]
    return entries


def shorter(entries: list[Entry]) -> list[Entry]:
    first = images_of(entries)[0]
    entries[first] = Entry(entries[first].name, entries[first].content[:-2])
    return entries


CONTENT_LIES = {
    "one-more-than-announced": one_more,
    "one-less-than-announced": one_less,
    "one-of-another-series": of_another_series,
    "one-twice-with-different-contents": twice_and_different,
    "one-twice-in-the-place-of-another": twice_under_one_name_instead_of_another,
    "one-shorter-than-announced": shorter,
    "none": lambda _: [],
}


@pytest.mark.parametrize("change", CONTENT_LIES.values(), ids=CONTENT_LIES)
@pytest.mark.parametrize("transport", ["nbia", "nbia-rest"], ids=["TAR", "ZIP"])
def test_a_series_with_other_images_than_announced_is_never_published(
    transport: str,
    change: Callable[[list[Entry]], list[Entry]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lie, told = with_entries(change), Counter[str]()

    def alter(uid: str, body: bytes) -> bytes:
        told[uid] += 1
        return lie(body) if uid == FOR_EVER else body

    ended = run(monkeypatch, tmp_path, transport, alter)
    assert_nothing_false_is_published(ended)
    assert told[FOR_EVER]


@pytest.mark.parametrize("transport", ["nbia", "nbia-rest"], ids=["TAR", "ZIP"])
def test_an_image_that_comes_twice_and_alike_is_published_once(
    transport: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def doubled(entries: list[Entry]) -> list[Entry]:
        return [entry for entry in entries for _ in range(1 + (entry.name != "md5hashes.csv"))]

    lie = with_entries(doubled)
    ended = run(monkeypatch, tmp_path, transport, lambda _, body: lie(body))
    assert ended.exit_code == 0
    assert sorted(ended.images.values()) == held(*CATALOGUE.public)
