"""The cart's own folder: its places for journal and staging, its lock, and what earlier sessions left."""

from __future__ import annotations

import stat
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cartload.errors import DestinationError
from cartload.staging.area import StagingArea
from cartload.staging.index import contents_of
from cartload.staging.journals import JournalFile, Journals, journal_name
from cartload.staging.owners import HIDDEN, JOURNAL, STAGING, left_by, new_owner
from cartload.staging.system import delete_tree, disk_errors, make_folders
from cartload.staging.unfinished import Claim, Unfinished

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from filelock import BaseFileLock

    from cartload.model import SeriesUID


def _anything(_: SeriesUID) -> Claim:
    return Claim.TAKE


def cart_folders(directory: Path) -> tuple[Path, ...]:
    """Give *directory* if it is a cart's folder, else those directly in it that are, by name."""
    with disk_errors(directory, "looking for carts"):
        if _has_journal(directory):
            return (directory,)
        return tuple(sorted(folder for folder in directory.iterdir() if _has_journal(folder)))


def _has_journal(folder: Path) -> bool:
    return (folder / JOURNAL).is_dir()


class CartFolder:
    """The folder of one cart at one destination, and the one session that works in it.

    The lock is a courtesy: it warns a second session, and where the file system only pretends to
    lock, both still do no harm, because every name in journal and staging belongs to one process.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._hidden = root / HIDDEN
        self._owner = new_owner()
        self._staging = root / STAGING / self._owner
        self._lock: BaseFileLock | None = None
        self._areas = 0
        self._taken: dict[SeriesUID, Path] = {}

    def journals(self) -> Journals:
        """Give all journals written here so far; none where the folder does not exist."""
        return Journals(self.root / JOURNAL)

    def leftovers(self) -> tuple[str, ...]:
        """Name what stands in staging: of a session that is at work, or of one that was cut off."""
        with disk_errors(self._staging.parent, "looking at what is there"):
            if not self._staging.parent.is_dir():
                return ()
            return tuple(sorted(place.name for place in self._staging.parent.iterdir()))

    def staged_bytes(self) -> int:
        """Give the bytes of all that stands in staging, whoever received it, and may be at work on it now."""
        found = 0
        with disk_errors(self._staging.parent, "looking at what is there"):
            for place in self._staging.parent.rglob("*"):
                with suppress(FileNotFoundError):  # another session is done with it
                    status = place.lstat()
                    found += status.st_size if stat.S_ISREG(status.st_mode) else 0
        return found

    def open(self, now: float, claim: Callable[[SeriesUID], Claim] = _anything) -> JournalFile:
        """Make the folder, take the lock and what earlier sessions left, and give this run's journal.

        *claim* says what becomes of the staged images of a series. Raises DestinationError when the folder
        cannot be used or another session works in it.
        """
        with disk_errors(self.root, "making the cart's folder"):
            _refuse_links(self._hidden)
            for folder in (self.root / JOURNAL, self._staging.parent):
                make_folders(folder)
                _refuse_links(folder, folder.parent)
        self._take_lock()
        try:
            with disk_errors(self.root, "looking through what an earlier session left"):
                self._staging.mkdir(mode=0o700, parents=True)
                left = Unfinished(self._staging.parent, self._staging, self._lock is not None)
                for uid, place in left.taken(claim, self._place):
                    self._take(uid, place)
        except BaseException:
            self.close()
            raise
        moment = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        return JournalFile(self.root / JOURNAL / journal_name(moment, self._owner))

    def area(self, uid: SeriesUID, head_bytes: int) -> StagingArea:
        """Give a staging area for a series, with what an earlier session received of it."""
        taken = self._taken.pop(uid, None)
        return StagingArea(taken or self._place(), head_bytes, uid, taken_over=taken is not None)

    def give_back(self, uid: SeriesUID, area: StagingArea) -> None:
        """Have the next attempt at a series take its area over, as it does that of an earlier session."""
        area.close()
        self._taken[uid] = area.place

    def staged(self, uid: SeriesUID) -> int:
        """Give the bytes that an earlier session, or attempt, received of a series that is yet to begin."""
        place = self._taken.get(uid)
        return 0 if place is None else sum(kept.size for kept in contents_of(place).kept)

    def close(self) -> None:
        """Leave nothing behind but the journal and what is unfinished, and let go of the lock."""
        with suppress(OSError):
            self._staging.rmdir()
        with suppress(OSError):
            self._staging.rename(self._staging.with_name(left_by(self._owner)))
        with suppress(OSError):
            self._staging.parent.rmdir()
        if self._lock is not None:
            lock, self._lock = self._lock, None
            with suppress(OSError):  # the folder may be gone; the system lets go when the process ends
                lock.release()

    def _place(self) -> Path:
        self._areas += 1
        return self._staging / f"{self._areas:06d}"

    def _take(self, uid: SeriesUID, place: Path) -> None:
        """Keep one area a series; two may come of two sessions that did not see each other."""
        if uid in self._taken:
            delete_tree(place)
        else:
            self._taken[uid] = place

    def _take_lock(self) -> None:
        from filelock import FileLock, Timeout  # noqa: PLC0415 - not needed by 'cartload --help'

        lock = FileLock(self._hidden / "lock")
        try:
            lock.acquire(blocking=False)
        except Timeout as error:
            raise DestinationError(
                "another cartload session is at work here.",
                subject=str(self.root),
                advice="Wait for it, or choose another directory.",
            ) from error
        except (OSError, NotImplementedError):
            return  # this file system knows no locks; see the class
        self._lock = lock


def _refuse_links(*folders: Path) -> None:
    """Raise DestinationError where somebody put a link: what is received must stay in the cart's folder."""
    for folder in folders:
        if folder.is_symlink():
            raise DestinationError(
                "a link stands where cartload keeps what it is working on; nothing was written.",
                subject=str(folder),
                advice="Move it away, then run the same command again.",
            )
