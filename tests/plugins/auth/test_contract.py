"""What every authenticator promises, of the bundled ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.credentials import Secret
from cartload.guest import Guest
from cartload.testing.contracts import AuthenticatorContract
from cartload_archive import ArchiveOptions, ArchiveServer
from cartload_plugins.auth.bearer import Bearer
from cartload_plugins.auth.nbia_oauth import NbiaOAuth
from cartload_plugins.auth.nbia_servlet import NbiaServlet
from cartload_plugins.auth.options import BearerOptions, OAuthOptions
from cartload_plugins.auth.passwords import hidden
from cartload_plugins.network.options import NetworkOptions
from plugins.auth.logins import CATALOGUE, JANE, a_call, a_list, context

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cartload.ports import Authenticator

ARCHIVE = "https://archive.invalid"


@pytest.fixture
def server() -> Iterator[ArchiveServer]:
    with ArchiveServer(CATALOGUE) as server:
        yield server


class TestGuest(AuthenticatorContract):
    @pytest.fixture
    def authenticator(self) -> Authenticator:
        return Guest()


class TestBearer(AuthenticatorContract):
    @pytest.fixture
    def authenticator(self, monkeypatch: pytest.MonkeyPatch, secrets: Sequence[str]) -> Authenticator:
        monkeypatch.setenv("CARTLOAD_TOKEN", secrets[0])
        return Bearer(context(ARCHIVE), BearerOptions(origin=ARCHIVE))

    @pytest.fixture
    def secrets(self) -> Sequence[str]:
        return ["a-made-up-token"]


class TestNbiaOAuth(AuthenticatorContract):
    @pytest.fixture
    def authenticator(self, server: ArchiveServer) -> Authenticator:
        return NbiaOAuth(context(server), OAuthOptions())

    @pytest.fixture
    def url(self, server: ArchiveServer) -> str:
        return a_call(server).url

    @pytest.fixture
    def secrets(self) -> Sequence[str]:
        return [JANE.password]


class TestNbiaServlet(AuthenticatorContract):
    @pytest.fixture
    def authenticator(self, server: ArchiveServer) -> Authenticator:
        return NbiaServlet(context(server), NetworkOptions())

    @pytest.fixture
    def url(self, server: ArchiveServer) -> str:
        return a_list(server).url

    @pytest.fixture
    def secrets(self) -> Sequence[str]:
        return [JANE.password, hidden(Secret(JANE.password), ArchiveOptions().password_key).reveal()]
