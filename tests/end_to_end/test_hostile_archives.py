"""Archives made to do harm: names that lead out, links, bombs, modes, images that break parsers.

Whatever an archive holds, nothing is written outside the cart's folder, nothing more than was announced, and
the other series of the cart come home.
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import struct
import sys
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest

from cartload.settings import FileNames
from cartload_archive import ArchiveServer
from fake_archive import md5
from in_process import Way, bring_home, cart_of
from no_network import SERVLET, without_network
from plugins.network.scripted_server import answer
from small_carts import a_catalogue, a_record, a_series
from toxics import Door, ToxicProxy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from in_process import Ended
    from toxics import Passing

CATALOGUE = a_catalogue(a_series(a_record(number), 3) for number in range(1, 4))
HOSTILE, *OTHERS = CATALOGUE.public
IMAGES = [image.read() for image in CATALOGUE.series[HOSTILE].images]
TRANSPORTS = pytest.mark.parametrize("transport", ["nbia", "nbia-rest"], ids=["TAR", "ZIP"])


def held(*uids: str) -> list[bytes]:
    return sorted(
        image.read() for uid, series in CATALOGUE.series.items() if uid in uids for image in series.images
    )


def below(root: Path) -> dict[str, bytes | str]:
    """Give all that is below a folder: files by content, links by target."""
    return {
        str(path.relative_to(root)): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def listing(files: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
    rows = "".join(f"{name.rpartition('^')[2]},{md5(content)}\n" for name, content in files)
    return "md5hashes.csv", f"Filename,MD5Hash\n{rows}".encode()


def tar_of(
    files: Sequence[tuple[str, bytes]], *more: tarfile.TarInfo, form: int = tarfile.GNU_FORMAT
) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for info in more:
            archive.addfile(info, io.BytesIO(bytes(info.size)))
        for name, content in files:
            archive.addfile(an_entry(name, size=len(content)), io.BytesIO(content))
    return out.getvalue()


def an_entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "", size: int = 0) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, target, size
    info.mode, info.uid, info.gid, info.mtime = 0o6777, 0, 0, 1
    info.uname = info.gname = "root"
    return info


def zip_of(files: Sequence[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr, info.compress_type = 3, 0o106777 << 16, method
            archive.writestr(info, content)
    return out.getvalue()


def packed(transport: str, files: Sequence[tuple[str, bytes]]) -> bytes:
    return tar_of(files) if transport == "nbia" else zip_of(files)


def run(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    transport: str,
    body: bytes,
    file_names: FileNames = FileNames.ORDINAL,
) -> Ended:
    """Bring the cart home; the images of one series are the hostile archive, always."""
    without_network(monkeypatch, CATALOGUE, lambda uid, sent: body if uid == HOSTILE else sent)
    way = Way(transport=transport, attempts=2, file_names=file_names)
    return bring_home(cart_of(CATALOGUE, SERVLET), folder, way)


def assert_harmless(ended: Ended, *, complete: bool) -> None:
    """Demand that the others are exact, and the hostile series whole or not there at all."""
    assert ended.error is None
    assert ended.exit_code == (0 if complete else 1)
    assert set(ended.shortfalls) == (set() if complete else {HOSTILE})
    there = sorted(content for files in ended.series.values() for content in files.values())
    assert there == held(*OTHERS, *([HOSTILE] if complete else []))


# --- T1, T2: where members want to go -------------------------------------------------------------

ABSOLUTE = "/cartload-evil.dcm"
NAMES = {
    "up": "../../../evil.dcm",
    "up-far": "../" * 40 + "tmp/evil.dcm",
    "up-within": "a/../../evil.dcm",
    "absolute": ABSOLUTE,
    "drive": "C:\\Windows\\evil.dcm",
    "drive-relative": "C:evil.dcm",
    "share": "\\\\host\\share\\evil.dcm",
    "device-path": "\\\\.\\PhysicalDrive0.dcm",
    "backslashes": "..\\..\\evil.dcm",
    "console": "CON.dcm",
    "printer": "lpt1.dcm",
    "stream": "a.dcm:evil.dcm",
    "hidden-in-ours": ".cartload/journal/evil.dcm",
    "metadata": "metadata.csv.dcm",
    "dots": "...dcm",
    "dot": "./.dcm",
    "blank-at-the-end": "evil .dcm",
    "long": "n" * 3000 + ".dcm",
    "long-up": "../" * 900 + "evil.dcm",
    "control": "a\r\n\x1b[2Jb.dcm",
    "bidi": "\u202emcd.live.dcm",
    "percent": "%2e%2e%2fevil.dcm",
    "caret-up": "../../evil^../../evil.dcm",
}


@TRANSPORTS
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("file_names", [FileNames.ORDINAL, FileNames.SERVER], ids=lambda kind: kind.value)
def test_a_member_goes_where_the_naming_says_whatever_it_is_called(
    transport: str,
    name: str,
    file_names: FileNames,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    destination = tmp_path / "a" / "b" / "c"
    (tmp_path / "evil.dcm").write_bytes(b"was here before")
    before = below(tmp_path)
    files = [(name, IMAGES[0]), ("1-2.dcm", IMAGES[1]), ("1-3.dcm", IMAGES[2])]
    body = packed(transport, [*files, listing(files)])
    ended = run(monkeypatch, destination, transport, body, file_names=file_names)
    assert_harmless(ended, complete=True)
    outside = {path: content for path, content in below(tmp_path).items() if not path.startswith("a")}
    assert outside == before
    assert [path.name for path in destination.iterdir()] == ["cart"]
    assert not os.path.lexists(ABSOLUTE)
    assert all(part == part.strip(" .") for path in ended.images for part in path.split("/"))


def links(outside: str) -> dict[str, tarfile.TarInfo]:
    return {
        "symbolic-link": an_entry("link.dcm", tarfile.SYMTYPE, outside),
        "link-up": an_entry("link", tarfile.SYMTYPE, ".."),
        "hard-link": an_entry("link.dcm", tarfile.LNKTYPE, outside),
        "device": an_entry("device.dcm", tarfile.CHRTYPE),
        "block-device": an_entry("device.dcm", tarfile.BLKTYPE),
        "pipe": an_entry("pipe.dcm", tarfile.FIFOTYPE),
        "directory": an_entry("link.dcm", tarfile.DIRTYPE),
        "sparse": an_entry("sparse.dcm", tarfile.GNUTYPE_SPARSE),
        "contiguous": an_entry("contiguous.dcm", tarfile.CONTTYPE),
        "unknown": an_entry("unknown.dcm", b"Z"),
    }


@pytest.mark.parametrize("kind", links(""))
def test_what_is_no_plain_file_is_refused_and_creates_nothing(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside.dcm"
    outside.write_bytes(b"was here before")
    through = [("link/evil.dcm", IMAGES[0]), ("link.dcm", IMAGES[1]), ("c.dcm", IMAGES[2])]
    body = tar_of([*through, listing(through)], links(str(outside))[kind])
    ended = run(monkeypatch, tmp_path / "home", "nbia", body)
    assert_harmless(ended, complete=False)
    assert "not only files" in ended.shortfalls[HOSTILE].reason
    assert outside.read_bytes() == b"was here before"
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_symlink()]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "outside.dcm"]


# --- T3, T4: what never ends, and what grows ------------------------------------------------------

MEGABYTE = 1 << 20


def bomb(name: str, size: int, *, told: int | None = None) -> bytes:
    """Pack *size* zeros, a thousand to one; *told* is what the headers say, else that it follows."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)  # can be repeated as it is
    content = piece * (size // MEGABYTE) + b"\3\0"
    flags, sizes = (8, (0, 0)) if told is None else (0, (len(content), told))
    head = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, flags, 8, 0, 0, 0, *sizes, len(name), 0)
    return head + name.encode() + content


