"""One root error, and a child for each port; each carries its subject and whether it can be retried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence


class CartloadError(Exception):
    """Tell what happened, to what, what was kept, and what to do next.

    ``subject`` names the thing it happened to (a series, a file, a URL without secrets), ``advice``
    says what was kept and what the user can do, ``retryable`` whether the same request may succeed
    later, and ``retry_after`` the seconds the other side asked to wait, if it did.
    """

    def __init__(
        self,
        what: str,
        *,
        subject: str = "",
        advice: str = "",
        retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.subject = subject
        self.advice = advice
        self.retryable = retryable
        self.retry_after = retry_after

    def __str__(self) -> str:
        text = f"{self.subject}: {self.what}" if self.subject else self.what
        return f"{text} {self.advice}" if self.advice else text


@frozen
class ManifestFault:
    """One thing that is wrong with a manifest; ``line`` counts from 1, or is None for the whole."""

    text: str
    line: int | None = None

    def __str__(self) -> str:
        return self.text if self.line is None else f"line {self.line}: {self.text}"


class ManifestError(CartloadError):
    """The manifest cannot be used; every fault is told at once."""

    def __init__(self, name: str, faults: Sequence[ManifestFault], *, advice: str = "") -> None:
        self.faults = tuple(faults)
        what = "; ".join(str(fault) for fault in self.faults).rstrip(".") + "."
        super().__init__(what, subject=name, advice=advice)


class SettingsError(CartloadError):
    """A setting or an option of a plugin is not valid."""


class PluginError(CartloadError):
    """A plugin failed to load, to register or to work, or there is no such plugin."""


class TransportError(CartloadError):
    """The archive did not give what it was asked for."""


class UnreachableError(TransportError):
    """No answer could be had from the archive at all."""


class UnsupportedError(TransportError):
    """The archive does not speak this protocol; another transport may."""


class AccessDeniedError(TransportError):
    """The archive refuses this series to this user."""


class LoginError(TransportError):
    """The archive does not accept the login."""


class DamagedError(TransportError):
    """What arrived is not what the archive announced: cut, altered, miscounted or forged."""

    def __init__(
        self,
        what: str,
        *,
        subject: str = "",
        advice: str = "",
        retryable: bool = True,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(what, subject=subject, advice=advice, retryable=retryable, retry_after=retry_after)


class NamingError(CartloadError):
    """A name cannot be made, or a template cannot tell two images apart."""


class StorageError(CartloadError):
    """A series could not be kept where it belongs; nothing that was there before is touched."""


class DestinationError(StorageError):
    """The destination itself cannot be used: not writable, full, locked, gone."""


class DiskFullError(DestinationError):
    """There is no room left; a session that meets it rests until there is some."""


class PolicyError(CartloadError):
    """The archive's data usage policy was not accepted."""


class LedgerError(PolicyError):
    """The list of accepted policies cannot be read or written; a session asks again, and goes on."""


class JournalError(CartloadError):
    """The journal says something that cartload does not understand."""


class TransitionError(CartloadError):
    """The state tables know no way from this state by this command or event."""


class StoppedError(CartloadError):
    """The work was stopped because somebody asked for it; not a failure."""
