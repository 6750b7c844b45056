"""Sizes, times and shares as each country and language writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload_common import texts
from cartload_qt import measures

SIZES = {
    "en": {0: "0 B", 999: "999 B", 1000: "1.0 kB", 12_345_678: "12.3 MB", 10**22: "10,000.0 EB"},
    "de": {0: "0 B", 999: "999 B", 1000: "1,0 kB", 12_345_678: "12,3 MB", 10**22: "10.000,0 EB"},
}
DURATIONS = {
    "en": {0.4: "0 s", 45: "45 s", 200: "3 min 20 s", 7500: "2 h 05 min", 3_600_000: "1,000 h 00 min"},
    "de": {
        0.4: "0 s",
        45: "45 s",
        200: "3 Min. 20 s",
        7500: "2 Std. 05 Min.",
        3_600_000: "1.000 Std. 00 Min.",
    },
}
MOMENTS = {"en": "1/2/70", "de": "02.01.70"}


def test_sizes_are_written_as_people_do(language: str) -> None:
    assert {number: measures.size(number) for number in SIZES[language]} == SIZES[language]


def test_a_rate_is_a_size_for_each_second(language: str) -> None:
    assert measures.rate(12_345_678) == f"{SIZES[language][12_345_678]}/s"


def test_times_are_told_in_the_users_words(language: str) -> None:
    assert {number: measures.duration(number) for number in DURATIONS[language]} == DURATIONS[language]


def test_shares_are_written_as_the_language_does(language: str) -> None:
    assert measures.percent(7) == {"en": "7%", "de": "7\u00a0%"}[language]


def test_a_moment_has_its_day_and_its_time(language: str) -> None:
    day, *time = measures.moment(36.5 * 3600).replace(",", "").split()
    assert day == MOMENTS[language]
    assert time


@pytest.mark.usefixtures("qapp")
@given(st.integers(0, 10**24) | st.floats(0, 1e24))
def test_in_english_sizes_are_those_of_the_command_line(number: float) -> None:
    assert measures.size(number) == texts.size(number)


@pytest.mark.usefixtures("qapp")
@given(st.floats(0, 1e9))
def test_in_english_times_are_those_of_the_command_line(seconds: float) -> None:
    assert measures.duration(seconds) == texts.duration(seconds)
