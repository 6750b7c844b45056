"""What was changed in a form and not saved yet, and what is wrong with it in the core's words; no widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field, frozen

from cartload.errors import SettingsError
from cartload.settings import Settings, merge, structure_options
from cartload_qt import settings_file, settings_text
from cartload_qt.settings_text import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cartload_qt.dialogs.settings.fields import Field
    from cartload_qt.settings_file import SettingsFile
    from cartload_qt.settings_text import Changes, Key


@frozen
class Group:
    """Fields that one attrs class reads together; *read* raises SettingsError for values it does not take."""

    fields: tuple[Field, ...]
    read: Callable[[Mapping[str, object]], object]

    def fault(self, name: str, values: Mapping[str, object]) -> str:
        """Say what is wrong with the field *name* among *values*; nothing, where nothing is or others are."""
        required = {each.name for each in self.fields if each.is_required}
        tried = {each: value for each, value in values.items() if each == name or each in required}
        try:
            self.read(tried)
        except SettingsError as error:
            return _about(error.what, name, (each.name for each in self.fields))
        return ""

    def fault_together(self, values: Mapping[str, object]) -> str:
        """Say what is wrong with *values* of which none is wrong alone; nothing, where nothing was chosen."""
        if any(self.fault(name, values) for name in values):
            return ""
        try:
            if values:
                self.read(values)
        except SettingsError as error:
            return error.what.removesuffix(".")
        return ""


def settings_group(fields: tuple[Field, ...]) -> Group:
    """Make the group of the settings themselves."""
    return Group(fields, lambda values: merge(Settings(), values, ""))


def options_group(plugin: str, kind: type[object], fields: tuple[Field, ...]) -> Group:
    """Make the group of a plugin's options."""
    return Group(fields, lambda values: structure_options(plugin, kind, values))


@define
class Draft:
    """The file as it was read, and what was changed since."""

    file: SettingsFile
    _defaults: dict[Key, object] = field(factory=dict)
    _changes: dict[Key, object] = field(factory=dict)

    def know(self, fields: Iterable[Field]) -> None:
        """Learn the defaults of fields, which need not be written down."""
        self._defaults.update({each.key: each.default for each in fields})

    def value(self, key: Key) -> object:
        """Give what was chosen last; ``UNSET`` for nothing."""
        return self._changes.get(key, self.file.value(key))

    def choose(self, key: Key, value: object) -> None:
        """Change a value; back to what it was is no change."""
        self._changes[key] = value
        if not settings_text.needed(self.file.data, {key: value}, {}):
            del self._changes[key]

    @property
    def changes(self) -> Changes:
        """Give what saving would write."""
        return settings_text.needed(self.file.data, self._changes, self._defaults)

    def values(self, group: Group) -> Mapping[str, object]:
        """Give what is chosen of a group, by name."""
        found = {each.name: self.value(each.key) for each in group.fields}
        return {name: value for name, value in found.items() if value is not UNSET}

    def fault(self, group: Group, name: str) -> str:
        """Say what is wrong with one field."""
        values = self.values(group)
        return group.fault(name, values) if name in values else ""

    def fault_together(self, group: Group) -> str:
        """Say what is wrong with a group as a whole: what is missing, or does not go together."""
        return group.fault_together(self.values(group))

    def save(self) -> None:
        """Write the changes; raises SettingsError, and keeps them then."""
        self.file = settings_file.save(self.file.path, self.changes)


def _about(what: str, name: str, names: Iterable[str]) -> str:
    """Take from the core's text what is about one field; a text that names none is about the one tried."""
    parts = what.removesuffix(".").split("; ")
    own = [part.removeprefix(f"{name}: ") for part in parts if part.startswith(f"{name}: ")]
    if own:
        return "; ".join(own)
    others = tuple(f"{each}: " for each in names if each != name)
    return "" if any(part.startswith(others) for part in parts) else what.removesuffix(".")
