"""The columns: their titles, and of those that say what a series is, text and order."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from attrs import frozen

from cartload_common import texts
from cartload_qt import measures
from cartload_qt.table.distinct import natural
from cartload_qt.translation import figure, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from cartload.model import SeriesRecord
    from cartload.plan import Task
    from cartload_qt.table.distinct import Key

_MOST_SHOWN = 300
_UID_TAIL = 8


class Column(IntEnum):
    """The columns in the order in which they first stand."""

    COLLECTION = 0
    PATIENT = 1
    STUDY = 2
    SERIES = 3
    DESCRIPTION = 4
    MODALITY = 5
    IMAGES = 6
    ANNOTATIONS = 7
    SIZE = 8
    LICENSE = 9
    PROGRESS = 10
    STATUS = 11


NUMBERS = frozenset({Column.IMAGES, Column.SIZE})
"""Columns that stand at the right, as numbers do."""


def title(column: Column) -> str:
    """Give the heading of a column."""
    return _TITLES[column]()


@frozen
class Field:
    """A column that says what a series is: what makes values different, how they are written and ordered.

    ``whole`` is what the filter looks at where a cell shows less.
    """

    value: Callable[[Task], Hashable]
    text: Callable[[Task], str]
    key: Callable[[Task], Key]
    whole: Callable[[Task], str] | None = None

    @property
    def searched(self) -> Callable[[Task], str]:
        """Give the text that the filter looks at."""
        return self.whole or self.text


def shown(text: str) -> str:
    """Make what a server wrote fit for a cell: harmless, one line, and not endless."""
    return texts.safe(text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…")


def study_text(record: SeriesRecord) -> str:
    """Name a study by its date and description, else by the end of its UID."""
    date = record.study_date.isoformat() if record.study_date else ""
    return " ".join(filter(None, (date, record.study_description))) or f"…{record.study_uid[-_UID_TAIL:]}"


def series_text(task: Task) -> str:
    """Give the number of a series, else the end of its UID."""
    return _number(task) or f"…{task.series_uid[-_UID_TAIL:]}"


def _textual(read: Callable[[SeriesRecord], str | None]) -> Field:
    """Make a field of what a record may say in words; nothing said stands last."""

    def value(task: Task) -> str:
        return (task.record and read(task.record)) or ""

    def key(task: Task) -> Key:
        return (0, *natural(text)) if (text := value(task)) else _LAST

    return Field(value, lambda task: shown(value(task)), key)


def _numeric(read: Callable[[SeriesRecord], int], write: Callable[[int], str]) -> Field:
    """Make a field of a number that every record says."""
    return Field(
        lambda task: task.record and read(task.record),
        lambda task: write(read(task.record)) if task.record else "",
        lambda task: (0, read(task.record)) if task.record else _LAST,
    )


_LAST: Key = (2,)


def _number(task: Task) -> str | None:
    return task.record.series_number if task.record else None


def _series_key(task: Task) -> Key:
    number = _number(task)
    return (0, *natural(number)) if number else (1, *natural(task.series_uid))


def _study_key(task: Task) -> Key:
    record = task.record
    if record is None:
        return _LAST
    described = natural(record.study_description or "")
    return (0, record.study_date, *described) if record.study_date else (1, *described)


def _study_value(task: Task) -> Hashable:
    record = task.record
    if record is None:
        return None
    named = record.study_date, record.study_description
    return named if any(named) else record.study_uid


def _license_names(task: Task) -> tuple[str, str]:
    """Give what the archive calls the licence, and its short name: the same where none is known for sure."""
    named = task.record.license if task.record else None
    if named is None:
        return "", ""
    terms = task.terms
    is_sure = terms is not None and terms.names and not terms.contradictory
    return named.name, terms.names[0] if terms is not None and is_sure else named.name


def _license_key(task: Task) -> Key:
    short = _license_names(task)[1]
    return (0, *natural(short)) if short else _LAST


def _annotations(record: SeriesRecord) -> int:
    """Give the bytes of the annotations; 0 where there are some and nobody says how much, -1 for none."""
    return record.annotation_bytes or (0 if record.has_annotations else -1)


def _annotations_text(size: int) -> str:
    if size > 0:
        return measures.size(size)
    return tr("Yes") if size == 0 else tr("None")


FIELDS: Mapping[Column, Field] = {
    Column.COLLECTION: _textual(lambda record: record.collection),
    Column.PATIENT: _textual(lambda record: record.patient_id),
    Column.STUDY: Field(
        _study_value, lambda task: shown(study_text(task.record)) if task.record else "", _study_key
    ),
    Column.SERIES: Field(
        lambda task: _number(task) or task.series_uid, lambda task: shown(series_text(task)), _series_key
    ),
    Column.DESCRIPTION: _textual(lambda record: record.series_description),
    Column.MODALITY: _textual(lambda record: record.modality),
    Column.IMAGES: _numeric(lambda record: record.image_count, figure),
    Column.ANNOTATIONS: _numeric(_annotations, _annotations_text),
    Column.SIZE: _numeric(lambda record: record.image_bytes + record.annotation_bytes, measures.size),
    Column.LICENSE: Field(
        _license_names,
        lambda task: shown(_license_names(task)[1]),
        _license_key,
        lambda task: shown(" ".join(_license_names(task))),
    ),
}
"""Of every column that a download does not change."""

SEARCHED = (
    Column.COLLECTION,
    Column.PATIENT,
    Column.STUDY,
    Column.SERIES,
    Column.DESCRIPTION,
    Column.MODALITY,
    Column.LICENSE,
)
"""Columns whose words the filter looks at."""

_TITLES: Mapping[Column, Callable[[], str]] = {
    Column.COLLECTION: lambda: tr("Collection"),
    Column.PATIENT: lambda: tr("Patient"),
    Column.STUDY: lambda: tr("Study"),
    Column.SERIES: lambda: tr("Series"),
    Column.DESCRIPTION: lambda: tr("Description"),
    Column.MODALITY: lambda: tr("Modality"),
    Column.IMAGES: lambda: tr("Images"),
    Column.ANNOTATIONS: lambda: tr("Annotations"),
    Column.SIZE: lambda: tr("Size"),
    Column.LICENSE: lambda: tr("Licence"),
    Column.PROGRESS: lambda: tr("Progress"),
    Column.STATUS: lambda: tr("Status"),
}
