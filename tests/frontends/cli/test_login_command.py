from __future__ import annotations

import getpass
import json
from typing import TYPE_CHECKING

import pytest

from cartload.testing.archive import manifest_text
from cartload.testing.catalogue import DEMO_USER, demo_catalogue
from cartload_archive import ArchiveOptions, ArchiveServer
from cartload_cli.main import main
from cartload_common.credentials.login_list import usual_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.testing.archive import Catalogue
    from frontends.cli.commandline import CommandLine, Ran
    from keyrings import BrokenKeyring, MemoryKeyring

GOOD = DEMO_USER.password.encode() + b"\n"
WRONG = b"wr0ng c4n4ry\n"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return demo_catalogue()


@pytest.fixture
def server(catalogue: Catalogue) -> Iterator[ArchiveServer]:
    with ArchiveServer(catalogue) as server:
        yield server


def log_in(cartload: CommandLine, archive: str | Path, piped: bytes = GOOD, *more: str) -> Ran:
    return cartload("login", archive, "-u", DEMO_USER.name, "--password-stdin", *more, piped=piped)


def kept(keyring: MemoryKeyring, server: ArchiveServer) -> str | None:
    return keyring.kept.get((f"cartload {server.url}", DEMO_USER.name))


@pytest.mark.parametrize("address", ["", "/nbia-download/servlet/DownloadServlet", "/nbia-api/services"])
def test_a_login_that_the_archive_accepts_is_kept(
    cartload: CommandLine, keyring: MemoryKeyring, server: ArchiveServer, address: str
) -> None:
    ran = log_in(cartload, server.url + address)
    assert ran.code == 0, ran.err
    assert kept(keyring, server) == DEMO_USER.password
    assert f"Kept in the keyring of the tests: the login at {server.url}." in ran.err


@pytest.mark.parametrize("options", [ArchiveOptions(), ArchiveOptions(servlets=None)])
def test_a_manifest_names_its_archive(
    cartload: CommandLine,
    keyring: MemoryKeyring,
    catalogue: Catalogue,
    tmp_path: Path,
    options: ArchiveOptions,
) -> None:
    with ArchiveServer(catalogue, options) as server:
        path = tmp_path / "cart.tcia"
        path.write_text(manifest_text(catalogue, server.servlet_url))
        assert log_in(cartload, path).code == 0
        assert log_in(cartload, path, WRONG).code == 4
        assert kept(keyring, server) == DEMO_USER.password


def test_a_login_that_is_refused_is_not_kept(
    cartload: CommandLine, keyring: MemoryKeyring, server: ArchiveServer
) -> None:
    ran = log_in(cartload, server.url, WRONG)
    assert ran.code == 4
    assert "does not accept this user name and password" in ran.err
    assert not keyring.kept
    assert not usual_path().exists()


def test_an_archive_that_cannot_be_asked_keeps_nothing(cartload: CommandLine, keyring: MemoryKeyring) -> None:
    with ArchiveServer(demo_catalogue()) as gone:
        address = gone.url
    ran = log_in(cartload, address)
    assert ran.code == 7
    assert "--no-check" in ran.err
    assert not keyring.kept


def test_unchecked_nobody_is_asked(
    cartload: CommandLine, keyring: MemoryKeyring, server: ArchiveServer
) -> None:
    assert log_in(cartload, server.url, WRONG, "--no-check").code == 0
    assert not server.requests
    assert kept(keyring, server) == WRONG.decode().strip()


