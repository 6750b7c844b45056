"""Every single call to the disk fails in its turn: nothing half is shown, nothing whole is lost."""

from __future__ import annotations

import errno
import re
import shutil
import sys
from itertools import product
from typing import TYPE_CHECKING

import pytest
from attrs import evolve, field, frozen

from cartload.errors import JournalError, StorageError
from cartload.events import AttemptFailed, PluginFailed, TaskChanged
from cartload.progress import Verdict
from cartload.settings import Existing
from cartload.state import TaskState
from disk_calls import ALTERING, LOOKING, Call, Once, Onwards, Short, Torn, refusal
from disk_world import ONE, ONE_LARGER, STORIES, TWO, Ending, run_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from disk_calls import Fault
    from disk_world import DiskWorld, Story

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the calls are those of Linux")

UNUSABLE = ("ENOSPC", "EIO", "EACCES", "EROFS")
ODD = "EBUSY"
"""An error that costs a series, not the session."""

_FAULT_OF_A_PLUGIN = re.compile(r"(storage|transport|naming) \w+: failed: ")

Fail = type[Once] | type[Onwards] | type[Torn]


@frozen(eq=False)
class Sweep:
    """One story, told once for each call that its session makes."""

    story: Story
    folder: Path
    kinds: frozenset[str]
    expected: dict[str, dict[str, bytes]] = field(factory=dict)
    beside: dict[str, object] = field(factory=dict)
    earlier: dict[str, dict[str, bytes]] = field(factory=dict)

    def endings(
        self, judge: Callable[[int], Callable[[int, Call], Fault | None]]
    ) -> Iterator[tuple[DiskWorld, Ending]]:
        """Run a session for each call of an undisturbed one, in which that call fails as *judge* says."""
        told = self.folder / "told"
        sent = self.story.tell(told)
        undisturbed = self.story.go_on(told, self.folder / "undisturbed", sent)
        self.earlier.update(undisturbed.series())
        calls = run_on(undisturbed, kinds=self.kinds).disk.calls
        self.expected.update(undisturbed.series())
        self.beside.update(undisturbed.beside())
        for number in range(1, len(calls) + 1):
            world = self.story.go_on(told, self.folder / str(number), sent)
            ending = run_on(world, judge(number), self.kinds)
            try:
                yield world, ending
            except BaseException as error:
                error.add_note(f"call {number} of {len(calls)}: {ending.disk.struck}; {ending.error}")
                raise
            shutil.rmtree(world.directory)

    def demand_clear_words(self, ending: Ending) -> None:
        """A session goes on or ends with an error that tells of the disk; nothing is blamed on a plugin."""
        assert ending.error is None or isinstance(ending.error, StorageError | JournalError)
        assert all(path.endswith("/lock") for path in ending.left_open)
        told = [event.error for event in ending.watched.heard(AttemptFailed)]
        told += [event.reason for event in ending.watched.heard(PluginFailed)]
        assert not any(map(_FAULT_OF_A_PLUGIN.search, told)), told

    def demand_nothing_half(self, world: DiskWorld, ending: Ending) -> None:
        """What is visible is whole, and what was whole still is."""
        series = world.series()
        for folder, files in series.items():
            old, new = self.earlier.get(folder, {}), self.expected[folder]
            if old:
                assert all(content in {old.get(name), new.get(name)} for name, content in files.items())
            else:
                assert files == new
        for folder, files in self.earlier.items():
            assert series[folder].items() >= (files.items() & self.expected[folder].items())
        for event in ending.watched.heard(TaskChanged):
            if event.new is TaskState.COMPLETE:
                folder = f"Kidney/{event.series_uid}"
                assert series[folder] == self.expected[folder]

    def demand_all_of_it(self, world: DiskWorld) -> None:
        """The next run brings everything home and leaves nothing behind."""
        after = world.run()
        assert after.session.report().verdict is Verdict.COMPLETE
        assert world.series() == self.expected
        assert world.beside() == self.beside
        assert world.hidden() == {"journal", "lock"}

    def demand_nothing_twice(self, world: DiskWorld, ending: Ending) -> None:
        """Of the series in hand what was hit may come again: one image, or all where it was complete."""
        if self.story.existing is Existing.ALL:
            return
        twice = {uid for uid, times in world.transport.sent.items() if times > 1}
        in_hand = ending.in_hand or ONE.uid
        assert twice <= set(world.transport.scans[in_hand].uids)
        assert len(twice) <= 1 or ending.arrived == len(world.transport.scans[in_hand].uids)


