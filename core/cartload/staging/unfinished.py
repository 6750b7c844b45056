"""What sessions that are gone left in staging, and who goes on with it.

It changes hands by one rename into the folder of the session that takes it, so that of two that reach for it
one gets it and the other finds nothing, whether or not the file system knows locks; and only there, where
no other user can put a link in its place, is anything of it looked at or deleted.
"""

from __future__ import annotations

from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.staging.index import series_of
from cartload.staging.owners import is_abandoned, is_left, left_by
from cartload.staging.system import delete_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cartload.model import SeriesUID


class Claim(Enum):
    """What a session wants of the staged images of a series."""

    TAKE = "take"
    """They are its own to go on with."""
    LEAVE = "leave"
    """They are for another session."""
    DROP = "drop"
    """Nobody needs them."""


@frozen
class Unfinished:
    """The staging folder of a cart, as the session finds it that has *mine* in it for its own."""

    staging: Path
    mine: Path
    locked: bool

    def taken(
        self, claim: Callable[[SeriesUID], Claim], place: Callable[[], Path]
    ) -> Iterator[tuple[SeriesUID, Path]]:
        """Move what somebody may need to a place of its own, giving what is claimed; the rest is deleted.

        What somebody else made there, a link or a folder of another user's, stays untouched.
        """
        for owner in self._moved():
            yield from _sorted_out(owner, claim, place)

    def _moved(self) -> Iterator[Path]:
        """Move the folders of sessions that are gone into this one's, and delete files they were writing."""
        for found in sorted(self.staging.iterdir()):
            if found == self.mine or not self._is_abandoned(found):
                continue
            if not found.is_dir():
                with suppress(OSError):
                    found.unlink()
                continue
            moved = self.mine / left_by(found.name)
            with suppress(OSError):  # another session was faster
                found.rename(moved)
                yield moved

    def _is_abandoned(self, found: Path) -> bool:
        try:
            is_own = found.lstat().st_uid == self.mine.lstat().st_uid
        except FileNotFoundError:
            return False  # another session was faster
        return is_own and not found.is_symlink() and is_abandoned(found.name, locked=self.locked)


def _sorted_out(
    owner: Path, claim: Callable[[SeriesUID], Claim], place: Callable[[], Path]
) -> Iterator[tuple[SeriesUID, Path]]:
    if owner.is_symlink():
        owner.unlink()  # put there in the moment in which it was moved
        return
    for folder in _folders(owner):
        if is_left(folder.name):  # its next owner was cut off while it took it over
            yield from _sorted_out(folder, claim, place)
            continue
        uid = series_of(folder)
        fate = Claim.DROP if uid is None else claim(uid)
        if uid is None or fate is Claim.DROP:
            delete_tree(folder)
            continue
        taken = folder.rename(place())
        if fate is Claim.TAKE:
            yield uid, taken
    with suppress(OSError):
        owner.rmdir()


def _folders(owner: Path) -> list[Path]:
    """Give the folders in an owner's; a file in there is nothing that this program made for keeps."""
    areas = []
    for entry in sorted(owner.iterdir()):
        if entry.is_dir() and not entry.is_symlink():
            areas.append(entry)
        else:
            with suppress(OSError):
                entry.unlink()
    return areas
