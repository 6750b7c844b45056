"""What the check of a stored cart finds: of each file, of each series, of all together."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen, mutable

from cartload.model import SeriesUID  # noqa: TC001 - attrs reads the annotations


class Harm(Enum):
    """What is wrong with a damaged file."""

    SIZE = "size"
    """It is shorter or longer than it was."""
    CONTENT = "content"
    """It has its size, and other bytes."""
    IDENTITY = "identity"
    """It is another image."""
    UNREADABLE = "unreadable"
    """It cannot be read, or is no file."""


@frozen
class DamagedFile:
    """A file that is there and is not what was stored; ``what`` says it in a sentence."""

    name: str
    harm: Harm
    what: str


@frozen(kw_only=True)
class SeriesChecked:
    """What the check of one series found; names are relative to its directory.

    ``files`` and ``size`` are what was stored. ``error`` is empty unless the series could not be read to
    its end; its files are then not judged.
    """

    series_uid: SeriesUID
    directory: str = ""
    files: int = 0
    size: int = 0
    missing: tuple[str, ...] = ()
    damaged: tuple[DamagedFile, ...] = ()
    foreign: tuple[str, ...] = ()
    error: str = ""

    @property
    def is_whole(self) -> bool:
        """Tell whether every file is there and unaltered; foreign files do no harm."""
        return not (self.missing or self.damaged or self.error)


@mutable
class Findings:
    """Sums up results as they come; a series that is checked again, after a repair, counts once.

    Of whole series only the number is kept.
    """

    series: int = 0
    files: int = 0
    size: int = 0
    foreign: int = 0
    repaired: int = 0
    harmed: dict[SeriesUID, tuple[int, int]] = field(factory=dict)
    """Of each series that is not whole, how many files are missing and how many damaged."""

    def add(self, checked: SeriesChecked) -> None:
        """Take in one result."""
        uid = checked.series_uid
        is_known = self.harmed.pop(uid, None) is not None
        if not is_known:
            self.series += 1
            self.files += checked.files
            self.size += checked.size
            self.foreign += len(checked.foreign)
        if not checked.is_whole:
            self.harmed[uid] = len(checked.missing), len(checked.damaged)
        elif is_known:
            self.repaired += 1

    @property
    def missing(self) -> int:
        """Count the missing files."""
        return sum(missing for missing, _ in self.harmed.values())

    @property
    def damaged(self) -> int:
        """Count the damaged files."""
        return sum(damaged for _, damaged in self.harmed.values())
