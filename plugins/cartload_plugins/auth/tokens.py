"""A server's answer to a request for a token (RFC 6749 section 5), and the token that is in it."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, TypeGuard
from urllib.parse import parse_qsl

from attrs import frozen

from cartload.credentials import Secret
from cartload.errors import DamagedError
from cartload_plugins.network.wording import place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload_plugins.network.answer import Answer

_MOST_BYTES = 256 * 1024
_PLAIN = re.compile(r"[!-~]+")
_ERRORS = frozenset(
    {"invalid_client", "invalid_grant", "invalid_request", "unauthorized_client", "unsupported_grant_type"}
)
_LEAST_LEFT = 0.2
"""Of its life, what a token must have left to be used: two clocks differ, and answers take time."""
_MOST_LEFT = 60.0
"""Seconds that are enough, however long it lives."""


@frozen
class Token:
    """What a server gave: for requests, for another token, and when (seconds since 1970) to ask for that."""

    access: Secret
    refresh: Secret | None
    renew_at: float

    @property
    def header(self) -> str:
        """Give the value of ``Authorization``."""
        return f"Bearer {self.access.reveal()}"


def read_token(answer: Answer, asked_at: float) -> Token:
    """Read JSON, or a form as some servers send; raises DamagedError, which quotes nothing of it."""
    text = answer.text(_MOST_BYTES)
    is_form = answer.media_type == "application/x-www-form-urlencoded"
    told = dict(parse_qsl(text)) if is_form else _object(text)
    access, refresh = told.get("access_token"), told.get("refresh_token")
    if not is_token(access):
        what = "the archive's answer to the login holds no token."
        raise DamagedError(what, subject=place(answer.url), retryable=False)
    return Token(
        Secret(access), Secret(refresh) if is_token(refresh) else None, _end(told.get("expires_in"), asked_at)
    )


def error_of(answer: Answer) -> str:
    """Give the error that *answer* names, if it is one of those that the standard knows, else nothing."""
    told = _object(answer.excerpt()).get("error")
    return told if isinstance(told, str) and told in _ERRORS else ""


def is_token(text: object) -> TypeGuard[str]:
    """Tell whether *text* can stand in a header."""
    return isinstance(text, str) and _PLAIN.fullmatch(text) is not None


def _object(text: str) -> Mapping[str, object]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _end(seconds: object, asked_at: float) -> float:
    """Tell when to renew; a token whose life is not told is used until it is refused."""
    try:
        life = float(seconds) if isinstance(seconds, str | int | float) else math.inf
    except (ValueError, OverflowError):
        return math.inf
    if not life > 0:
        return math.inf
    return asked_at + life - min(_MOST_LEFT, _LEAST_LEFT * life)
