from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from cartload.sealing import seal, unseal

BODIES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"))


@given(BODIES)
def test_what_was_sealed_is_given_back(body: str) -> None:
    assert unseal(seal(body)) == body
    assert unseal(f"{seal(body)}\r\n") == body


def test_a_sealed_line_is_json() -> None:
    assert json.loads(seal('{"a":1}'))["entry"] == {"a": 1}


@given(BODIES, st.integers(0), st.characters(exclude_categories=["Cs"]))
def test_a_line_in_which_one_character_is_another_is_refused(body: str, place: int, other: str) -> None:
    line = seal(body)
    place %= len(line)
    altered = line[:place] + other + line[place + 1 :]
    assert unseal(altered) == (body if altered.rstrip("\r\n") == line else None)


@given(BODIES, st.integers(0))
def test_a_line_that_was_cut_is_refused(body: str, cut: int) -> None:
    line = seal(body)
    assert unseal(line[: cut % len(line)]) is None


def test_a_line_that_no_file_can_hold_is_refused() -> None:
    assert unseal('{"crc":"00000000","entry":"\ud800"}') is None
