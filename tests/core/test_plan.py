"""The plan: one task a series, in the cart's order, each with a directory of its own."""

from __future__ import annotations

from collections import deque
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from cartload import paths
from cartload.errors import NamingError
from cartload.model import Denied, License, SeriesUID, Unknown
from cartload.plan import INITIAL, Description, LicenseGroup, Need, Plan, Planner, Task
from cartload.ports import Holding, LicenseTerms
from cartload.state import TaskState
from series_builders import FREE, a_series, a_task, stored_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cartload.model import ImageHeader, SeriesRecord
    from cartload.plan import Described
    from cartload.ports import StoredSeries

A, B, C = SeriesUID("1.2.1111111111"), SeriesUID("1.2.2222222222"), SeriesUID("1.2.3333333333")
RESTRICTED = LicenseTerms(commercial=False, notice="Not for profit.")


@frozen
class FakeNaming:
    """Puts every series where the test says."""

    places: Mapping[str, str] = field(factory=dict)
    attributes: frozenset[str] = frozenset()

    def directory(self, series: SeriesRecord) -> PurePosixPath:
        return PurePosixPath(self.places.get(series.series_uid, f"Kidney/{series.series_uid}"))

    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        raise NotImplementedError


@frozen
class FakeStorage:
    """Holds what the test says, by directory; what is recorded elsewhere is nothing to it."""

    holdings: Mapping[str, Holding] = field(factory=dict)

    def holds(self, series: SeriesRecord, directory: PurePosixPath, recorded: StoredSeries | None) -> Holding:
        assert recorded is None or recorded.series_uid == series.series_uid
        holding = self.holdings.get(str(directory), Holding.ABSENT)
        return Holding.FOREIGN if holding is Holding.WHOLE and recorded is None else holding


def judge(licence: License | None) -> LicenseTerms:
    return RESTRICTED if licence and "NC" in licence.name else FREE


def described(*said: Described) -> deque[Description | None]:
    return deque(Description(one, ("nbia", "rest")) for one in said)


def planned(
    *said: Described,
    places: Mapping[str, str] | None = None,
    recorded: Sequence[StoredSeries] = (),
    holdings: Mapping[str, Holding] | None = None,
) -> Plan:
    journal = {stored.series_uid: stored for stored in recorded}
    storage = FakeStorage(holdings or {})
    planner = Planner(FakeNaming(places or {}), journal.get, storage.holds, judge)
    return planner.plan([one.series_uid for one in said], described(*said))


def directories(plan: Plan) -> list[str | None]:
    return [task.directory for task in plan.tasks]


@given(st.permutations([f"1.2.{number}" for number in range(6)]))
def test_the_tasks_are_in_the_carts_order(order: list[str]) -> None:
    plan = planned(*(a_series(uid) for uid in order))
    assert [task.series_uid for task in plan.tasks] == order


def test_a_series_is_to_be_fetched_to_where_its_naming_says() -> None:
    record = a_series(A)
    plan = planned(record, places={A: "Kidney/P-1/CT"})
    assert plan.tasks == (Task(A, Need.FETCH, record, "Kidney/P-1/CT", ("nbia", "rest"), FREE),)


def test_what_is_stored_whole_is_held() -> None:
    plan = planned(
        a_series(A),
        a_series(B),
        places={A: "Kidney/A"},
        recorded=[stored_at("Kidney/A", A)],
        holdings={"Kidney/A": Holding.WHOLE},
    )
    assert [task.need for task in plan.tasks] == [Need.HELD, Need.FETCH]
    assert plan.tasks[0].directory == "Kidney/A"


def test_what_is_stored_whole_under_another_naming_is_held_there() -> None:
    plan = planned(
        a_series(A),
        places={A: "new/place"},
        recorded=[stored_at("old/place", A)],
        holdings={"old/place": Holding.WHOLE},
    )
    assert (plan.tasks[0].need, plan.tasks[0].directory) == (Need.HELD, "old/place")


def test_what_is_damaged_is_fetched_again_to_the_same_place() -> None:
    plan = planned(
        a_series(A),
        places={A: "Kidney/A"},
        recorded=[stored_at("Kidney/A", A)],
        holdings={"Kidney/A": Holding.DAMAGED},
    )
    assert (plan.tasks[0].need, plan.tasks[0].directory) == (Need.FETCH, "Kidney/A")


