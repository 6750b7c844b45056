"""Describing series over the download servlet: lines and the search for culprits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from cartload.model import Denied, SeriesRecord, SeriesUID, Unknown
from cartload_plugins.transports.nbia.bisection import MOST_REFUSALS, query
from cartload_plugins.transports.nbia.lines import read_lines
from cartload_plugins.transports.records import Records

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from random import Random

SHORT = "DEMO|P1|1.2|1.2.3|Yes|133|70021362|18422|url|displayName|true|01-01-2000|NA|NA|3000566.000000|NA"
LONG = (
    f"{SHORT}|NO|https://doi.org/10.7937/DEMO|GE|CT|1.2.840.10008.5.1.4.1.1.2|CT Image Storage"
    "|Creative Commons|http://creativecommons.org/"
)
ASKED = frozenset({SeriesUID("1.2.3"), SeriesUID("1.2.4")})


def told(text: str) -> list[SeriesRecord | Unknown]:
    return list(read_lines(text, ASKED, Records()))


def record(text: str) -> SeriesRecord:
    (found,) = told(text)
    assert isinstance(found, SeriesRecord)
    return found


def test_a_line_of_16_fields_is_read() -> None:
    found = record(f"{SHORT}\n")
    assert (found.series_uid, found.image_count, found.image_bytes) == ("1.2.3", 133, 70021362)
    assert (found.series_number, found.study_id, found.has_annotations) == ("3000566", None, True)
    assert found.modality is None


def test_a_line_of_24_fields_is_read() -> None:
    found = record(f"{LONG}\r\n")
    assert (found.modality, found.sop_class_name) == ("CT", "CT Image Storage")
    assert found.license is not None
    assert found.license.uri == "http://creativecommons.org/"


def test_an_empty_field_moves_nothing() -> None:
    found = record(LONG.replace("01-01-2000", ""))
    assert found.study_date is None
    assert found.modality == "CT"


def test_what_unicode_calls_a_line_end_ends_no_line() -> None:
    found = record(LONG.replace("|GE|", "|G\u2028E\x85|"))
    assert found.manufacturer == "G\u2028E"


def test_lines_of_other_series_and_of_other_things_are_passed_over() -> None:
    assert told(f"hello\n{SHORT.replace('1.2.3', '9.9')}\n||||\n") == []


def test_a_series_is_told_once() -> None:
    assert len(told(f"{LONG}\n{SHORT}\n")) == 1


def test_a_line_that_cannot_be_used_is_told_as_unknown() -> None:
    (found,) = told(SHORT.replace("|133|", "|many|"))
    assert isinstance(found, Unknown)
    assert found.series_uid == "1.2.3"


@given(st.text(alphabet="|\\\n1.23abn", max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert {found.series_uid for found in told(text)} <= ASKED


class Servlet:
    """Refuses every question about a culprit, and tells only some of the others where it is *forgetful*."""

    def __init__(self, culprits: Collection[int], *, forgetful: int = 0) -> None:
        self.culprits = {uid(number) for number in culprits}
        self.forgetful = forgetful
        self.questions = 0

    def __call__(self, uids: tuple[SeriesUID, ...]) -> Sequence[Unknown] | None:
        self.questions += 1
        if self.culprits & set(uids):
            return None
        kept = uids[: self.forgetful] if self.forgetful else uids
        return [Unknown(one, "an answer") for one in kept]


def uid(number: int) -> SeriesUID:
    return SeriesUID(f"1.2.{number}")


def test_without_culprits_one_question_is_enough() -> None:
    servlet = Servlet([])
    found = list(query([uid(number) for number in range(5000)], servlet))
    assert (len(found), servlet.questions) == (5000, 1)


def test_nothing_asked_is_nothing_told() -> None:
    servlet = Servlet([])
    assert list(query([], servlet)) == []
    assert servlet.questions == 0


@given(st.integers(1, 300), st.data())
def test_culprits_are_denied_and_all_others_told(count: int, data: st.DataObject) -> None:
    culprits = data.draw(st.sets(st.integers(0, count - 1)))
    servlet = Servlet(culprits)
    found = list(query([uid(number) for number in range(count)], servlet))
    assert sorted(one.series_uid for one in found) == sorted(uid(number) for number in range(count))
    assert {one.series_uid for one in found if isinstance(one, Denied)} == servlet.culprits


@given(st.integers(1, 6), st.randoms(use_true_random=False))
def test_few_culprits_cost_few_questions(count: int, random: Random) -> None:
    servlet = Servlet(random.sample(range(5000), count))
    list(query([uid(number) for number in range(5000)], servlet))
    assert servlet.questions <= 2 * count * math.ceil(math.log2(5000)) + 1


def test_one_culprit_among_thousands_costs_about_the_logarithm() -> None:
    for place in (0, 1, 2500, 4095, 4999):
        servlet = Servlet([place])
        list(query([uid(number) for number in range(5000)], servlet))
        assert servlet.questions <= 2 * 13 + 1


def test_the_other_half_of_what_was_refused_is_not_asked_for_in_vain() -> None:
    servlet = Servlet([4999])
    list(query([uid(number) for number in range(5000)], servlet))
    assert servlet.questions <= 13 + 1


def test_an_answer_that_leaves_some_out_is_completed() -> None:
    servlet = Servlet([], forgetful=7)
    found = list(query([uid(number) for number in range(50)], servlet))
    assert len({one.series_uid for one in found}) == 50


def test_a_series_that_is_never_told_is_denied_in_the_end() -> None:
    (found,) = query([uid(1)], lambda _: [])
    assert isinstance(found, Denied)
    assert "unknown" in found.reason
    assert "withdrawn" in found.reason
    assert "login" in found.reason


def test_a_cart_that_is_refused_entirely_is_not_asked_for_one_by_one() -> None:
    uids = [SeriesUID(f"1.2.{number}") for number in range(5000)]
    asked: list[int] = []

    def ask(part: tuple[SeriesUID, ...]) -> None:
        asked.append(len(part))

    answers = list(query(uids, ask))
    assert {answer.series_uid for answer in answers} == set(uids)
    assert all(isinstance(answer, Denied) for answer in answers)
    assert len(asked) == MOST_REFUSALS
