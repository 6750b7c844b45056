"""What the menus open beside the cart: settings, plugins, the log, about."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from cartload.errors import SettingsError
from cartload.settings import Settings
from cartload_common import options
from cartload_common.credentials.keyring_store import KeyringStore
from cartload_common.credentials.login_list import LoginList, usual_path
from cartload_qt.bridge import Bridge, Outcome
from cartload_qt.choices import Choices
from cartload_qt.dialogs.about import AboutDialog
from cartload_qt.dialogs.log import LogDialog
from cartload_qt.dialogs.plugins import PluginsDialog
from cartload_qt.dialogs.settings.dialog import SettingsDialog
from cartload_qt.dialogs.settings.logins import KeptLogins

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.registry import Registry
    from cartload_qt.bridge import Beside
    from cartload_qt.stage import Stage
    from cartload_qt.window.main_window import MainWindow


class Asides(QObject):
    """Opens them over *window*; what takes time is found out in a thread, or *beside*."""

    def __init__(self, window: MainWindow, beside: Beside) -> None:
        super().__init__(window)
        self._window = window
        self._beside = beside
        self._fresh: Settings | None = None
        window.controller.stage_changed.connect(self._renew)
        self._bridge = Bridge(self)
        self._bridge.ended.connect(self._found)
        self._then: Callable[[Registry], None] = self._show_plugins
        actions, asking = window.actions_, window.asking
        actions.connect(
            (
                (actions.settings, lambda: self._with_plugins(self._show_settings)),
                (actions.plugins, lambda: self._with_plugins(self._show_plugins)),
                (actions.log, lambda: asking.ask(lambda: LogDialog(window), _nothing)),
                (actions.about, lambda: asking.ask(lambda: AboutDialog(window), _nothing)),
            )
        )

    def _with_plugins(self, then: Callable[[Registry], None]) -> None:
        """Load the plugins, as they are now, and go on with them; loading runs others' code."""
        if not self._bridge.is_busy:
            self._then = then
            self._bridge.begin(_registry)

    def _found(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            self._window.show_error(outcome.error)
        else:
            registry: Registry = outcome.value  # type: ignore[assignment]  # begun above
            self._then(registry)

    def _show_plugins(self, registry: Registry) -> None:
        self._window.asking.ask(lambda: PluginsDialog(registry, self._window), _nothing)

    def _show_settings(self, registry: Registry) -> None:
        path = options.settings_path(os.environ)
        kept = KeptLogins(KeyringStore(), LoginList(usual_path(), self._window.note))
        self._window.asking.ask(
            lambda: SettingsDialog(path, registry, kept, os.environ, self._window), self._saved
        )

    def _saved(self, answer: object) -> None:
        """Have what was saved hold from the next cart on: what runs goes on as it was begun."""
        if answer is True:
            self._beside.do(options.read_settings, self._show_saved)

    def _show_saved(self, settings: Settings) -> None:
        self._fresh = settings
        self._renew(self._window.controller.stage)

    def _renew(self, stage: Stage) -> None:
        settings = self._fresh
        if settings is not None and not stage.is_working:
            self._fresh = None
            panel = self._window.cart_page.choices
            panel.show_choices(Choices.of(settings, panel.choices().directory))


def _registry(_: object) -> Registry:
    """Load the plugins; where the settings cannot be read all of them, and the form shows why."""
    try:
        settings = options.read_settings()
    except SettingsError:
        settings = Settings()
    return options.load_registry(settings)


def _nothing(_: object) -> None:
    """Do nothing with the answer: there is none."""
