"""Who somebody is, and what proves it: a secret that nothing prints, sends on or writes down by accident."""

from __future__ import annotations

import hmac
from typing import NoReturn, final

from attrs import field, frozen

_MASK = "Secret(***)"


@final
class Secret:
    """A password or a token: shown, formatted or converted it stays hidden; only ``reveal`` tells it.

    It has no length, no order and no hash, for each of them tells something. It cannot be pickled, and
    converters that walk through values (attrs, cattrs, JSON) find nothing in it.
    """

    __slots__ = ("_text",)
    _text: str

    def __init__(self, text: str) -> None:
        if not _is_text(text):
            raise ValueError("it holds what is no character")  # and no trace of it
        object.__setattr__(self, "_text", text)

    def reveal(self) -> str:
        """Give the text itself, where it is about to be sent or kept safe."""
        return self._text

    def __repr__(self) -> str:
        return _MASK

    def __str__(self) -> str:
        return _MASK

    def __format__(self, form: str) -> str:
        return _MASK  # whatever the form: a precision of one would tell that much

    def __eq__(self, other: object) -> bool:
        """Compare in a time that does not tell how much of the two is equal."""
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    __hash__ = None  # type: ignore[assignment]  # a hash would be the same for the same secret

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not written down")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a secret does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a secret does not change")


def _check_user(_: object, __: object, user: str) -> None:
    if not user.strip() or not _is_text(user):
        raise ValueError("a user has a name")


@frozen
class Credentials:
    """A user's name and password at one archive."""

    user: str = field(validator=_check_user)
    password: Secret


@frozen
class NoLogin:
    """Knows nobody: what an authenticator gets its credentials from when there are none."""

    def credentials(self) -> Credentials | None:
        """Give none."""
        return None

    def refused(self, credentials: Credentials) -> None:
        """Hear what cannot be."""
        del credentials

    def accepted(self, credentials: Credentials) -> None:
        """Hear what cannot be."""
        del credentials


def _is_text(text: str) -> bool:
    """Tell whether *text* can be sent; what a terminal could not decode is half a character (a surrogate)."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
