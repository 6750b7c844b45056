"""The values of the ports that say something of themselves."""

from __future__ import annotations

import pytest

from cartload.ports import Request, Verdict
from series_builders import stored_at


def test_the_size_of_a_stored_series_is_that_of_its_files() -> None:
    assert stored_at("Kidney", "1.2", "a", "b", "c").size == 1500


@pytest.mark.parametrize(
    ("verdict", "whole"),
    [
        (Verdict(), True),
        (Verdict(foreign=("notes.txt",)), True),
        (Verdict(missing=("1-1.dcm",)), False),
        (Verdict(damaged=("1-1.dcm",)), False),
    ],
)
def test_a_series_is_whole_when_nothing_is_missing_or_damaged(verdict: Verdict, *, whole: bool) -> None:
    assert verdict.is_whole is whole


def test_a_request_is_shown_without_what_may_be_secret() -> None:
    request = Request(
        "POST", "https://a.example", {"Authorization": "Bearer s3cret"}, (("password", "s3cret"),)
    )
    assert "s3cret" not in repr(request)
