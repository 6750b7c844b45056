"""What is in a cart, written out: for people, for programs that read columns, and as plain data."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click
from rich.cells import cell_len, set_cell_size

from cartload.plan import Need
from cartload_common import texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from cartload.model import SeriesRecord
    from cartload.plan import LicenseGroup, Plan, Task

WORDS: Mapping[Need, str] = {
    Need.FETCH: "to fetch",
    Need.HELD: "held",
    Need.DENIED: "denied",
    Need.UNKNOWN: "unknown",
    Need.LEFT_OUT: "left out",
}

_COLORS: Mapping[Need, str | None] = {
    Need.FETCH: None,
    Need.HELD: "green",
    Need.DENIED: "yellow",
    Need.UNKNOWN: "red",
    Need.LEFT_OUT: "yellow",
}

_LEAST_DESCRIPTION = 12
_OTHER_COLUMNS = 55
"""Cells of a row that are not the description's."""


def row(task: Task) -> dict[str, Any]:
    """Give all that is known of one series of a plan, as plain data; what is not known is None."""
    record = task.record
    known = {} if record is None else _of_record(record)
    return {
        **dict.fromkeys(_RECORD_FIELDS),
        **known,
        "series_uid": task.series_uid,
        "commercial_use": None if task.terms is None else task.terms.commercial,
        "state": WORDS[task.need],
        "held": task.need is Need.HELD,
        "directory": task.directory,
        "reason": task.reason or None,
    }


def document(plan: Plan, manifest: str, server: str, root: Path) -> Iterator[str]:
    """Write a whole plan as the lines of one JSON object; directories of series are relative to ``root``."""
    head = json.dumps({"manifest": manifest, "server": server, "root": str(root)})
    yield f'{head[:-1]}, "series": ['
    last = len(plan.tasks) - 1
    for number, task in enumerate(plan.tasks):
        yield f"{json.dumps(row(task))}{'' if number == last else ','}"
    groups = [_group(group, left_out=False) for group in plan.licenses()]
    groups += [_group(group, left_out=True) for group in plan.left_out()]
    yield f'], "licenses": {json.dumps(groups)}}}'


def columns(plan: Plan) -> Iterator[str]:
    """Write a line of tab-separated values for each series, below a heading."""
    yield "\t".join(_COLUMNS)
    for task in plan.tasks:
        values = row(task)
        yield "\t".join(_cell(values[name]) for name in _COLUMNS)


def pages(plan: Plan, width: int) -> Iterator[str]:
    """Write a plan for people: a heading for each study, two lines for each series."""
    for (_, heading), group in groupby(plan.tasks, key=lambda task: (_study(task), tuple(_heading(task)))):
        yield from heading
        yield from _series_lines(group, width)
        yield ""


_RECORD_FIELDS = (
    "collection",
    "patient_id",
    "study_uid",
    "study_date",
    "study_description",
    "series_uid",
    "series_number",
    "modality",
    "series_description",
    "images",
    "size",
    "annotations",
    "license",
    "license_uri",
)

_COLUMNS = (*_RECORD_FIELDS, "commercial_use", "state", "directory", "reason")


def _of_record(record: SeriesRecord) -> dict[str, Any]:
    return {
        "collection": record.collection,
        "patient_id": record.patient_id,
        "study_uid": record.study_uid,
        "study_date": record.study_date.isoformat() if record.study_date else None,
        "study_description": record.study_description,
        "series_number": record.series_number,
        "modality": record.modality,
        "series_description": record.series_description,
        "images": record.image_count,
        "size": record.image_bytes + record.annotation_bytes,
        "annotations": record.has_annotations,
        "license": record.license.name if record.license else None,
        "license_uri": (record.license.uri or None) if record.license else None,
    }


def _group(group: LicenseGroup, *, left_out: bool) -> dict[str, Any]:
    return {
        "license": group.license.name if group.license else None,
        "license_uri": (group.license.uri or None) if group.license else None,
        "commercial_use": group.terms.commercial,
        "notice": group.terms.notice or None,
        "series": group.series,
        "left_out": left_out,
    }


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return texts.safe(str(value))


def _study(task: Task) -> str | None:
    return task.record.study_uid if task.record else None


def _heading(task: Task) -> Iterator[str]:
    if task.record is None:
        yield click.style("Without a record of the archive", bold=True)
        return
    record = task.record
    study = " ".join(filter(None, (_cell(record.study_date), record.study_description)))
    title = ", ".join(filter(None, (record.collection, f"patient {record.patient_id}", study)))
    yield click.style(texts.safe(title), bold=True)
    license_ = texts.safe(record.license.name) if record.license else "no licence given"
    if task.terms is None or task.terms.commercial:
        yield click.style(f"  {license_}", dim=True)
    else:
        yield click.style(f"  NOT FOR COMMERCIAL USE: {license_}", fg="yellow")


def _series_lines(tasks: Iterable[Task], width: int) -> Iterator[str]:
    for task in tasks:
        state = click.style(WORDS[task.need], fg=_COLORS[task.need])
        if task.record is None:
            yield f"  {task.series_uid}  {state}: {texts.safe(task.reason)}"
        else:
            yield f"{_series_row(task.record, width)}  {state}"
            more = "with annotations, " if task.record.has_annotations else ""
            where = texts.safe(task.reason or f"-> {task.directory}")
            yield click.style(f"    {more}{where}", dim=True)


def _series_row(record: SeriesRecord, width: int) -> str:
    cells = (
        _fitted(record.series_number or "-", 9),
        _fitted(record.modality or "-", 4),
        _fitted(record.series_description or "-", max(_LEAST_DESCRIPTION, width - _OTHER_COLUMNS)),
        f"{texts.count(record.image_count, 'image'):>13}",
        f"{texts.size(record.image_bytes + record.annotation_bytes):>9}",
    )
    return "  " + "  ".join(cells)


def _fitted(text: str, cells: int) -> str:
    """Cut or pad to a width on the screen, where some letters take two cells."""
    clean = texts.safe(text)
    return set_cell_size(clean, cells) if cell_len(clean) <= cells else set_cell_size(clean, cells - 1) + "~"
