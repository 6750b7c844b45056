"""The sources: transports in order, made when needed, each asked for what the others lack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import asdict, evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import (
    CartloadError,
    LoginError,
    PluginError,
    StoppedError,
    TransportError,
    UnreachableError,
    UnsupportedError,
)
from cartload.model import Denied, SeriesRecord, SeriesUID, Unknown, UsagePolicy
from cartload.plan import Description
from cartload.sources import Sources
from series_builders import a_series

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from cartload.model import Member, SOPInstanceUID
    from cartload.plan import Described
    from cartload.ports import Stop

A, B, C = SeriesUID("1.1"), SeriesUID("1.2"), SeriesUID("1.3")
POLICY = UsagePolicy("TCIA", "Be kind.")
UNSUPPORTED = UnsupportedError("it does not speak this.", subject="archive")
UNREACHABLE = UnreachableError("no answer.", subject="archive", retryable=True)


class FakeTransport:
    """Says what it is made with; raises *error*, in describing after all that it has to say."""

    def __init__(self, *said: Described, error: Exception | None = None) -> None:
        self.said: dict[SeriesUID, Described] = {one.series_uid: one for one in said}
        self.error = error
        self.asked: list[list[SeriesUID]] = []

    def policy(self) -> UsagePolicy | None:
        if self.error is not None:
            raise self.error
        return POLICY

    def describe(self, uids: Sequence[SeriesUID]) -> Iterator[Described]:
        self.asked.append(list(uids))
        yield from (self.said[uid] for uid in uids if uid in self.said)
        if self.error is not None:
            raise self.error

    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        raise NotImplementedError


class Chain:
    """Sources over the given transports, and what was described by them."""

    def __init__(self, **transports: FakeTransport) -> None:
        self.made: list[str] = []
        self.told: list[int] = []
        self.described: dict[SeriesUID, Description] = {}
        self._transports = transports
        self.sources = Sources(list(transports), self._make)

    def _make(self, name: str) -> FakeTransport:
        self.made.append(name)
        return self._transports[name]

    def describe(self, *cart: SeriesUID) -> Mapping[SeriesUID, Described]:
        self.sources.describe(cart, self.described, self.told.append)
        return {uid: description.said for uid, description in self.described.items()}


def records(*uids: SeriesUID) -> list[SeriesRecord]:
    return [a_series(uid) for uid in uids]


# --- making -------------------------------------------------------------------------------------


def test_a_transport_is_made_once_and_only_when_it_is_needed() -> None:
    nbia, rest = FakeTransport(*records(A)), FakeTransport()
    chain = Chain(nbia=nbia, rest=rest)
    chain.describe(A)
    assert chain.sources.get("nbia") is nbia
    assert chain.made == ["nbia"]


def test_a_transport_that_cannot_be_made_is_passed_over_when_another_knows_the_cart() -> None:
    def make(name: str) -> FakeTransport:
        if name == "nbia":
            raise PluginError("failed to start.", subject="plugin nbia")
        return FakeTransport(*records(A))

    described: dict[SeriesUID, Description] = {}
    Sources(["nbia", "rest"], make).describe([A], described, lambda _: None)
    assert described == {A: Description(a_series(A), ("rest",))}


# --- describing ---------------------------------------------------------------------------------


def test_the_first_transport_describes_the_cart_and_the_chain_may_serve_it() -> None:
    chain = Chain(nbia=FakeTransport(*records(A, B)), rest=FakeTransport())
    chain.describe(A, B)
    assert chain.described == {
        A: Description(a_series(A), ("nbia", "rest")),
        B: Description(a_series(B), ("nbia", "rest")),
    }


def test_the_next_transport_is_asked_only_for_what_has_no_record() -> None:
    rest = FakeTransport(*records(B), Unknown(C, "withdrawn"))
    chain = Chain(nbia=FakeTransport(*records(A), Denied(B, "limited")), rest=rest)
    assert chain.describe(A, B, C) == {A: a_series(A), B: a_series(B), C: Unknown(C, "withdrawn")}
    assert rest.asked == [[B, C]]
    assert chain.described[B].sources == ("rest",)


def test_the_last_word_on_a_series_counts() -> None:
    chain = Chain(nbia=FakeTransport(Denied(A, "no")), rest=FakeTransport(Unknown(A, "never was")))
    assert chain.describe(A) == {A: Unknown(A, "never was")}


def test_a_series_of_which_nobody_says_anything_is_left_out() -> None:
    assert Chain(nbia=FakeTransport(*records(A))).describe(A, B) == {A: a_series(A)}


def test_what_was_not_asked_for_is_not_heard() -> None:
    class Talkative(FakeTransport):
        def describe(self, uids: Sequence[SeriesUID]) -> Iterator[Described]:
            yield from records(B, *uids, C)

    chain = Chain(nbia=Talkative())
    assert chain.describe(A) == {A: a_series(A)}
    assert chain.told == [1]


def test_what_is_equal_in_two_records_is_in_memory_once() -> None:
    one_text, other_text = (b"T1 axial".decode() for _ in range(2))
    said = a_series(A, description=one_text), a_series(B, description=other_text)
    chain = Chain(nbia=FakeTransport(*said))
    one, other = chain.describe(A, B).values()
    assert isinstance(one, SeriesRecord)
    assert isinstance(other, SeriesRecord)
    assert one.series_description is other.series_description


def test_a_flag_is_not_taken_for_a_number() -> None:
    record = evolve(a_series(A), annotation_bytes=1, image_count=1, has_annotations=True)
    (said,) = Chain(nbia=FakeTransport(record)).describe(A).values()
    assert isinstance(said, SeriesRecord)
    assert said.has_annotations is True
    assert type(said.image_count) is int


def test_a_series_is_known_by_the_carts_own_text() -> None:
    own = SeriesUID(b"1.2.3".decode())
    chain = Chain(nbia=FakeTransport(a_series("1.2.3")))
    ((uid, said),) = chain.describe(own).items()
    assert uid is own
    assert said.series_uid is own


def test_what_is_shared_does_not_grow_with_the_cart() -> None:
    said = [a_series(f"1.{number}", description=f"{number}") for number in range(5000)]
    chain = Chain(nbia=FakeTransport(*said))
    assert list(chain.describe(*(one.series_uid for one in said)).values()) == said


def test_a_record_of_a_transports_own_kind_is_left_as_it_is() -> None:
    @frozen(kw_only=True)
    class Linked(SeriesRecord):
        link: str

    record = Linked(**asdict(a_series(A), recurse=False), link="https://archive.example/1")
    assert Chain(nbia=FakeTransport(record)).describe(A)[A] is record


def test_a_transport_that_the_server_does_not_speak_leaves_the_chain() -> None:
    chain = Chain(nbia=FakeTransport(error=UNSUPPORTED), rest=FakeTransport(*records(A)))
    chain.describe(A)
    assert chain.sources.names == ("rest",)
    assert chain.described == {A: Description(a_series(A), ("rest",))}


def test_an_error_does_not_matter_once_everything_is_described() -> None:
    chain = Chain(nbia=FakeTransport(*records(A), error=UNREACHABLE), rest=FakeTransport(*records(B)))
    assert chain.describe(A, B) == {A: a_series(A), B: a_series(B)}


def test_an_error_is_raised_while_nobody_could_say_anything_of_a_series_and_the_rest_is_kept() -> None:
    chain = Chain(nbia=FakeTransport(*records(A), error=UNREACHABLE), rest=FakeTransport())
    with pytest.raises(UnreachableError):
        chain.describe(A, B)
    assert set(chain.described) == {A}


def test_after_an_error_only_what_is_left_is_asked_for_again() -> None:
    nbia = FakeTransport(*records(A), error=UNREACHABLE)
    chain = Chain(nbia=nbia)
    with pytest.raises(UnreachableError):
        chain.describe(A, B)
    nbia.error = None
    nbia.said = {B: a_series(B)}
    assert chain.describe(A, B) == {A: a_series(A), B: a_series(B)}
    assert nbia.asked == [[A, B], [B]]


@pytest.mark.parametrize(("first", "second"), [(UNSUPPORTED, UNREACHABLE), (UNREACHABLE, UNSUPPORTED)])
def test_the_error_that_tells_most_is_raised(first: TransportError, second: TransportError) -> None:
    chain = Chain(nbia=FakeTransport(error=first), rest=FakeTransport(error=second))
    with pytest.raises(UnreachableError):
        chain.describe(A)


def test_when_the_server_speaks_nothing_of_it_that_is_said_now_and_later() -> None:
    chain = Chain(nbia=FakeTransport(error=UNSUPPORTED), rest=FakeTransport(error=UNSUPPORTED))
    for _ in range(2):
        with pytest.raises(UnsupportedError):
            chain.describe(A)
        assert chain.sources.names == ()
    with pytest.raises(UnsupportedError, match="speaks none of the protocols"):
        chain.sources.policy()


def test_a_stop_ends_everything_at_once() -> None:
    rest = FakeTransport(*records(A))
    chain = Chain(nbia=FakeTransport(error=StoppedError("cancelled.")), rest=rest)
    with pytest.raises(StoppedError):
        chain.describe(A)
    assert rest.asked == []


def test_a_fault_of_a_transport_is_told_as_its_own() -> None:
    chain = Chain(nbia=FakeTransport(error=KeyError("rows")))
    with pytest.raises(PluginError, match="transport nbia: failed: KeyError: 'rows'"):
        chain.describe(A)


def test_a_transport_that_fails_before_it_says_anything_is_at_fault_likewise() -> None:
    class Eager(FakeTransport):
        def describe(self, uids: Sequence[SeriesUID]) -> Iterator[Described]:
            raise ZeroDivisionError(f"{len(uids)} / 0")

    with pytest.raises(PluginError, match="transport nbia: failed: ZeroDivisionError: 1 / 0"):
        Chain(nbia=Eager()).describe(A)


@given(st.integers(0, 1700), st.booleans())
def test_it_tells_now_and_then_how_many_are_described(size: int, denied: bool) -> None:  # noqa: FBT001 - a draw
    cart = [SeriesUID(f"1.{number}") for number in range(size)]
    said = [Denied(uid, "no") if denied else a_series(uid) for uid in cart]
    chain = Chain(nbia=FakeTransport(*said), rest=FakeTransport(*said))
    chain.describe(*cart)
    assert len(chain.told) <= 2 * (size // 500 + 1)
    assert chain.told == sorted(chain.told)
    assert chain.told[-1:] == ([size] if size else [])


# --- the policy ---------------------------------------------------------------------------------


def test_the_first_transport_that_the_server_speaks_gives_the_policy() -> None:
    chain = Chain(nbia=FakeTransport(error=UNSUPPORTED), rest=FakeTransport())
    assert chain.sources.policy() == POLICY
    assert chain.sources.names == ("rest",)


@pytest.mark.parametrize("error", [UNREACHABLE, LoginError("refused."), StoppedError("cancelled.")])
def test_any_other_error_in_asking_for_the_policy_is_raised(error: CartloadError) -> None:
    chain = Chain(nbia=FakeTransport(error=error), rest=FakeTransport())
    with pytest.raises(type(error)):
        chain.sources.policy()
    assert chain.sources.names == ("nbia", "rest")


def test_a_policy_that_no_transport_can_be_asked_for_is_an_error() -> None:
    with pytest.raises(UnsupportedError):
        Chain(nbia=FakeTransport(error=UNSUPPORTED)).sources.policy()


def test_a_fault_in_giving_the_policy_is_told_as_the_transports_own() -> None:
    with pytest.raises(PluginError, match="transport nbia: failed: TypeError"):
        Chain(nbia=FakeTransport(error=TypeError())).sources.policy()
