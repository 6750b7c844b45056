"""The transports of one session: made when first needed, asked in order, each for what the others lack."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from attrs import fields

from cartload.errors import CartloadError, StoppedError, UnsupportedError
from cartload.model import SeriesRecord
from cartload.plan import Description
from cartload.ports import TellsDigests
from cartload.registry import blaming

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cartload.model import SeriesUID, UsagePolicy
    from cartload.plan import Described
    from cartload.ports import Transport

_STEP = 500


class Sources:
    """The chain of transports that may serve a cart, the preferred one first.

    A transport that the server does not speak leaves the chain for good.
    """

    def __init__(self, names: Sequence[str], make: Callable[[str], Transport]) -> None:
        self._names = list(names)
        self._make = make
        self._made: dict[str, Transport] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of the transports that are left."""
        return tuple(self._names)

    def get(self, name: str) -> Transport:
        """Give the transport of this name."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def tellers(self, names: Iterable[str]) -> tuple[TellsDigests, ...]:
        """Give those of the named transports that can tell digests without sending images.

        One that cannot be made is passed over here: nothing depends on it until it is its turn to fetch.
        """
        found: list[TellsDigests] = []
        for name in names:
            with suppress(CartloadError):
                transport = self.get(name)
                if isinstance(transport, TellsDigests):
                    found.append(transport)
        return tuple(found)

    def policy(self) -> UsagePolicy | None:
        """Ask for the policy by the first transport that the server speaks; raises as it does."""
        return self._first(lambda transport: transport.policy())

    def describe(
        self,
        cart: Sequence[SeriesUID],
        described: dict[SeriesUID, Description],
        heard: Callable[[int], None],
    ) -> None:
        """Describe what is not *described* yet; series without a record are asked of the next transport, too.

        ``heard`` is told how many are described, now and then. The last word on a series counts: a later
        protocol may tell "unknown" from "denied" where the first could not. Raises the most telling error
        while a series is left of which nobody could say anything; what was described stays.
        """
        errors: list[CartloadError] = []
        for name in self._left():
            wanting = [uid for uid in cart if not _is_record(described.get(uid))]
            if not wanting:
                break
            try:
                self._describe_by(name, wanting, described, heard)
            except StoppedError:
                raise
            except CartloadError as error:
                errors.append(error)
        if errors and len(described) < len(cart):
            raise _telling(errors)

    def _describe_by(
        self,
        name: str,
        wanting: Sequence[SeriesUID],
        described: dict[SeriesUID, Description],
        heard: Callable[[int], None],
    ) -> None:
        asked = {uid: uid for uid in wanting}
        shared = _Sharing()
        sources = self._names_from(name)  # one tuple for all series
        told = len(described)
        try:
            with blaming(f"transport {name}"):
                for said in self.get(name).describe(wanting):
                    uid = asked.get(said.series_uid)
                    if uid is not None:
                        described[uid] = Description(shared.of(uid, said), sources)
                    if len(described) >= told + _STEP:
                        told = len(described)
                        heard(told)
        except UnsupportedError:
            self._names.remove(name)
            raise
        heard(len(described))

    def _left(self) -> tuple[str, ...]:
        if not self._names:
            raise UnsupportedError("the server speaks none of the protocols that may serve this manifest.")
        return self.names

    def _names_from(self, name: str) -> tuple[str, ...]:
        return tuple(self._names[self._names.index(name) :])

    def _first(self, ask: Callable[[Transport], UsagePolicy | None]) -> UsagePolicy | None:
        errors: list[CartloadError] = []
        for name in self._left():
            try:
                with blaming(f"transport {name}"):
                    return ask(self.get(name))
            except UnsupportedError as error:
                self._names.remove(name)
                errors.append(error)
        raise _telling(errors)


# A flag is not shared: True is equal to 1.
_SHARED = tuple(
    each.name for each in fields(SeriesRecord) if each.name not in {"series_uid", "has_annotations"}
)
_MOST_VALUES = 4096


class _Sharing:
    """Has the records of a cart share what is equal in them: neighbours say the same over and over."""

    def __init__(self) -> None:
        self._values: dict[object, object] = {}

    def of(self, uid: SeriesUID, said: Described) -> Described:
        """Give what is said with values that were there before, and the cart's own *uid*."""
        if type(said) is not SeriesRecord:  # a kind of its own may hold more
            return said
        if len(self._values) > _MOST_VALUES:
            self._values.clear()
        values: dict[str, Any] = {}
        for name in _SHARED:
            value = getattr(said, name)
            values[name] = self._values.setdefault(value, value)
        return SeriesRecord(series_uid=uid, has_annotations=said.has_annotations, **values)


def _telling(errors: Sequence[CartloadError]) -> CartloadError:
    """Choose the error that tells most: one that is not just "this server does not speak it"."""
    return next((e for e in errors if not isinstance(e, UnsupportedError)), errors[-1])


def _is_record(description: Description | None) -> bool:
    return description is not None and isinstance(description.said, SeriesRecord)
