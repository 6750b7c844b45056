"""What a report says to people, part by part, for text and HTML alike: escaped, and without secrets."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.errors import CartloadError
from cartload.registry import describe_fault
from cartload.state import TaskState
from cartload_common import texts
from cartload_common.messages import license_message
from cartload_common.summary import verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cartload.progress import Attempt, Shortfall
    from cartload_common.report_case import Case


@frozen
class Section:
    """A part of the report: facts under their names, and lines that need none."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.facts or self.lines)


@frozen
class Missing:
    """A series that is not there: its facts under their names, and every attempt."""

    state: str
    facts: tuple[tuple[str, str], ...]
    attempts: tuple[str, ...]


def headlines(case: Case) -> tuple[str, ...]:
    """Say what came of it."""
    if case.report.started:
        return tuple(_clean(case)(message.text.strip()) for message in verdict(case.report, case.root))
    return (_clean(case)(f"NOT BEGUN: no series of {case.source.name} was fetched."),)


def missing(case: Case) -> Iterator[Missing]:
    """Give every series that is not there, failed ones first."""
    ordered = sorted(case.report.shortfalls, key=lambda each: _ORDER.get(each.state, len(_ORDER)))
    return (_missing(shortfall, _clean(case)) for shortfall in ordered)


def sections(case: Case) -> Iterator[Section]:
    """Give the other parts that there is something to say in."""
    clean = _clean(case)
    for part in (
        _remarks,
        _licenses,
        _left_out,
        _cart,
        _course,
        _counts,
        _destination,
        _options,
        _software,
        _plugins,
    ):
        section = part(case)
        facts = tuple((clean(name), clean(text)) for name, text in section.facts)
        if section:
            yield Section(section.title, facts, tuple(map(clean, section.lines)))


_ORDER = {TaskState.FAILED: 0, TaskState.DENIED: 1}


def _clean(case: Case) -> Callable[[str], str]:
    return lambda text: texts.safe(case.redact(text))


def _missing(shortfall: Shortfall, clean: Callable[[str], str]) -> Missing:
    facts = (
        ("Collection", shortfall.collection),
        ("Patient", shortfall.patient_id),
        ("Study", shortfall.study_uid),
        ("Description", shortfall.description),
        ("Series", shortfall.series_uid),
        ("Reason", shortfall.reason.removeprefix(f"{shortfall.series_uid}: ")),
    )
    return Missing(
        shortfall.state.value,
        tuple((name, clean(text)) for name, text in facts),
        tuple(clean(_attempt(attempt)) for attempt in shortfall.attempts),
    )


def _attempt(attempt: Attempt) -> str:
    then = "" if attempt.delay is None else f" The next one after {attempt.delay:.1f} s."
    said = f"attempt {attempt.number}, {_moment(attempt.at)}, by {attempt.source}: {attempt.error}"
    return said + then


def _remarks(case: Case) -> Section:
    ended = () if case.error is None else (f"Ended by {type(case.error).__name__}: {_said(case.error)}",)
    failed = (f"Plugin {text}" for text in case.report.plugin_failures)
    return Section("Remarks", lines=(*ended, *case.report.warnings, *failed))


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, CartloadError) else describe_fault(error)


def _licenses(case: Case) -> Section:
    return Section("Licences", lines=tuple(license_message(group).text for group in case.report.licenses))


def _left_out(case: Case) -> Section:
    lines = (f"{texts.shortfall_name(each)}: {each.reason}" for each in case.report.left_out)
    return Section("Left out", lines=tuple(lines))


def _cart(case: Case) -> Section:
    sources = (f"{name} ({texts.count(number, 'series')})" for name, number in case.report.sources.items())
    return Section(
        "Cart",
        (
            ("Manifest", case.source.name),
            ("SHA-256", case.manifest_sha256),
            ("Size", f"{len(case.source.content):,} bytes"),
            ("Series", f"{case.report.series:,}"),
            ("Archive", case.server or "not known"),
            ("Served by", ", ".join(sources) or "nothing"),
        ),
    )


def _course(case: Case) -> Section:
    report = case.report
    return Section(
        "Course",
        (
            ("State", report.state.value),
            ("Verdict", report.verdict.value),
            ("Exit code", f"{int(case.exit_code)} ({case.exit_code.meaning})"),
            ("Command began", _moment(case.began)),
            ("Download began", _moment(report.started) if report.started else "it did not"),
            ("Ended", _moment(report.ended)),
            ("Downloaded", f"{report.fetched_bytes:,} bytes in {case.seconds:.1f} s"),
            ("Throughput", f"{texts.rate(case.bytes_per_second)} ({case.bytes_per_second:.1f} bytes/s)"),
            ("Log", "none" if case.log is None else str(case.log)),
        ),
    )


def _counts(case: Case) -> Section:
    report = case.report
    states = [shortfall.state for shortfall in report.shortfalls]
    failed, denied = states.count(TaskState.FAILED), states.count(TaskState.DENIED)
    counts = (
        ("Fetched", report.complete),
        ("Already there", report.already_held),
        ("Removed from the list", report.removed),
        ("Left out", len(report.left_out)),
        ("Failed", failed),
        ("Denied", denied),
        ("Not finished", len(states) - failed - denied),
    )
    return Section("Series", tuple((name, f"{number:,}") for name, number in counts))


def _destination(case: Case) -> Section:
    space = "not told"
    if case.space is not None:
        free, total = case.space
        space = f"{texts.size(free)} of {texts.size(total)} ({free:,} of {total:,} bytes)"
    return Section("Destination", (("Folder", str(case.root.absolute())), ("Free", space)))


def _options(case: Case) -> Section:
    plain = ((name, value) for name, value in case.options.items() if name != "plugins")
    tables = case.options["plugins"]
    chosen = tables.items() if isinstance(tables, dict) else ()
    facts = [(name, json.dumps(value, ensure_ascii=False, default=str)) for name, value in plain]
    facts += [
        (f"{plugin}.{name}", json.dumps(value, ensure_ascii=False, default=str))
        for plugin, table in chosen
        for name, value in table.items()
    ]
    return Section("Options", tuple(facts))


def _software(case: Case) -> Section:
    software, platform = case.software, case.platform
    return Section(
        "Software",
        (
            ("cartload", software.cartload),
            ("Python", software.python),
            ("TLS", software.tls),
            ("System", f"{platform.system} {platform.release}"),
            ("Version", platform.version),
            ("Machine", platform.machine),
            *software.packages.items(),
        ),
    )


def _plugins(case: Case) -> Section:
    added = (
        f"{each.kind} {each.name} of {each.distribution} {each.version}".rstrip() for each in case.plugins
    )
    failed = (
        f"failed: {each.plugin} of {each.distribution}: {each.reason}" for each in case.registry.failures
    )
    blocked = (f"blocked: {name}" for name in case.registry.blocked)
    return Section("Plugins besides cartload's own", lines=(*added, *failed, *blocked))


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
