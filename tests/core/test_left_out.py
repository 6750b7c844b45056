"""Series of a licence that the user did not allow are left out: named, with the reason, and no failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.errors import AccessDeniedError
from cartload.events import PlanMade, SessionEnded, TaskChanged, Warned
from cartload.model import Denied, License
from cartload.plan import Need
from cartload.progress import Verdict
from cartload.settings import Existing
from cartload.state import TaskState
from engine_cart import assert_home, home
from engine_world import Watched, World, answering
from fake_archive import FakeTransport, a_scan

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.plan import Plan
    from fake_archive import Scan

OPEN, CLOSED = License("CC BY 4.0"), License("House rules")
PATTERN = "CC BY*"
REASON = "Its licence is House rules; allowed is: CC BY*."


def licensed(number: int, license_: License | None) -> Scan:
    scan = a_scan(number)
    return evolve(scan, record=evolve(scan.record, license=license_))


ALLOWED, HOUSE, NONE = licensed(1, OPEN), licensed(2, CLOSED), licensed(3, None)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World.of(tmp_path, ALLOWED, HOUSE, NONE)
    made.settings = evolve(made.settings, license_allow=(PATTERN,))
    return made


def plan_of(watched: Watched) -> Plan:
    (made,) = watched.heard(PlanMade)
    return made.plan


def test_only_what_may_be_used_is_asked_for_and_brought_home(world: World) -> None:
    watched = world.run()
    assert_home(world, ALLOWED)
    assert [uid for uid, _ in world.transport.fetches] == [ALLOWED.uid]
    assert [task.need for task in plan_of(watched).tasks] == [Need.FETCH, Need.LEFT_OUT, Need.LEFT_OUT]


def test_what_was_left_out_is_named_with_its_reason_and_no_failure(world: World) -> None:
    watched = world.run()
    report = watched.session.report()
    assert [(each.series_uid, each.state, each.reason) for each in report.left_out] == [
        (HOUSE.uid, TaskState.LEFT_OUT, REASON),
        (NONE.uid, TaskState.LEFT_OUT, "The archive states no licence for it; allowed is: CC BY*."),
    ]
    assert (report.complete, report.removed, report.shortfalls) == (1, 0, ())
    assert report.verdict is Verdict.COMPLETE
    (ended,) = watched.heard(SessionEnded)
    assert (ended.complete, ended.left_out, ended.removed, ended.unfinished) == (1, 2, 0, 0)


def test_licences_in_the_report_are_those_of_what_is_fetched(world: World) -> None:
    watched = world.run()
    assert [(group.license, group.series) for group in watched.session.report().licenses] == [(OPEN, 1)]
    assert {group.license: group.series for group in plan_of(watched).left_out()} == {None: 1, CLOSED: 1}


def test_what_is_here_already_stays_and_counts_as_held(world: World) -> None:
    world.settings = evolve(world.settings, license_allow=())
    world.run()
    world.settings = evolve(world.settings, license_allow=(PATTERN,))
    watched = world.run()
    report = watched.session.report()
    assert (report.already_held, report.left_out) == (3, ())
    assert world.tree() == home(ALLOWED, HOUSE, NONE)


def test_fetching_all_again_leaves_what_is_here_and_not_allowed_any_more(world: World) -> None:
    world.settings = evolve(world.settings, license_allow=())
    world.run()
    world.transport.fetches.clear()
    world.settings = evolve(world.settings, license_allow=(PATTERN,), existing=Existing.ALL)
    report = world.run().session.report()
    assert [uid for uid, _ in world.transport.fetches] == [ALLOWED.uid]
    assert (report.complete, report.already_held) == (1, 2)
    assert world.tree() == home(ALLOWED, HOUSE, NONE)


def test_a_later_run_that_allows_more_fetches_the_rest(world: World) -> None:
    world.run()
    world.settings = evolve(world.settings, license_allow=())
    report = world.run().session.report()
    assert (report.complete, report.already_held, report.left_out) == (2, 1, ())
    assert_home(world, ALLOWED, HOUSE, NONE)


def test_where_nothing_is_allowed_that_is_told_and_nothing_fetched(world: World) -> None:
    world.settings = evolve(world.settings, license_allow=("CCBY", "CC0*"))
    watched = world.run()
    (warned,) = watched.heard(Warned)
    assert warned.subject == "CCBY, CC0*"
    assert "nothing is fetched" in warned.text
    assert world.transport.fetches == []
    assert watched.session.report().verdict is Verdict.COMPLETE


def test_inspecting_shows_what_would_be_left_out(world: World) -> None:
    with Watched.of(world.session()) as watched:
        plan = watched.session.inspect()
    assert [task.reason for task in plan.tasks][:2] == ["", REASON]


def test_a_denied_series_is_denied_whatever_is_allowed(world: World) -> None:
    world.transport.says[HOUSE.uid] = Denied(HOUSE.uid, "not yours")
    report = world.run().session.report()
    assert report.verdict is Verdict.DENIED
    assert [each.series_uid for each in report.left_out] == [NONE.uid]


def test_when_only_denied_and_unallowed_series_are_in_the_cart_nobody_is_asked_to_go_on(world: World) -> None:
    world.transport.says[ALLOWED.uid] = Denied(ALLOWED.uid, "not yours")
    session = world.session()
    session.subscribe(answering(session))
    with session, pytest.raises(AccessDeniedError):
        session.prepare()


def test_a_left_out_series_can_be_taken_out_of_the_cart(world: World) -> None:
    with world.watched() as watched:
        watched.session.prepare()
        watched.session.remove([HOUSE.uid])
        report = watched.session.run()
    assert TaskChanged(HOUSE.uid, TaskState.LEFT_OUT, TaskState.REMOVED) in watched.heard(TaskChanged)
    assert (report.removed, [each.series_uid for each in report.left_out]) == (1, [NONE.uid])


def test_what_another_program_brought_is_not_taken_over_if_it_is_not_allowed(tmp_path: Path) -> None:
    world = World(tmp_path, {"fake": FakeTransport.of(HOUSE)}, carts=(HOUSE.uid,))
    world.run()
    for path in (world.root / ".cartload" / "journal").iterdir():
        path.unlink()
    before = world.tree()
    world.settings = evolve(world.settings, license_allow=(PATTERN,))
    report = world.run().session.report()
    assert [each.series_uid for each in report.left_out] == [HOUSE.uid]
    assert world.tree() == before
