"""A call of the REST API, and what an endpoint declares of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.testing.archive import ArchiveSeries, User
    from cartload_archive.archive import Archive
    from cartload_archive.faults import Fault
    from cartload_archive.messages import Answer, Request


@frozen
class Call:
    """One request for an endpoint: by whom (None: a guest), to which version, and what goes wrong."""

    archive: Archive
    request: Request
    version: str
    user: User | None
    fault: Fault

    def value(self, name: str) -> str:
        """Give a parameter, empty if it was not sent."""
        return self.request.value(name) or ""

    @property
    def series(self) -> ArchiveSeries | None:
        """Find the series that the call names, if the user may have it."""
        return None if self.fault.vanish else self.archive.find(self.value("SeriesInstanceUID"), self.user)


@frozen(kw_only=True)
class Endpoint:
    """What the API says of one of its resources.

    ``needed`` are parameters whose absence is refused. ``images`` marks endpoints that send images: faults
    strike these by series.
    """

    answer: Callable[[Call], Answer]
    parameters: frozenset[str]
    needed: frozenset[str] = frozenset()
    versions: frozenset[str] = frozenset({"v1", "v2", "v4"})
    method: str = "GET"
    images: bool = False