def sweep(
    story: Story,
    folder: Path,
    judge: Callable[[int], Callable[[int, Call], Fault | None]],
    kinds: frozenset[str] = ALTERING,
) -> None:
    """Hold the laws for every call of a session."""
    laws = Sweep(story, folder, kinds)
    for world, ending in laws.endings(judge):
        laws.demand_clear_words(ending)
        if world.root.is_dir():
            laws.demand_nothing_half(world, ending)
        laws.demand_all_of_it(world)
        laws.demand_nothing_twice(world, ending)


@pytest.mark.parametrize(
    ("name", "fail"), [*product(UNUSABLE, [Once]), ("ENOSPC", Onwards), ("EROFS", Onwards)]
)
def test_whatever_call_a_disk_refuses_a_download_loses_nothing(tmp_path: Path, fail: Fail, name: str) -> None:
    sweep(STORIES["a download"], tmp_path, lambda number: fail(number, refusal(getattr(errno, name))))


@pytest.mark.parametrize("fail", [Once, Onwards], ids=["once", "from then on"])
@pytest.mark.parametrize("story", ["going on", "all again", "a repair"])
def test_whatever_call_a_disk_refuses_nothing_that_was_there_is_lost(
    tmp_path: Path, story: str, fail: Fail
) -> None:
    def judge(number: int) -> Callable[[int, Call], Fault | None]:
        name = UNUSABLE[number % len(UNUSABLE)]
        return fail(number, refusal(getattr(errno, name)))

    sweep(STORIES[story], tmp_path, judge)


@pytest.mark.parametrize("story", STORIES)
def test_a_write_that_is_cut_by_a_full_disk_spoils_nothing_else(tmp_path: Path, story: str) -> None:
    sweep(STORIES[story], tmp_path, lambda number: Torn(number, refusal(errno.ENOSPC)))


@pytest.mark.parametrize("fail", [Once, Torn], ids=["whole", "cut"])
def test_an_odd_error_costs_one_series_and_spoils_no_other(tmp_path: Path, fail: Fail) -> None:
    sweep(STORIES["a download"], tmp_path, lambda number: fail(number, refusal(getattr(errno, ODD))))


@pytest.mark.parametrize(
    ("story", "fail"), [*product(STORIES, [Once]), ("a download", Onwards), ("all again", Onwards)]
)
def test_a_network_directory_that_goes_stale_when_it_is_looked_at_loses_nothing(
    tmp_path: Path, story: str, fail: Fail
) -> None:
    sweep(STORIES[story], tmp_path, lambda number: fail(number, refusal(errno.ESTALE)), LOOKING)


def test_an_image_that_the_archive_took_away_goes_even_if_a_disk_refused_that_once(tmp_path: Path) -> None:
    larger = evolve(STORIES["all again"], before=(ONE_LARGER, TWO))
    sweep(larger, tmp_path, lambda number: Once(number, refusal(errno.ENOSPC)))


@pytest.mark.parametrize("story", STORIES)
def test_a_disk_that_takes_a_part_of_a_write_at_a_time_gets_all_of_it(tmp_path: Path, story: str) -> None:
    told = STORIES[story]
    sent = told.tell(tmp_path / "told")
    whole, slow = (told.go_on(tmp_path / "told", tmp_path / name, sent) for name in ("whole", "slow"))
    run_on(whole)
    ending = run_on(slow, lambda _, call: Short(0.3) if call.kind == "write" else None)
    assert ending.error is None
    assert slow.series() == whole.series()
    assert slow.beside() == whole.beside()
    assert slow.hidden() == {"journal", "lock"}
