"""Where logins come from: the order of the places, and two archives with an account of its own each."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from attrs import evolve, frozen

import planted_keyring
from archive_carts import images_below, stored_bytes
from at_terminal import converse
from cartload.testing.archive import Access, Catalogue, User, manifest_text
from cartload_archive import ArchiveOptions, ArchiveServer
from cartload_archive.passwords import encrypted
from command_line import CARTLOAD, CommandLine
from small_carts import a_record, a_series

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cartload.testing.archive import ArchiveSeries


def limited(number: int) -> ArchiveSeries:
    return evolve(a_series(a_record(number, collection="LIMITED")), access=Access.LIMITED)


def user(name: str) -> User:
    return User(name, f"canary-of-{name}", frozenset({"LIMITED"}))


@frozen
class Home(CommandLine):
    """A user with a keyring, a netrc file and a settings file; what is not filled is not there."""

    more: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        return {
            **super().environment,
            **planted_keyring.variables(self.folder / "keyring.json"),
            "NETRC": str(self.private("netrc", "")),
            "CARTLOAD_CONFIG": str(self.private("config.toml", "")),
            **self.more,
        }

    def private(self, name: str, text: str) -> Path:
        """Add to a file that nobody else can read."""
        path = self.folder / name
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
        path.chmod(0o600)
        return path

    def in_file(self, who: User) -> Path:
        return self.private(f"{who.name}.login", f"userName={who.name}\npassWord={who.password}\n")

    def in_settings(self, server: ArchiveServer, **values: str | Path) -> None:
        lines = "".join(f"{name} = {json.dumps(str(value))}\n" for name, value in values.items())
        self.private("config.toml", f'[logins."{server.url}"]\n{lines}')

    def in_keyring(self, server: ArchiveServer, who: User) -> None:
        words = ("login", server.url, "-u", who.name, "--password-stdin")
        assert self(*words, text=f"{who.password}\n").exit_code == 0

    def in_netrc(self, host: str, who: User) -> None:
        self.private("netrc", f"machine {host} login {who.name} password {who.password}\n")

    def cart(self, server: ArchiveServer, name: str, catalogue: Catalogue) -> Path:
        path = self.folder / f"{name}.tcia"
        path.write_text(manifest_text(catalogue, server.servlet_url))
        return path

    def order(self, cart: Path, *more: str | Path) -> Sequence[str | Path]:
        return ("download", cart, "-d", self.folder, "--accept-policy", *more)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "home").mkdir()
    return Home(tmp_path, {})


PLACES = ("stdin", "environment", "settings", "keyring", "netrc", "prompt")
"""In the order in which they are looked at; at the first two a file of ``--credentials`` stands, too."""


@pytest.mark.parametrize("first", PLACES)
def test_of_all_places_the_highest_that_has_a_login_is_used(home: Home, first: str) -> None:
    if first == "prompt" and sys.platform == "win32":
        pytest.skip("the terminal is one of POSIX")
    users = {name: user(name) for name in PLACES}
    catalogue = Catalogue((limited(1),), users=tuple(users.values()))
    filled = PLACES[PLACES.index(first) :]
    with ArchiveServer(catalogue, ArchiveOptions(servlets=None)) as server:
        if "keyring" in filled:
            home.in_keyring(server, users["keyring"])
        if "netrc" in filled:
            home.in_netrc("127.0.0.1", users["netrc"])
        if "settings" in filled:
            home.in_settings(server, credentials=home.in_file(users["settings"]))
        if "environment" in filled:
            of = users["environment"]
            home = evolve(home, more={"CARTLOAD_USERNAME": of.name, "CARTLOAD_PASSWORD": of.password})
        before = len(server.requests)
        order = home.order(home.cart(server, "cart", catalogue))
        if first == "prompt":
            typed = (("User name", "prompt"), ("Password:", users["prompt"].password))
            assert converse((CARTLOAD, *order), typed, home.environment).code == 0
        elif first == "stdin":
            text = f"{users[first].password}\n"
            assert home(*order, "-u", first, "--password-stdin", text=text).exit_code == 0
        else:
            result = home(*order)
            assert result.exit_code == 0, result.err
        asked = server.requests[before:]
    names = [dict(request.form)["username"] for request in asked if request.path.endswith("oauth/token")]
    assert names == [first]


def test_a_file_of_the_options_comes_before_the_environment(home: Home) -> None:
    given, other = user("file"), user("environment")
    catalogue = Catalogue((limited(1),), users=(given, other))
    home = evolve(home, more={"CARTLOAD_USERNAME": other.name, "CARTLOAD_PASSWORD": other.password})
    with ArchiveServer(catalogue, ArchiveOptions(servlets=None)) as server:
        result = home(*home.order(home.cart(server, "cart", catalogue), "--credentials", home.in_file(given)))
    assert result.exit_code == 0, result.err
    (asked,) = (request for request in server.requests if request.path.endswith("oauth/token"))
    assert dict(asked.form)["username"] == "file"


# --- two archives ---------------------------------------------------------------------------------

ANN, BEN = user("ann"), user("ben")
ANNS, BENS = Catalogue((limited(1),), users=(ANN,)), Catalogue((limited(2),), users=(BEN,))


@pytest.fixture(params=["V4", None], ids=["servlet", "REST"])
def archives(request: pytest.FixtureRequest) -> Iterator[tuple[ArchiveServer, ArchiveServer]]:
    options = ArchiveOptions(servlets=request.param)
    with ArchiveServer(ANNS, options) as anns, ArchiveServer(BENS, options, host="localhost") as bens:
        yield anns, bens


def heard(server: ArchiveServer, who: User) -> list[str]:
    """Say in which requests anything of a user's was, in whatever form."""
    forms = (who.name, who.password, encrypted(who.password, ArchiveOptions().password_key))
    told = (f"{request.path} {request.query} {request.form} {request.headers}" for request in server.requests)
    return [each for each in told if any(form in each for form in forms)]


