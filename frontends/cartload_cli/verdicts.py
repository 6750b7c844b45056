"""What is said of a check: of one series, and of a whole cart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, mutable

from cartload.findings import Findings
from cartload_cli import this_run
from cartload_common import texts
from cartload_common.messages import Loudness, Message, Tone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.findings import SeriesChecked

MOST_FILES = 10
"""Files of a series named on a terminal; ``--json`` has them all."""


@mutable
class CartVerdict:
    """All that a check of one cart found, and the error that ended it or its repair."""

    root: Path
    findings: Findings = field(factory=Findings)
    unreadable_lines: int = 0
    leftovers: tuple[str, ...] = ()
    error: Exception | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether all that was ever stored is there, unaltered."""
        return self.error is None and not (self.findings.harmed or self.unreadable_lines)


def series_messages(checked: SeriesChecked) -> Iterator[Message]:
    """Say what was found in one series."""
    place = texts.safe(checked.directory or checked.series_uid)
    if checked.is_whole:
        yield Message(f"whole: {place} ({_extent(checked)})", Tone.GOOD, Loudness.VERBOSE)
    elif checked.error:
        yield _bad(f"not readable: {place}: {texts.safe(checked.error)}")
    elif len(checked.missing) == checked.files:
        yield _bad(f"missing: {place} ({_extent(checked)})")
    else:
        yield from _harmed(checked, place)
    if checked.foreign:
        yield Message(f"not from cartload: {place}: {_listed(checked.foreign)}", Tone.NOTICE)


def cart_messages(verdict: CartVerdict, *, was_repaired: bool) -> Iterator[Message]:
    """Say what came of a cart, the verdict first."""
    findings, where = verdict.findings, texts.safe(str(verdict.root))
    harmed, series = len(findings.harmed), texts.count(findings.series, "series")
    if harmed:
        verb = "is" if harmed == 1 else "are"
        yield _bad(f"DAMAGED: {harmed:,} of {series} in {where} {verb} not whole.")
    elif verdict.unreadable_lines:
        yield _bad(f"NOT CERTAIN: {series} in {where} are whole; there may be more.")
    else:
        repaired = f", {findings.repaired:,} of them repaired" if findings.repaired else ""
        yield Message(f"WHOLE: all {series} in {where} are as they were stored{repaired}.", Tone.GOOD)
    yield Message(f"  {_counts(findings)}.")
    if verdict.unreadable_lines:
        lines = texts.count(verdict.unreadable_lines, "line")
        yield _bad(f"Of its journal {lines} cannot be read; what stood there was not checked.")
        yield _bad("To be certain, download the cart once more, into another directory.")
    if verdict.leftovers:
        yield Message("In .cartload/staging is what a session left, or is at work on.", Tone.NOTICE)
    if harmed and not was_repaired:
        yield Message("With --repair they are fetched again, and nothing else.", Tone.NOTICE, Loudness.QUIET)


def _counts(findings: Findings) -> str:
    numbers = {
        "missing": findings.missing,
        "damaged": findings.damaged,
        "not from cartload": findings.foreign,
    }
    counted = ", ".join(f"{number:,} {words}" for words, number in numbers.items() if number)
    extent = f"{texts.count(findings.files, 'file')}, {texts.size(findings.size)}"
    return f"{extent}: {counted}" if counted else extent


def _harmed(checked: SeriesChecked, place: str) -> Iterator[Message]:
    number = len(checked.missing) + len(checked.damaged)
    yield _bad(f"damaged: {place}: {number:,} of {texts.count(checked.files, 'file')}")
    said = [(name, "it is missing.") for name in checked.missing]
    said += [(file.name, file.what) for file in checked.damaged]
    for name, what in said[:MOST_FILES]:
        yield _bad(f"  {texts.safe(name)}: {texts.safe(what)}")
    if len(said) > MOST_FILES:
        yield _bad(f"  and {len(said) - MOST_FILES:,} more; --json names them all")


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST_FILES:,} more" if len(names) > MOST_FILES else ""
    return texts.safe(", ".join(names[:MOST_FILES])) + more


def _extent(checked: SeriesChecked) -> str:
    return f"{texts.count(checked.files, 'file')}, {texts.size(checked.size)}"


def _bad(text: str) -> Message:
    return Message(text, Tone.BAD, Loudness.QUIET)


def cart_document(verdict: CartVerdict) -> dict[str, Any]:
    """Turn what came of a cart into plain data; each series has had a line of its own."""
    findings = verdict.findings
    return {
        "root": str(verdict.root),
        "whole": verdict.is_whole,
        "series": findings.series,
        "not_whole": sorted(findings.harmed),
        "repaired": findings.repaired,
        "files": findings.files,
        "bytes": findings.size,
        "missing": findings.missing,
        "damaged": findings.damaged,
        "foreign": findings.foreign,
        "unreadable_lines": verdict.unreadable_lines,
        "leftovers": list(verdict.leftovers),
        "error": this_run.told(verdict.error),
    }
