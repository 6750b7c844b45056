"""T9 to T15 as an attacker would go about them: each command has a login, and the attacker wants it.

What the attacker hears is recorded. He may be the archive, somebody it sends on to, whoever wrote the
manifest, whoever is in between, or another user of the computer.
"""

from __future__ import annotations

import os
import stat
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from attrs import evolve, frozen

import planted_keyring
from archive_carts import images_below, stored_bytes, write_cart
from cartload.testing.archive import Access, Catalogue, User, manifest_text
from cartload_archive import ArchiveOptions, ArchiveServer, Fault
from cartload_archive.passwords import encrypted
from command_line import CARTLOAD, CommandLine, Result
from loopback_proxy import LoopbackProxy
from own_authority import Authority
from small_carts import a_record, a_series

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cartload_archive import Strike

ANN = User("canary-ann", "canary-password", frozenset({"LIMITED"}))
LIMITED = evolve(a_series(a_record(1, collection="LIMITED")), access=Access.LIMITED)
CATALOGUE = Catalogue((LIMITED,), users=(ANN,))
STRANGER = "archive.example.org"
LOGIN = ("-u", ANN.name, "--password-stdin")
FORMS = (ANN.name, ANN.password, encrypted(ANN.password, ArchiveOptions().password_key), "Bearer", "Basic")
PROOFS = ("authorization", "cookie", "proxy-authorization")

posix = pytest.mark.skipif(os.name != "posix", reason="the rights of files are those of POSIX")


def run(cartload: CommandLine, *words: str | Path, **more: str) -> Result:
    """Run a command with Ann's password on its standard input, and further variables."""
    proxies = {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}
    kept = {name: value for name, value in cartload.environment.items() if name.lower() not in proxies}
    done = subprocess.run(  # noqa: S603 - our own command
        [CARTLOAD, *map(str, words)],
        input=f"{ANN.password}\n",
        capture_output=True,
        text=True,
        env={**kept, **planted_keyring.variables(cartload.folder / "keyring.json"), **more},
        cwd=cartload.folder,
        timeout=100,
        check=False,
    )
    assert ANN.password not in done.stdout + done.stderr
    return Result(done.returncode, done.stdout, done.stderr)


def download(cartload: CommandLine, cart: Path, *more: str | Path, **variables: str) -> Result:
    words = ("download", cart, "-d", cart.parent, "--accept-policy", *LOGIN, *more)
    return run(cartload, *words, **variables)


def told(server: ArchiveServer) -> list[str]:
    """Give what of a login was in any request."""
    heard = (f"{request.path}{request.query}{request.form}{request.headers}" for request in server.requests)
    return [form for text in heard for form in FORMS if form in text]


# --- T9: the archive sends on to somebody else ------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("servlets", ["V4", None], ids=["servlet", "REST"])
def test_whoever_the_archive_sends_on_to_gets_no_login(
    cartload: CommandLine, tmp_path: Path, servlets: str | None, status: int
) -> None:
    def send_on(strike: Strike) -> Fault | None:
        if strike.key != LIMITED.uid:
            return None
        return Fault(
            status=status, location=f"{other.url}{strike.request.path}?{urlencode(strike.request.query)}"
        )

    options = ArchiveOptions(servlets="V4" if servlets else None)
    with ArchiveServer(CATALOGUE, options) as other, ArchiveServer(CATALOGUE, options, send_on) as archive:
        result = download(cartload, write_cart(tmp_path, archive, CATALOGUE), "--retries", "1")
    assert told(archive)
    assert other.requests, "the redirect was followed"
    assert told(other) == []
    assert not [name for request in other.requests for name in request.headers if name in PROOFS]
    assert {request.headers.get("password", "") for request in other.requests} == {""}
    assert result.exit_code != 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_login_itself_is_sent_on_to_nobody(cartload: CommandLine, tmp_path: Path, status: int) -> None:
    with ArchiveServer(CATALOGUE) as other:
        elsewhere = Fault(status=status, location=f"{other.api_url}/oauth/token")
        with ArchiveServer(CATALOGUE, ArchiveOptions(servlets=None), {"token": elsewhere}) as archive:
            result = download(cartload, write_cart(tmp_path, archive, CATALOGUE), "--retries", "1")
    assert other.requests == ()
    assert told(archive)
    assert result.exit_code != 0


def test_a_login_at_the_servlet_is_sent_on_to_nobody(cartload: CommandLine, tmp_path: Path) -> None:
    with ArchiveServer(CATALOGUE) as other:

        def send_on(strike: Strike) -> Fault | None:
            logs_in = strike.key == "DownloadServletV4" and strike.request.value("userId")
            return Fault(status=307, location=other.servlet_url + "V4") if logs_in else None

        with ArchiveServer(CATALOGUE, ArchiveOptions(rest=frozenset()), send_on) as archive:
            result = download(cartload, write_cart(tmp_path, archive, CATALOGUE), "--retries", "1")
    assert other.requests == ()
    assert told(archive)
    assert result.exit_code != 0


