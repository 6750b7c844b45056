"""What a storage is given, what it keeps, and what it says of it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Self

from attrs import frozen

from cartload.model import (  # noqa: TC001 - cattrs reads the annotations
    MemberKind,
    SeriesUID,
    SOPInstanceUID,
    UsagePolicy,
)

if TYPE_CHECKING:
    from pathlib import Path, PurePosixPath

    from cartload.manifest import Manifest
    from cartload.model import SeriesRecord


@frozen
class StagedFile:
    """One verified file that waits in staging: ``path`` is where, ``name`` what it is to be called."""

    name: str
    path: Path
    size: int
    md5: str
    kind: MemberKind
    sop_uid: SOPInstanceUID | None = None


@frozen
class StagedSeries:
    """A whole, verified series on its way into a storage.

    ``folder`` holds exactly the files of ``files``. ``replaces`` names the files of an earlier
    copy that cartload stored in the same directory and that this one replaces.
    """

    series: SeriesRecord
    directory: PurePosixPath
    folder: Path
    files: tuple[StagedFile, ...]
    replaces: frozenset[str] = frozenset()

    def stored(self) -> StoredSeries:
        """Give the record of this series once it is stored, in this directory."""
        files = (StoredFile(file.name, file.size, file.md5, file.kind, file.sop_uid) for file in self.files)
        return StoredSeries(self.series.series_uid, str(self.directory), tuple(files))


@frozen
class StoredFile:
    """One file of a stored series, as the journal remembers it."""

    name: str
    size: int
    md5: str
    kind: MemberKind
    sop_uid: SOPInstanceUID | None = None


@frozen
class StoredSeries:
    """A series that a storage keeps: where, and exactly what."""

    series_uid: SeriesUID
    directory: str
    files: tuple[StoredFile, ...]

    @property
    def size(self) -> int:
        """Give the bytes of all its files."""
        return sum(file.size for file in self.files)


class Holding(Enum):
    """What a storage finds where a series belongs."""

    ABSENT = "absent"
    """Nothing is there."""
    WHOLE = "whole"
    """Everything is there, as it was recorded."""
    DAMAGED = "damaged"
    """It was stored once; something is missing or has another size now."""
    FOREIGN = "foreign"
    """Something is there that cartload did not store."""


@frozen
class Verdict:
    """What a check of a stored series found; names are relative to its directory."""

    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Tell whether every file is there and unaltered; foreign files do no harm."""
        return not (self.missing or self.damaged)


_EARLIER = "earlier "


class AcceptedBy(Enum):
    """How a user accepts a policy."""

    PROMPT = "prompt"
    """The text was shown, and somebody said yes."""
    FLAG = "flag"
    """It was said beforehand, by an option or a setting."""


@frozen
class Acceptance:
    """That a user accepted an archive's policy: which text, when (UTC, ISO 8601), and how.

    ``by`` is the value of an ``AcceptedBy``, such as ``prompt``; or ``earlier prompt`` where nobody was asked
    for this cart, because the user's ledger knows of it.
    """

    policy: UsagePolicy
    at: str
    by: str

    @classmethod
    def known(cls, policy: UsagePolicy, at: str, by: str) -> Self:
        """Make an acceptance of which the user's ledger knows."""
        return cls(policy, at, f"{_EARLIER}{by}")

    @property
    def given_by(self) -> str:
        """Tell how it was accepted when it was."""
        return self.by.removeprefix(_EARLIER)


@frozen
class Cart:
    """What a storage may want to keep beside the series: the manifest and the accepted policy."""

    manifest: Manifest
    acceptance: Acceptance | None = None
