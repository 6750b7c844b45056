"""When to try again: an immutable policy that gives a delay, or none."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from attrs import field, frozen

from cartload.manifest import DEFAULT_ATTEMPTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.errors import CartloadError


@frozen
class RetryPolicy:
    """Capped exponential backoff with full jitter; all times in seconds.

    Full jitter (a delay drawn evenly between nothing and the cap of the attempt) spreads clients that
    failed together. A server's ``Retry-After`` is a floor, itself capped.
    """

    attempts: int = DEFAULT_ATTEMPTS
    first: float = 1.0
    longest: float = 60.0
    longest_retry_after: float = 600.0
    random: Callable[[], float] = field(factory=lambda: Random().random)  # noqa: S311 - no secret

    def after(self, error: CartloadError, attempt: int) -> float | None:
        """Give the delay before the next attempt after *attempt* (from 1) failed, or None for no more."""
        if not error.retryable or attempt >= self.attempts:
            return None
        ceiling = min(self.longest, self.first * 2.0 ** min(attempt - 1, 30))
        asked = min(error.retry_after or 0.0, self.longest_retry_after)
        return max(asked, self.random() * ceiling)
