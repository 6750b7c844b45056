"""A cart with limited collections, brought home by somebody who may have them, and by others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from attrs import frozen

from archive_carts import images_below, report_of, write_cart
from cartload.testing.catalogue import DEMO_USER, demo_catalogue
from cartload_archive import ArchiveOptions, ArchiveServer
from command_line import CommandLine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.testing.archive import Catalogue


@frozen
class Configured(CommandLine):
    """The command line of a user with a settings file."""

    config: Path

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "CARTLOAD_CONFIG": str(self.config)}


@pytest.fixture
def catalogue() -> Catalogue:
    return demo_catalogue()


@pytest.fixture(params=["V4", None], ids=["servlet", "REST"])
def cart(request: pytest.FixtureRequest, tmp_path: Path, catalogue: Catalogue) -> Iterator[Path]:
    """Serve the archive and give the cart of all its series, limited ones included."""
    with ArchiveServer(catalogue, ArchiveOptions(servlets=request.param)) as server:
        yield write_cart(tmp_path, server, catalogue)


def test_a_user_who_may_gets_all_of_it(
    cartload: CommandLine, cart: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    order = ("download", cart, "-d", tmp_path, "--accept-policy", "--json", "-u", DEMO_USER.name)
    result = cartload(*order, "--password-stdin", text=f"{DEMO_USER.password}\n")
    assert result.exit_code == 0, result.err
    assert report_of(result.out)["complete"] == len(catalogue.series)
    assert any(json.loads(line)["event"] == "LoggedIn" for line in result.out.splitlines())
    assert DEMO_USER.password not in result.out + result.err
    assert len(images_below(tmp_path / "cart")) == sum(
        len(series.images) + len(series.annotations) for series in catalogue.series.values()
    )


def test_a_wrong_password_ends_it_before_anything_is_downloaded(
    cartload: CommandLine, cart: Path, tmp_path: Path
) -> None:
    order = ("download", cart, "-d", tmp_path, "--accept-policy", "-u", DEMO_USER.name)
    result = cartload(*order, "--password-stdin", text="wrong-canary\n")
    assert result.exit_code == 4
    assert "wrong-canary" not in result.out + result.err
    assert not (tmp_path / "cart").exists()


def test_a_guest_gets_what_is_public_if_that_is_enough(
    cartload: CommandLine, cart: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    order = ("download", cart, "-d", tmp_path, "--accept-policy", "--json")
    assert cartload(*order).exit_code == 4
    result = cartload(*order, "--allowed-only")
    assert report_of(result.out)["complete"] == len(catalogue.public)


def test_an_authenticator_that_is_chosen_gets_the_login_that_was_given(
    cartload: CommandLine, catalogue: Catalogue, tmp_path: Path
) -> None:
    config = tmp_path / "home" / "config.toml"
    config.write_text('authenticator = "nbia-oauth"\ntransport = "nbia-rest"\n')
    home = Configured(cartload.folder, config)
    with ArchiveServer(catalogue) as server:
        order = ("download", write_cart(tmp_path, server, catalogue), "-d", tmp_path, "--accept-policy")
        right = home(*order, "-u", DEMO_USER.name, "--password-stdin", text=f"{DEMO_USER.password}\n")
        wrong = home(*order, "-u", DEMO_USER.name, "--password-stdin", text="wrong-canary\n")
        none = home(*order)
    assert right.exit_code == 0, right.err
    assert [wrong.exit_code, none.exit_code] == [4, 4]
    assert sum(dict(request.form).get("password") == "wrong-canary" for request in server.requests) == 1