# --- T10: the manifest names the attacker's server --------------------------------------------------


@frozen
class Trap:
    """An archive of a stranger's, over https with a certificate that is trusted; only a proxy leads to it."""

    archive: ArchiveServer
    proxy: LoopbackProxy
    authority: Authority
    cart: Path

    @property
    def network(self) -> Sequence[str | Path]:
        return ("--ca-file", self.authority.ca_file, "--proxy", self.proxy.url)

    def aim(self, address: str) -> None:
        servlet = f"{address}/nbia-download/servlet/DownloadServlet"
        self.cart.write_text(manifest_text(CATALOGUE, servlet))


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Trap]:
    authority = Authority.in_folder(tmp_path)
    context = authority.server(STRANGER, "nbia.cancerimagingarchive.net")
    with (
        ArchiveServer(CATALOGUE, ssl_context=context) as archive,
        LoopbackProxy(archive.url) as proxy,
    ):
        made = Trap(archive, proxy, authority, tmp_path / "cart.tcia")
        made.aim(f"https://{STRANGER}")
        yield made


def test_a_stranger_gets_no_login_and_is_told_how_to_become_none(cartload: CommandLine, trap: Trap) -> None:
    result = download(cartload, trap.cart, *trap.network)
    assert result.exit_code == 4
    assert f"--allow-host {STRANGER}" in result.err
    assert told(trap.archive) == []


