"""The page of the plugins: which are used, and the options of each as a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QListView, QStackedWidget, QVBoxLayout, QWidget

from cartload_qt.dialogs.dialog import Wrapped, bold
from cartload_qt.dialogs.settings.draft import options_group
from cartload_qt.dialogs.settings.fields import fields_of
from cartload_qt.dialogs.settings.form import Form, scrolling
from cartload_qt.dialogs.settings.plugin_list import PluginList
from cartload_qt.dialogs.wording import shortened
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from typing import Any

    from PyQt6.QtCore import QModelIndex

    from cartload.registry import Registered, Registry
    from cartload_qt.dialogs.settings.draft import Draft

_LETTERS = 20


class PluginsPage(QWidget):
    """The list to the left, and the form of the one that is chosen; ``changed`` comes when one was edited."""

    changed = pyqtSignal()

    def __init__(
        self, registry: Registry, draft: Draft, variable: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._draft = draft
        self._forms: list[Form] = []
        self.plugins = PluginList(registry, draft, self)
        self.plugins.toggled.connect(self.changed)
        self._pages = QStackedWidget(self)
        self._page_of: dict[str, QWidget] = {}
        sides = QHBoxLayout()
        sides.addWidget(self._list())
        sides.addWidget(self._pages, 1)
        lines = QVBoxLayout(self)
        lines.addWidget(Wrapped(_explained(variable), self))
        lines.addLayout(sides, 1)

    @property
    def is_right(self) -> bool:
        """Tell whether nothing is wrong with what was looked at."""
        return all(form.is_right for form in self._forms)

    def _list(self) -> QListView:
        self.view = QListView(self)
        self.view.setModel(self.plugins)
        self.view.setAccessibleName(tr("Plugins"))
        self.view.setFixedWidth(_LETTERS * self.view.fontMetrics().averageCharWidth())
        selection = self.view.selectionModel()
        if selection is not None:
            selection.currentChanged.connect(self._turn)
        self.view.setCurrentIndex(self.plugins.index(0))
        return self.view

    def _turn(self, current: QModelIndex) -> None:
        name = self.plugins.names[current.row()]
        if name not in self._page_of:  # only what is looked at is made: plugins may be many
            self._page_of[name] = scrolling(self._page(name))
            self._pages.addWidget(self._page_of[name])
        self._pages.setCurrentWidget(self._page_of[name])

    def _page(self, name: str) -> QWidget:
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.addWidget(bold(shortened(name), page))
        lines.addWidget(Wrapped(self.plugins.about(name), page))
        forms = [form for each in self.plugins.registered(name) if (form := self._form(each, page))]
        for form in forms:
            lines.addWidget(form)
        if self.plugins.registered(name) and not forms:
            lines.addWidget(Wrapped(tr("It has no options."), page))
        lines.addStretch(1)
        self._forms += forms
        return page

    def _form(self, found: Registered[Any], page: QWidget) -> Form | None:
        kind = found.factory.options
        fields = fields_of(kind, ("plugins", found.name))
        if not fields:
            return None
        self._draft.know(fields)
        form = Form(self._draft, options_group(found.name, kind, fields), {}, {}, parent=page)
        form.changed.connect(self.changed)
        return form


def _explained(variable: str) -> str:
    said = tr("A plugin without its check mark is not loaded, from the next start on.")
    if not variable:
        return said
    return said + "\n" + tr("The environment variable {name} is set, and wins over this.", name=variable)
