"""Which rows are shown, in which order and groups: pure functions of the rows and what the user chose."""

from __future__ import annotations

from array import array
from collections import defaultdict
from enum import Enum
from itertools import compress
from operator import attrgetter
from typing import TYPE_CHECKING

from attrs import frozen

from cartload_qt.table.columns import FIELDS, SEARCHED, Column, shown
from cartload_qt.table.groups import Group
from cartload_qt.table.places import Places
from cartload_qt.table.words import SEVERITY

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from cartload.plan import Task
    from cartload.state import TaskState
    from cartload_qt.table.columns import Field
    from cartload_qt.table.distinct import Key
    from cartload_qt.table.rows import Rows


class Grouping(Enum):
    """What rows are gathered by."""

    NONE = "none"
    COLLECTION = "collection"
    PATIENT = "patient"


@frozen
class Filter:
    """Which rows are wanted: with all words of *text*, in one of *states* (None: any), of restricted use."""

    text: str = ""
    states: frozenset[TaskState] | None = None
    restricted: bool = False


@frozen
class Sorting:
    """What rows are ordered by; without a column they stand as in the cart."""

    column: Column | None = None
    descending: bool = False


def in_order(rows: Rows, order: Sequence[int], sorting: Sorting) -> array[int]:
    """Order rows that stand in some *order*; those that are equal in the column stay as they stand."""
    if sorting.column is None:
        return array("l", range(len(rows)))
    keys = _keys(rows, sorting.column)
    return array("l", sorted(order, key=keys.__getitem__, reverse=sorting.descending))


def wanted(rows: Rows, order: Sequence[int], chosen: Filter) -> array[int]:
    """Leave of the rows in *order* those that the filter lets through."""
    masks = [_with_word(rows, word) for word in chosen.text.casefold().split()]
    if chosen.states is not None:
        masks.append(rows.in_states(chosen.states))
    if chosen.restricted:
        masks.append(rows.restricted())
    if not masks:
        return array("l", order)
    mask = masks[0]
    for other in masks[1:]:
        mask = _both(mask, other)
    return array("l", compress(order, map(mask.__getitem__, order)))


def grouped(rows: Rows, order: Sequence[int], grouping: Grouping, sorting: Sorting) -> list[Group]:
    """Gather the rows in *order*; groups stand by their sums where the column has such, else as they come."""
    value = _GROUP_VALUES[grouping]
    column = rows.column(value)
    members: defaultdict[int, array[int]] = defaultdict(lambda: array("l"))
    for row, code in zip(order, map(column.codes.__getitem__, order), strict=True):
        members[code].append(row)
    groups = [
        Group((grouping, value(column.firsts[code])), gathered, column.firsts[code], rows)
        for code, gathered in members.items()
    ]
    key = None if sorting.column is None else _GROUP_KEYS.get(sorting.column)
    return groups if key is None else sorted(groups, key=key, reverse=sorting.descending)


def arranged(
    rows: Rows, order: Sequence[int], chosen: Filter, grouping: Grouping, sorting: Sorting
) -> Places:
    """Give the place of every row that is wanted, out of all rows in *order*."""
    left = wanted(rows, order, chosen)
    groups = None if grouping is Grouping.NONE else grouped(rows, left, grouping, sorting)
    return Places(len(rows), left, groups)


def depends_on_states(chosen: Filter, sorting: Sorting) -> bool:
    """Tell whether what happens to a series may give it another place."""
    return chosen.states is not None or sorting.column in {Column.PROGRESS, Column.STATUS}


def group_name(group: Group, grouping: Grouping) -> str:
    """Name a group as its rows do: empty where the archive said nothing of them."""
    record = group.first.record
    if record is None:
        return ""
    named = record.collection if grouping is Grouping.COLLECTION else record.patient_id
    return shown(named)


def _keys(rows: Rows, column: Column) -> Sequence[float]:
    if column is Column.STATUS:
        return rows.severities
    if column is Column.PROGRESS:
        return rows.fractions()
    of = FIELDS[column]
    return rows.column(of.value).ranks(of.key)


_LEAST_OF_UID = 8


def _with_word(rows: Rows, word: str) -> bytes:
    """Give 1 for each row with this word in a text, or in a UID if it looks like a part of one."""
    found = bytes(len(rows))
    for column in SEARCHED:
        of = FIELDS[column]
        found = _either(found, rows.column(of.value).rows_with(_having(word, of)))
    if word.replace(".", "").isdigit() and ("." in word or len(word) >= _LEAST_OF_UID):
        uids = map(attrgetter("series_uid"), rows.tasks)
        found = _either(found, bytes(word in uid for uid in uids))
        found = _either(
            found, rows.column(_study_uid).rows_with(lambda task: word in (_study_uid(task) or ""))
        )
    return found


def _having(word: str, of: Field) -> Callable[[Task], bool]:
    return lambda task: word in of.searched(task).casefold()


def _study_uid(task: Task) -> str | None:
    return task.record.study_uid if task.record else None


def _either(one: bytes, other: bytes) -> bytes:
    """Join masks as one long number each: a loop over 200,000 rows would be felt."""
    joined = int.from_bytes(one, "little") | int.from_bytes(other, "little")
    return joined.to_bytes(len(one), "little")


def _both(one: bytes, other: bytes) -> bytes:
    joined = int.from_bytes(one, "little") & int.from_bytes(other, "little")
    return joined.to_bytes(len(one), "little")


def _collection(task: Task) -> str | None:
    return task.record.collection if task.record else None


def _patient(task: Task) -> tuple[str, str] | None:
    """Tell patients apart: two collections may have the same identifiers."""
    return (task.record.collection, task.record.patient_id) if task.record else None


_GROUP_VALUES: Mapping[Grouping, Callable[[Task], Hashable]] = {
    Grouping.COLLECTION: _collection,
    Grouping.PATIENT: _patient,
}


def _status_key(group: Group) -> Key:
    return (SEVERITY[group.worst],)


_GROUP_KEYS: Mapping[Column, Callable[[Group], Key]] = {
    Column.IMAGES: lambda group: (group.sums.images,),
    Column.SIZE: lambda group: (group.sums.size,),
    Column.ANNOTATIONS: lambda group: (group.sums.annotated,),
    Column.PROGRESS: lambda group: (group.sums.done / group.sums.size if group.sums.size else 0.0,),
    Column.STATUS: _status_key,
}
