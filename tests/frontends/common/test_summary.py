from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.plan import LicenseGroup
from cartload.state import SessionState, TaskState
from cartload_common.messages import Loudness
from cartload_common.summary import summary
from frontends.cli.values import ALLOWS, FORBIDS, FREE, RESTRICTED, ROOT, report, shortfall

if TYPE_CHECKING:
    from cartload.progress import Report, Shortfall


def told(made: Report, loudness: Loudness = Loudness.NORMAL) -> list[str]:
    return [message.text for message in summary(made, ROOT) if message.least <= loudness]


def test_a_complete_cart_is_told_with_where_it_is_and_what_it_took() -> None:
    assert told(report()) == [
        "licence: 3 series under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).",
        f"COMPLETE: all 3 series of lung.tcia are in {ROOT}",
        "  2 fetched, 1 already there; 8.0 MB downloaded in 4 s (2.0 MB/s).",
    ]


def test_each_shortfall_is_named_with_its_reason_and_what_to_do_next() -> None:
    missing = (shortfall("1.1"), shortfall("1.2", TaskState.DENIED, "private"))
    assert told(report(*missing))[1:] == [
        "failed: LUNG LUNG-1 AXIAL (1.1): It was cut. (after 2 attempts)",
        "denied: LUNG LUNG-1 AXIAL (1.2): private (after 2 attempts)",
        f"NOT COMPLETE: 3 of 5 series of lung.tcia are in {ROOT}",
        "  2 fetched, 1 already there, 1 failed, 1 denied; 8.0 MB downloaded in 4 s (2.0 MB/s).",
        "Run the same command again: only the missing series are fetched.",
    ]


def test_what_failed_is_named_before_what_was_not_begun() -> None:
    unfinished, failed = shortfall("1.1", TaskState.QUEUED, ""), shortfall("1.2")
    lines = told(report(unfinished, failed))
    assert lines[1].startswith("failed: ")
    assert lines[2].startswith("not finished: LUNG LUNG-1 AXIAL (1.1)")


def test_an_interrupted_session_only_counts_what_was_not_finished() -> None:
    unfinished, failed = shortfall("1.1", TaskState.QUEUED, ""), shortfall("1.2")
    lines = told(report(unfinished, failed, state=SessionState.CANCELLED))
    assert not any("(1.1)" in line for line in lines)
    assert any("(1.2)" in line for line in lines)
    assert lines[2].startswith("STOPPED: 3 of 5 series")
    assert "1 failed, 1 not finished" in lines[3]


def test_the_report_of_an_interrupted_session_names_all() -> None:
    made = report(shortfall("1.1", TaskState.QUEUED, ""), state=SessionState.CANCELLED)
    assert any("(1.1)" in message.text for message in summary(made, ROOT, most=None))


def test_what_was_removed_is_not_there_either() -> None:
    lines = told(report(removed=2))
    assert lines[1].startswith("NOT COMPLETE: 3 of 5 series")
    assert "2 removed from the list" in lines[2]


def left_out(number: int) -> Shortfall:
    return shortfall(f"1.{number}", TaskState.LEFT_OUT, "Its licence is X; allowed is: CC BY*.")


def test_what_was_left_out_is_named_counted_and_no_failure() -> None:
    lines = told(report(left_out=(left_out(7),)))
    assert lines[1:] == [
        "left out: LUNG LUNG-1 AXIAL (1.7): Its licence is X; allowed is: CC BY*.",
        f"COMPLETE, AS FAR AS ALLOWED: 3 of 4 series of lung.tcia are in {ROOT}; 1 left out",
        "  2 fetched, 1 already there, 1 left out for their licence; 8.0 MB downloaded in 4 s (2.0 MB/s).",
    ]


def test_even_quiet_tells_that_something_was_left_out() -> None:
    lines = told(report(left_out=(left_out(7),)), Loudness.QUIET)
    assert [line.partition(":")[0] for line in lines] == ["COMPLETE, AS FAR AS ALLOWED"]


def test_what_failed_besides_is_not_complete() -> None:
    lines = told(report(shortfall("1.1"), left_out=(left_out(7),)))
    assert f"NOT COMPLETE: 3 of 5 series of lung.tcia are in {ROOT}" in lines


def test_at_most_twenty_of_those_left_out_are_named() -> None:
    lines = told(report(left_out=tuple(map(left_out, range(23)))))
    assert sum(line.startswith("left out: ") for line in lines) == 20
    assert "and 3 more; --report FILE names them all." in lines


def test_at_most_twenty_shortfalls_are_named() -> None:
    lines = told(report(*[shortfall(f"1.{number}") for number in range(23)]))
    assert sum(line.startswith("failed: ") for line in lines) == 20
    assert "and 3 more; --report FILE names them all." in lines


def test_licences_that_forbid_commercial_use_come_first_and_stand_out() -> None:
    groups = (LicenseGroup(RESTRICTED, FORBIDS, 1), LicenseGroup(FREE, ALLOWS, 2))
    lines = told(report(licenses=groups))
    assert lines[0].startswith("NOT FOR COMMERCIAL USE: 1 series under CC BY-NC 4.0")
    assert lines[1].startswith("licence: 2 series under CC BY 4.0")


def test_when_only_denied_series_are_missing_a_second_run_is_not_advised() -> None:
    lines = told(report(evolve(shortfall("1.1", TaskState.DENIED), attempts=())))
    assert lines[-1] == "All that is allowed is there. Ask the archive for access to the rest."


def test_when_the_login_was_refused_on_the_way_a_second_run_is_advised() -> None:
    lines = told(report(shortfall("1.1", TaskState.DENIED)), Loudness.QUIET)
    assert "no longer accepts the login. Run the same command again" in lines[-1]


@pytest.mark.parametrize(("made", "lines"), [(report(), 0), (report(shortfall("1.1")), 3)])
def test_quiet_tells_only_what_is_not_there(made: Report, lines: int) -> None:
    assert len(told(made, Loudness.QUIET)) == lines


def test_what_a_server_says_is_escaped() -> None:
    lines = told(report(shortfall("1.1", reason="\x1b[2J")))
    assert any("\\x1b[2J" in line for line in lines)
    assert not any("\x1b" in line for line in lines)
