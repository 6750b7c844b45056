"""The plugins that are there, from whom, those that failed, and those that are blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from cartload_qt.dialogs.dialog import Dialog, Icon, Role, Wrapped, headline
from cartload_qt.dialogs.rows import Rows, RowsView
from cartload_qt.dialogs.wording import kind_word
from cartload_qt.translation import numbered, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cartload.registry import Registry
    from cartload_qt.dialogs.rows import Row


class PluginsPage(QWidget):
    """Shows a registry."""

    def __init__(self, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        if registry.failures:
            self._show_failures(registry)
        self.table = self._table(
            (tr("Kind"), tr("Name"), tr("Version"), tr("Distribution"), tr("What it does")),
            plugin_rows(registry),
            tr("Plugins"),
        )
        self._lines.addWidget(self.table, 3)
        if registry.blocked:
            names = ", ".join(registry.blocked)
            self._lines.addWidget(Wrapped(tr("Blocked: {names}", names=names), self))

    def _show_failures(self, registry: Registry) -> None:
        said = numbered("{number} plugin failed.", "{number} plugins failed.", len(registry.failures))
        self._lines.addLayout(headline(self, Icon.SP_MessageBoxWarning, said, tr("The others work.")))
        rows = [(each.plugin, each.distribution, each.reason) for each in registry.failures]
        titles = (tr("Plugin"), tr("Distribution"), tr("Reason"))
        self._lines.addWidget(self._table(titles, rows, tr("Plugins that failed")), 1)

    def _table(self, titles: Row, rows: Sequence[Row], name: str) -> RowsView:
        return RowsView(Rows(titles, rows, self), name, self)


class PluginsDialog(Dialog):
    """The page in a window of its own."""

    def __init__(self, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("Plugins"))
        page = PluginsPage(registry, self)
        self.lines.addWidget(page, 1)
        self.button(tr("&Copy"), Role.ActionRole, page.table.copy)
        self.choice(tr("C&lose"), Role.RejectRole, answer=None, default=True)
        self.finish(64, 26)


def plugin_rows(registry: Registry) -> list[Row]:
    """Give a row for each plugin."""
    return [
        (kind_word(each.kind), each.name, each.version, each.distribution, each.factory.summary)
        for each in registry.all()
    ]
