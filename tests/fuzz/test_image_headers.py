"""Whatever an image holds: the scanner says what pydicom says, or nothing; the image is read or damaged."""

from __future__ import annotations

import io
import traceback
import warnings
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from pydicom.data import get_testdata_files
from pydicom.filereader import read_partial

from cartload.errors import DamagedError
from cartload.headers import HEAD_BYTES, read_header, wanted_tags
from cartload.headers.keywords import TAGS
from cartload.headers.scanner import scan
from cartload.headers.whole import read_with_pydicom
from cartload.testing.catalogue import demo_catalogue
from fuzz.damage import Damage
from fuzz.forged_dicom import SYNTAXES, Forger

if TYPE_CHECKING:
    from random import Random

    from cartload.model import ImageHeader
    from fuzz.feeding import Feeder

    Made = tuple[bytes, frozenset[str]]

_HEAD = 6000
_KEYWORDS = (
    frozenset[str](),
    frozenset({"AcquisitionNumber", "InstanceNumber"}),
    frozenset(TAGS),
    frozenset({*TAGS, "Rows", "WindowCenter", "PatientComments", "ReferencedImageSequence", "NoSuchKeyword"}),
)
_MARKS = (b"\xfe\xff\x00\xe0", b"\xfe\xff\x0d\xe0", b"\xfe\xff\xdd\xe0", b"\xff\xff\xff\xff", bytes(4))
_TAGS = tuple(
    (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little") for tag in TAGS.values()
)
_VRS = (
    b"SQ\0\0",
    b"UN\0\0",
    b"OB\0\0",
    b"UT\0\0",
    b"LO",
    b"UI",
    b"IS",
    b"US",
    b"FD",
    b"ZZ",
    b"\\",
    b"\x1b",
    b"DICM",
)


def _shipped() -> list[bytes]:
    """Give the heads of pydicom's own examples."""
    paths = sorted(path for path in map(Path, get_testdata_files()) if path.is_file())
    heads = [path.read_bytes()[:_HEAD] for path in paths]
    return [head for head in heads if head[128:132] == b"DICM"]


def _synthetic() -> list[bytes]:
    return [series.images[0].read()[:_HEAD] for series in demo_catalogue().series.values()]


_DAMAGE = Damage(
    _shipped() + _synthetic(), (*_MARKS, *_TAGS, *_VRS, *(each.encode() + b"\0" for each in SYNTAXES))
)


def _made(random: Random) -> Made:
    """Damage an image, or forge one, or both; mostly the mark stays, without which nothing is read."""
    way = random.random()
    data = Forger(random).file() if way < 0.6 else random.choice(_DAMAGE.seeds)
    if way > 0.3:
        kept = random.choice((132, 132, 132, 300, 0))
        data = data[:kept] + _DAMAGE.done_to(data[kept:], random)
    return data, random.choice(_KEYWORDS)


def _is_what_pydicom_says(made: Made) -> str:
    data, keywords = made
    wanted = wanted_tags(keywords)
    found = scan(data, wanted, whole=True)
    if found is None:
        return "declined"
    assert _by_pydicom(data, keywords) in (None, found)
    assert _by_fallback(data, keywords) in (None, found)
    return "scanned"


def _by_fallback(data: bytes, keywords: frozenset[str]) -> dict[str, str] | None:
    """Read as is done with what the scanner declines; None where that finds nothing at all.

    It reads on to what is damaged further down, and then loses all of what is deflated.
    """
    try:
        return read_with_pydicom(data, wanted_tags(keywords), "1-1.dcm") or None
    except DamagedError:
        return None


def _by_pydicom(data: bytes, keywords: frozenset[str]) -> dict[str, str] | None:
    """Take the values as pydicom finds them, cleaned by the standard's rules; None where it cannot start.

    It wants the end of what is deflated, which a head does not have, and character sets that it can look up.
    """
    wanted = wanted_tags(keywords)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            dataset = read_partial(io.BytesIO(data), stop_when=lambda tag, *_: tag > wanted.highest)
        except zlib.error:
            return None
        except Exception as error:
            if not _is_about_characters(error):
                raise
            return None
        texts = {
            keyword: _clean(dataset.get_item(tag).value)
            for tag, keyword in wanted.keywords.items()
            if tag in dataset
        }
    return {keyword: text for keyword, text in texts.items() if text}


def _is_about_characters(error: Exception) -> bool:
    """Tell whether pydicom failed over the character sets, the only values it converts while it reads."""
    modules = {frame.f_globals["__name__"] for frame, _ in traceback.walk_tb(error.__traceback__)}
    return not modules.isdisjoint({"pydicom.charset", "pydicom.values"})


def _clean(value: bytes | None) -> str:
    values = [each.strip(b" \0").decode("ascii") for each in (value or b"").split(b"\\")]
    return "\\".join(values) if any(values) else ""


def _is_read_or_damaged(made: Made) -> str:
    data, keywords = made
    header = _read(data, keywords)
    if header is None:
        return "damaged"
    assert set(header.attributes) <= keywords
    assert all(header.attributes.values())
    by_pydicom = _by_fallback(data, keywords)
    if by_pydicom is not None:
        assert header.sop_uid == by_pydicom["SOPInstanceUID"]
        assert header.series_uid == by_pydicom["SeriesInstanceUID"]
        assert header.attributes == {key: text for key, text in by_pydicom.items() if key in keywords}
    return "read"


def _read(data: bytes, keywords: frozenset[str]) -> ImageHeader | None:
    """Read a head as it is kept while an image arrives; the file is opened where it is not enough."""
    try:
        return read_header(memoryview(data)[:HEAD_BYTES], lambda: io.BytesIO(data), keywords, "1-1.dcm")
    except DamagedError as error:
        assert error.subject == "1-1.dcm"  # noqa: PT017 - it need not be raised
        return None


def test_the_scanner_says_what_pydicom_says_or_declines_whatever_the_bytes(fuzz: Feeder) -> None:
    fuzz.feed(_made, _is_what_pydicom_says)


def test_an_image_is_read_as_pydicom_reads_it_or_damaged_whatever_the_bytes(fuzz: Feeder) -> None:
    fuzz.feed(_made, _is_read_or_damaged)
