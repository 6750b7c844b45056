"""``cartload doctor``: a line for each thing, with what to do, whatever the trouble is."""

from __future__ import annotations

import json
import signal
import sys
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import pytest

from cartload.testing.catalogue import DEMO_USER, Catalogue, manifest_text
from cartload_archive import ArchiveOptions, ArchiveServer
from loopback_proxy import LoopbackProxy
from own_authority import Authority
from small_carts import a_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from frontends.cli.commandline import CommandLine, Ran

HOST = "archive.example.org"
PASSWORD = "c4n4ry-4711"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.in_folder(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def archive(authority: Authority) -> Iterator[ArchiveServer]:
    with ArchiveServer(Catalogue(()), ssl_context=authority.server(HOST, "127.0.0.1")) as server:
        yield server


def line(ran: Ran, check: str) -> str:
    """Give the one line of a check."""
    (found,) = (each for each in ran.out.splitlines() if f"  {check}: " in each)
    return found.strip()


def test_when_all_is_well_the_exit_code_is_0(
    cartload: CommandLine, archive: ArchiveServer, authority: Authority
) -> None:
    ran = cartload("doctor", "--server", archive.url, "--ca-file", authority.ca_file)
    assert ran.code == 0, ran.out
    assert "trouble" not in ran.out
    tls = line(ran, "TLS")
    assert "certificate by Institute Root" in tls
    assert f"trusted by {authority.ca_file}" in tls
    assert line(ran, "proxy").endswith("none: the way is direct.")
    assert line(ran, "clock").startswith("ok")
    assert line(ran, "download servlet").endswith("version 4 answers.")
    assert line(ran, "REST services").endswith("version 4 answers.")
    assert "guest" in line(ran, "login")


def test_the_archive_of_a_manifest_is_looked_at(cartload: CommandLine, tmp_path: Path) -> None:
    catalogue = a_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = tmp_path / "cart.tcia"
        cart.write_text(manifest_text(catalogue, server.servlet_url, catalogue.public))
        ran = cartload("doctor", cart)
    assert ran.code == 0, ran.out
    assert "cart.tcia names 4 series." in line(ran, "manifest")
    assert f"{server.servlet_url}:" in ran.out
    assert not (tmp_path / "cart").exists()


def test_a_manifest_that_cannot_be_read_is_a_line_among_others(cartload: CommandLine) -> None:
    ran = cartload("doctor", "nowhere.tcia")
    assert ran.code == 1
    assert line(ran, "manifest").startswith("trouble")
    assert line(ran, "space")


def test_a_certificate_that_nobody_vouches_for_is_told_with_what_to_do(
    cartload: CommandLine, archive: ArchiveServer
) -> None:
    ran = cartload("doctor", "--server", archive.url)
    assert ran.code == 1
    assert line(ran, "TLS").startswith("trouble")
    assert "--ca-file" in line(ran, "TLS")
    assert "clock:" not in ran.out


def test_a_certificate_that_ends_soon_is_a_warning(cartload: CommandLine, authority: Authority) -> None:
    context = authority.server("127.0.0.1", lasts=timedelta(days=3))
    with ArchiveServer(Catalogue(()), ssl_context=context) as server:
        ran = cartload("doctor", "--server", server.url, "--ca-file", authority.ca_file)
    assert ran.code == 0
    assert line(ran, "TLS").startswith("warning")


def test_a_proxy_is_named_without_its_login(
    cartload: CommandLine, archive: ArchiveServer, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LoopbackProxy(archive.url, login=f"me:{PASSWORD}") as proxy:
        monkeypatch.setenv("https_proxy", proxy.with_login(f"me:{PASSWORD}"))
        ran = cartload("doctor", "--server", f"https://{HOST}", "--ca-file", authority.ca_file)
    assert ran.code == 0, ran.out
    assert f"{proxy.url} (from https_proxy), with a user and password." in line(ran, "proxy")
    assert PASSWORD not in ran.out + ran.err


@pytest.mark.parametrize("json_wanted", [False, True])
def test_a_proxy_that_wants_a_login_is_told(cartload: CommandLine, *, json_wanted: bool) -> None:
    with LoopbackProxy("http://127.0.0.1:9", login="x:y") as proxy:
        options = ["--json"] if json_wanted else []
        address = proxy.with_login(f"me:{PASSWORD}")
        ran = cartload("doctor", "--server", f"https://{HOST}", "--proxy", address, *options)
    assert ran.code == 1
    assert "refuses the user and password" in ran.out
    assert PASSWORD not in ran.out + ran.err


def test_a_name_that_nobody_knows_is_told(cartload: CommandLine) -> None:
    ran = cartload("doctor", "--server", "https://archive.invalid")
    assert ran.code == 1
    assert "nobody knows the name archive.invalid" in line(ran, "name")
    assert "--proxy" in line(ran, "name")


def test_a_server_that_is_not_there_is_told(cartload: CommandLine) -> None:
    with ArchiveServer(Catalogue(())) as gone:
        pass
    ran = cartload("doctor", "--server", gone.url)
    assert ran.code == 1
    assert "cannot be connected to" in line(ran, "connection")


def test_a_server_that_is_no_archive_is_told(cartload: CommandLine) -> None:
    options = ArchiveOptions(servlets=None, rest=frozenset())
    with ArchiveServer(Catalogue(()), options) as server:
        ran = cartload("doctor", "--server", server.url)
    assert ran.code == 1
    assert line(ran, "transport nbia").startswith("trouble")
    assert line(ran, "transport nbia-rest").startswith("trouble")


def test_a_protocol_that_is_not_spoken_is_a_warning_if_another_is(cartload: CommandLine) -> None:
    with ArchiveServer(Catalogue(()), ArchiveOptions(servlets=None)) as server:
        ran = cartload("doctor", "--server", server.url)
    assert ran.code == 0
    assert line(ran, "transport nbia").startswith("warning")
    assert line(ran, "REST services").startswith("ok")


@pytest.mark.parametrize(
    "option", [("--ca-file", "nowhere.pem"), ("--proxy", f"socks5://me:{PASSWORD}@127.0.0.1:1080")]
)
def test_a_wrong_option_is_one_line(cartload: CommandLine, option: tuple[str, str]) -> None:
    ran = cartload("doctor", "--server", "https://127.0.0.1:9", *option)
    assert ran.code == 1
    (told,) = (each for each in ran.out.splitlines() if "trouble  " in each)
    assert "transport" in told
    assert PASSWORD not in ran.out + ran.err


def test_settings_that_are_wrong_are_a_line_and_the_rest_goes_on(cartload: CommandLine, home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("jobs = 0\n")
    with ArchiveServer(Catalogue(())) as server:
        ran = cartload("doctor", "--server", server.url)
    assert ran.code == 1
    assert line(ran, "settings").startswith("trouble")
    assert line(ran, "download servlet").startswith("ok")


@pytest.mark.parametrize(
    ("password", "code", "told"),
    [
        (DEMO_USER.password, 0, "ok       access: the archive accepts the login of researcher."),
        (
            "c4n4ry-wrong",
            1,
            "trouble  access: the archive does not accept this user name and password. Try it",
        ),
    ],
)
@pytest.mark.parametrize("servlets", ["V4", None])
def test_a_login_that_is_known_is_tried_once(  # noqa: PLR0917 - parametrised
    cartload: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    servlets: Literal["V4"] | None,
    password: str,
    code: int,
    told: str,
) -> None:
    monkeypatch.setenv("CARTLOAD_USERNAME", DEMO_USER.name)
    monkeypatch.setenv("CARTLOAD_PASSWORD", password)
    catalogue = Catalogue((), users=(DEMO_USER,))
    with ArchiveServer(catalogue, ArchiveOptions(servlets=servlets)) as server:
        ran = cartload("doctor", "--server", server.url)
    assert ran.code == code, ran.out
    assert line(ran, "access").startswith(told)
    assert password not in ran.out + ran.err


@pytest.mark.parametrize(("token", "code"), [("c4n4ry", 0), ("", 1)])
def test_an_authenticator_that_is_chosen_is_tried(
    cartload: CommandLine, monkeypatch: pytest.MonkeyPatch, token: str, code: int
) -> None:
    monkeypatch.setenv("CARTLOAD_AUTHENTICATOR", "bearer")
    monkeypatch.setenv("CARTLOAD_TOKEN", token)
    with ArchiveServer(Catalogue(())) as server:
        ran = cartload("doctor", "--server", server.url, "--set", f"bearer.origin={server.url}")
    assert ran.code == code, ran.out
    assert line(ran, "access").startswith("ok" if token else "trouble")
    assert "c4n4ry" not in ran.out


def test_a_guest_is_not_tried(cartload: CommandLine) -> None:
    with ArchiveServer(Catalogue(())) as server:
        ran = cartload("doctor", "--server", server.url)
    assert "access:" not in ran.out
    assert not any(request.path.endswith("oauth/token") for request in server.requests)


def test_where_the_way_is_barred_no_login_is_tried(
    cartload: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTLOAD_USERNAME", DEMO_USER.name)
    monkeypatch.setenv("CARTLOAD_PASSWORD", "c4n4ry")
    ran = cartload("doctor", "--server", "http://127.0.0.1:9")
    assert ran.code == 1
    assert "access:" not in ran.out


def test_for_programs_there_is_one_document(cartload: CommandLine) -> None:
    with ArchiveServer(Catalogue(())) as server:
        ran = cartload("doctor", "--server", server.url, "--json")
    told = json.loads(ran.out)
    assert told["well"] is True
    assert {each["condition"] for each in told["findings"]} <= {"ok", "warning"}
    assert {"section", "check", "condition", "what", "advice"} == told["findings"][0].keys()


@pytest.mark.skipif(sys.platform == "win32", reason="there a signal cannot be sent to one thread")
def test_it_can_be_interrupted_while_a_proxy_keeps_silent(
    cartload: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LoopbackProxy("http://127.0.0.1:9", says=b"") as proxy:
        monkeypatch.setattr(proxy, "reached", _Interrupting())
        ran = cartload("doctor", "--server", f"https://{HOST}", "--proxy", proxy.url)
    assert ran.code == 130
    assert "stopped" in ran.err


class _Interrupting:
    """Interrupts the main thread when it is set, as a terminal does."""

    def set(self) -> None:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
