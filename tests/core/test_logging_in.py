"""A cart is described as a guest; only for what a guest is refused a login is looked for, or asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.credentials import Credentials, Secret
from cartload.errors import AccessDeniedError, LoginError
from cartload.events import Answered, Asked, LoggedIn, LoginQuestion, SeriesDescribed, Warned
from cartload.logging_in import LoginBeforehand, SessionLogin
from cartload.origins import Trust, origin_of
from cartload.session import Session
from engine_cart import ONE, TWO, home
from engine_world import FROZEN_CLOCK, Watched, World, answering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from cartload.events import Event
    from cartload.model import Origin

RIGHT = Credentials("ann", Secret("canary-right"))
WRONG = Credentials("ann", Secret("canary-wrong"))
ORIGIN = origin_of("https://archive.example")
TRUST = Trust(named=frozenset({ORIGIN}))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Make an archive that gives the second series only to Ann."""
    made = World.of(tmp_path, ONE, TWO)
    made.settings = evolve(made.settings, authenticator=None)
    made.users = {"ann": "canary-right"}
    made.transport.limited = {TWO.uid}
    return made


def session_of(
    world: World,
    answers: Iterable[Credentials | bool] = (),
    *,
    given: Callable[[Origin], Credentials | None] = lambda _: None,
    trust: Trust = TRUST,
) -> Watched:
    session = Session(
        world.source,
        world.directory,
        world.settings,
        world.registry(),
        clock=FROZEN_CLOCK,
        credentials=given,
        trust=trust,
    )
    watched, left = Watched.of(session), iter(answers)

    def listen(event: Event) -> None:
        if isinstance(event, Asked) and isinstance(event.question, LoginQuestion):
            session.answer(event.question, next(left))

    session.subscribe(listen)
    session.subscribe(answering(session))
    return watched


def run(watched: Watched) -> None:
    with watched:
        watched.session.prepare()
        watched.session.run()


def asked(watched: Watched) -> list[LoginQuestion]:
    return [event.question for event in watched.heard(Asked) if isinstance(event.question, LoginQuestion)]


def test_nobody_is_asked_where_a_guest_may_have_all(world: World) -> None:
    world.transport.limited.clear()
    watched = session_of(world)
    run(watched)
    assert asked(watched) == []
    assert world.tree() == home(ONE, TWO)


def test_a_login_is_asked_for_with_its_origin_and_how_many_series_need_it(world: World) -> None:
    watched = session_of(world, [RIGHT])
    run(watched)
    assert asked(watched) == [LoginQuestion(ORIGIN, (TWO.uid,))]
    assert watched.heard(LoggedIn) == [LoggedIn(ORIGIN, "ann")]
    assert set(watched.heard(SeriesDescribed)) == {SeriesDescribed(2, 2)}
    assert world.tree() == home(ONE, TWO)


def test_a_wrong_login_is_asked_for_again(world: World) -> None:
    watched = session_of(world, [WRONG, WRONG, RIGHT])
    run(watched)
    refusal = "the archive does not accept it."
    assert asked(watched) == [LoginQuestion(ORIGIN, (TWO.uid,), said) for said in ("", refusal, refusal)]
    assert world.tree() == home(ONE, TWO)


def test_after_three_wrong_ones_it_ends(world: World) -> None:
    watched = session_of(world, [WRONG] * 3)
    with watched, pytest.raises(LoginError, match="does not accept it"):
        watched.session.prepare()
    assert len(asked(watched)) == 3


def test_whoever_gives_no_login_goes_on_as_a_guest(world: World) -> None:
    watched = session_of(world, [False])
    run(watched)
    assert world.tree() == home(ONE)


def test_whoever_gives_up_after_a_wrong_login_is_told_so(world: World) -> None:
    watched = session_of(world, [WRONG, False])
    with watched, pytest.raises(LoginError):
        watched.session.prepare()


