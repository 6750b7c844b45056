"""What the tests of the authenticators share: an archive with accounts, and who asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from cartload.origins import origin_of
from cartload.ports import AuthenticatorContext, Request
from cartload.testing.archive import Access, Catalogue, User
from cartload.testing.fakes import FakeClock, FakeLogin
from small_carts import a_record, a_series

if TYPE_CHECKING:
    from cartload.ports import Login
    from cartload_archive import ArchiveServer
    from cartload_archive import Request as Heard

JANE = User("jane", "c4n4ry pa55word ä", frozenset({"LIMITED"}))
JOHN = User("john", "another c4n4ry")
GOOD = (JANE.name, JANE.password)
WRONG = (JANE.name, "wr0ng c4n4ry")

PUBLIC = a_series(a_record(1))
LIMITED = [
    evolve(a_series(a_record(number, collection="LIMITED")), access=Access.LIMITED) for number in range(2, 12)
]
CATALOGUE = Catalogue((PUBLIC, *LIMITED), users=(JANE, JOHN))


def context(
    server: ArchiveServer | str, login: Login | None = None, clock: FakeClock | None = None
) -> AuthenticatorContext:
    url = server if isinstance(server, str) else server.url
    return AuthenticatorContext(origin_of(url), (clock or FakeClock()).time, login or FakeLogin(GOOD))


def a_call(server: ArchiveServer, version: str = "v2") -> Request:
    """Give a request to the REST services that wants a login."""
    uid = LIMITED[0].uid
    return Request("GET", f"{server.api_url}/services/{version}/getSOPInstanceUIDs?SeriesInstanceUID={uid}")


def a_list(server: ArchiveServer) -> Request:
    """Give a request to the servlet that wants a login."""
    form = (("numberOfSeries", "1"), ("series1", LIMITED[0].uid))
    return Request("POST", f"{server.servlet_url}V4", form=form)


def token_requests(server: ArchiveServer) -> list[Heard]:
    return [request for request in server.requests if request.path.rstrip("/").endswith("/oauth/token")]


def grants(server: ArchiveServer) -> list[str | None]:
    return [request.value("grant_type") for request in token_requests(server)]
