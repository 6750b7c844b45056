"""Addresses of data descriptions: the servlet drops their hyphens, the REST services do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.errors import StoppedError
from cartload.model import SeriesRecord
from cartload.testing.catalogue import Catalogue
from cartload_archive import ArchiveOptions, ArchiveServer, Fault
from cartload_plugins.network.options import NetworkOptions
from cartload_plugins.transports.nbia.transport import NbiaTransport
from plugins.network.scripted_server import Switch
from plugins.transports.archives import context
from small_carts import a_record, a_series

if TYPE_CHECKING:
    from cartload.testing.archive import ArchiveSeries
    from cartload_archive.faults import Strike

WHOLE = "https://doi.org/10.7937/hmq8-j677"
CUT = "https://doi.org/10.7937/hmq8j677"


def series(number: int, uri: str | None) -> ArchiveSeries:
    return a_series(a_record(number, data_description_uri=uri), images=1)


def told(server: ArchiveServer, catalogue: Catalogue) -> list[str | None]:
    transport = NbiaTransport(context(server.servlet_url), NetworkOptions())
    said = transport.describe(list(catalogue.series))
    told = {each.series_uid: each.data_description_uri for each in said if isinstance(each, SeriesRecord)}
    return [told[uid] for uid in catalogue.series]


def asked_beside(server: ArchiveServer) -> int:
    return sum("Servlet" not in request.path for request in server.requests)


@pytest.mark.parametrize("rest", [{"v4", "v1"}, {"v1"}])
def test_a_doi_keeps_its_hyphens_and_is_asked_for_once(rest: set[str]) -> None:
    catalogue = Catalogue(tuple(series(number, WHOLE) for number in (1, 2, 3)))
    with ArchiveServer(catalogue, ArchiveOptions(rest=frozenset(rest))) as server:
        assert told(server, catalogue) == [WHOLE] * 3
        answered = [request for request in server.requests if "Servlet" not in request.path]
        assert [request.status for request in answered if request.status != 404] == [200]


def test_each_address_is_asked_for() -> None:
    other = WHOLE.replace("hmq8", "a-b")
    catalogue = Catalogue((series(1, WHOLE), series(2, other), series(3, WHOLE), series(4, None)))
    with ArchiveServer(catalogue) as server:
        assert told(server, catalogue) == [WHOLE, other, WHOLE, None]
        assert asked_beside(server) == 2


def test_without_rest_services_the_address_stays_and_they_are_asked_once() -> None:
    catalogue = Catalogue((series(1, WHOLE), series(2, WHOLE + "-x")))
    with ArchiveServer(catalogue, ArchiveOptions(rest=frozenset())) as server:
        assert told(server, catalogue) == [CUT, CUT + "x"]
        assert asked_beside(server) == 2  # each version once


def test_services_that_fail_cost_one_question() -> None:
    catalogue = Catalogue((series(1, WHOLE), series(2, WHOLE + "-x")))

    def fail(strike: Strike) -> Fault | None:
        return None if "Servlet" in strike.request.path else Fault(status=500)

    with ArchiveServer(catalogue, faults=fail) as server:
        assert told(server, catalogue) == [CUT, CUT + "x"]
        assert asked_beside(server) == 1


def test_what_is_another_address_is_not_believed() -> None:
    catalogue = Catalogue((series(1, WHOLE),))
    lying = Catalogue((series(1, "https://evil.example/hmq8-j677"),))
    with ArchiveServer(lying) as liar, ArchiveServer(catalogue) as server:

        def elsewhere(strike: Strike) -> Fault | None:
            is_rest = "getSeriesMetadata" in strike.request.path
            return Fault(status=307, location=f"{liar.url}{strike.request.path}") if is_rest else None

        with ArchiveServer(catalogue, faults=elsewhere) as redirecting:
            assert told(redirecting, catalogue) == [CUT]
        assert told(server, catalogue) == [WHOLE]


def test_a_stop_ends_it() -> None:
    catalogue = Catalogue((series(1, WHOLE),))
    stop = Switch()

    def stopped(strike: Strike) -> Fault | None:
        if "Servlet" not in strike.request.path:
            stop.request()
        return None

    with ArchiveServer(catalogue, faults=stopped) as server:
        made = NbiaTransport(evolve(context(server.servlet_url), stop=stop), NetworkOptions())
        with pytest.raises(StoppedError):
            list(made.describe(list(catalogue.series)))
