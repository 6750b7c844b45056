"""What can be done with what is selected, as a table."""

from __future__ import annotations

import pytest

from cartload.events import SeriesStored
from cartload.state import TaskState
from cartload_qt.table.offers import Chosen, Offer, chosen, offers
from cartload_qt.table.rows import Rows
from frontends.qt.table.table_plans import completing, going, small

COPYING = {Offer.COPY_UIDS, Offer.COPY_ROWS}
ONE = COPYING | {Offer.DETAILS}
S = TaskState

TABLE = [
    (S.QUEUED, ONE | {Offer.REMOVE}),
    (S.FETCHING, ONE | {Offer.REMOVE}),
    (S.VERIFYING, ONE | {Offer.REMOVE}),
    (S.STORING, ONE),
    (S.WAITING, ONE | {Offer.REMOVE}),
    (S.PAUSED, ONE | {Offer.REMOVE}),
    (S.COMPLETE, ONE | {Offer.FOLDER}),
    (S.ALREADY_HELD, ONE | {Offer.FOLDER}),
    (S.DENIED, ONE | {Offer.REMOVE}),
    (S.FAILED, ONE | {Offer.REMOVE, Offer.RETRY}),
    (S.LEFT_OUT, ONE | {Offer.REMOVE}),
    (S.REMOVED, ONE),
]


def one(state: TaskState) -> Chosen:
    is_here = state in {S.COMPLETE, S.ALREADY_HELD}
    return Chosen(1, frozenset({state}), "a/b" if is_here else "", retryable=state is S.FAILED)


def test_the_table_has_every_state() -> None:
    assert {state for state, _ in TABLE} == set(TaskState)


@pytest.mark.parametrize(("state", "offered"), TABLE)
def test_of_one_series_there_can_be_done(state: TaskState, offered: set[Offer]) -> None:
    assert offers(one(state), can_retry=True) == offered


@pytest.mark.parametrize("state", list(TaskState))
def test_nothing_is_tried_again_while_the_session_cannot(state: TaskState) -> None:
    assert Offer.RETRY not in offers(one(state), can_retry=False)


def test_with_nothing_selected_nothing_is_offered() -> None:
    assert offers(Chosen(), can_retry=True) == frozenset()


def test_of_many_series_those_that_can_be_removed_are() -> None:
    many = Chosen(3, frozenset({S.COMPLETE, S.QUEUED}))
    assert offers(many, can_retry=True) == COPYING | {Offer.REMOVE}


def test_what_the_archive_does_not_know_is_not_tried_again() -> None:
    assert not chosen(Rows(small(), lambda: 0.0), [5]).retryable


def test_a_series_that_failed_is_tried_again() -> None:
    rows = Rows(small(), lambda: 0.0)
    rows.take(going(rows.tasks[0], S.FETCHING, S.FAILED, reason="It broke."))
    summed = chosen(rows, [0, 1])
    assert (summed.count, summed.retryable) == (2, True)
    assert summed.states == {S.FAILED, S.QUEUED}


def test_one_stored_series_has_a_folder_to_open() -> None:
    rows = Rows(small(), lambda: 0.0)
    rows.take(completing(rows.tasks[0]))
    assert isinstance(completing(rows.tasks[0])[-1], SeriesStored)
    assert chosen(rows, [0]).folder.startswith("there/")
    assert chosen(rows, [0, 2]).folder == ""
