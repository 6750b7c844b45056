"""What an authenticator added to a request, for a server that repeats it must not get it written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cartload.ports import Request

_SHORTEST = 8
"""Characters of what is struck out; a shorter word (``Bearer``, a user's name) would spoil the text."""


def proofs(request: Request, signed: Request | None) -> tuple[str, ...]:
    """Name the words that *signed* has more than *request*."""
    if signed is None or signed is request:
        return ()
    values = [value for name, value in signed.headers.items() if request.headers.get(name) != value]
    values += [value for name, value in signed.form if (name, value) not in request.form]
    return tuple(word for value in values for word in value.split() if len(word) >= _SHORTEST)


def without(text: str, words: Sequence[str]) -> str:
    """Give *text* with every one of *words* struck out."""
    for word in words:
        text = text.replace(word, "***")
    return text
