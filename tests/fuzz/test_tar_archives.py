"""Whatever comes as a TAR: bounded, and what is taken for whole is what the standard library sees in it."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING, Self

from cartload_archive.members import Entry
from cartload_archive.tar import tar_stream
from cartload_plugins.transports.tar import read_tar
from fuzz.archive_laws import common_outcome
from fuzz.damage import Damage

if TYPE_CHECKING:
    from random import Random

    from fuzz.archive_laws import Files
    from fuzz.feeding import Feeder

_BLOCK = 512
_FILES: Files = [("1.2.3^1-1.dcm", b"a" * 700), ("1.2.4^1-2.dcm", b""), ("md5hashes.csv", b"b" * 512)]
_LONG: Files = [("n" * 150, b"long"), ("Ærø.xml", b"<x/>"), ("d" * 90 + "/" + "f" * 60, b"y" * 1300)]
_FORMATS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)
_WORDS = (
    *(
        bytes(512),
        bytes(1024),
        b"ustar\00000",
        b"ustar  \0",
        b"00000000000\0",
        b"77777777777\0",
        b"\0",
        b"/",
        b" ",
    ),
    *(
        b"00000001000\0",
        b"\x80" + bytes(10) + b"\x05",
        b"\xff" * 12,
        b"\x80" + b"\x7f" * 11,
        b"0",
        b"x",
        b"g",
        b"L",
    ),
    *(
        b"1",
        b"5",
        b"S",
        b"10 size=3\n",
        b"12 path=abc\n",
        b"20 GNU.sparse.size=1\n",
        b"0 =\n",
        b"-1 size=3\n",
    ),
    *(
        b"30 mtime=1700000000.123456789\n",
        b"99999999999999999999 path=x\n",
        b"11 path=a/\n",
        b"13 size=0003\n",
    ),
)


def _packed(files: Files, form: int, headers: dict[str, str] | None = None) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, pax_headers=headers) as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


_SEEDS = (
    b"".join(tar_stream([Entry(name, content) for name, content in _FILES])),
    *(_packed(_FILES, form)[:5120] for form in _FORMATS),
    *(_packed(_LONG, form) for form in _FORMATS[1:]),
    _packed(_FILES, tarfile.PAX_FORMAT, {"comment": "by hand"}),
    bytes(1024),
)
_DAMAGE = Damage(_SEEDS, _WORDS)


def _made(random: Random) -> bytes:
    """Damage an archive; its checksums are mended mostly, as whoever forges one would."""
    data = _DAMAGE.done(random)
    return _mended(data) if random.random() < 0.7 else data


def _mended(data: bytes) -> bytes:
    """Write the checksum of every block that may be a header."""
    mended = bytearray(data)
    for at in range(0, len(data) - _BLOCK + 1, _BLOCK):
        block = mended[at : at + _BLOCK]
        if block[257:262] == b"ustar" and any(block):
            mended[at + 148 : at + 156] = _checksum(block)
    return bytes(mended)


def _checksum(block: bytearray) -> bytes:
    return b"%06o\0 " % (sum(block) - sum(block[148:156]) + 8 * ord(" "))


def _is_what_the_standard_library_sees(data: bytes) -> str:
    found = common_outcome(read_tar, data)
    if not found.is_whole:
        return "refused"
    try:
        assert found.files == _by_the_standard_library(data)
    except tarfile.ReadError:
        assert found.files == []
        return "empty"
    return "read"


class _Plain(tarfile.TarInfo):
    """A header without what is of no account here, but stops the standard library: owners, times, devices.

    Nor has it the first half of a name where POSIX's mark is missing: there, others keep other things.
    """

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        block = bytearray(buf)
        for start, end in (
            (100, 124),
            (136, 148),
            (329, 345),
            *(() if buf[257:263] == b"ustar\0" else ((345, 500),)),
        ):
            block[start:end] = bytes(len(block[start:end]))
        if any(block):  # the sum was demanded by the reader under test already
            block[148:156] = _checksum(block)
        return super().frombuf(block, encoding, errors)


def _by_the_standard_library(data: bytes) -> Files:
    files: Files = []
    with tarfile.open(
        fileobj=io.BytesIO(data), mode="r:", encoding="utf-8", errors="replace", tarinfo=_Plain
    ) as archive:
        for info in archive:
            assert info.isreg()
            content = archive.extractfile(info)
            assert content is not None
            files.append((info.name.partition("\0")[0], content.read()))  # no name goes on behind a zero
    return files


def test_any_tar_is_refused_or_holds_what_the_standard_library_sees_in_it(fuzz: Feeder) -> None:
    fuzz.feed(_made, _is_what_the_standard_library_sees)
