from __future__ import annotations

import pytest
from attrs import evolve

from cartload.ports import Request
from cartload_plugins.network.echoes import proofs, without

REQUEST = Request(
    "POST", "https://archive.invalid", {"Accept": "application/json"}, (("list", "1.2.3.4.5.6"),)
)


@pytest.mark.parametrize("signed", [None, REQUEST, evolve(REQUEST)])
def test_a_request_without_proof_has_nothing_to_hide(signed: Request | None) -> None:
    assert proofs(REQUEST, signed) == ()


def test_what_was_added_is_to_be_hidden_but_no_short_word() -> None:
    headers = {**REQUEST.headers, "Authorization": "Bearer c4n4ry-t0ken"}
    signed = evolve(REQUEST, headers=headers, form=(*REQUEST.form, ("userId", "jane"), ("key", "c4n4ry-key")))
    assert proofs(REQUEST, signed) == ("c4n4ry-t0ken", "c4n4ry-key")


def test_it_is_struck_out_wherever_it_stands() -> None:
    assert without("a c4n4ry, c4n4rys", ["c4n4ry"]) == "a ***, ***s"
