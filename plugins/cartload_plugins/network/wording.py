"""What went wrong on the way to an archive and back, as errors in plain words, without secrets."""

from __future__ import annotations

import re
import ssl
import unicodedata
from email.utils import parsedate_to_datetime
from html import unescape
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)

from cartload.errors import AccessDeniedError, LoginError, TransportError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_QUOTE = 160
_MOST_LOOKED_AT = 8 * 1024
_INVISIBLE = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_PASSING = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)  # 408, 425, 429
_LOGIN_FAILED = 461  # NBIA's own

CHECK_NETWORK = (
    "Check the network, the firewall and the proxy, then try again; 'cartload doctor' looks at each."
)
CHECK_CERTIFICATE = (
    "Nothing was sent. If your institution inspects TLS, add its certificate by --ca-file or the setting "
    "ca_file; also check the clock of this machine."
)


def place(url: str) -> str:
    """Give *url* for a message: no user, no query, no fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(an address that cannot be read)"
    host = parts.netloc.rpartition("@")[2]
    return quoted(f"{parts.scheme}://{host}{parts.path}", longest=200)


def quoted(text: str, *, longest: int = _LONGEST_QUOTE) -> str:
    """Give a server's text for a message: one line, no markup, no control characters, not long."""
    text = text[:_MOST_LOOKED_AT]
    plain = unescape(_INVISIBLE.sub(" ", text)) if "<" in text else text
    line = " ".join("".join(_visible(plain)).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def broken(error: HTTPError, url: str) -> TransportError:
    """Say what urllib3's *error* on the way to *url* means."""
    subject = place(url)
    match error:
        case NameResolutionError():
            what = "the name of the archive could not be found."
            return UnreachableError(what, subject=subject, advice=CHECK_NETWORK, retryable=True)
        case NewConnectionError():
            what = "the archive could not be connected to."
            return UnreachableError(what, subject=subject, advice=CHECK_NETWORK, retryable=True)
        case ConnectTimeoutError():
            what = "the archive did not answer in time."
            return UnreachableError(what, subject=subject, advice=CHECK_NETWORK, retryable=True)
        case ReadTimeoutError():
            return TransportError(
                "the archive stopped sending, or nearly so.", subject=subject, retryable=True
            )
        case SSLError():
            return _insecure(error, subject)
        case _:
            what = "the connection broke before the answer was complete."
            return TransportError(what, subject=subject, retryable=True)


def refused(
    status: int,
    url: str,
    *,
    body: str = "",
    retry_after: float | None = None,
    absent: type[TransportError] = TransportError,
) -> TransportError:
    """Say what an answer with *status* means; *absent* is the kind of error that 404 is."""
    subject = place(url)
    said = quoted(body)
    what = f"the archive answered {spoken(status)}" + (f': "{said}".' if said else ".")
    if status in {HTTPStatus.UNAUTHORIZED, _LOGIN_FAILED}:
        return LoginError(what, subject=subject)
    if status == HTTPStatus.FORBIDDEN:
        return AccessDeniedError(what, subject=subject)
    if status == HTTPStatus.NOT_FOUND:
        return absent(what, subject=subject)
    passing = status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return TransportError(what, subject=subject, retryable=passing, retry_after=retry_after)


def seconds_to_wait(header: str | None, now: float) -> float | None:
    """Read ``Retry-After`` (RFC 9110 section 10.2.3): seconds, or a date; *now* is seconds since 1970."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    then = moment(text)
    return None if then is None else max(0.0, then - now)


def moment(header: str | None) -> float | None:
    """Read a date (RFC 9110 section 5.6.7) as seconds since 1970; None if it is none."""
    try:
        return None if header is None else parsedate_to_datetime(header).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def spoken(status: int) -> str:
    """Write a status with its meaning."""
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)


def distrust(error: SSLError) -> str | None:
    """Say why a certificate is not trusted; None when the encryption failed for another reason."""
    cause = error.args[0] if error.args else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return quoted(cause.verify_message) or "it does not fit"
    return None


def _insecure(error: SSLError, subject: str) -> TransportError:
    if (why := distrust(error)) is not None:
        what = f"the archive's certificate cannot be trusted ({why})."
        return UnreachableError(what, subject=subject, advice=CHECK_CERTIFICATE)
    what = "the encrypted connection broke."
    return TransportError(what, subject=subject, retryable=True)


def _visible(text: str) -> Iterator[str]:
    """Drop what can command a terminal or turn the writing direction; control characters become blanks."""
    for character in text:
        category = unicodedata.category(character)
        if category == "Cc":
            yield " "
        elif not category.startswith("C"):
            yield character
