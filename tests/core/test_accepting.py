"""A policy is asked for once an archive, unless its text changes; an acceptance is remembered as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import field, mutable

from cartload.errors import LedgerError, PolicyError, UnreachableError
from cartload.events import Answered, Asked, PolicyAccepted, PolicyQuestion, Warned
from cartload.ledger import Accepted, Ledger, NoLedger
from cartload.model import UsagePolicy
from cartload.ports import Acceptance, AcceptedBy
from cartload.session import Session
from engine_cart import ONE, TWO
from engine_world import AT_ONCE, FROZEN_CLOCK, Watched, World, answering

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.events import Answer

POLICY = UsagePolicy("https://archive.example", "Be kind to patients.")
CHANGED = UsagePolicy(POLICY.archive, "Be kinder.")
ELSEWHERE = UsagePolicy("https://other.example", POLICY.text)
NOW = "2023-11-14T22:13:20+00:00"
BEFORE = "2022-05-06T07:08:09+00:00"
IN_THE_LEDGER = Accepted(POLICY.archive, POLICY.digest, BEFORE, "flag")


@mutable(eq=False)
class FakeLedger:
    """A ledger in memory; what fails it is scripted."""

    known: dict[str, Accepted] = field(factory=dict)
    remembered: list[Acceptance] = field(factory=list)
    find_fault: LedgerError | None = None
    remember_fault: LedgerError | None = None

    def find(self, archive: str) -> Accepted | None:
        if self.find_fault is not None:
            raise self.find_fault
        return self.known.get(archive)

    def remember(self, acceptance: Acceptance) -> None:
        if self.remember_fault is not None:
            raise self.remember_fault
        self.remembered.append(acceptance)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.of(tmp_path, ONE, TWO)


def run(
    world: World, ledger: Ledger, *policies: UsagePolicy, answer: Answer = True, asks_again: bool = False
) -> Watched:
    """Run a session that meets these policies and gets this answer to each question about one."""
    world.transport.policies.extend(policies)
    session = Session(
        world.source,
        world.directory,
        world.settings,
        world.registry(),
        clock=FROZEN_CLOCK,
        retry=AT_ONCE,
        ledger=ledger,
        asks_again=asks_again,
    )
    watched = Watched.of(session)
    session.subscribe(answering(session, policy=answer))
    with watched:
        session.prepare()
        session.run()
    return watched


def kept(world: World) -> Acceptance | None:
    """Give what the storage was told of the acceptance."""
    assert world.storage.cart is not None
    return world.storage.cart.acceptance


def asked(watched: Watched) -> list[object]:
    return [event.question for event in watched.heard(Asked)]


@pytest.mark.parametrize("answer", AcceptedBy)
def test_how_it_was_accepted_is_remembered_and_written_beside_the_data(
    world: World, answer: AcceptedBy
) -> None:
    ledger = FakeLedger()
    watched = run(world, ledger, POLICY, answer=answer)
    accepted = Acceptance(POLICY, NOW, answer.value)
    assert ledger.remembered == [accepted]
    assert kept(world) == accepted
    assert watched.heard(Answered) == [Answered(PolicyQuestion(POLICY), answer=True)]
    assert watched.heard(PolicyAccepted) == [
        PolicyAccepted(POLICY.archive, POLICY.digest, NOW, answer.value, earlier=False)
    ]


def test_a_plain_yes_is_that_of_somebody_who_was_asked(world: World) -> None:
    ledger = FakeLedger()
    run(world, ledger, POLICY)
    assert [acceptance.by for acceptance in ledger.remembered] == ["prompt"]


def test_what_the_ledger_knows_is_not_asked_again_and_written_beside_the_data_with_its_date(
    world: World,
) -> None:
    ledger = FakeLedger({POLICY.archive: IN_THE_LEDGER})
    watched = run(world, ledger, POLICY)
    assert asked(watched) == []
    assert kept(world) == Acceptance(POLICY, BEFORE, "earlier flag")
    assert ledger.remembered == []
    assert watched.heard(PolicyAccepted) == [
        PolicyAccepted(POLICY.archive, POLICY.digest, BEFORE, "flag", earlier=True)
    ]


def test_a_later_run_at_the_same_place_knows_it_without_a_ledger(world: World) -> None:
    run(world, FakeLedger({POLICY.archive: IN_THE_LEDGER}), POLICY)
    watched = run(world, NoLedger(), POLICY)
    assert asked(watched) == []
    assert kept(world) == Acceptance(POLICY, BEFORE, "earlier flag")
    assert [event.by for event in watched.heard(PolicyAccepted)] == ["flag"]


def test_what_the_carts_folder_knows_is_not_put_into_a_users_ledger(world: World) -> None:
    run(world, NoLedger(), POLICY)
    ledger = FakeLedger()
    watched = run(world, ledger, POLICY)
    assert asked(watched) == []
    assert ledger.remembered == []
    assert [event.earlier for event in watched.heard(PolicyAccepted)] == [True]


def test_a_text_that_changed_is_asked_again_and_the_question_says_since_when(world: World) -> None:
    ledger = FakeLedger({POLICY.archive: IN_THE_LEDGER})
    watched = run(world, ledger, CHANGED)
    assert asked(watched) == [PolicyQuestion(CHANGED, changed_since=BEFORE)]
    assert [acceptance.policy for acceptance in ledger.remembered] == [CHANGED]


def test_the_latest_of_two_earlier_acceptances_tells_since_when(world: World) -> None:
    run(world, NoLedger(), POLICY)
    watched = run(world, FakeLedger({POLICY.archive: IN_THE_LEDGER}), CHANGED)
    assert asked(watched) == [PolicyQuestion(CHANGED, changed_since=NOW)]


def test_a_text_that_changed_back_to_what_the_ledger_knows_is_not_asked(world: World) -> None:
    run(world, NoLedger(), CHANGED)
    assert asked(run(world, FakeLedger({POLICY.archive: IN_THE_LEDGER}), POLICY)) == []


def test_the_same_text_of_another_archive_is_asked(world: World) -> None:
    run(world, NoLedger(), POLICY)
    watched = run(world, FakeLedger({POLICY.archive: IN_THE_LEDGER}), ELSEWHERE)
    assert asked(watched) == [PolicyQuestion(ELSEWHERE)]


def test_whoever_asks_again_asks_for_what_the_ledger_knows_and_remembers_the_new_yes(world: World) -> None:
    ledger = FakeLedger({POLICY.archive: IN_THE_LEDGER})
    watched = run(world, ledger, POLICY, answer=AcceptedBy.PROMPT, asks_again=True)
    assert asked(watched)[0] == PolicyQuestion(POLICY)
    assert ledger.remembered == [Acceptance(POLICY, NOW, "prompt")]
    assert [event.earlier for event in watched.heard(PolicyAccepted)] == [False]


def test_a_ledger_is_not_looked_into_where_the_carts_folder_knows(world: World) -> None:
    run(world, NoLedger(), POLICY)
    watched = run(world, FakeLedger(find_fault=LedgerError("it is damaged.")), POLICY)
    assert (asked(watched), watched.heard(Warned)) == ([], [])


def test_a_refusal_is_not_remembered(world: World) -> None:
    ledger = FakeLedger()
    with pytest.raises(PolicyError):
        run(world, ledger, POLICY, answer=False)
    assert ledger.remembered == []


def test_a_policy_that_cannot_be_had_is_neither_asked_nor_remembered(world: World) -> None:
    world.transport.policies.extend([UnreachableError("no answer.")])
    ledger = FakeLedger({POLICY.archive: IN_THE_LEDGER})
    with pytest.raises(UnreachableError):
        run(world, ledger)
    assert ledger.remembered == []
    assert not world.root.exists()


def test_a_ledger_that_cannot_be_read_is_told_and_the_user_is_asked(world: World) -> None:
    ledger = FakeLedger(find_fault=LedgerError("it is damaged.", subject="policies.json", advice="Look."))
    watched = run(world, ledger, POLICY)
    assert asked(watched) == [PolicyQuestion(POLICY)]
    assert watched.heard(Warned) == [Warned("policies.json", "it is damaged. Look.")]
    assert len(ledger.remembered) == 1


def test_a_ledger_that_cannot_be_written_is_told_and_the_download_goes_on(world: World) -> None:
    ledger = FakeLedger(remember_fault=LedgerError("it is read-only.", subject="policies.json"))
    watched = run(world, ledger, POLICY)
    (warned,) = watched.heard(Warned)
    assert warned.text == "it is read-only. The policy will be asked for again with the next cart."
    assert kept(world) == Acceptance(POLICY, NOW, "prompt")
    assert watched.session.report().complete == 2


def test_inspecting_leaves_the_ledger_alone(world: World) -> None:
    world.transport.policies.append(POLICY)
    ledger = FakeLedger(find_fault=LedgerError("it is damaged."))
    with Session(world.source, world.directory, world.settings, world.registry(), ledger=ledger) as session:
        session.inspect()
    assert ledger.remembered == []
