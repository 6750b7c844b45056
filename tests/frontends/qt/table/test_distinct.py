"""Columns of distinct values, and natural order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload_qt.table.distinct import Distinct, natural
from frontends.qt.table.table_plans import a_plan_task


@pytest.mark.parametrize(
    ("first", "second"),
    [("P-9", "P-10"), ("p-9", "P-10"), ("a", "B"), ("", "a"), ("P-09", "P-10"), ("T1", "T1a"), ("2", "10")],
)
def test_people_expect_this_before_that(first: str, second: str) -> None:
    assert natural(first) < natural(second)


def test_a_number_of_thousands_of_digits_has_its_place() -> None:
    assert natural("9" * 9999) < natural("1" + "0" * 9999)


@given(st.lists(st.text()))
def test_any_texts_can_be_ordered(texts: list[str]) -> None:
    keys = list(map(natural, texts))
    ordered = sorted(keys)
    keys.reverse()
    assert sorted(keys) == ordered


@given(st.lists(st.integers(0, 50)))
def test_whole_numbers_stand_as_numbers(numbers: list[int]) -> None:
    assert sorted(map(str, numbers), key=natural) == list(map(str, sorted(numbers)))


def test_each_value_is_kept_once() -> None:
    tasks = [a_plan_task(number, patient=patient) for number, patient in enumerate("abab")]
    column = Distinct(tasks, lambda task: task.record and task.record.patient_id)
    assert list(column.codes) == [0, 1, 0, 1]
    assert column.firsts == (tasks[0], tasks[1])


def test_equal_keys_have_one_rank() -> None:
    tasks = [a_plan_task(number, patient=patient) for number, patient in enumerate(["b", "A", "a"])]
    column = Distinct(tasks, lambda task: task.record and task.record.patient_id)
    ranks = column.ranks(lambda task: natural(task.record.patient_id if task.record else ""))
    assert ranks[1] == ranks[2] < ranks[0]
