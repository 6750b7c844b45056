"""What the command tells the shell: each exit code with its meaning, and what leads to it."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Self

from cartload.errors import (
    AccessDeniedError,
    DestinationError,
    JournalError,
    LoginError,
    ManifestError,
    NamingError,
    PluginError,
    PolicyError,
    SettingsError,
    StoppedError,
    StorageError,
    TransportError,
    UnreachableError,
)
from cartload.progress import Verdict
from cartload.state import SessionState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.progress import Report


class ExitCode(IntEnum):
    """The exit codes; any other code is a failure too. Each member's docstring is its meaning."""

    def __new__(cls, code: int, meaning: str) -> Self:
        """Make the member of a code and its meaning."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.__doc__ = meaning
        return member

    COMPLETE = 0, "Every series of the cart is complete."
    FAILED = 1, "Some series failed (the report names them); a second run fetches just those."
    USAGE = 2, "Wrong use of the command line."
    INVALID = 3, "The manifest, or a setting, is not valid."
    DENIED = 4, "The login failed, or access was denied."
    POLICY = 5, "The data usage policy was not accepted."
    DESTINATION = 6, "The destination cannot be used: not writable, full, or locked by another session."
    UNREACHABLE = 7, "The archive cannot be reached, or does not answer as it should."
    FAULT = 70, "A fault of cartload itself; the log says where."
    INTERRUPTED = 130, "Interrupted; the same command goes on where it stopped."

    @property
    def meaning(self) -> str:
        """Say what the code means, in one sentence."""
        return self.__doc__ or ""


ERROR_CODES: tuple[tuple[type[Exception], ExitCode], ...] = (
    (ManifestError, ExitCode.INVALID),
    (SettingsError, ExitCode.INVALID),
    (PluginError, ExitCode.INVALID),
    (NamingError, ExitCode.INVALID),
    (LoginError, ExitCode.DENIED),
    (AccessDeniedError, ExitCode.DENIED),
    (PolicyError, ExitCode.POLICY),
    (DestinationError, ExitCode.DESTINATION),
    (UnreachableError, ExitCode.UNREACHABLE),
    (StoppedError, ExitCode.INTERRUPTED),
    (TransportError, ExitCode.UNREACHABLE),
    (StorageError, ExitCode.DESTINATION),
    (JournalError, ExitCode.DESTINATION),
)
"""The first class that an error belongs to decides; an error of none of them is cartload's fault."""

VERDICT_CODES: Mapping[Verdict, ExitCode] = {
    Verdict.COMPLETE: ExitCode.COMPLETE,
    Verdict.FAILED: ExitCode.FAILED,
    Verdict.UNFINISHED: ExitCode.FAILED,
    Verdict.DENIED: ExitCode.DENIED,
}


def of_error(error: BaseException) -> ExitCode:
    """Give the code for an error that ended the command."""
    return next((code for kind, code in ERROR_CODES if isinstance(error, kind)), ExitCode.FAULT)


def of_report(report: Report) -> ExitCode:
    """Give the code for a session that came to an end."""
    if report.state is SessionState.CANCELLED:
        return ExitCode.INTERRUPTED
    return VERDICT_CODES[report.verdict]