def test_what_no_plugin_can_try_is_kept_and_told(
    cartload: CommandLine, keyring: MemoryKeyring, server: ArchiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTLOAD_TRANSPORT", "mock")
    ran = log_in(cartload, server.url)
    assert ran.code == 0
    assert "kept untried" in ran.err
    assert kept(keyring, server)


def test_the_authenticator_of_the_settings_is_used(
    cartload: CommandLine, keyring: MemoryKeyring, server: ArchiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTLOAD_AUTHENTICATOR", "nbia-servlet")
    assert log_in(cartload, server.servlet_url).code == 0
    assert not [request for request in server.requests if "oauth" in request.path]
    assert kept(keyring, server)


def test_at_a_terminal_it_asks_again_after_a_refusal_three_times_in_all(
    cartload: CommandLine, keyring: MemoryKeyring, server: ArchiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter(["wr0ng", DEMO_USER.password, "1", "2", "3"])
    monkeypatch.setattr(getpass, "getpass", lambda *_, **__: next(typed))
    names = f"{DEMO_USER.name}\n" * 2
    ran = cartload("login", server.url, typed=names)
    assert ran.code == 0, ran.err
    assert f"Your login at {server.url}" in ran.err
    assert f"{server.url} does not accept this user name and password." in ran.err
    assert kept(keyring, server) == DEMO_USER.password
    assert cartload("login", server.url, typed=f"{DEMO_USER.name}\n" * 3).code == 4
    assert next(typed, None) is None


def test_to_give_no_name_is_to_leave(
    cartload: CommandLine, keyring: MemoryKeyring, server: ArchiveServer
) -> None:
    assert cartload("login", server.url, typed="\n").code == 130
    assert not keyring.kept
    assert not server.requests


def test_where_nobody_can_be_asked_it_says_how_to_give_it(
    cartload: CommandLine, keyring: MemoryKeyring, server: ArchiveServer
) -> None:
    ran = cartload("login", server.url)
    assert ran.code == 2
    assert "--password-stdin" in ran.err
    assert not keyring.kept


def test_a_manifests_archive_that_nobody_knows_gets_no_login_unless_it_is_named(
    cartload: CommandLine, keyring: MemoryKeyring, catalogue: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "cart.tcia"
    path.write_text(manifest_text(catalogue, "https://archive.invalid/nbia-download/servlet/DownloadServlet"))
    ran = log_in(cartload, path, GOOD, "--no-check")
    assert ran.code == 4
    assert "--allow-host archive.invalid" in ran.err
    assert not keyring.kept
    assert log_in(cartload, path, GOOD, "--no-check", "--allow-host", "archive.invalid").code == 0
    assert keyring.kept


@pytest.mark.parametrize("word", ["http://archive.example", "https://good@evil.example", "a b"])
def test_an_address_that_may_lead_elsewhere_is_wrong_use(
    cartload: CommandLine, keyring: MemoryKeyring, word: str
) -> None:
    assert log_in(cartload, word).code == 2
    assert not keyring.kept


def test_it_needs_to_know_where(cartload: CommandLine) -> None:
    ran = cartload("login")
    assert ran.code == 2
    assert "name the archive" in ran.err


def test_a_broken_keyring_is_an_error_before_anything_is_sent(
    cartload: CommandLine, broken_keyring: BrokenKeyring, server: ArchiveServer
) -> None:
    assert broken_keyring.name
    ran = log_in(cartload, server.url)
    assert ran.code == 4
    assert "the system keyring: it cannot be used (RuntimeError)" in ran.err
    assert DEMO_USER.password not in ran.err
    assert not usual_path().exists()


def test_what_cannot_be_listed_is_not_kept(
    cartload: CommandLine, keyring: MemoryKeyring, server: ArchiveServer, home: Path
) -> None:
    (home / "state").write_text("a file, not a folder")
    ran = log_in(cartload, server.url)
    assert ran.code == 4
    assert "cannot be written" in ran.err
    assert not keyring.kept


def test_the_list_shows_who_logged_in_where_and_no_secret(
    cartload: CommandLine, keyring: MemoryKeyring, server: ArchiveServer
) -> None:
    nowhere = cartload("login", "--list")
    assert (nowhere.code, nowhere.out) == (0, "")
    assert "nowhere yet" in nowhere.err
    log_in(cartload, server.url)
    cartload("login", "archive.example", "-u", "jane", "--password-stdin", "--no-check", piped=b"c4n4ry")
    keyring.asked.clear()
    ran = cartload("login", "--list")
    assert ran.out.splitlines() == [f"{server.url}\t{DEMO_USER.name}", "https://archive.example\tjane"]
    assert not keyring.asked


def test_the_file_of_logins_holds_names_alone(
    cartload: CommandLine, keyring: MemoryKeyring, server: ArchiveServer
) -> None:
    log_in(cartload, server.url)
    assert keyring.kept
    assert json.loads(usual_path().read_text()) == {
        "version": 1,
        "logins": [{"origin": server.url, "users": [DEMO_USER.name]}],
    }


def test_logout_forgets_all_users_of_one_archive(
    cartload: CommandLine, keyring: MemoryKeyring, server: ArchiveServer
) -> None:
    for user in ("jane", "john"):
        cartload("login", "archive.example", "-u", user, "--password-stdin", "--no-check", piped=b"c4n4ry")
    log_in(cartload, server.url)
    ran = cartload("logout", "archive.example")
    assert ran.code == 0
    assert list(keyring.kept) == [(f"cartload {server.url}", DEMO_USER.name)]
    assert cartload("login", "--list").out.splitlines() == [f"{server.url}\t{DEMO_USER.name}"]


def test_logout_of_all_leaves_nothing(
    cartload: CommandLine, keyring: MemoryKeyring, server: ArchiveServer
) -> None:
    log_in(cartload, server.url)
    assert cartload("logout", "--all").code == 0
    assert not keyring.kept
    assert cartload("login", "--list").out == ""
    assert cartload("logout", "--all").code == 0


def test_logout_of_where_one_never_was_says_so(cartload: CommandLine) -> None:
    ran = cartload("logout", "archive.example")
    assert ran.code == 0
    assert "There is no login at https://archive.example" in ran.err


@pytest.mark.parametrize("words", [(), ("archive.example", "--all"), ("http://archive.example",)])
def test_logout_needs_one_archive_or_all(words: tuple[str, ...]) -> None:
    assert main(["logout", *words]) == 2


def test_a_login_that_cannot_be_deleted_stays_on_the_list(
    cartload: CommandLine, broken_keyring: BrokenKeyring
) -> None:
    assert broken_keyring.name
    usual_path().parent.mkdir()
    entry = {"origin": "https://archive.example", "users": ["jane"]}
    usual_path().write_text(json.dumps({"version": 1, "logins": [entry]}))
    assert cartload("logout", "archive.example").code == 4
    assert cartload("login", "--list").out == "https://archive.example\tjane\n"
