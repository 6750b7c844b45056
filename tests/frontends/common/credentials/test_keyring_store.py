from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

import pytest

from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError
from cartload.model import Origin
from cartload_common.credentials.keyring_store import KeyringStore
from keyrings import Dropping, Refusing, used

if TYPE_CHECKING:
    from collections.abc import Callable

    from keyring.backend import KeyringBackend

    from keyrings import BrokenKeyring, MemoryKeyring

ORIGIN = Origin.of("https://archive.example:8443")
JANE = Credentials("jane", Secret("c4n4ry ä"))


def test_what_is_kept_can_be_asked_for_and_forgotten(keyring: MemoryKeyring) -> None:
    store = KeyringStore()
    assert store.password(ORIGIN, "jane") is None
    store.keep(ORIGIN, JANE)
    assert store.password(ORIGIN, "jane") == JANE.password
    store.forget(ORIGIN, "jane")
    assert not keyring.kept


def test_an_entry_is_named_by_its_origin(keyring: MemoryKeyring) -> None:
    KeyringStore().keep(ORIGIN, JANE)
    assert list(keyring.kept) == [("cartload https://archive.example:8443", "jane")]


@pytest.mark.parametrize("other", ["https://archive.example", "http://archive.example:8443"])
def test_a_password_of_another_origin_is_not_given(keyring: MemoryKeyring, other: str) -> None:
    KeyringStore().keep(ORIGIN, JANE)
    assert KeyringStore().password(Origin.of(other), "jane") is None
    assert len(keyring.kept) == 1


def test_to_forget_what_is_not_there_is_no_error(keyring: MemoryKeyring) -> None:
    KeyringStore().forget(ORIGIN, "jane")
    assert keyring.asked


def test_the_keyring_in_use_is_named(keyring: MemoryKeyring) -> None:
    assert KeyringStore().describe() == keyring.name


@pytest.mark.parametrize("kind", [Refusing, Dropping])
def test_a_system_without_a_keyring_is_told_before_anything_is_asked(kind: type[KeyringBackend]) -> None:
    with used(kind()):
        with pytest.raises(LoginError, match="there is none on this system") as refused:
            KeyringStore().describe()
        with pytest.raises(LoginError):
            KeyringStore().keep(ORIGIN, JANE)
    assert "CARTLOAD_PASSWORD" in refused.value.advice


@pytest.mark.parametrize(
    "use",
    [
        lambda store: store.keep(ORIGIN, JANE),
        lambda store: store.password(ORIGIN, "jane"),
        lambda store: store.forget(ORIGIN, "jane"),
    ],
)
def test_a_broken_keyring_is_named_and_its_own_words_are_not_repeated(
    broken_keyring: BrokenKeyring, use: Callable[[KeyringStore], object]
) -> None:
    broken_keyring.kept["c4n4ry", ""] = ""
    with pytest.raises(LoginError, match="the system keyring: it cannot be used") as refused:
        use(KeyringStore())
    assert "c4n4ry" not in "".join(traceback.format_exception(refused.value))
