"""Installs and removes: desktop entry, media type, icons, and who opens manifests."""

from __future__ import annotations

import contextlib
import os
import sys
import sysconfig
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from cartload_qt.desktop.identity import MANIFEST_TYPE
from cartload_qt.desktop.integration import default_application, entry, media_type, own_files, tools
from cartload_qt.desktop.integration.mark import MARK
from cartload_qt.desktop.integration.steps import Outcome, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cartload_qt.desktop.integration.places import Places


def install(places: Places, command: Sequence[str]) -> Iterator[Step]:
    """Install all of it, with *command* to open a manifest; a second time changes nothing."""
    yield own_files.put(places.application_icon, _icon(places.application_icon.name))
    yield own_files.put(places.manifest_icon, _icon(places.manifest_icon.name))
    yield own_files.put(places.media_type, media_type.TEXT)
    opens = own_files.put(places.entry, entry.text(command))
    yield opens
    if not opens.is_failure:
        yield _default(places, wanted=True)
    yield from _noticed(places)


def remove(places: Places) -> Iterator[Step]:
    """Remove all of it that is there; what others put into its places stays."""
    yield _default(places, wanted=False)
    for path in (places.entry, places.media_type, places.manifest_icon, places.application_icon):
        yield own_files.take_away(path)
    yield from _noticed(places)


def opening_command() -> tuple[str, ...]:
    """Say how this cartload opens its window: the script beside this Python, else this Python itself.

    ``-P``: not with what happens to lie in the folder where the desktop starts programs.
    """
    script = Path(sysconfig.get_path("scripts")) / "cartload"
    if os.access(script, os.X_OK):
        return (str(script), "gui")
    return (sys.executable, "-P", "-m", "cartload_cli.main", "gui")


def _icon(name: str) -> str:
    """Read an icon of ours, and mark it."""
    drawn = (files("cartload_qt") / "icons" / name).read_text(encoding="utf-8")
    return f"{drawn.rstrip()}\n<!-- {MARK} -->\n"


def _default(places: Places, *, wanted: bool) -> Step:
    """Have manifests opened by cartload, or no longer."""
    path = places.defaults
    change = default_application.with_default if wanted else default_application.without_default
    try:
        before = path.read_text(encoding="utf-8", errors="surrogateescape") if path.exists() else ""
        after = change(before, MANIFEST_TYPE, places.entry.name)
        if after == before:
            return Step(str(path), Outcome.UNCHANGED)
        if not after and not path.is_symlink():
            path.unlink()
            return Step(str(path), Outcome.REMOVED)
        # A link to the list, as those have who keep their settings elsewhere, stays one.
        own_files.replace(path.resolve(), after.encode("utf-8", "surrogateescape"))
    except OSError as error:
        return Step(str(path), Outcome.FAILED, error.strerror or str(error))
    return Step(str(path), Outcome.WRITTEN)


def _noticed(places: Places) -> Iterator[Step]:
    """Have the desktop notice; a theme counts as changed when its folder does."""
    with contextlib.suppress(OSError):
        os.utime(places.icons)
    for program, folder in (
        ("update-mime-database", places.mime),
        ("update-desktop-database", places.applications),
    ):
        if folder.is_dir():
            yield tools.run(program, folder)
