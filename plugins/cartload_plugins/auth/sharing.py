"""One proof for all workers: got once, however many of them find at the same time that they need it."""

from __future__ import annotations

from threading import Condition
from typing import TYPE_CHECKING, Generic, TypeVar

from cartload.errors import CartloadError, LoginError, StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.ports import Stop

T = TypeVar("T")


class _Attempt:
    """One try to get a proof, by one thread; the others wait for how it ends."""

    def __init__(self) -> None:
        self.failure: CartloadError | None = None


class Shared(Generic[T]):
    """Holds the proof that all threads use; says nothing of it when it is shown."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._proof: T | None = None
        self._attempt: _Attempt | None = None

    def get(self, is_good: Callable[[T], bool], make: Callable[[T | None], T], stop: Stop) -> T:
        """Give the proof if it is good, else what *make* makes of the old one, in one thread alone.

        Whoever waits for a try that fails fails with it: a server that is down is not asked once more by
        each. Only when that thread was stopped does another try. A LoginError ends the old proof, too: the
        archive took it back. Raises StoppedError at once.
        """
        with stop.closing(self._wake), self._condition:
            while True:
                if stop.requested:
                    raise StoppedError("stopped.", subject="login")
                if self._proof is not None and is_good(self._proof):
                    return self._proof
                awaited = self._attempt
                if awaited is None:
                    break
                self._condition.wait()
                if awaited.failure is not None:
                    raise awaited.failure
            self._attempt = attempt = _Attempt()
            old = self._proof
        return self._made(attempt, make, old)

    def _made(self, attempt: _Attempt, make: Callable[[T | None], T], old: T | None) -> T:
        made = None
        try:
            made = make(old)
        except StoppedError:
            raise
        except CartloadError as error:
            attempt.failure = error
            if isinstance(error, LoginError):
                old = None
            raise
        else:
            return made
        finally:
            with self._condition:
                self._proof = old if made is None else made
                self._attempt = None
                self._condition.notify_all()

    def _wake(self) -> None:
        with self._condition:
            self._condition.notify_all()
