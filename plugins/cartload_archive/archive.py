"""The archive behind the protocols: what it holds, who may have it, and what goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.model import SeriesUID
from cartload_archive.accounts import Accounts
from cartload_archive.faults import FaultBook
from cartload_archive.messages import error_page
from cartload_archive.naming import named
from cartload_archive.rest import answer_rest
from cartload_archive.servlets import answer_servlet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from threading import Event

    from cartload.testing.archive import ArchiveSeries, Catalogue, User
    from cartload_archive.faults import Fault, Faults
    from cartload_archive.messages import Answer, Request
    from cartload_archive.naming import NamedImage
    from cartload_archive.options import ArchiveOptions

SERVLETS = "/nbia-download/servlet/"
API = "/nbia-api/"


class Archive:
    """What one running server knows; shared by the threads that answer."""

    def __init__(
        self, catalogue: Catalogue, options: ArchiveOptions, faults: Faults | None, closing: Event
    ) -> None:
        self.catalogue = catalogue
        self.options = options
        self.accounts = Accounts(catalogue, options)
        self._faults = FaultBook(faults)
        self._closing = closing

    def answer(self, request: Request) -> Answer:
        """Answer by the path; what is not there is a 404 of the servlet container."""
        if request.path.startswith(SERVLETS):
            return answer_servlet(self, request, request.path.removeprefix(SERVLETS))
        if request.path.startswith(API):
            return answer_rest(self, request, request.path.removeprefix(API))
        return error_page(404)

    def strike(self, key: str, request: Request) -> Fault:
        """Count this request for *key*, and give the fault that strikes it."""
        return self._faults.strike(key, request)

    def find(self, uid: str | None, user: User | None) -> ArchiveSeries | None:
        """Find a series that *user* may have."""
        series = self.catalogue.series.get(SeriesUID(uid or ""))
        return series if series and self.catalogue.may_read(series, user) else None

    def named(self, series: ArchiveSeries) -> tuple[NamedImage, ...]:
        """Name the images of a series in the archive's order."""
        return named(series.images, self.options.order)

    def stream(self, pieces: Iterable[bytes], fault: Fault) -> Iterator[bytes]:
        """Gather pieces for sending, and break the stream where the fault says."""
        return fault.broken(gathered(pieces, self.options.largest_piece), self._closing)


def gathered(pieces: Iterable[bytes], enough: int) -> Iterator[bytes]:
    """Join small pieces into larger ones: a system call for each would cost more than the bytes."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= enough:
            yield b"".join(waiting)
            waiting, size = [], 0
    if size:
        yield b"".join(waiting)
