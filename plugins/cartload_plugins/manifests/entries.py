"""The entries of a list of series, as carts, spreadsheets and people write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cartload.errors import ManifestError, ManifestFault
from cartload.manifest import MOST_BYTES, MOST_SERIES
from cartload.model import SeriesUID, is_uid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload.manifest import ManifestSource

_LINE_END = re.compile(r"\r\n|\n|\r|\Z")
_TOKEN = re.compile(r"[^\s,;\"']+")
# No two blanks in a row here: they would take time by the square of what stands between the words.
_HEADING = re.compile(r"[\s,;\"']*series\s*(?:instance\s*)?u?id[\s,;\"']*", re.IGNORECASE)
_COMMENTS = ("#", "!")
_MOST_FAULTS = 20


class SeriesList:
    """Collects the series of a manifest, each once, and what is wrong with the others."""

    def __init__(self, most: int = MOST_SERIES) -> None:
        self._most = most
        self._series: dict[SeriesUID, None] = {}
        self._faults: list[ManifestFault] = []
        self._more_faults = 0
        self._repeated: set[SeriesUID] = set()

    @property
    def series(self) -> tuple[SeriesUID, ...]:
        """Give the series, in the order of the file."""
        return tuple(self._series)

    @property
    def faults(self) -> tuple[ManifestFault, ...]:
        """Give what is wrong, the first of them one by one."""
        if not self._more_faults:
            return tuple(self._faults)
        return (*self._faults, ManifestFault(f"and {self._more_faults} more entries are not taken"))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Say how many series are listed more than once."""
        count = len(self._repeated)
        if not count:
            return ()
        series = "1 series is" if count == 1 else f"{count} series are"
        return (f"{series} listed more than once; each is retrieved once.",)

    def add_line(self, line: str, number: int) -> None:
        """Take the entries of one line; a heading and comments are none."""
        entry = line.strip()
        if is_uid(entry):
            self._add(entry, number)
        elif not is_heading(line):
            self._add_all(line, number)

    def _add_all(self, line: str, number: int) -> None:
        for token in tokens(line):
            self._add(token, number)

    def _add(self, token: str, number: int) -> None:
        uid = SeriesUID(token)
        if uid in self._series:
            self._repeated.add(uid)
        elif not is_uid(token):
            self._refuse(ManifestFault(f"{quoted(token)} is not a series UID", number))
        elif len(self._series) < self._most:
            self._series[uid] = None
        else:
            self._refuse(
                ManifestFault(f"{quoted(token)} is one more than the {self._most:,} series of a cart", number)
            )

    def _refuse(self, fault: ManifestFault) -> None:
        if len(self._faults) < _MOST_FAULTS:
            self._faults.append(fault)
        else:
            self._more_faults += 1


def check_size(source: ManifestSource) -> None:
    """Raise ManifestError if the manifest is larger than any cart can be."""
    if len(source.content) > MOST_BYTES:
        raise ManifestError(source.name, [ManifestFault(f"it is larger than {MOST_BYTES >> 20} MiB")])


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines with their numbers; a line ends with LF, CRLF or CR, and with nothing else."""
    start = 0
    for number, end in enumerate(_LINE_END.finditer(text), start=1):
        yield number, text[start : end.start()]
        start = end.end()


def tokens(line: str) -> Iterator[str]:
    """Take a line apart at blanks, commas and quotes, without its comment."""
    if not line.lstrip().startswith(_COMMENTS):
        for token in _TOKEN.finditer(line.partition("#")[0]):
            yield token[0]


def is_heading(line: str) -> bool:
    """Tell whether a line is the heading that portals write above the list."""
    return _HEADING.fullmatch(line) is not None


def quoted(text: str, longest: int = 40) -> str:
    """Quote a piece of a manifest for a message: short, and without anything that moves a terminal."""
    return repr(text if len(text) <= longest else f"{text[:longest]}...")
