from __future__ import annotations

from attrs import field, frozen

from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError
from cartload.model import Origin
from cartload_common.credentials.chain import Chain, CommandLine, ForOneOrigin, Found
from cartload_common.credentials.keyring_store import KeyringStore
from cartload_common.credentials.stored import Stored
from keyrings import MemoryKeyring, used

ORIGIN = Origin.of("https://archive.example")
OTHER = Origin.of("https://other.example")
JANE = Credentials("jane", Secret("c4n4ry"))
JOHN = Credentials("john", Secret("another"))


@frozen
class Place:
    """A source that gives what it has, or fails."""

    name: str
    has: Credentials | LoginError | None
    asked: list[tuple[Origin, str | None]] = field(factory=list)

    def find(self, origin: Origin, user: str | None) -> Credentials | None:
        self.asked.append((origin, user))
        if isinstance(self.has, LoginError):
            raise self.has
        return self.has


def test_the_first_that_has_a_login_gives_it_and_no_other_is_asked() -> None:
    empty, first, second = Place("empty", None), Place("first", JANE), Place("second", JOHN)
    chain = Chain((empty, first, second), print)
    assert chain.find(ORIGIN, "jane") == Found(JANE, "first")
    assert empty.asked == first.asked == [(ORIGIN, "jane")]
    assert not second.asked


def test_one_that_fails_is_told_and_the_next_is_asked() -> None:
    told: list[str] = []
    chain = Chain((Place("broken", LoginError("it broke.")), Place("first", JANE)), told.append)
    assert chain.find(ORIGIN, None) == Found(JANE, "first")
    assert told == ["it broke."]


def test_where_nobody_has_a_login_there_is_none() -> None:
    assert Chain((Place("empty", None), CommandLine(None)), print).find(ORIGIN, None) is None


def test_a_login_that_names_no_archive_is_for_the_first_that_asks_and_no_other() -> None:
    source = ForOneOrigin(CommandLine(JANE))
    assert source.find(ORIGIN, None) == JANE
    assert source.find(OTHER, None) is None
    assert source.find(ORIGIN, None) == JANE
    assert source.name == "the command line"


def test_the_keyring_is_asked_only_for_users_it_is_known_to_have() -> None:
    backend = MemoryKeyring()
    with used(backend):
        stored = Stored({ORIGIN: ("john", "jane"), OTHER: ()}, KeyringStore())
        KeyringStore().keep(ORIGIN, JANE)
        backend.asked.clear()
        assert stored.find(OTHER, None) is None
        assert stored.find(Origin.of("https://third.example"), None) is None
        assert stored.find(ORIGIN, "jim") is None
        assert not backend.asked
        assert stored.find(ORIGIN, None) == JANE
        assert stored.find(ORIGIN, "john") is None
        assert stored.find(ORIGIN, "jane") == JANE