def test_what_was_given_beforehand_is_used_without_a_question(world: World) -> None:
    seen: list[Origin] = []

    def given(origin: Origin) -> Credentials:
        seen.append(origin)
        return RIGHT

    watched = session_of(world, given=given)
    run(watched)
    assert (asked(watched), seen) == ([], [ORIGIN])
    assert world.tree() == home(ONE, TWO)


def test_what_was_given_beforehand_and_is_wrong_is_asked_for(world: World) -> None:
    watched = session_of(world, [RIGHT], given=lambda _: WRONG)
    run(watched)
    assert asked(watched) == [LoginQuestion(ORIGIN, (TWO.uid,), "the archive does not accept it.")]
    assert world.tree() == home(ONE, TWO)


def test_an_origin_that_nobody_knows_gets_no_login_and_says_what_to_do(world: World) -> None:
    watched = session_of(world, trust=Trust())
    run(watched)
    assert asked(watched) == []
    assert "no login is sent to it" in watched.heard(Warned)[0].text
    assert world.tree() == home(ONE)


def test_a_login_for_an_origin_that_nobody_knows_is_refused(world: World) -> None:
    watched = session_of(world, given=lambda _: RIGHT, trust=Trust())
    with watched, pytest.raises(LoginError, match="no login is sent to it"):
        watched.session.prepare()


def test_a_server_in_doubt_gets_no_login(world: World) -> None:
    world.manifest = lambda plain: evolve(plain, server_url="https://archive.example\\@elsewhere/servlet")
    watched = session_of(world, given=lambda _: RIGHT)
    run(watched)
    assert (asked(watched), watched.heard(LoggedIn)) == ([], [])
    assert world.tree() == home(ONE)


def test_what_a_user_may_not_have_either_is_denied(world: World) -> None:
    world.transport.says[TWO.uid] = AccessDeniedError("no.")
    watched = session_of(world, [RIGHT])
    with watched, pytest.raises(AccessDeniedError):
        watched.session.prepare()


def test_inspection_asks_nobody_and_uses_what_was_given(world: World) -> None:
    with session_of(world) as watched:
        assert sum(task.record is not None for task in watched.session.inspect().tasks) == 1
    with session_of(world, given=lambda _: RIGHT) as watched:
        assert all(task.record is not None for task in watched.session.inspect().tasks)


def test_a_chosen_authenticator_is_used_from_the_start(world: World) -> None:
    world.settings = evolve(world.settings, authenticator="guest")
    watched = session_of(world, [RIGHT])
    run(watched)
    assert asked(watched) == []


def test_no_event_has_the_password(world: World) -> None:
    watched = session_of(world, [WRONG, RIGHT])
    run(watched)
    assert "canary" not in repr(watched.events)
    assert [event.answer for event in watched.heard(Answered)][:2] == [True, True]


def test_a_login_that_was_refused_is_not_given_again() -> None:
    login = SessionLogin(RIGHT)
    login.refused(WRONG)
    login.accepted(RIGHT)
    assert login.credentials() == RIGHT
    login.refused(RIGHT)
    assert login.credentials() is None


def test_inspection_with_a_wrong_login_says_so(world: World) -> None:
    with session_of(world, given=lambda _: WRONG) as watched, pytest.raises(LoginError, match="not accept"):
        watched.session.inspect()


def test_a_chosen_authenticator_gets_what_was_given_until_it_is_refused() -> None:
    login = LoginBeforehand(ORIGIN, TRUST, lambda _: RIGHT)
    assert login.credentials() == RIGHT
    login.accepted(RIGHT)
    login.refused(RIGHT)
    assert login.credentials() is None


def test_a_chosen_authenticator_gets_nothing_for_an_origin_that_nobody_knows() -> None:
    with pytest.raises(LoginError, match="no login is sent to it"):
        LoginBeforehand(ORIGIN, Trust(), lambda _: RIGHT).credentials()
    assert LoginBeforehand(ORIGIN, Trust(), lambda _: None).credentials() is None
