"""A server's answer: status, type, and a body that is read once, bounded, and stopped at once."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from urllib3.exceptions import HTTPError

from cartload.errors import DamagedError, StoppedError, TransportError
from cartload_plugins.network import wording
from cartload_plugins.network.echoes import without

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from urllib3.response import BaseHTTPResponse

    from cartload.ports import Stop
    from cartload_plugins.network.connections import Exchange

_MOST_TEXT = 64 * 1024 * 1024
_MOST_ERROR_TEXT = 8 * 1024
_PIECE = 64 * 1024


class Answer:
    """What a server answered; the body is read once, in order."""

    def __init__(
        self,
        response: BaseHTTPResponse,
        url: str,
        exchange: Exchange,
        stop: Stop,
        clock: Callable[[], float],
    ) -> None:
        self._response = response
        self._exchange = exchange
        self._stop = stop
        self._clock = clock
        self._ended = False
        self.url = url
        self.status = response.status
        self.hidden: Sequence[str] = ()
        """Words that are never quoted: what proved to the server who asks."""

    @property
    def is_ok(self) -> bool:
        """Tell whether the body is what was asked for."""
        return self.status == HTTPStatus.OK

    @property
    def location(self) -> str | None:
        """Give where a redirect points to, None when the answer is no redirect."""
        return self._response.get_redirect_location() or None

    @property
    def media_type(self) -> str:
        """Give the type of the body in lower case without parameters, or nothing."""
        return self._response.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def date(self) -> float | None:
        """Give the server's clock in seconds since 1970, if it tells it."""
        return wording.moment(self._response.headers.get("Date"))

    @property
    def length(self) -> int | None:
        """Give the announced bytes of the body, if they are announced."""
        text = self._response.headers.get("Content-Length", "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None  # noqa: PLR2004 - 64 bits

    def check_encoding(self) -> None:
        """Raise TransportError when the body is compressed though that was not asked for."""
        encoding = self._response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in {"", "identity"}:
            self.close()
            what = f"the archive compressed its answer ({wording.quoted(encoding, longest=20)}) unasked."
            raise TransportError(what, subject=wording.place(self.url))

    def readinto(self, target: memoryview) -> int:
        """Fill *target* as far as the body goes; 0 means that the body has ended as it should.

        Raises TransportError when the connection breaks, StoppedError when the stop was requested.
        """
        self._check_stop()
        try:
            count = self._response.readinto(target)
        except HTTPError as error:
            self._check_stop()
            raise wording.broken(error, self.url) from error
        if self._response.connection is None:
            self._exchange.release()  # urllib3 gave the connection back: it may serve another by now
        if count == 0:
            self._ended = True
            self._check_stop()  # an aborted connection can look like a proper end
        return count

    def text(self, most: int = _MOST_TEXT) -> str:
        """Read the whole body as UTF-8; raises DamagedError when it is longer than *most* bytes."""
        return self._whole(most).decode("utf-8-sig", "replace")

    def refusal(
        self, *, absent: type[TransportError] = TransportError, quoting: bool = True
    ) -> TransportError:
        """Give the error that the status is, *quoting* what the body says; *absent* is what 404 is."""
        return wording.refused(
            self.status,
            self.url,
            body=self.excerpt() if quoting else "",
            retry_after=wording.seconds_to_wait(self._response.headers.get("Retry-After"), self._clock()),
            absent=absent,
        )

    def excerpt(self) -> str:
        """Read the beginning of a body that is not what was asked for, to be quoted."""
        buffer = memoryview(bytearray(_MOST_ERROR_TEXT))
        filled = 0
        try:
            # Nothing is read into no room, which must not be taken for the end of the body.
            while filled < len(buffer) and (count := self.readinto(buffer[filled:])):
                filled += count
        except TransportError:
            return ""  # the status says enough
        return without(bytes(buffer[:filled]).decode("utf-8", "replace"), self.hidden)

    def close(self) -> None:
        """Give the connection back if the body was used up, else drop it: nothing is drained."""
        if not self._ended:
            self._response.close()
        self._response.release_conn()
        self._exchange.release()

    def _whole(self, most: int) -> bytes:
        whole = bytearray()
        piece = memoryview(bytearray(_PIECE))
        while count := self.readinto(piece):
            whole += piece[:count]
            if len(whole) > most:
                what = f"the answer is longer than {most} bytes."
                raise DamagedError(what, subject=wording.place(self.url), retryable=False)
        return bytes(whole)

    def _check_stop(self) -> None:
        if self._stop.requested:
            raise stopped(self.url)


def stopped(url: str) -> StoppedError:
    """Give the error that ends work on *url* because somebody asked for it."""
    return StoppedError("stopped.", subject=wording.place(url))