def test_what_is_damaged_under_another_naming_is_repaired_there() -> None:
    plan = planned(
        a_series(A),
        places={A: "new/place"},
        recorded=[stored_at("old/place", A)],
        holdings={"old/place": Holding.DAMAGED},
    )
    assert (plan.tasks[0].need, plan.tasks[0].directory) == (Need.FETCH, "old/place")


def test_what_is_gone_is_fetched_again() -> None:
    plan = planned(a_series(A), places={A: "Kidney/A"}, recorded=[stored_at("Kidney/A", A)])
    assert (plan.tasks[0].need, plan.tasks[0].directory) == (Need.FETCH, "Kidney/A")


def test_two_series_that_would_share_a_directory_are_told_apart() -> None:
    plan = planned(a_series(A), a_series(B), places={A: "Kidney/CT", B: "kidney/ct"})
    assert directories(plan) == ["Kidney/CT-1111111111", "kidney/ct-2222222222"]


def test_a_series_makes_way_for_one_that_is_held_and_stays() -> None:
    plan = planned(
        a_series(A),
        a_series(B),
        places={A: "Kidney/CT", B: "Kidney/CT"},
        recorded=[stored_at("Kidney/CT", A)],
        holdings={"Kidney/CT": Holding.WHOLE},
    )
    assert directories(plan) == ["Kidney/CT", "Kidney/CT-2222222222"]


def test_a_directory_with_what_cartload_did_not_write_is_avoided() -> None:
    plan = planned(a_series(A), places={A: "Kidney/CT"}, holdings={"Kidney/CT": Holding.FOREIGN})
    assert directories(plan) == ["Kidney/CT-1111111111"]


def test_what_stands_where_a_series_belongs_is_not_its_own_because_it_is_recorded_elsewhere() -> None:
    plan = planned(
        a_series(A),
        places={A: "Kidney/CT"},
        recorded=[stored_at("old/place", A)],
        holdings={"Kidney/CT": Holding.WHOLE},
    )
    assert directories(plan) == ["Kidney/CT-1111111111"]


def test_a_second_try_at_avoiding_takes_more_of_the_uid() -> None:
    holdings = {"Kidney/CT": Holding.FOREIGN, "Kidney/CT-1111111111": Holding.FOREIGN}
    plan = planned(a_series(A), places={A: "Kidney/CT"}, holdings=holdings)
    assert directories(plan) == ["Kidney/CT-1.2.1111111111"]


def test_avoiding_one_directory_does_not_lead_into_another_series() -> None:
    plan = planned(
        a_series(A),
        a_series(B),
        places={A: "Kidney/CT", B: "Kidney/ct-1111111111"},
        holdings={"Kidney/CT": Holding.FOREIGN},
    )
    assert directories(plan) == ["Kidney/CT-1.2.1111111111", "Kidney/ct-1111111111"]


def test_where_everything_is_taken_the_storage_may_say_so() -> None:
    always = Planner(FakeNaming({A: "Kidney/CT"}), lambda _: None, lambda *_: Holding.FOREIGN, judge)
    assert directories(always.plan([A], described(a_series(A)))) == ["Kidney/CT"]


@given(st.lists(st.sampled_from(["a/x", "a/X", "a", "a/x/y", "b", "b/x"]), max_size=6), st.data())
def test_no_two_series_share_a_directory_whatever_stands_there(names: list[str], data: st.DataObject) -> None:
    foreign = data.draw(st.sets(st.sampled_from(["a/x", "a/x-1", "b", "b/x"])))
    uids = [f"1.2.{number}" for number in range(len(names))]
    plan = planned(
        *map(a_series, uids),
        places=dict(zip(uids, names, strict=True)),
        holdings=dict.fromkeys(foreign, Holding.FOREIGN),
    )
    keys = [paths.collision_key(task.directory or "") for task in plan.tasks]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("place", ["../outside", "/etc/cron.d", "Kidney/CON"])
def test_a_naming_that_leads_astray_is_refused_before_anything_is_written(place: str) -> None:
    with pytest.raises(NamingError):
        planned(a_series(A), places={A: place})


def test_a_denied_series_says_why() -> None:
    plan = planned(Denied(A, "The collection is limited."))
    expected = Task(A, Need.DENIED, sources=("nbia", "rest"), reason="The collection is limited.")
    assert plan.tasks == (expected,)


def test_an_unknown_series_says_why() -> None:
    plan = planned(Unknown(A, "It was withdrawn."))
    assert plan.tasks == (Task(A, Need.UNKNOWN, sources=("nbia", "rest"), reason="It was withdrawn."),)