def quoted_overlap(count: int) -> bytes:
    """Make files that each hold the headers of the next ones, so that one content is told many times."""
    kernel = zlib.compress(bytes(MEGABYTE), 9, -15)
    checksum, body, central = zlib.crc32(bytes(MEGABYTE)), b"", b""
    for place in range(count):
        name = b"%d.dcm" % place
        fields = (20, 0, 8, 0, 0, checksum, len(kernel), MEGABYTE, len(name))
        central += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, *fields, *[0] * 5, len(body)) + name
        body += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", *fields, 0) + name
    body += kernel
    return (
        body + central + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(central), len(body), 0)
    )


BOMBS: dict[str, Callable[[], bytes]] = {
    "image": lambda: bomb("1.dcm", 300 * MEGABYTE),
    "image-of-told-size": lambda: bomb("1.dcm", 300 * MEGABYTE, told=300 * MEGABYTE),
    "image-of-small-told-size": lambda: bomb("1.dcm", 300 * MEGABYTE, told=100),
    "licence": lambda: bomb("LICENSE", 300 * MEGABYTE),
    "md5-list": lambda: bomb("md5hashes.csv", 300 * MEGABYTE),
    "what-nobody-asked-for": lambda: bomb("readme.txt", 300 * MEGABYTE),
    "quoted-overlap": lambda: quoted_overlap(500),
}


