"""The retry policy: never more than its attempts, never longer than its caps, never sooner than asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import CartloadError, TransportError
from cartload.retry import RetryPolicy

attempts = st.integers(1, 2000)
draws = st.floats(0.0, 1.0, exclude_max=True)
waits = st.none() | st.floats(0.0, 1e9)


def a_failure(retry_after: float | None = None) -> CartloadError:
    return TransportError("busy.", retryable=True, retry_after=retry_after)


def delays_of(policy: RetryPolicy, error: CartloadError) -> list[float]:
    delays: list[float] = []
    while (delay := policy.after(error, len(delays) + 1)) is not None:
        delays.append(delay)
    return delays


@given(st.integers(1, 100), waits)
def test_there_are_never_more_attempts_than_allowed(allowed: int, retry_after: float | None) -> None:
    delays = delays_of(RetryPolicy(attempts=allowed), a_failure(retry_after))
    assert len(delays) + 1 == allowed


@given(attempts, waits)
def test_what_is_not_worth_another_try_gets_none(attempt: int, retry_after: float | None) -> None:
    error = TransportError("forged.", retryable=False, retry_after=retry_after)
    assert RetryPolicy(attempts=10_000).after(error, attempt) is None


@given(attempts, draws)
def test_a_delay_stays_below_the_cap_of_its_attempt(attempt: int, draw: float) -> None:
    policy = RetryPolicy(attempts=10_000, first=0.5, longest=30.0, random=lambda: draw)
    delay = policy.after(a_failure(), attempt)
    assert delay is not None
    assert 0.0 <= delay <= min(30.0, 0.5 * 2.0 ** min(attempt - 1, 60))


@given(attempts, draws, st.floats(0.0, 1e9))
def test_what_the_server_asks_for_is_the_least_within_its_own_cap(
    attempt: int, draw: float, asked: float
) -> None:
    policy = RetryPolicy(attempts=10_000, longest=60.0, longest_retry_after=600.0, random=lambda: draw)
    delay = policy.after(a_failure(asked), attempt)
    assert delay is not None
    assert min(asked, 600.0) <= delay <= max(60.0, min(asked, 600.0))


def test_the_cap_doubles_with_each_attempt() -> None:
    policy = RetryPolicy(attempts=9, first=1.0, longest=60.0, random=lambda: 1.0)
    assert delays_of(policy, a_failure()) == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


@pytest.mark.parametrize("allowed", [0, -1])
def test_a_policy_without_attempts_gives_no_further_one(allowed: int) -> None:
    assert RetryPolicy(attempts=allowed).after(a_failure(), 1) is None


def test_clients_that_failed_together_come_back_apart() -> None:
    policies = [RetryPolicy() for _ in range(20)]
    assert len({policy.after(a_failure(), 3) for policy in policies}) > 1