def test_a_series_that_nobody_described_is_unknown() -> None:
    planner = Planner(FakeNaming(), lambda _: None, FakeStorage().holds, judge)
    assert planner.plan([A], deque([None])).tasks == (
        Task(A, Need.UNKNOWN, reason="The archive said nothing of it."),
    )


def test_descriptions_go_as_their_tasks_come() -> None:
    planner = Planner(FakeNaming(), lambda _: None, FakeStorage().holds, judge)
    descriptions = described(a_series(A), Denied(B, "limited"))
    planner.plan([A, B], descriptions)
    assert not descriptions


def test_what_has_no_record_does_not_shift_the_directories_of_the_others() -> None:
    plan = planned(Denied(A, "limited"), a_series(B), Unknown(C, "gone"), a_series("1.2.4"))
    assert directories(plan) == [None, f"Kidney/{B}", None, "Kidney/1.2.4"]


def test_the_journal_is_asked_once_of_a_series_that_nothing_stands_of() -> None:
    asked: list[SeriesUID] = []
    planner = Planner(FakeNaming(), asked.append, FakeStorage().holds, judge)
    planner.plan([A, B], described(a_series(A), a_series(B)))
    assert asked == [A, B]


def test_what_is_recorded_there_is_no_stranger_to_a_storage_that_finds_nothing_of_it() -> None:
    def holds(_series: SeriesRecord, directory: PurePosixPath, recorded: StoredSeries | None) -> Holding:
        return Holding.FOREIGN if directory.name == "CT" and recorded is None else Holding.ABSENT

    stored = stored_at("Kidney/CT", A)
    planner = Planner(FakeNaming({A: "Kidney/CT"}), {A: stored}.get, holds, judge)
    assert directories(planner.plan([A], described(a_series(A)))) == ["Kidney/CT"]


# --- what a plan says of itself -----------------------------------------------------------------

MIXED = Plan(
    (
        a_task("1.1", Need.FETCH, size=100),
        a_task("1.2", Need.HELD, size=20),
        a_task("1.3", Need.DENIED),
        a_task("1.4", Need.FETCH, size=3),
        a_task("1.5", Need.UNKNOWN),
    )
)


def test_a_plan_gives_its_tasks_by_their_series() -> None:
    assert list(MIXED.by_uid.values()) == list(MIXED.tasks)
    assert MIXED.by_uid[SeriesUID("1.4")].size == 3


@pytest.mark.parametrize(
    ("need", "uids", "size"),
    [
        (Need.FETCH, ["1.1", "1.4"], 103),
        (Need.HELD, ["1.2"], 20),
        (Need.DENIED, ["1.3"], 0),
        (Need.UNKNOWN, ["1.5"], 0),
    ],
)
def test_a_plan_tells_what_it_needs_and_how_much(need: Need, uids: list[str], size: int) -> None:
    assert [task.series_uid for task in MIXED.having(need)] == uids
    assert MIXED.bytes_of(need) == size


def test_the_size_of_a_task_is_that_of_its_images_and_annotations() -> None:
    assert Task(A, Need.FETCH, a_series(A, size=1000, annotations=24)).size == 1024


def test_fetching_all_again_changes_just_what_is_held() -> None:
    again = MIXED.refetching()
    assert [task.need for task in again.tasks] == [
        Need.FETCH,
        Need.FETCH,
        Need.DENIED,
        Need.FETCH,
        Need.UNKNOWN,
    ]
    assert directories(again) == directories(MIXED)


@pytest.mark.parametrize("need", Need)
def test_a_task_begins_in_the_state_of_its_need(need: Need) -> None:
    expected = {
        Need.FETCH: TaskState.QUEUED,
        Need.HELD: TaskState.ALREADY_HELD,
        Need.DENIED: TaskState.DENIED,
        Need.UNKNOWN: TaskState.FAILED,
        Need.LEFT_OUT: TaskState.LEFT_OUT,
    }
    assert INITIAL[need] is expected[need]


def test_licences_are_grouped_and_those_that_restrict_come_first() -> None:
    by, by_nc = License("CC BY 4.0"), License("CC BY-NC 3.0")
    plan = planned(
        a_series("1.1", licence=by),
        a_series("1.2"),
        a_series("1.3", licence=by_nc),
        a_series("1.4", licence=by),
        Denied(SeriesUID("1.5"), "limited"),
    )
    assert plan.licenses() == (
        LicenseGroup(by_nc, RESTRICTED, 1),
        LicenseGroup(None, FREE, 1),
        LicenseGroup(by, FREE, 2),
    )
