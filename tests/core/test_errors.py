"""Errors tell what happened, to what, and what to do next, and know whether it is worth another try."""

from __future__ import annotations

import inspect

import pytest

from cartload import errors
from cartload.errors import CartloadError, DamagedError, ManifestError, ManifestFault, TransportError

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, CartloadError) and kind is not ManifestError
]


def test_a_message_says_to_what_it_happened_what_happened_and_what_to_do() -> None:
    error = CartloadError("it is full.", subject="/data", advice="Make room.")
    assert str(error) == "/data: it is full. Make room."


def test_a_message_without_subject_and_advice_is_just_what_happened() -> None:
    assert str(CartloadError("it is full.")) == "it is full."


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_carries_its_subject_and_what_the_other_side_asked_for(kind: type[CartloadError]) -> None:
    error = kind("busy.", subject="series 1.2", advice="Wait.", retryable=True, retry_after=30.0)
    assert (error.what, error.subject, error.advice) == ("busy.", "series 1.2", "Wait.")
    assert error.retryable
    assert error.retry_after == 30.0


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_arrived_damaged_is_worth_another_try_unless_said_otherwise(
    kind: type[CartloadError],
) -> None:
    assert kind("it broke.").retryable is (kind is DamagedError)


def test_damage_can_be_final() -> None:
    error = DamagedError("it is forged.", retryable=False)
    assert isinstance(error, TransportError)
    assert not error.retryable


def test_a_manifest_error_tells_every_fault_with_its_line() -> None:
    faults = [ManifestFault("'x' is no UID", 12), ManifestFault("it names no server")]
    error = ManifestError("cart.tcia", faults, advice="Get it again.")
    assert str(error) == "cart.tcia: line 12: 'x' is no UID; it names no server. Get it again."
    assert error.faults == tuple(faults)


def test_a_manifest_error_is_final() -> None:
    assert not ManifestError("cart.tcia", [ManifestFault("it is empty")]).retryable
