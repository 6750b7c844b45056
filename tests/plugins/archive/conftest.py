from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.testing.catalogue import demo_catalogue
from cartload_archive import ArchiveServer
from plugins.archive.client import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload.testing.archive import Catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return demo_catalogue()


@pytest.fixture(scope="session")
def shared_server(catalogue: Catalogue) -> Iterator[ArchiveServer]:
    with ArchiveServer(catalogue) as server:
        yield server


@pytest.fixture
def client(shared_server: ArchiveServer) -> Iterator[Client]:
    with Client(shared_server) as client:
        yield client
