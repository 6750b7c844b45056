"""What a cell says when the mouse rests on it: what does not fit into it, and why things are as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload_qt import measures
from cartload_qt.table.columns import FIELDS, Column
from cartload_qt.table.words import state_line
from cartload_qt.translation import figure, numbered, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cartload.model import License, SeriesRecord
    from cartload.progress import Attempt
    from cartload_qt.table.rows import Details

_MOST_ATTEMPTS = 5


def tip_of(column: Column, details: Details) -> str:
    """Give the lines of a cell's tooltip, not yet made harmless; empty where the cell says all."""
    if column is Column.STATUS:
        return "\n".join(_status(details))
    record = details.task.record
    if column is Column.SERIES:
        return "\n".join(_series(details))
    if record is None:
        return ""
    lines = _LINES.get(column)
    if lines:
        return "\n".join(lines(details, record))
    whole = FIELDS[column].value(details.task)
    return whole if isinstance(whole, str) else ""


def attempt_line(attempt: Attempt) -> str:
    """Tell of one attempt that failed: which, when, over what, why, and what came next."""
    told = tr(
        "Attempt {number}, {time}, from {source}: {error}",
        number=attempt.number,
        time=measures.moment(attempt.at),
        source=attempt.source,
        error=attempt.error,
    )
    return f"{told} {next_try(attempt)}"


def next_try(attempt: Attempt) -> str:
    """Say what came after an attempt that failed."""
    if attempt.delay is None:
        return tr("No further attempt followed.")
    return tr("Next attempt {time} later.", time=measures.duration(attempt.delay))


def license_lines(license_: License | None) -> Iterator[str]:
    """Name a licence and where to read it."""
    if license_ is None:
        yield tr("The archive names no licence.")
        return
    yield license_.name
    if license_.uri:
        yield license_.uri


def _series(details: Details) -> Iterator[str]:
    record = details.task.record
    if record is not None and record.series_number:
        yield tr("Series {number}", number=record.series_number)
    if record is not None and record.series_description:
        yield record.series_description
    yield tr("Series Instance UID: {uid}", uid=details.task.series_uid)


def _patient(_: Details, record: SeriesRecord) -> Iterator[str]:
    yield tr("Patient: {patient}", patient=record.patient_id)
    yield tr("Collection: {collection}", collection=record.collection)


def _study(_: Details, record: SeriesRecord) -> Iterator[str]:
    if record.study_date:
        yield tr("Date: {date}", date=record.study_date.isoformat())
    if record.study_description:
        yield record.study_description
    yield tr("Study Instance UID: {uid}", uid=record.study_uid)


def _size(_: Details, record: SeriesRecord) -> Iterator[str]:
    yield tr("Images: {size} bytes", size=figure(record.image_bytes))
    if record.annotation_bytes:
        yield tr("Annotations: {size} bytes", size=figure(record.annotation_bytes))


def _images(_: Details, record: SeriesRecord) -> Iterator[str]:
    yield numbered("{number} image", "{number} images", record.image_count)


def _annotations(_: Details, record: SeriesRecord) -> Iterator[str]:
    if record.has_annotations:
        yield tr("Annotations come with it.")
    else:
        yield tr("No annotations belong to it.")


def _license(details: Details, record: SeriesRecord) -> Iterator[str]:
    yield from license_lines(record.license)
    terms = details.task.terms
    if terms is not None and not terms.commercial:
        yield tr("Not for commercial use.")
    if terms is not None and terms.notice:
        yield terms.notice


def _progress(details: Details, record: SeriesRecord) -> Iterator[str]:
    yield tr("{done} of {total}", done=measures.size(details.done), total=measures.size(details.task.size))
    yield numbered(
        "{done} of {number} image",
        "{done} of {number} images",
        record.image_count,
        done=figure(details.images_done),
    )


def _status(details: Details) -> Iterator[str]:
    yield state_line(details.state)
    if details.reason:
        yield details.reason
    hidden = len(details.attempts) - _MOST_ATTEMPTS
    if hidden > 0:
        yield numbered("{number} earlier attempt", "{number} earlier attempts", hidden)
    yield from map(attempt_line, details.attempts[-_MOST_ATTEMPTS:])


_LINES: Mapping[Column, Callable[[Details, SeriesRecord], Iterator[str]]] = {
    Column.PATIENT: _patient,
    Column.STUDY: _study,
    Column.IMAGES: _images,
    Column.ANNOTATIONS: _annotations,
    Column.SIZE: _size,
    Column.LICENSE: _license,
    Column.PROGRESS: _progress,
}