def tokens(server: ArchiveServer) -> set[str]:
    shown = {request.headers.get("authorization", "") for request in server.requests}
    return {each for each in shown if each}


def assert_each_has_its_own(home: Home, archives: tuple[ArchiveServer, ArchiveServer]) -> None:
    """Fetch a cart from each, and look into what both were asked."""
    anns, bens = archives
    before = [len(server.requests) for server in archives]
    for server, name, catalogue in ((anns, "anns", ANNS), (bens, "bens", BENS)):
        result = home(*home.order(home.cart(server, name, catalogue)))
        assert result.exit_code == 0, result.err
        images = sorted(images_below(home.folder / name).values())
        assert images == stored_bytes(catalogue.series.values())
    assert all(len(server.requests) > count for server, count in zip(archives, before, strict=True))
    assert heard(anns, ANN)
    assert heard(bens, BEN)
    assert heard(anns, BEN) == heard(bens, ANN) == []
    assert not tokens(anns) & tokens(bens)


def test_two_archives_of_one_settings_file_get_each_its_own_login(
    home: Home, archives: tuple[ArchiveServer, ArchiveServer]
) -> None:
    for server, who in zip(archives, (ANN, BEN), strict=True):
        home.in_settings(server, credentials=home.in_file(who))
    assert_each_has_its_own(home, archives)


def test_one_login_may_be_in_the_keyring_and_the_other_in_netrc(
    home: Home, archives: tuple[ArchiveServer, ArchiveServer]
) -> None:
    home.in_keyring(archives[0], ANN)
    home.in_netrc("localhost", BEN)
    for server, who in zip(archives, (ANN, BEN), strict=True):
        home.in_settings(server, username=who.name)
    assert_each_has_its_own(home, archives)


def test_the_login_of_one_archive_is_no_login_at_another(
    home: Home, archives: tuple[ArchiveServer, ArchiveServer]
) -> None:
    anns, bens = archives
    home.in_keyring(anns, ANN)
    home.in_settings(anns, credentials=home.in_file(ANN))
    result = home(*home.order(home.cart(bens, "bens", BENS)))
    assert result.exit_code == 4
    assert heard(bens, ANN) == []
    assert not tokens(bens)


def test_no_report_and_no_log_says_whose_logins_the_settings_name(
    home: Home, archives: tuple[ArchiveServer, ArchiveServer]
) -> None:
    anns, _ = archives
    home.in_settings(anns, username=ANN.name, credentials=home.in_file(ANN))
    report = home.folder / "report.json"
    assert home(*home.order(home.cart(anns, "cart", ANNS), "--report", report)).exit_code == 0
    logs = list((home.folder / "home").rglob("*.log"))
    told = "".join(path.read_text() for path in (report, *logs))
    assert logs
    assert anns.url in told
    assert '"ann"' not in told
    assert ANN.password not in told


def test_a_password_in_the_settings_file_is_refused_and_not_repeated(home: Home) -> None:
    home.private("config.toml", f'[logins."https://archive.example"]\npassword = "{ANN.password}"\n')
    result = home("inspect", "cart.tcia")
    assert result.exit_code == 3
    assert "unknown: password" in result.err
    assert ANN.password not in result.err
