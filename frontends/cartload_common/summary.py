"""What came of it, in a few lines: what is there, what is not and why, the licences, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.progress import Verdict
from cartload.state import SessionState, TaskState
from cartload_common import texts
from cartload_common.messages import Loudness, Message, Tone, license_message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.progress import Report, Shortfall

MOST_SHOWN = 20
"""Shortfalls named on a terminal; a report file has them all."""


def summary(report: Report, root: Path, most: int | None = MOST_SHOWN) -> tuple[Message, ...]:
    """Sum up a session, the verdict last, where the eye is; *most* shortfalls are named, None: all."""
    return (
        *map(license_message, report.licenses),
        *_left_out(report, most),
        *_shortfalls(report, most),
        *verdict(report, root),
        *_next(report),
    )


def repair_summary(report: Report) -> tuple[Message, ...]:
    """Sum up a repair; whether the whole cart is sound is for a check to say."""
    left_out = _left_out(report, MOST_SHOWN)
    return (*left_out, *_shortfalls(report, MOST_SHOWN), _counts(report), *_next(report))


def verdict(report: Report, root: Path) -> tuple[Message, Message]:
    """Say whether all of it is there, and count."""
    return _headline(report, root), _counts(report)


def _headline(report: Report, root: Path) -> Message:
    name, where = texts.safe(report.manifest), texts.safe(str(root))
    present = report.complete + report.already_held
    whole = present + len(report.shortfalls) + report.removed + len(report.left_out)
    if report.verdict is Verdict.COMPLETE and present == whole:
        return Message(f"COMPLETE: all {texts.count(present, 'series')} of {name} are in {where}", Tone.GOOD)
    if report.verdict is Verdict.COMPLETE and not report.removed:
        allowed = f"{present:,} of {texts.count(whole, 'series')} of {name} are in {where}"
        text = f"COMPLETE, AS FAR AS ALLOWED: {allowed}; {len(report.left_out):,} left out"
        return Message(text, Tone.NOTICE, Loudness.QUIET)
    word = "STOPPED" if report.state is SessionState.CANCELLED else "NOT COMPLETE"
    text = f"{word}: {present:,} of {texts.count(whole, 'series')} of {name} are in {where}"
    return Message(text, Tone.BAD, Loudness.QUIET)


def _counts(report: Report) -> Message:
    numbers = {
        "fetched": report.complete,
        "already there": report.already_held,
        "removed from the list": report.removed,
        "left out for their licence": len(report.left_out),
    }
    numbers |= {_STATE_WORDS[state]: _number(report, state) for state in (TaskState.FAILED, TaskState.DENIED)}
    unfinished = sum(shortfall.state not in _STATE_WORDS for shortfall in report.shortfalls)
    numbers[_UNFINISHED] = unfinished
    counted = ", ".join(f"{number:,} {words}" for words, number in numbers.items() if number)
    return Message(f"  {counted or 'no series'}; {_received(report)}.")


def _received(report: Report) -> str:
    if not report.fetched_bytes:
        return "nothing was downloaded"
    seconds = max(0.0, report.ended - report.started)
    speed = f" ({texts.rate(report.fetched_bytes / seconds)})" if seconds >= 1 else ""
    return f"{texts.size(report.fetched_bytes)} downloaded in {texts.duration(seconds)}{speed}"


def _number(report: Report, state: TaskState) -> int:
    return sum(shortfall.state is state for shortfall in report.shortfalls)


_STATE_WORDS = {TaskState.FAILED: "failed", TaskState.DENIED: "denied"}
_UNFINISHED = "not finished"


def _left_out(report: Report, most: int | None) -> Iterator[Message]:
    for series in report.left_out[:most]:
        text = f"left out: {texts.shortfall_name(series)}: {texts.reason(series.reason, series.series_uid)}"
        yield Message(text, Tone.NOTICE)
    if most is not None and len(report.left_out) > most:
        yield Message(f"and {len(report.left_out) - most:,} more; --report FILE names them all.", Tone.NOTICE)


def _shortfalls(report: Report, most: int | None) -> Iterator[Message]:
    named = sorted(report.shortfalls, key=lambda shortfall: shortfall.state not in _STATE_WORDS)
    if most is not None and report.state is SessionState.CANCELLED:
        # Who interrupts knows that the rest is not there; the counts and a report file tell.
        named = [shortfall for shortfall in named if shortfall.state in _STATE_WORDS]
    for shortfall in named[:most]:
        yield Message(shortfall_line(shortfall), Tone.BAD, Loudness.QUIET)
    if most is not None and len(named) > most:
        yield Message(f"and {len(named) - most:,} more; --report FILE names them all.", Tone.BAD)


def shortfall_line(shortfall: Shortfall) -> str:
    """Name one series that is not there, and why."""
    word = _STATE_WORDS.get(shortfall.state, _UNFINISHED)
    attempts = len(shortfall.attempts)
    tried = f" (after {texts.count(attempts, 'attempt')})" if attempts > 1 else ""
    why = texts.reason(shortfall.reason, shortfall.series_uid)
    return f"{word}: {texts.shortfall_name(shortfall)}{f': {why}' if why else ''}{tried}"


def _next(report: Report) -> Iterator[Message]:
    if report.verdict in {Verdict.FAILED, Verdict.UNFINISHED}:
        yield Message(
            "Run the same command again: only the missing series are fetched.", Tone.NOTICE, Loudness.QUIET
        )
    elif any(shortfall.attempts for shortfall in report.shortfalls):
        yield Message(
            "The archive no longer accepts the login. Run the same command again with the right one: "
            "only the missing series are fetched.",
            Tone.NOTICE,
            Loudness.QUIET,
        )
    elif report.verdict is Verdict.DENIED:
        yield Message("All that is allowed is there. Ask the archive for access to the rest.", Tone.NOTICE)
