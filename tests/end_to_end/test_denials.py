"""Series that a user may not have, some of them or all: answered at a terminal, by an option, by nobody."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve, frozen

from archive_carts import fetches, images_below, report_of, stored_bytes, write_cart
from at_terminal import converse
from cartload.testing.archive import Access, Catalogue, User
from cartload_archive import ArchiveOptions, ArchiveServer
from command_line import CARTLOAD
from small_carts import a_record, a_series

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from at_terminal import Shown
    from command_line import CommandLine, Result

ANN = User("ann", "canary-ann", frozenset({"ANNS"}))
OPEN, ANNS, NOBODYS = (
    a_series(a_record(number, collection=name)) for number, name in enumerate(("OPEN", "ANNS", "NOBODYS"), 1)
)
ALL = (OPEN, *(evolve(series, access=Access.LIMITED) for series in (ANNS, NOBODYS)))

at_terminals = pytest.mark.skipif(sys.platform == "win32", reason="the terminal is one of POSIX")


@frozen
class World:
    """An archive with something for everybody, something for Ann, and something for nobody."""

    cartload: CommandLine
    folder: Path
    server: ArchiveServer
    cart: Path

    def words(self, *more: str | Path) -> Sequence[str | Path]:
        return ("download", self.cart, "-d", self.folder, "--accept-policy", *more)

    def download(self, *more: str | Path, user: User | None = ANN) -> Result:
        """Download unattended; without a user as a guest."""
        if user is None:
            return self.cartload(*self.words(*more))
        login = ("-u", user.name, "--password-stdin")
        return self.cartload(*self.words(*login, *more), text=f"{user.password}\n")

    def sit(self, *typed: tuple[str, str]) -> Shown:
        """Download at a terminal."""
        return converse((CARTLOAD, *self.words()), typed, self.cartload.environment, self.folder)

    @property
    def images(self) -> list[bytes]:
        return sorted(images_below(self.folder / "cart").values())


@pytest.fixture(params=["V4", None], ids=["servlet", "REST"])
def world(request: pytest.FixtureRequest, cartload: CommandLine, tmp_path: Path) -> Iterator[World]:
    catalogue = Catalogue(ALL, users=(ANN,))
    with ArchiveServer(catalogue, ArchiveOptions(servlets=request.param)) as server:
        yield World(cartload, tmp_path, server, write_cart(tmp_path, server, catalogue))


def only(world: World, *names: str) -> None:
    """Have the cart name these series alone."""
    head, _, _ = world.cart.read_text().partition("ListOfSeriesToDownload=")
    world.cart.write_text(f"{head}ListOfSeriesToDownload=\n" + "".join(f"{name}\n" for name in names))


def shortfalls(document: dict[str, Any]) -> dict[str, str]:
    return {each["series_uid"]: each["state"] for each in document["shortfalls"]}


def test_unattended_nothing_is_downloaded_where_some_series_are_denied(world: World) -> None:
    result = world.download()
    assert result.exit_code == 4
    assert f"  {NOBODYS.uid}: " in result.err
    assert "the archive refuses 1 of the 3 series" in result.err
    assert "Nothing was downloaded. --allowed-only goes on without them." in result.err
    assert fetches(world.server) == []
    assert not (world.folder / "cart").exists()


def test_allowed_only_brings_the_rest_and_lists_what_is_denied_everywhere(world: World) -> None:
    report = world.folder / "report.json"
    result = world.download("--allowed-only", "--json", "--report", report)
    assert result.exit_code == 4
    assert world.images == stored_bytes((OPEN, ANNS))
    assert shortfalls(report_of(result.out)) == {NOBODYS.uid: "denied"}
    assert shortfalls(json.loads(report.read_text())) == {NOBODYS.uid: "denied"}
    asked = [json.loads(line) for line in result.out.splitlines()]
    denied = [each["question"]["denied"] for each in asked if each["event"] == "Asked"]
    assert [each["series_uid"] for each in denied[-1]] == [NOBODYS.uid]


@pytest.mark.parametrize("suffix", ["txt", "html"])
def test_each_report_names_what_is_denied(world: World, suffix: str) -> None:
    report = world.folder / f"report.{suffix}"
    assert world.download("--allowed-only", "--report", report).exit_code == 4
    assert NOBODYS.uid in report.read_text()
    assert ANNS.uid not in report.read_text()


def test_the_summary_names_what_is_denied_and_asks_for_no_second_run(world: World) -> None:
    result = world.download("--allowed-only")
    assert "NOT COMPLETE: 2 of 3 series" in result.err
    assert f"denied: {NOBODYS.uid}" in result.err
    assert "Ask the archive for access to the rest." in result.err


def test_where_all_are_denied_nothing_can_go_on(world: World) -> None:
    only(world, NOBODYS.uid)
    for more in ((), ("--allowed-only",)):
        result = world.download(*more)
        assert result.exit_code == 4
        assert "the archive refuses 1 of the 1 series" in result.err
        assert "--allowed-only goes on" not in result.err
    assert fetches(world.server) == []


def test_a_guest_without_anybody_to_ask_is_denied_what_is_limited(world: World) -> None:
    only(world, OPEN.uid, ANNS.uid)
    result = world.download(user=None)
    assert result.exit_code == 4
    assert ANNS.uid in result.err
    assert fetches(world.server) == []


@at_terminals
@pytest.mark.parametrize(("answer", "home"), [("y", (OPEN, ANNS)), ("n", ())])
def test_at_a_terminal_the_denied_are_listed_and_the_user_decides(
    world: World, answer: str, home: tuple[Any, ...]
) -> None:
    shown = world.sit(
        ("User name", ANN.name), ("Password:", ANN.password), ("Go on with the other 2 series?", answer)
    )
    assert shown.code == 4
    assert "2 series of this cart need a login at http://127.0.0.1:" in shown.screen
    assert all(f"  {series.uid}\n" in shown.screen for series in (ANNS, NOBODYS))
    assert f"  {NOBODYS.uid}: " in shown.screen
    assert ANN.password not in shown.screen
    assert world.images == stored_bytes(home)


@at_terminals
def test_at_a_terminal_a_wrong_password_is_asked_for_three_times(world: World) -> None:
    wrong = (("User name", ANN.name), ("Password:", "canary-wrong"))
    shown = world.sit(*wrong, *wrong, *wrong)
    assert shown.code == 4
    assert shown.screen.count("does not accept this user name and password") == 3
    assert "canary-wrong" not in shown.screen
    assert not (world.folder / "cart").exists()


@at_terminals
def test_at_a_terminal_the_second_password_may_be_right(world: World) -> None:
    only(world, OPEN.uid, ANNS.uid)
    shown = world.sit(
        ("User name", ANN.name), ("Password:", "canary-wrong"), ("User name", ""), ("Password:", ANN.password)
    )
    assert shown.code == 0, shown.screen
    assert world.images == stored_bytes((OPEN, ANNS))
    assert f"'cartload login {world.server.url}' keeps this login" in shown.screen


@at_terminals
def test_at_a_terminal_no_name_goes_on_as_a_guest(world: World) -> None:
    shown = world.sit(("User name", ""), ("Go on with the other 1 series?", "y"))
    assert shown.code == 4
    assert world.images == stored_bytes((OPEN,))


@at_terminals
def test_at_a_terminal_who_gives_up_after_a_wrong_password_ends_it(world: World) -> None:
    wrong = (("User name", ANN.name), ("Password:", "canary-wrong"))
    shown = world.sit(*wrong, ("User name", ""), ("Password:", ""))
    assert shown.code == 4
    assert not (world.folder / "cart").exists()
