"""Tokens and passwords that end in the middle of a session: renewed once for all workers, or told."""

from __future__ import annotations

from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from archive_carts import fetches, images_below, report_of, stored_bytes, write_cart
from cartload.credentials import Credentials, Secret
from cartload.state import SessionState, TaskState
from cartload.testing.archive import Access, Catalogue, User
from cartload.workers import Clock
from cartload_archive import ArchiveOptions, ArchiveServer
from in_process import Way, bring_home, cart_of
from small_carts import a_record, a_series

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cartload.progress import Report
    from cartload_archive import Strike
    from cartload_archive.faults import Fault
    from command_line import CommandLine
    from in_process import Ended

WORKERS = 4
USER = User("ann", "canary-right", frozenset({"LIMITED"}))
GIVEN = Credentials(USER.name, Secret(USER.password))
LIFE = 2.0
WITHIN = 0.85 * LIFE
"""Later than a token is renewed, earlier than it ends."""


def limited_catalogue(series: int) -> Catalogue:
    made = (a_series(a_record(number, collection="LIMITED")) for number in range(1, series + 1))
    return Catalogue((evolve(one, access=Access.LIMITED) for one in made), users=(USER,))


class Hands:
    """A clock that only a test sets."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def go(self, seconds: float) -> None:
        self.now += seconds


class Waves:
    """Holds requests for series until all workers ask, does something, then lets all of them on together.

    Each number in *waves* is one such wave, counted from 0; the other waves only wait for one another.
    """

    def __init__(self, do: Callable[[], object], *waves: int) -> None:
        self._do = do
        self._when = set(waves)
        self._wave = 0
        self._barrier = Barrier(WORKERS, action=self._act, timeout=60)
        self._series: frozenset[str] = frozenset()

    def of(self, catalogue: Catalogue) -> Waves:
        self._series = frozenset(map(str, catalogue.series))
        return self

    def __call__(self, strike: Strike) -> Fault | None:
        if strike.key in self._series and strike.attempt == 1:
            self._barrier.wait()
        return None

    def _act(self) -> None:
        if self._wave in self._when:
            self._do()
        self._wave += 1


def session(
    server: ArchiveServer,
    catalogue: Catalogue,
    folder: Path,
    clock: Callable[[], float] | None = None,
    transport: str | None = "nbia-rest",
) -> Ended:
    way = Way(
        transport=transport,
        jobs=WORKERS,
        attempts=1,
        login=GIVEN,
        clock=Clock() if clock is None else Clock(time=clock),
    )
    return bring_home(cart_of(catalogue, server.servlet_url, catalogue.series), folder, way)


def grants(server: ArchiveServer) -> list[tuple[str, int]]:
    """Give the requests for tokens, and how each was answered."""
    return [
        (dict(request.form)["grant_type"], request.status)
        for request in server.requests
        if request.path.rstrip("/").endswith("oauth/token")
    ]


def refusals(server: ArchiveServer) -> int:
    return sum(request.status == 401 and "Image" in request.path for request in server.requests)


def assert_all_is_there(ended: Ended, catalogue: Catalogue) -> None:
    assert ended.exit_code == 0, ended
    assert sorted(ended.images.values()) == stored_bytes(catalogue.series.values())


def test_a_token_of_two_seconds_is_renewed_before_it_ends_once_for_all_workers(tmp_path: Path) -> None:
    catalogue, clock = limited_catalogue(3 * WORKERS), Hands()
    waves = Waves(lambda: clock.go(WITHIN), 0, 1).of(catalogue)
    options = ArchiveOptions(token_seconds=LIFE, clock=clock)
    with ArchiveServer(catalogue, options, waves) as server:
        ended = session(server, catalogue, tmp_path, clock)
    assert_all_is_there(ended, catalogue)
    assert grants(server) == [("password", 200), ("refresh_token", 200), ("refresh_token", 200)]
    assert refusals(server) == 0


def test_a_token_that_ends_on_the_way_is_renewed_once_for_all_who_were_refused(tmp_path: Path) -> None:
    catalogue, clock = limited_catalogue(2 * WORKERS), Hands()
    waves = Waves(lambda: clock.go(LIFE), 1).of(catalogue)
    options = ArchiveOptions(token_seconds=LIFE, clock=clock)
    with ArchiveServer(catalogue, options, waves) as server:
        ended = session(server, catalogue, tmp_path, clock)
    assert_all_is_there(ended, catalogue)
    assert grants(server) == [("password", 200), ("refresh_token", 200)]
    assert refusals(server) == WORKERS


def test_a_token_that_is_revoked_is_renewed_once_for_all_who_were_refused(tmp_path: Path) -> None:
    catalogue = limited_catalogue(2 * WORKERS)
    waves = Waves(lambda: server.expire_tokens(refresh_too=False), 1).of(catalogue)
    with ArchiveServer(catalogue, faults=waves) as server:
        ended = session(server, catalogue, tmp_path)
    assert_all_is_there(ended, catalogue)
    assert grants(server) == [("password", 200), ("refresh_token", 200)]
    assert refusals(server) == WORKERS


def test_where_it_cannot_be_renewed_the_password_is_sent_once_for_all(tmp_path: Path) -> None:
    catalogue = limited_catalogue(2 * WORKERS)
    waves = Waves(lambda: server.expire_tokens(refresh_too=True), 1).of(catalogue)
    with ArchiveServer(catalogue, faults=waves) as server:
        ended = session(server, catalogue, tmp_path)
    assert_all_is_there(ended, catalogue)
    assert grants(server) == [("password", 200), ("refresh_token", 400), ("password", 200)]
    assert refusals(server) == WORKERS


def with_a_password_changed(
    folder: Path, series: int, transport: str | None = "nbia-rest"
) -> tuple[Ended, Catalogue, ArchiveServer]:
    """Change the password when the first wave is home and the second one asks."""
    catalogue = limited_catalogue(series)

    def change() -> None:
        server.change_password(USER.name, "another")
        server.expire_tokens(refresh_too=True)

    waves = Waves(change, 1).of(catalogue)
    with ArchiveServer(catalogue, faults=waves) as server:
        ended = session(server, catalogue, folder, transport=transport)
    return ended, catalogue, server


def test_a_password_that_was_changed_is_sent_once_and_the_rest_is_denied(tmp_path: Path) -> None:
    ended, catalogue, server = with_a_password_changed(tmp_path, 4 * WORKERS)
    assert grants(server) == [("password", 200), ("refresh_token", 400), ("password", 401)]
    assert refusals(server) == WORKERS, "after the refusal nobody asks any more"
    assert ended.exit_code == 4
    report: Report = ended.report
    assert (report.state, report.complete) == (SessionState.FINISHED, WORKERS)
    assert {shortfall.state for shortfall in report.shortfalls} == {TaskState.DENIED}
    assert len(report.shortfalls) == len(catalogue.series) - WORKERS
    assert all("accept" in shortfall.reason for shortfall in report.shortfalls)


def test_it_is_so_too_where_the_servlet_is_asked_first(tmp_path: Path) -> None:
    ended, catalogue, server = with_a_password_changed(tmp_path, 4 * WORKERS, None)
    assert grants(server) == [("password", 401)]
    assert ended.exit_code == 4
    assert ended.report.complete == WORKERS
    assert len(ended.report.shortfalls) == len(catalogue.series) - WORKERS


def test_what_came_before_the_password_changed_stays_and_the_rest_comes_with_the_new_one(
    cartload: CommandLine, tmp_path: Path
) -> None:
    ended, catalogue, _ = with_a_password_changed(tmp_path, 2 * WORKERS)
    assert sum(len(files) for files in ended.series.values()) == 5 * WORKERS
    user = evolve(USER, password="another")
    with ArchiveServer(evolve(catalogue, users=(user,))) as server:
        cart = write_cart(tmp_path, server, catalogue)
        words = ("download", cart, "-d", tmp_path, "--transport", "nbia-rest", "--json", "-u", USER.name)
        result = cartload(*words, "--password-stdin", text="another\n")
    assert result.exit_code == 0, result.err
    report = report_of(result.out)
    assert (report["complete"], report["already_held"]) == (WORKERS, WORKERS)
    assert len(fetches(server)) == WORKERS
    assert sorted(images_below(tmp_path / "cart").values()) == stored_bytes(catalogue.series.values())


@pytest.mark.parametrize(("refresh_too", "code"), [(False, 0), (True, 4)], ids=["revoked", "changed"])
def test_the_command_line_goes_on_or_says_what_to_do(
    cartload: CommandLine, tmp_path: Path, *, refresh_too: bool, code: int
) -> None:
    catalogue = limited_catalogue(2 * WORKERS)

    def act() -> None:
        server.expire_tokens(refresh_too=refresh_too)
        if refresh_too:
            server.change_password(USER.name, "another")

    with ArchiveServer(catalogue, faults=Waves(act, 1).of(catalogue)) as server:
        cart = write_cart(tmp_path, server, catalogue)
        order = ("download", cart, "-d", tmp_path, "--transport", "nbia-rest", "-j", str(WORKERS))
        result = cartload(*order, "-u", USER.name, "--password-stdin", text=f"{USER.password}\n")
    assert result.exit_code == code, result.err
    assert ("no longer accepts the login" in result.err) == (code == 4)
    assert USER.password not in result.out + result.err