@pytest.mark.parametrize("place", ["environment", "netrc"])
def test_a_stranger_gets_none_from_any_other_place(
    cartload: CommandLine, trap: Trap, tmp_path: Path, place: str
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {STRANGER} login {ANN.name} password {ANN.password}\n")
    netrc.chmod(0o600)
    variables = {
        "environment": {"CARTLOAD_USERNAME": ANN.name, "CARTLOAD_PASSWORD": ANN.password},
        "netrc": {"NETRC": str(netrc)},
    }[place]
    words = ("download", trap.cart, "-d", tmp_path, "--accept-policy", *trap.network)
    assert run(cartload, *words, **variables).exit_code == 4
    assert trap.archive.requests
    assert told(trap.archive) == []


def test_a_stranger_that_was_allowed_is_none(cartload: CommandLine, trap: Trap, tmp_path: Path) -> None:
    result = download(cartload, trap.cart, *trap.network, "--allow-host", STRANGER)
    assert result.exit_code == 0, result.err
    assert sorted(images_below(tmp_path / "cart").values()) == stored_bytes(CATALOGUE.series.values())


@pytest.mark.parametrize(
    "neighbour",
    [f"https://{STRANGER}:8443", f"https://www.{STRANGER}", f"https://{STRANGER}.evil.example"],
)
def test_to_allow_a_host_is_to_allow_no_neighbour(cartload: CommandLine, trap: Trap, neighbour: str) -> None:
    trap.aim(neighbour)
    assert download(cartload, trap.cart, *trap.network, "--allow-host", STRANGER).exit_code in {4, 7}
    assert told(trap.archive) == []


@pytest.mark.parametrize("host", ["nbia.cancerimagingarchive.net", STRANGER])
def test_plain_http_carries_no_login_even_to_a_known_archive(
    cartload: CommandLine, trap: Trap, host: str
) -> None:
    trap.aim(f"http://{host}")
    with ArchiveServer(CATALOGUE) as plain, LoopbackProxy(plain.url) as proxy:
        assert download(cartload, trap.cart, "--proxy", proxy.url).exit_code == 4
        assert plain.requests
        assert told(plain) == []
    assert run(cartload, "inspect", trap.cart, "--allow-host", f"http://{host}").exit_code == 2


# --- T11: an address that is read in two ways -------------------------------------------------------

HERE = "127.0.0.1"
CONFUSING = (
    "https://nbia.cancerimagingarchive.net@{place}",
    "https://nbia.cancerimagingarchive.net:443@{place}",
    "https://nbia.cancerimagingarchive.net\\@{place}",
    "https://{place}\\@nbia.cancerimagingarchive.net",
    "https://{place}#@nbia.cancerimagingarchive.net",
    "https://{place}?@nbia.cancerimagingarchive.net",
    "https:{place}",
    "https:///{place}",
    "http://2130706433:{port}",
    "http://0x7f.1:{port}",
    "http://127.1:{port}",
    "http://0177.0.0.1:{port}",
    "http://0.0.0.0:{port}",
    "http://nbia.cancerimagingarchive.net%00.{place}",
    "http://nbia。cancerimagingarchive.net:{port}",
    "http://①②⑦.⓪.⓪.①:{port}",
)


@pytest.mark.parametrize("form", CONFUSING, ids=ascii)
def test_an_address_that_could_be_read_in_two_ways_is_asked_nothing(
    cartload: CommandLine, tmp_path: Path, form: str
) -> None:
    with ArchiveServer(CATALOGUE) as archive:
        place = archive.url.removeprefix("http://")
        address = form.format(place=place, port=place.rpartition(":")[2])
        cart = tmp_path / "cart.tcia"
        servlet = f"{address}/nbia-download/servlet/DownloadServlet"
        cart.write_text(manifest_text(CATALOGUE, servlet), encoding="utf-8")
        assert download(cartload, cart).exit_code in {3, 4, 7}
        assert run(cartload, "login", address, *LOGIN).exit_code == 2
    assert archive.connections == 0


# --- T12: somebody in between -----------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["not trusted", "of another host"])
def test_whoever_answers_with_a_certificate_of_his_own_hears_nothing(
    cartload: CommandLine, tmp_path: Path, fault: str
) -> None:
    authority = Authority.in_folder(tmp_path)
    names = (STRANGER,) if fault == "of another host" else (HERE,)
    trusted = ("--ca-file", authority.ca_file) if fault == "of another host" else ()
    with ArchiveServer(CATALOGUE, ssl_context=authority.server(*names)) as archive:
        result = download(cartload, write_cart(tmp_path, archive, CATALOGUE), *trusted, "--retries", "1")
        kept = run(cartload, "login", archive.url, *LOGIN)
    assert result.exit_code == 7
    assert kept.exit_code == 7
    assert archive.connections
    assert archive.requests == ()


# --- T14: another user of the computer --------------------------------------------------------------


@posix
@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o602])
def test_a_login_that_others_could_read_or_alter_is_sent_nowhere(
    cartload: CommandLine, tmp_path: Path, mode: int
) -> None:
    path = tmp_path / "login"
    with ArchiveServer(CATALOGUE) as archive:
        cart = write_cart(tmp_path, archive, CATALOGUE)
        words = ("download", cart, "-d", tmp_path, "--accept-policy")
        path.write_text(f"userName={ANN.name}\npassWord={ANN.password}\n")
        path.chmod(mode)
        by_file = run(cartload, *words, "--credentials", path)
        path.write_text(f"machine {HERE} login {ANN.name} password {ANN.password}\n")
        by_netrc = run(cartload, *words, NETRC=str(path))
        path.write_text("canary-token")
        options = ("--set", f"bearer.origin={archive.url}", "--set", f"bearer.file={path}")
        by_token = run(cartload, *words, *options, CARTLOAD_AUTHENTICATOR="bearer")
    assert [result.exit_code for result in (by_file, by_netrc, by_token)] == [4, 4, 4]
    assert all(f"chmod 600 {path}" in result.err for result in (by_file, by_netrc, by_token))
    assert told(archive) == []


@posix
def test_what_is_written_of_a_login_is_its_users_alone_whatever_the_umask(
    cartload: CommandLine, trap: Trap, tmp_path: Path
) -> None:
    before = os.umask(0)
    try:
        result = download(cartload, trap.cart, *trap.network, "--allow-host", STRANGER)
    finally:
        os.umask(before)
    assert result.exit_code == 0, result.err
    files = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert {".json", ".log"} <= {path.suffix for path in files}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert not [path for path in (tmp_path / "cart").rglob("*") if path.is_file() and _names_ann(path)]


def _names_ann(path: Path) -> bool:
    content = path.read_bytes()
    return any(form.encode() in content for form in (ANN.name, ANN.password))


# --- T15: the login of a proxy ----------------------------------------------------------------------


def test_the_archive_gets_no_login_of_the_proxy_and_the_proxy_none_of_the_archive(
    cartload: CommandLine, trap: Trap
) -> None:
    with LoopbackProxy(trap.archive.url, login="canary-porter:canary-open") as proxy:
        network = (
            "--ca-file",
            trap.authority.ca_file,
            "--proxy",
            proxy.with_login("canary-porter:canary-open"),
        )
        result = download(cartload, trap.cart, *network, "--allow-host", STRANGER)
    assert result.exit_code == 0, result.err
    assert "canary-open" not in result.out + result.err
    assert not [name for request in trap.archive.requests for name in request.headers if "proxy" in name]
    assert {seen.method for seen in proxy.seen} == {"CONNECT"}
    assert not [form for seen in proxy.seen for form in FORMS[:4] if form in f"{seen.target}{seen.headers}"]
