"""What a user accepted before, archive by archive: so that the same text is asked once, unless it changes.

Where that is kept is for whoever drives the session: the core writes nothing outside a cart's folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from attrs import frozen

if TYPE_CHECKING:
    from cartload.ports import Acceptance


@frozen
class Accepted:
    """What was accepted last of an archive: the text by its SHA-256, when (UTC, ISO 8601), and how."""

    archive: str
    sha256: str
    at: str
    by: str


@runtime_checkable
class Ledger(Protocol):
    """Knows the policies that one user accepted; both methods raise LedgerError where it is of no use."""

    def find(self, archive: str) -> Accepted | None:
        """Give what was accepted last of an archive."""
        ...

    def remember(self, acceptance: Acceptance) -> None:
        """Keep what has just been accepted, in the place of what was accepted of this archive before."""
        ...


@frozen
class NoLedger:
    """Knows nothing and keeps nothing: every cart is asked for."""

    def find(self, archive: str) -> None:
        """Know of nothing."""

    def remember(self, acceptance: Acceptance) -> None:
        """Forget it."""
