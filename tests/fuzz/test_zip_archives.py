"""Whatever comes as a ZIP: bounded, and what is taken for whole is what the standard library sees in it."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from cartload_archive.members import Entry
from cartload_archive.zips import Compression, zip_stream
from cartload_plugins.transports.zip import read_zip
from fuzz.archive_laws import common_outcome
from fuzz.damage import Damage
from fuzz.forged_zip import Forger

if TYPE_CHECKING:
    from random import Random

    from fuzz.archive_laws import Files
    from fuzz.feeding import Feeder

_FILES: Files = [
    ("LICENSE", b"by" * 40),
    ("1-1.dcm", b"a" * 300),
    ("1-2.dcm", b""),
    ("md5hashes.csv", b"x,y\n"),
]
_WORDS = (
    *(
        b"PK\1\2",
        b"PK\3\4",
        b"PK\5\6",
        b"PK\6\6",
        b"PK\6\7",
        b"PK\7\x08",
        b"PK\1\2" + bytes(42),
        bytes(4),
        bytes(8),
    ),
    *(
        b"PK\5\6" + bytes(18),
        b"\xff\xff\xff\xff",
        b"\xff\xff",
        b"\x08\0",
        b"\0\x08",
        b"\1\0\x10\0",
        b"1-1.dcm",
    ),
    *(b"\x03\0", b"\x01\0\0\xff\xff", b"\x00\0\0\xff\xff", b"K\x04\0", b"\x45\0", b"/", b"\\"),
)


def _packed(files: Files, method: int, *, large: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.comment = b"a comment"
        for name, content in files:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            with archive.open(info, "w", force_zip64=large) as member:
                member.write(content)
    return out.getvalue()


_ENTRIES = [Entry(name, content) for name, content in _FILES]
_SEEDS = (
    *(b"".join(zip_stream(_ENTRIES, compression)) for compression in Compression),
    *(_packed(_FILES, method) for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)),
    _packed(_FILES, zipfile.ZIP_DEFLATED, large=True),
    _packed([], zipfile.ZIP_STORED),
)
_DAMAGE = Damage(_SEEDS, _WORDS)


def _made(random: Random) -> bytes:
    """Damage an archive, or forge one, or both."""
    way = random.random()
    if way < 0.4:
        return _DAMAGE.done(random)
    forged = Forger(random).archive()
    return _DAMAGE.done_to(forged, random) if way < 0.6 else forged


def _is_what_the_standard_library_sees(data: bytes) -> str:
    found = common_outcome(read_zip, data)
    if not found.is_whole:
        return "refused"
    try:
        expected = _by_the_standard_library(data)
    except _DECLINED:
        return "read, and declined by the standard library"
    except zipfile.BadZipFile as error:
        is_name = "File name in directory" in str(error) and not all(
            name.isascii() for name, _ in found.files
        )
        assert is_name or "Corrupt extra field" in str(error)  # noqa: PT017 - it need not be raised
        return "read, and a name is in two codes, or what is beside it is cut"
    assert [content for _, content in found.files] == [content for _, content in expected]
    for (name, _), (other, _) in zip(found.files, expected, strict=True):
        assert name == other or not (name + other).isascii()  # flags in the directory may name another code
    return "read"


# The directory may tell of ways, versions and flags that the file itself, which came first, does not have.
_DECLINED = (NotImplementedError, RuntimeError, IndexError, UnicodeDecodeError)


def _by_the_standard_library(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
        return [(info.orig_filename, archive.read(info)) for info in infos]


def test_any_zip_is_refused_or_holds_what_the_standard_library_sees_in_it(fuzz: Feeder) -> None:
    fuzz.feed(_made, _is_what_the_standard_library_sees)
