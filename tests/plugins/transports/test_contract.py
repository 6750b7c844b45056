"""What every transport promises, of the bundled ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.testing.catalogue import demo_catalogue
from cartload.testing.contracts import TransportContract
from cartload_archive import ArchiveServer
from cartload_plugins.network.options import NetworkOptions
from cartload_plugins.transports.mock.script import MockOptions, series_uid
from cartload_plugins.transports.mock.transport import MockTransport
from cartload_plugins.transports.nbia.transport import NbiaTransport
from cartload_plugins.transports.nbia_rest.transport import NbiaRestTransport
from plugins.transports.archives import context

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cartload.model import SeriesUID
    from cartload.ports import Transport

CATALOGUE = demo_catalogue()


@pytest.fixture(scope="module")
def server() -> Iterator[ArchiveServer]:
    with ArchiveServer(CATALOGUE) as server:
        yield server


class TestMockTransport(TransportContract):
    @pytest.fixture
    def transport(self) -> Transport:
        return MockTransport(context("http://mock.invalid"), MockOptions(annotations=1))

    @pytest.fixture
    def series(self) -> Sequence[SeriesUID]:
        return [series_uid(number) for number in (1, 2, 3)]


class TestNbiaTransport(TransportContract):
    @pytest.fixture
    def transport(self, server: ArchiveServer) -> Transport:
        return NbiaTransport(context(server.servlet_url), NetworkOptions())

    @pytest.fixture
    def series(self) -> Sequence[SeriesUID]:
        return CATALOGUE.public[:3]


class TestNbiaRestTransport(TransportContract):
    excludes_held = False

    @pytest.fixture
    def transport(self, server: ArchiveServer) -> Transport:
        return NbiaRestTransport(context(server.servlet_url), NetworkOptions())

    @pytest.fixture
    def series(self) -> Sequence[SeriesUID]:
        return CATALOGUE.public[:3]
