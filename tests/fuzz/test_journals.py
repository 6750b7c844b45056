"""Whatever a journal holds: it is replayed or not understood, and says only what was written."""

from __future__ import annotations

import re
import zlib
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

import pytest
from attrs import frozen

from cartload.errors import JournalError
from cartload.holdings import StoredFile, StoredSeries
from cartload.journal import FORMAT, Accepted, Confirmed, Entry, Intended, Opened, from_line, replay, to_line
from cartload.model import MemberKind, SeriesUID, SOPInstanceUID, UsagePolicy
from cartload.ports import Acceptance
from cartload.staging.journals import Journals
from fuzz.damage import Damage

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from fuzz.feeding import Feeder

_HEAD = re.compile(rb'\{"crc":"[0-9a-f]{8}","entry":(.*)\}\r?\n?', re.DOTALL)


def _series(number: int, directory: str, *names: str) -> StoredSeries:
    files = tuple(
        StoredFile(name, 100 + at, f"{at:032x}", MemberKind.IMAGE, SOPInstanceUID(f"1.2.3.{at}"))
        for at, name in enumerate(names)
    )
    return StoredSeries(SeriesUID(f"1.2.{number}"), directory, files)


_WRITTEN: tuple[Entry, ...] = (
    Opened(FORMAT, "cartload 1", "cart.tcia", "0" * 64, 1.0),
    Accepted(Acceptance(UsagePolicy("https://archive.example.org", "Be kind.\n\u00e9"), "2024-01-01", "Ana")),
    Intended(_series(1, "Kidney/P-1/study/series", "1-1.dcm", "1-2.dcm"), "nbia", 2.0),
    Confirmed(SeriesUID("1.2.1"), 3.0),
    Intended(_series(2, "Kidney/P-2", "1-1.dcm", "069.xml"), "nbia-rest", 4.5e8),
    Intended(_series(1, "Kidney/P-1/again", "1-1.dcm"), "nbia", 5.0),
    Confirmed(SeriesUID("1.2.2"), 6.0),
    Opened(FORMAT, "cartload 2", "other.tcia", "1" * 64, 7.0),
)
_LINES = tuple(to_line(entry).encode() for entry in _WRITTEN)
_WORDS = (
    *(
        b"\n",
        b"\r\n",
        b"\r",
        b"\0",
        b"}}",
        b"}}\n",
        b'{"crc":"',
        b'","entry":',
        b"00000000",
        b"\xff",
        b"\xed\xa0\x80",
    ),
    *(
        b'"kind":"confirmed"',
        b'"kind":"intended"',
        b'"kind":[]',
        b'"at":',
        b"1e999",
        b"NaN",
        b"-Infinity",
        b"9" * 400,
    ),
    *(
        b'"series_uid":"1.2.1"',
        b"null",
        b"true",
        b"[" * 2000,
        b'{"a":' * 600,
        b"9" * 5000,
        b"-1",
        b"1.0",
        b"{}",
        b"[]",
    ),
    *(
        b"..",
        b"../..",
        b"/",
        b"\\\\",
        b"C:",
        b"\\u0000",
        b"\\ud800",
        b"\\u002e\\u002e",
        b".",
        b"Kidney",
        b"1-1.dcm",
    ),
)
_DAMAGE = Damage([b"\n".join(_LINES) + b"\n", *(line + b"\n" for line in _LINES)], _WORDS)


@frozen
class _Made:
    """A journal, and whether its lines got new checksums after they were damaged."""

    content: bytes
    is_mended: bool


def _made(random: Random) -> _Made:
    content = _DAMAGE.done(random)
    is_mended = random.random() < 0.6
    return _Made(_mended(content) if is_mended else content, is_mended)


def _mended(content: bytes) -> bytes:
    return b"".join(map(_with_checksum, content.splitlines(keepends=True)))


def _with_checksum(line: bytes) -> bytes:
    found = _HEAD.fullmatch(line)
    return b'{"crc":"%08x","entry":%b}\n' % (zlib.crc32(found[1]), found[1]) if found else line


def _outcome(made: _Made, folder: Path) -> str:
    """Replay a journal from the disk."""
    (folder / "1.jsonl").write_bytes(made.content)
    journals = Journals(folder)
    try:
        lines = list(journals.lines())
        found = replay(lines, journals.read)
        for uid in found:
            stored = found.recorded(uid)
            assert stored is not None
            assert stored.series_uid == uid
            _stays_inside(stored)
    except JournalError:
        assert made.is_mended
        return "not understood"
    finally:
        journals.close()
    accepted = [entry for _, line in lines if (entry := from_line(line)) is not None]
    assert all(_is_read_back(entry) if made.is_mended else entry in _WRITTEN for entry in accepted)
    assert set(found) == {entry.stored.series_uid for entry in accepted if isinstance(entry, Intended)}
    assert len(accepted) + found.unreadable <= len(lines)
    return "replayed"


def _is_read_back(entry: Entry) -> bool:
    line = to_line(entry)
    again = from_line(line)
    return again is not None and to_line(again) == line  # which takes one NaN for another


def _stays_inside(stored: StoredSeries) -> None:
    """Hold that nothing leads out of the folder, on any system."""
    folder = PurePosixPath(stored.directory)
    for name in ("x", *(file.name for file in stored.files)):
        place = folder / name
        assert not place.is_absolute()
        assert place.parts[-1] == name
        assert not {".", ".."} & {*place.parts, *stored.directory.split("/")}
        elsewhere = PureWindowsPath(place)
        assert elsewhere.parts == place.parts
        assert not elsewhere.anchor


def test_any_journal_is_replayed_or_not_understood_and_says_only_what_was_written(
    fuzz: Feeder, tmp_path: Path
) -> None:
    fuzz.feed(_made, lambda made: _outcome(made, tmp_path))


@pytest.mark.parametrize("kept", range(len(_LINES)))
def test_a_torn_last_line_says_nothing_wherever_it_is_torn(kept: int) -> None:
    before, torn = [line.decode() + "\n" for line in _LINES[:kept]], _LINES[kept].decode()
    for end in range(len(torn)):
        lines = [*before, torn[:end]]
        found = replay(enumerate(lines), lines.__getitem__)
        assert found.unreadable == 0
        assert set(found) == {
            entry.stored.series_uid for entry in _WRITTEN[:kept] if isinstance(entry, Intended)
        }


@pytest.mark.parametrize("name", ["a\ud800.dcm", "...", ".. ", "NUL", "con.dcm", "a?", "x\n"])
@pytest.mark.parametrize("is_directory", [False, True])
def test_a_journal_names_nothing_that_no_cart_holds(name: str, *, is_directory: bool) -> None:
    stored = _series(1, f"Kidney/{name}", "1-1.dcm") if is_directory else _series(1, "Kidney", name)
    lines = [to_line(Intended(stored, "nbia", 1.0))]
    with pytest.raises(JournalError):
        replay(enumerate(lines), lines.__getitem__).recorded(stored.series_uid)
