"""The plugins by name, as a list in which each can be blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QAbstractListModel, QModelIndex, Qt, pyqtSignal

from cartload_common import texts
from cartload_qt.dialogs.wording import kind_word, shortened
from cartload_qt.plain import tip
from cartload_qt.settings_text import UNSET
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from PyQt6.QtCore import QObject

    from cartload.registry import Registered, Registry
    from cartload_qt.dialogs.settings.draft import Draft

BLOCK = ("block",)


class PluginList(QAbstractListModel):
    """Names of plugins, checked when they are to be used; ``toggled`` comes when that was changed."""

    toggled = pyqtSignal()

    def __init__(self, registry: Registry, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._by_name: dict[str, list[Registered[Any]]] = {name: [] for name in self._blocked()}
        for found in registry.all():
            self._by_name.setdefault(found.name, []).append(found)
        self.names = sorted(self._by_name)

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Count the names."""
        return 0 if parent is not None and parent.isValid() else len(self.names)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give a name, whether it is used, and what it is."""
        if not index.isValid():
            return None
        name = self.names[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return texts.safe(shortened(name))
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Unchecked if name in self._blocked() else Qt.CheckState.Checked
        return tip(self.about(name)) if role == Qt.ItemDataRole.ToolTipRole else None

    def setData(self, index: QModelIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Block a plugin, or use it again, from the next start on."""
        if not index.isValid() or role != Qt.ItemDataRole.CheckStateRole:
            return False
        name = self.names[index.row()]
        others = [each for each in self._blocked() if each != name]
        is_used = Qt.CheckState(value) is Qt.CheckState.Checked
        blocked = others if is_used else [*others, name]
        self._draft.choose(BLOCK, blocked or UNSET)
        self.dataChanged.emit(index, index, [role])
        self.toggled.emit()
        return True

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Tell that it can be checked."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.isValid() else flags

    def registered(self, name: str) -> Sequence[Registered[Any]]:
        """Give what is there under a name: one for each kind, none when it is blocked."""
        return self._by_name[name]

    def about(self, name: str) -> str:
        """Say what a plugin is, and whose."""
        if not self._by_name[name]:
            return tr("It is blocked, and was not loaded.")
        return "\n".join(
            tr("{kind} of {distribution} {version}: {summary}", **_told(each)) for each in self._by_name[name]
        )

    def _blocked(self) -> list[str]:
        chosen = self._draft.value(BLOCK)
        return [each for each in chosen if isinstance(each, str)] if isinstance(chosen, list) else []


def _told(found: Registered[Any]) -> dict[str, str]:
    return {
        "kind": kind_word(found.kind),
        "distribution": found.distribution,
        "version": found.version,
        "summary": found.factory.summary,
    }
