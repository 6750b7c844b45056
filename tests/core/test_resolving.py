"""From a manifest to a settled plan: what is asked, what is not, and what ends it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.errors import (
    AccessDeniedError,
    LoginError,
    ManifestError,
    NamingError,
    PluginError,
    PolicyError,
    StoppedError,
    TransportError,
    UnreachableError,
)
from cartload.events import (
    Answered,
    Asked,
    DeniedQuestion,
    ExistingQuestion,
    ManifestRead,
    PlanMade,
    PolicyQuestion,
    SeriesDescribed,
    Warned,
)
from cartload.model import Denied, SeriesUID, Unknown, UsagePolicy
from cartload.plan import Need
from cartload.retry import RetryPolicy
from cartload.settings import Existing
from cartload.state import SessionState
from cartload.workers import Clock
from engine_world import AT_ONCE, FakeNaming, Watched, World, answering, when
from fake_archive import PATIENCE, Scan, a_scan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cartload.events import Answer, Event, Question
    from cartload.ports import Stop

POLICY = UsagePolicy("archive.example", "Be kind to patients.")
ONE, TWO, THREE = a_scan(1), a_scan(2), a_scan(3)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.of(tmp_path, ONE, TWO, THREE)


def asked(event: Event) -> bool:
    return isinstance(event, Asked)


def questions(watched: Watched) -> list[Question]:
    return [event.question for event in watched.heard(Asked)]


def prepared(world: World, **answers: Answer) -> Watched:
    """Prepare a session that gets these answers, and close it."""
    watched = Watched.of(world.session())
    watched.session.subscribe(answering(watched.session, **answers))
    with watched:
        watched.session.prepare()
    return watched


# --- in order


def test_a_cart_is_read_described_and_planned_in_this_order(world: World) -> None:
    watched = prepared(world)
    kinds = [type(event) for event in watched.events if not isinstance(event, Warned)]
    told = [kind for kind in kinds if kind in {ManifestRead, SeriesDescribed, PlanMade}]
    assert told == [ManifestRead, SeriesDescribed, PlanMade]
    assert watched.heard(SeriesDescribed) == [SeriesDescribed(3, 3)]
    assert watched.states() == [SessionState.RESOLVING, SessionState.READY]


def test_the_plan_has_a_task_for_every_series_of_the_cart_in_its_order(world: World) -> None:
    watched = prepared(world)
    assert watched.session.plan is not None
    assert [task.series_uid for task in watched.session.plan.tasks] == list(world.carts)
    assert [plan for (plan,) in [(event.plan,) for event in watched.heard(PlanMade)]] == [
        watched.session.plan
    ]


def test_what_the_reader_warns_of_is_told(world: World) -> None:
    world.manifest = lambda plain: evolve(plain, warnings=("line 3 was passed over",))
    assert prepared(world).heard(Warned) == [Warned("cart.txt", "line 3 was passed over")]


def test_preparing_writes_nothing(world: World) -> None:
    world.transport.policies.append(POLICY)
    prepared(world)
    assert list(world.directory.iterdir()) == []


def test_inspecting_asks_nothing_and_writes_nothing(world: World) -> None:
    world.transport.policies.append(POLICY)
    world.transport.says[TWO.uid] = Denied(TWO.uid, "not yours")
    with Watched.of(world.session()) as watched:
        plan = watched.session.inspect()
    assert [task.need for task in plan.tasks] == [Need.FETCH, Need.DENIED, Need.FETCH]
    assert questions(watched) == []
    assert list(world.directory.iterdir()) == []


def test_a_session_may_be_inspected_and_then_prepared(world: World) -> None:
    world.transport.policies.append(POLICY)
    with world.watched() as watched:
        watched.session.inspect()
        watched.session.prepare()
    assert questions(watched) == [PolicyQuestion(POLICY)]


# --- the policy


def test_an_accepted_policy_is_kept_with_its_time(world: World) -> None:
    world.transport.policies.append(POLICY)
    watched = world.run()
    assert watched.heard(Answered) == [Answered(PolicyQuestion(POLICY), answer=True)]
    cart = world.storage.cart
    assert cart is not None
    assert cart.acceptance is not None
    assert (cart.acceptance.policy, cart.acceptance.at) == (POLICY, "2023-11-14T22:13:20+00:00")


def test_a_refused_policy_ends_the_session_before_anything_is_asked_or_written(world: World) -> None:
    world.transport.policies.append(POLICY)
    with pytest.raises(PolicyError, match=r"archive\.example: its data usage policy was not accepted"):
        prepared(world, policy=False)
    assert world.transport.fetches == []
    assert list(world.directory.iterdir()) == []


def test_an_answer_that_is_no_yes_is_a_refusal(world: World) -> None:
    world.transport.policies.append(POLICY)
    with pytest.raises(PolicyError):
        prepared(world, policy=Existing.ALL)


def test_a_policy_that_was_accepted_in_an_earlier_session_is_not_asked_again(world: World) -> None:
    world.transport.policies.extend([POLICY, POLICY, POLICY])
    world.run()
    assert questions(world.run()) == []
    (world.root / "Kidney" / ONE.uid / "001.dcm").unlink()
    watched = world.run()
    assert questions(watched) == []
    assert world.storage.cart is not None
    assert world.storage.cart.acceptance is not None


def test_a_policy_with_another_text_is_asked_again(world: World) -> None:
    other = UsagePolicy(POLICY.archive, "Be kinder.")
    world.transport.policies.extend([POLICY, other])
    world.run()
    assert questions(world.run()) == [PolicyQuestion(other, changed_since="2023-11-14T22:13:20+00:00")]


def test_whoever_asks_again_asks_for_the_policy_each_time_and_keeps_the_first_acceptance(
    world: World,
) -> None:
    world.transport.policies.extend([POLICY, POLICY, POLICY])
    world.run()
    first = world.storage.cart
    (world.root / "Kidney" / ONE.uid / "001.dcm").unlink()
    again = Watched.of(world.session(asks_again=True))
    again.session.subscribe(answering(again.session))
    with again:
        again.session.prepare()
        again.session.run()
    assert questions(again)[0] == PolicyQuestion(POLICY)
    assert first is not None
    assert world.storage.cart is not None
    assert world.storage.cart.acceptance == first.acceptance
    with Watched.of(world.session(asks_again=True)) as refusing:
        refusing.session.subscribe(answering(refusing.session, policy=False))
        with pytest.raises(PolicyError):
            refusing.session.prepare()


# --- what is denied


def denying(world: World, *scans: Scan) -> None:
    for scan in scans:
        world.transport.says[scan.uid] = Denied(scan.uid, "not yours")


def test_one_may_go_on_with_what_is_allowed(world: World) -> None:
    denying(world, TWO)
    watched = world.run()
    assert questions(watched) == [DeniedQuestion((Denied(TWO.uid, "not yours"),), 2)]
    assert {name.split("/")[1] for name in world.tree()} == {ONE.uid, THREE.uid}


def test_one_may_refuse_to_go_on_without_what_is_denied(world: World) -> None:
    denying(world, TWO)
    with pytest.raises(AccessDeniedError, match="refuses 1 of the 3 series") as caught:
        prepared(world, denied=False)
    assert "--allowed-only" in caught.value.advice
    assert list(world.directory.iterdir()) == []


def test_nothing_is_asked_where_everything_is_denied(world: World) -> None:
    denying(world, ONE, TWO, THREE)
    watched = Watched.of(world.session())
    with pytest.raises(AccessDeniedError, match="refuses 3 of the 3 series") as caught:
        watched.session.prepare()
    assert questions(watched) == []
    assert caught.value.advice == "Nothing was downloaded."


def test_an_unknown_series_stops_nobody(world: World) -> None:
    world.transport.says[TWO.uid] = Unknown(TWO.uid, "no such series")
    watched = prepared(world)
    assert questions(watched) == []
    assert watched.session.plan is not None
    assert [task.need for task in watched.session.plan.tasks] == [Need.FETCH, Need.UNKNOWN, Need.FETCH]


# --- what is there already


@pytest.fixture
def partly(world: World) -> World:
    """Give a world where the first of three series is there already."""
    world.carts = (ONE.uid,)
    world.run()
    world.carts = (ONE.uid, TWO.uid, THREE.uid)
    world.settings = evolve(world.settings, existing=Existing.ASK)
    return world


def test_one_is_asked_what_to_do_where_a_part_is_there(partly: World) -> None:
    watched = prepared(partly, existing=Existing.MISSING)
    assert questions(watched) == [ExistingQuestion(1, ONE.size, 2, TWO.size + THREE.size)]
    assert watched.session.plan is not None
    assert [task.need for task in watched.session.plan.tasks] == [Need.HELD, Need.FETCH, Need.FETCH]


def test_one_may_have_all_of_it_again(partly: World) -> None:
    watched = prepared(partly, existing=Existing.ALL)
    assert watched.session.plan is not None
    assert {task.need for task in watched.session.plan.tasks} == {Need.FETCH}


@pytest.mark.parametrize(
    ("existing", "needs"), [(Existing.MISSING, {Need.HELD, Need.FETCH}), (Existing.ALL, {Need.FETCH})]
)
def test_a_setting_answers_in_silence(partly: World, existing: Existing, needs: set[Need]) -> None:
    partly.settings = evolve(partly.settings, existing=existing)
    watched = prepared(partly)
    assert questions(watched) == []
    assert watched.session.plan is not None
    assert {task.need for task in watched.session.plan.tasks} == needs


def test_nothing_is_asked_where_all_of_it_is_there(partly: World) -> None:
    partly.carts = (ONE.uid,)
    assert questions(prepared(partly)) == []


def test_nothing_is_asked_where_nothing_is_there(world: World) -> None:
    world.settings = evolve(world.settings, existing=Existing.ASK)
    assert questions(prepared(world)) == []


@pytest.mark.parametrize("there", [True, False])
def test_whoever_asks_again_asks_where_anything_is_there(world: World, *, there: bool) -> None:
    if there:
        world.run()
    world.settings = evolve(world.settings, existing=Existing.ASK)
    watched = Watched.of(world.session(asks_again=True))
    watched.session.subscribe(answering(watched.session, existing=Existing.ALL))
    with watched:
        plan = watched.session.prepare()
    size = ONE.size + TWO.size + THREE.size
    assert questions(watched) == ([ExistingQuestion(3, size, 0, 0)] if there else [])
    assert {task.need for task in plan.tasks} == {Need.FETCH}


# --- answers


def test_an_answer_may_come_later_from_another_thread(world: World) -> None:
    world.transport.policies.append(POLICY)
    watched = Watched.of(world.session())
    arrived = threading.Event()
    watched.session.subscribe(when(asked, arrived.set))

    def answer() -> None:
        if arrived.wait(PATIENCE):
            watched.session.answer(PolicyQuestion(POLICY), answer=True)

    frontend = threading.Thread(target=answer)
    frontend.start()
    watched.session.prepare()
    frontend.join()
    assert watched.session.state is SessionState.READY
    assert watched.states()[1:3] == [SessionState.AWAITING_ANSWER, SessionState.RESOLVING]


def test_an_answer_to_another_question_is_passed_over(world: World) -> None:
    world.transport.policies.append(POLICY)
    session = world.session()
    other = PolicyQuestion(UsagePolicy("elsewhere", "-"))
    session.subscribe(when(asked, lambda: session.answer(other, answer=False)))
    session.subscribe(answering(session))
    session.prepare()
    assert session.state is SessionState.READY


# --- cancelling


def assert_cancelled(watched: Watched, act: Callable[[], object] | None = None) -> None:
    with pytest.raises(StoppedError, match="the session was cancelled"):
        (act or watched.session.prepare)()
    assert watched.session.state is SessionState.CANCELLED


def test_a_session_may_be_cancelled_at_a_question(world: World) -> None:
    world.transport.policies.append(POLICY)
    watched = Watched.of(world.session())
    watched.session.subscribe(when(asked, watched.session.cancel))
    assert_cancelled(watched)
    assert list(world.directory.iterdir()) == []


def test_a_session_may_be_cancelled_while_the_archive_describes(world: World) -> None:
    watched = world.watched()

    def hang(stop: Stop) -> None:
        closed = threading.Event()
        with stop.closing(closed.set):
            watched.session.cancel()
            assert closed.wait(PATIENCE)
        raise UnreachableError("the connection was closed.", retryable=True)

    world.transport.describing = hang
    assert_cancelled(watched)


def test_a_session_may_be_cancelled_while_an_archive_that_does_not_listen_describes(world: World) -> None:
    watched = world.watched()
    world.transport.describing = lambda _: watched.session.cancel()
    assert_cancelled(watched)


def test_a_session_may_be_cancelled_before_it_is_prepared(world: World) -> None:
    watched = world.watched()
    watched.session.cancel()
    assert_cancelled(watched)


def test_a_session_may_be_cancelled_while_it_waits_to_ask_again(world: World) -> None:
    world.transport.policies.append(UnreachableError("no answer.", retryable=True))
    watched = Watched.of(world.session(retry=RetryPolicy(first=1000.0, longest=1000.0, random=lambda: 1.0)))
    watched.session.subscribe(
        when(lambda event: isinstance(event, Warned), watched.session.cancel),
    )
    assert_cancelled(watched)


def test_an_inspection_may_be_cancelled(world: World) -> None:
    watched = world.watched()
    watched.session.cancel()
    assert_cancelled(watched, watched.session.inspect)


# --- what goes wrong


def test_an_archive_that_does_not_answer_is_asked_again(world: World) -> None:
    gone = UnreachableError("no answer.", subject="archive.example", retryable=True)
    world.transport.policies.extend([gone, gone, None])
    watched = prepared(world)
    assert watched.heard(Warned) == [Warned("archive.example", "no answer. Trying again now.")] * 2


def test_waiting_to_ask_again_ends_when_the_clock_says_so(world: World) -> None:
    moments = iter([0.0, 1.0, 2.0])
    clock = Clock(time=lambda: 0.0, monotonic=lambda: next(moments))
    world.transport.policies.append(UnreachableError("no answer.", retryable=True))
    session = world.session(clock=clock, retry=RetryPolicy(first=1.000001, random=lambda: 1.0))
    session.prepare()
    assert list(moments) == []


def test_an_archive_that_never_answers_ends_the_session(world: World) -> None:
    world.transport.policies.extend([UnreachableError("no answer.", retryable=True)] * AT_ONCE.attempts)
    watched = world.watched()
    with pytest.raises(UnreachableError, match="no answer"):
        watched.session.prepare()
    assert watched.session.state is SessionState.FAILED
    assert len(watched.heard(Warned)) == AT_ONCE.attempts - 1


def test_a_refused_login_is_not_asked_again(world: World) -> None:
    world.transport.policies.append(LoginError("wrong password."))
    with pytest.raises(LoginError):
        prepared(world)


def test_what_was_described_before_an_interruption_is_not_asked_again(world: World) -> None:
    faults = [TransportError("503", retryable=True)]

    def flaky(_: Stop) -> None:
        world.transport.says.pop(THREE.uid, None)
        if faults:
            world.transport.says[THREE.uid] = faults.pop()

    world.transport.describing = flaky
    watched = prepared(world)
    assert world.transport.described == [world.carts, (THREE.uid,)]
    assert [event.described for event in watched.heard(SeriesDescribed)] == [3]


@pytest.mark.parametrize("fault", [ValueError("odd"), LookupError()])
def test_a_transport_that_raises_anything_is_named(world: World, fault: Exception) -> None:
    world.transport.policies.append(fault)
    watched = world.watched()
    with pytest.raises(PluginError, match="transport fake: failed"):
        watched.session.prepare()
    assert watched.session.state is SessionState.FAILED


def test_a_naming_that_leads_out_of_the_folder_is_refused(world: World) -> None:
    world.naming = FakeNaming(root="../elsewhere")
    with pytest.raises(NamingError, match="not a safe name"):
        prepared(world)


def test_a_cart_that_is_no_manifest_is_told(world: World) -> None:
    world.carts = (SeriesUID("<html>"),)
    watched = world.watched()
    with pytest.raises(ManifestError):
        watched.session.prepare()
    assert watched.session.state is SessionState.FAILED


def test_a_fault_of_cartload_itself_leaves_a_failed_session(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cartload.plan.Planner.plan", fail)
    watched = world.watched()
    with pytest.raises(KeyboardInterrupt):
        watched.session.prepare()
    assert watched.session.state is SessionState.FAILED
