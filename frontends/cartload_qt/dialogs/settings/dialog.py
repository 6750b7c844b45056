"""The settings, to be changed in their file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from cartload.errors import SettingsError
from cartload_qt import settings_file
from cartload_qt.dialogs.dialog import Dialog, Icon, Role, Wrapped, headline
from cartload_qt.dialogs.passage import passage
from cartload_qt.dialogs.settings.draft import Draft
from cartload_qt.dialogs.settings.form import Form, scrolling
from cartload_qt.dialogs.settings.general import settings_of
from cartload_qt.dialogs.settings.logins import LoginsPage
from cartload_qt.dialogs.settings.plugins import PluginsPage
from cartload_qt.dialogs.settings.words import GENERAL, NETWORK, setting_words
from cartload_qt.dialogs.trouble import ErrorDialog
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cartload.registry import Registry
    from cartload_qt.dialogs.settings.logins import KeptLogins


class SettingsDialog(Dialog):
    """Answers whether anything was written; a file that is not understood is shown, and left as it is."""

    def __init__(
        self,
        path: Path,
        registry: Registry,
        logins: KeptLogins,
        environment: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, tr("Settings"), careful=False)
        self._registry = registry
        self._winning = settings_file.overriding(environment)
        self._saving = self.button(tr("&Save"), Role.AcceptRole, self._save, default=True)
        self._saving.setEnabled(False)
        self.choice(tr("&Cancel"), Role.RejectRole, answer=False)
        self.pages = QTabWidget(self)
        try:
            self._draft = Draft(settings_file.read(path))
        except SettingsError as error:
            self._show_broken(path, error)
        else:
            self._add_pages()
        self.pages.addTab(LoginsPage(logins, self.pages), tr("&Logins"))
        self.lines.addWidget(self.pages, 1)
        self.pages.setFocus()
        self.finish(64, 42)

    def _add_pages(self) -> None:
        settings = settings_of(self._registry)
        self._draft.know(settings.fields)
        words = setting_words()
        self._forms = [
            Form(self._draft, settings, words, self._winning, shown=shown) for shown in (GENERAL, NETWORK)
        ]
        self.plugins = PluginsPage(self._registry, self._draft, self._winning.get("block", ""), self.pages)
        for form, title in zip(self._forms, (tr("&General"), tr("&Network")), strict=True):
            self.pages.addTab(scrolling(form), title)
            form.changed.connect(self._weigh)
        self.pages.addTab(self.plugins, tr("&Plugins"))
        self.plugins.changed.connect(self._weigh)
        self._weigh()
        where = tr("Kept in {path}. Changes hold from the next cart on.", path=str(self._draft.file.path))
        self.lines.addWidget(Wrapped(where, self))

    def _show_broken(self, path: Path, error: SettingsError) -> None:
        page = QWidget(self.pages)
        lines = QVBoxLayout(page)
        said = tr("The settings file is not understood, and stays as it is.")
        lines.addLayout(headline(page, Icon.SP_MessageBoxWarning, said, str(error)))
        text = settings_file.raw_text(path)
        lines.addWidget(passage(text, tr("Text of the settings file"), page, is_code=True), 1)
        lines.addWidget(Wrapped(tr("Mend it with a text editor, or move it away."), page))
        self.pages.addTab(page, tr("&Text"))

    def _weigh(self) -> None:
        pages: tuple[Form | PluginsPage, ...] = (*self._forms, self.plugins)
        right = [page.is_right for page in pages]
        self._saving.setEnabled(all(right) and bool(self._draft.changes))
        style = self.style()
        warning = style.standardIcon(Icon.SP_MessageBoxWarning) if style is not None else QIcon()
        for number, is_right in enumerate(right):
            self.pages.setTabIcon(number, QIcon() if is_right else warning)

    def _save(self) -> None:
        try:
            self._draft.save()
        except SettingsError as error:
            ErrorDialog(error, self).open()
            return
        self.give(answer=True)
