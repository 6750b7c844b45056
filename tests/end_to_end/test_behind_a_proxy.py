"""A cart comes home as in an institution: through its proxy, from a server that its authority vouches for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import frozen

from archive_carts import images_below, public_series, stored_bytes
from cartload.testing.archive import manifest_text
from cartload_archive import ArchiveServer
from command_line import CommandLine
from loopback_proxy import LoopbackProxy
from own_authority import Authority
from small_carts import a_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from command_line import Result

HOST = "archive.example.org"
PASSWORD = "c4n4ry-4711/@:"
QUOTED = "c4n4ry-4711%2F%40%3A"
CATALOGUE = a_catalogue()
TRANSPORTS = ["nbia", "nbia-rest"]


@frozen
class Institution:
    """An archive that only the proxy leads to, by a name that nobody else knows."""

    archive: ArchiveServer
    proxy: LoopbackProxy
    authority: Authority
    cart: Path

    @property
    def address(self) -> str:
        return self.proxy.with_login(f"me:{QUOTED}")


@frozen
class Variables(CommandLine):
    """The command line with some more variables."""

    more: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        proxies = {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}
        kept = {name: value for name, value in super().environment.items() if name.lower() not in proxies}
        return {**kept, **self.more}


@pytest.fixture
def institution(tmp_path: Path) -> Iterator[Institution]:
    (tmp_path / "home").mkdir(exist_ok=True)
    authority = Authority.in_folder(tmp_path)
    cart = tmp_path / "cart.tcia"
    servlet = f"https://{HOST}/nbia-download/servlet/DownloadServlet"
    cart.write_text(manifest_text(CATALOGUE, servlet, CATALOGUE.public))
    with (
        ArchiveServer(CATALOGUE, ssl_context=authority.server(HOST)) as archive,
        LoopbackProxy(archive.url, login=f"me:{PASSWORD}") as proxy,
    ):
        yield Institution(archive, proxy, authority, cart)


def fetched(
    institution: Institution, tmp_path: Path, *options: str | Path, **variables: str
) -> tuple[Result, Path]:
    run = Variables(tmp_path, variables)
    out = tmp_path / "out"
    report = tmp_path / "report.html"
    ran = run("download", institution.cart, "-d", out, "--accept-policy", "--report", report, "-v", *options)
    return ran, out / "cart"


def everything(ran: Result, tmp_path: Path) -> str:
    """Give all that was said and written, but for the images and what the test itself wrote."""
    logs = list((tmp_path / "home").rglob("*.log"))
    assert logs
    texts = [path.read_text() for path in (*logs, tmp_path / "report.html")]
    return "".join((ran.out, ran.err, *texts))


def assert_all_is_there(institution: Institution, root: Path) -> None:
    assert sorted(images_below(root).values()) == stored_bytes(public_series(CATALOGUE))
    assert set(institution.proxy.targets) == {f"{HOST}:443"}
    assert not any(
        name.startswith("proxy-") for request in institution.archive.requests for name in request.headers
    )


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_by_the_environment_every_image_comes_home_and_no_password_is_shown(
    institution: Institution, tmp_path: Path, transport: str
) -> None:
    ca_file = institution.authority.ca_file
    ran, root = fetched(
        institution,
        tmp_path,
        *("--transport", transport, "--ca-file", ca_file),
        https_proxy=institution.address,
        no_proxy="localhost,127.0.0.1,.other.org",
    )
    assert ran.exit_code == 0, ran.err
    assert_all_is_there(institution, root)
    told = everything(ran, tmp_path)
    assert PASSWORD not in told
    assert QUOTED not in told


def test_by_options_every_image_comes_home_and_no_password_is_shown(
    institution: Institution, tmp_path: Path
) -> None:
    ran, root = fetched(
        institution,
        tmp_path,
        *("--proxy", institution.address, "--ca-file", institution.authority.der_file),
        https_proxy="http://127.0.0.1:9",
    )
    assert ran.exit_code == 0, ran.err
    assert_all_is_there(institution, root)
    told = everything(ran, tmp_path)
    assert PASSWORD not in told
    assert QUOTED not in told


def test_by_variables_of_the_settings_it_does_too(institution: Institution, tmp_path: Path) -> None:
    ran, root = fetched(
        institution,
        tmp_path,
        CARTLOAD_PROXY=institution.address,
        CARTLOAD_CA_FILE=str(institution.authority.ca_file),
    )
    assert ran.exit_code == 0, ran.err
    assert_all_is_there(institution, root)
    assert QUOTED not in everything(ran, tmp_path)


def test_what_was_lost_is_repaired_the_same_way(institution: Institution, tmp_path: Path) -> None:
    network = ("--proxy", institution.address, "--ca-file", str(institution.authority.ca_file))
    _, root = fetched(institution, tmp_path, *network)
    next(path for path in root.rglob("*.dcm")).unlink()
    ran = Variables(tmp_path, {})("verify", root, "--repair", "--accept-policy", *network)
    assert ran.exit_code == 0, ran.err
    assert_all_is_there(institution, root)


def test_without_the_certificate_nothing_comes_and_the_advice_says_what_to_do(
    institution: Institution, tmp_path: Path
) -> None:
    ran, root = fetched(institution, tmp_path, https_proxy=institution.address)
    assert ran.exit_code == 7
    assert "--ca-file" in ran.err
    assert institution.archive.requests == ()
    assert not root.exists()


def test_a_proxy_that_refuses_the_password_is_told_and_the_password_is_not(
    institution: Institution, tmp_path: Path
) -> None:
    wrong = institution.proxy.with_login(f"me:{QUOTED}-wrong")
    ran, root = fetched(institution, tmp_path, https_proxy=wrong)
    assert ran.exit_code == 7
    assert "refuses the user and password" in ran.err
    assert institution.proxy.url in ran.err
    assert QUOTED not in everything(ran, tmp_path)
    assert not root.exists()


@pytest.mark.parametrize("option", [("--ca-file", "nowhere.pem"), ("--proxy", f"socks5://me:{QUOTED}@a.org")])
def test_a_wrong_option_is_told_before_anything_is_asked(
    institution: Institution, tmp_path: Path, option: tuple[str, str]
) -> None:
    ran, _ = fetched(institution, tmp_path, *option)
    assert ran.exit_code == 3
    assert institution.proxy.seen == []
    assert QUOTED not in everything(ran, tmp_path)


def test_the_doctor_finds_the_way(institution: Institution, tmp_path: Path) -> None:
    run = Variables(tmp_path, {"https_proxy": institution.address})
    ran = run("doctor", institution.cart, "--ca-file", institution.authority.ca_file)
    assert ran.exit_code == 0, ran.out
    assert f"{institution.proxy.url} (from https_proxy), with a user and password." in ran.out
    assert QUOTED not in ran.out + ran.err
