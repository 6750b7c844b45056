"""The settings file as a person keeps it: read anew for every change, and replaced at once.

So a change made elsewhere is not lost, no half of a file is ever there, and a broken one stays as it is.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import attrs
from attrs import frozen

from cartload.errors import SettingsError
from cartload.settings import Settings
from cartload_common.options import ONLY_IN_FILES, PREFIX
from cartload_qt import settings_text
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cartload_qt.settings_text import Changes, Data, Key

MOST_BYTES = 1024 * 1024
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
"""Windows would write two characters for a line's end."""


@frozen
class SettingsFile:
    """What stands in the file: its text, and what that means."""

    path: Path
    text: str
    data: Data

    def value(self, key: Key) -> object:
        """Give the value of a key as plain data; ``UNSET`` where the file has none."""
        return settings_text.value_of(self.data, key)


def read(path: Path) -> SettingsFile:
    """Read the file; one that is not there is empty. Raises SettingsError."""
    text = _content(path)
    try:
        return SettingsFile(path, text, settings_text.data_of(text))
    except ValueError as error:
        raise SettingsError(tr("it is not valid TOML: {reason}.", reason=error), subject=str(path)) from error


def raw_text(path: Path) -> str:
    """Give whatever can be read of a file, for a person to look at."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode("utf-8-sig", errors="replace")
    except OSError:
        return ""


def save(path: Path, changes: Changes) -> SettingsFile:
    """Write *changes* into the file as it is now, and give what it says then; raises SettingsError."""
    file = read(path)
    try:
        text = settings_text.changed(file.text, changes)
    except ValueError as error:
        advice = tr("Nothing was written; change it with a text editor.")
        raise SettingsError(f"{error}.", subject=str(path), advice=advice) from error
    if text != file.text:
        _replace(path, text)
    return SettingsFile(path, text, settings_text.data_of(text))


def overriding(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Give the settings for which the environment has a value, each with its variable: that one wins."""
    names = (field.name for field in attrs.fields(Settings) if field.name not in ONLY_IN_FILES)
    variables = {name: f"{PREFIX}{name.upper()}" for name in names}
    return {name: variable for name, variable in variables.items() if variable in environment}


def _content(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        text = content.decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else tr("it is not UTF-8")
        raise SettingsError(tr("it cannot be read: {reason}.", reason=why), subject=str(path)) from error
    if len(content) > MOST_BYTES:
        raise SettingsError(tr("it is too large to be a settings file."), subject=str(path))
    return text


def _replace(path: Path, text: str) -> None:
    """Write beside the file and put that in its place; a file keeps its mode.

    A new one is its user's alone: a proxy's address may hold a password.
    """
    try:
        target = path.resolve()  # a link stays one
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = _mode(target)
        part = target.with_name(f"{target.name}.{os.getpid()}.part")
        part.unlink(missing_ok=True)
        try:
            _write(part, text.encode(), mode)
            part.replace(target)
        except OSError:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritable(path, error.strerror or str(error)) from error
    except UnicodeEncodeError as error:
        raise _unwritable(path, tr("it would hold half a character")) from error


def _mode(target: Path) -> int:
    """Give the mode that the file has, or shall have; raises PermissionError where it may not be written."""
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return 0o600
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return mode


def _write(part: Path, content: bytes, mode: int) -> None:
    with os.fdopen(os.open(part, _NEW, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.chmod(mode)


def _unwritable(path: Path, why: str) -> SettingsError:
    return SettingsError(
        tr("it cannot be written ({reason}).", reason=why),
        subject=str(path),
        advice=tr("The settings are as they were."),
    )