@pytest.mark.parametrize("made", BOMBS.values(), ids=BOMBS)
def test_a_zip_bomb_writes_no_more_than_was_announced(
    made: Callable[[], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = run(monkeypatch, tmp_path, "nbia-rest", made())
    assert_harmless(ended, complete=False)
    announced = sum(len(content) for content in held(*CATALOGUE.public))
    assert ended.report.fetched_bytes <= announced + 2 * 2 * MEGABYTE
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) <= announced + MEGABYTE


def raw_header(size: bytes, kind: bytes = b"0") -> bytes:
    block = bytearray(512)
    block[:5], block[124:136], block[156:157], block[257:265] = b"1.dcm", size, kind, b"ustar\00000"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


SPINS = {
    "2^60-bytes": raw_header(b"\x80" + (1 << 60).to_bytes(11, "big")) + b"x" * 1000,
    "negative": raw_header(b"\xff" * 12) + bytes(2048),
    "long-name-of-2^60": raw_header(b"\x80" + (1 << 60).to_bytes(11, "big"), b"L"),
    "pax-of-no-length": raw_header(b"00000001000\0", b"x") + b"0 size=3\n".ljust(512, b"\0"),
    "pax-without-end": raw_header(b"00000001000\0", b"x") + bytes(512),
    "only-headers": (raw_header(b"00000000000\0", b"x")) * 30_000,
    "empty-files": (raw_header(b"00000000000\0")) * 30_000,
    "zeros": bytes(4 * MEGABYTE),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("body", SPINS.values(), ids=SPINS)
def test_an_archive_made_to_keep_its_reader_busy_ends_in_an_error(
    body: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_harmless(run(monkeypatch, tmp_path, "nbia", body), complete=False)


# --- T5: content encodings ------------------------------------------------------------------------

BOMB = gzip.compress(bytes(64 * MEGABYTE), 9)
ENCODINGS = {
    "gzip": ("gzip", BOMB),
    "deflate": ("deflate", zlib.compress(bytes(64 * MEGABYTE), 9)),
    "brotli": ("br", b"\x0b\x02\x80"),
    "zstd": ("zstd", b"\x28\xb5\x2f\xfd"),
    "many-times": (", ".join(["gzip"] * 6), gzip.compress(gzip.compress(BOMB))),
    "unknown": ("x-bomb", BOMB),
}


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("door", [Door.POLICY, Door.DESCRIPTION, Door.ARCHIVE], ids=lambda door: door.value)
@TRANSPORTS
def test_an_answer_that_is_compressed_is_never_unpacked(
    transport: str, door: Door, encoding: tuple[str, bytes], tmp_path: Path
) -> None:
    name, body = encoding

    def alter(passing: Passing) -> bytes:
        struck = passing.door is door and passing.series_uid in {"", HOSTILE}
        return answer(body, headers={"Content-Encoding": name}) if struck else passing.answer

    with ArchiveServer(CATALOGUE) as server, ToxicProxy(server.url, alter=alter) as proxy:
        ended = bring_home(
            cart_of(CATALOGUE, proxy.servlet_url), tmp_path, Way(transport=transport, attempts=2)
        )
    if door is Door.ARCHIVE:
        assert_harmless(ended, complete=False)
        assert "unasked" in ended.shortfalls[HOSTILE].reason
    else:
        assert "unasked" in str(ended.error)
        assert list(tmp_path.iterdir()) == []


def test_the_bomb_behind_a_redirect_is_not_read(tmp_path: Path) -> None:
    headers = {"Content-Encoding": "gzip", "Location": "https://archive.example.org:1/\\"}

    def alter(passing: Passing) -> bytes:
        return answer(BOMB, 302, headers) if passing.door is Door.POLICY else passing.answer

    with ArchiveServer(CATALOGUE) as server, ToxicProxy(server.url, alter=alter) as proxy:
        ended = bring_home(cart_of(CATALOGUE, proxy.servlet_url), tmp_path, Way())
    assert ended.exit_code == 7
    assert list(tmp_path.iterdir()) == []


# --- T22, T23: modes, and images that are none ----------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such modes")
@TRANSPORTS
def test_modes_owners_and_times_in_an_archive_are_ignored(
    transport: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [(f"{place}.dcm", image) for place, image in enumerate(IMAGES)]
    (tmp_path / "usual").touch()
    ended = run(monkeypatch, tmp_path / "home", transport, packed(transport, [*files, listing(files)]))
    assert_harmless(ended, complete=True)
    usual = (tmp_path / "usual").stat()
    for path in ended.root.rglob("*.dcm"):
        found = path.stat()
        assert stat.S_IMODE(found.st_mode) == stat.S_IMODE(usual.st_mode)
        assert (found.st_uid, found.st_gid) == (usual.st_uid, usual.st_gid)
        assert found.st_mtime > 1_000_000


def element(tag: tuple[int, int], vr: bytes, value: bytes, length: int | None = None) -> bytes:
    told = len(value) if length is None else length
    if vr in {b"SQ", b"OB", b"OW", b"UN"}:
        return struct.pack("<HH2sHI", *tag, vr, 0, told) + value
    return struct.pack("<HH2sH", *tag, vr, told) + value


def image_with(data: bytes, syntax: bytes = b"1.2.840.10008.1.2.1\0") -> bytes:
    meta = element((2, 0x10), b"UI", syntax)
    return bytes(128) + b"DICM" + element((2, 0), b"UL", struct.pack("<I", len(meta))) + meta + data


NESTED = struct.pack("<HH2sHI", 8, 0x1115, b"SQ", 0, 0xFFFFFFFF) + struct.pack(
    "<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF
)
IMPOSTORS = {
    "nothing": b"",
    "text": b"<html>no image</html>",
    "program": b"\x7fELF" + bytes(2000),
    "magic-only": bytes(128) + b"DICM",
    "nested-10000": image_with(NESTED * 10_000),
    "length-4-gigabytes": image_with(element((8, 8), b"OB", b"", 0xFFFFFFFE)),
    "length-undefined": image_with(element((0x7FE0, 0x10), b"OB", b"", 0xFFFFFFFF)),
    "uid-of-65535-bytes": image_with(element((8, 0x18), b"UI", b"1." * 30_000, 60_000)),
    "deflated-bomb": image_with(
        zlib.compressobj(9, wbits=-15).compress(b"") + zlib.compress(bytes(32 * MEGABYTE), 9, -15),
        b"1.2.840.10008.1.2.1.99\0\0",
    ),
    "meta-length-lies": bytes(128) + b"DICM" + element((2, 0), b"UL", b"\xff\xff\xff\xff"),
}


@TRANSPORTS
@pytest.mark.timeout(30)
@pytest.mark.parametrize("content", IMPOSTORS.values(), ids=IMPOSTORS)
@pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
def test_what_is_called_an_image_and_is_none_costs_its_series_only(
    transport: str, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [("0.dcm", content), ("1.dcm", IMAGES[1]), ("2.dcm", IMAGES[2])]
    body = packed(transport, [*files, listing(files)])
    assert_harmless(run(monkeypatch, tmp_path, transport, body), complete=False)


def test_the_bombs_of_these_tests_are_bombs() -> None:
    packed_bomb = bomb("1.dcm", 300 * MEGABYTE)
    assert len(packed_bomb) < MEGABYTE
    assert zlib.decompressobj(-15).decompress(packed_bomb[35:], MEGABYTE) == bytes(MEGABYTE)
    assert len(BOMB) < MEGABYTE // 8
