"""What the menus open beside the cart: settings, plugins, the log, about, and carts of earlier times."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from cartload_common import options
from cartload_common.credentials.keyring_store import KeyringStore
from cartload_common.credentials.login_list import LoginList, usual_path
from cartload_qt.bridge import Bridge, Outcome
from cartload_qt.dialogs.about import AboutDialog
from cartload_qt.dialogs.log import LogDialog
from cartload_qt.dialogs.plugins import PluginsDialog
from cartload_qt.dialogs.settings.dialog import SettingsDialog
from cartload_qt.dialogs.settings.logins import KeptLogins
from cartload_qt.dialogs.unfinished import UnfinishedAnswer, UnfinishedCart, UnfinishedDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.registry import Registry
    from cartload_qt.recent import RecentCart, RecentCarts
    from cartload_qt.window.main_window import MainWindow


class Asides(QObject):
    """Opens them over *window*; what takes time to find out is found out in a thread."""

    def __init__(self, window: MainWindow, carts: RecentCarts) -> None:
        super().__init__(window)
        self._window = window
        self._carts = carts
        self._bridge = Bridge(self)
        self._bridge.ended.connect(self._found)
        self._then: Callable[[Registry], None] = self._show_plugins

    def connect(self) -> None:
        """Say what the menus' actions do."""
        actions = self._window.actions_
        actions.connect(
            (
                (actions.settings, lambda: self._with_plugins(self._show_settings)),
                (actions.plugins, lambda: self._with_plugins(self._show_plugins)),
                (actions.log, lambda: self._window.asking.ask(lambda: LogDialog(self._window), _nothing)),
                (actions.about, lambda: self._window.asking.ask(lambda: AboutDialog(self._window), _nothing)),
                (actions.unfinished, self.offer_unfinished),
            )
        )

    def offer_unfinished(self) -> None:
        """Offer the carts that were not brought home, if there are any."""
        carts = {_shown(cart): cart for cart in self._carts.unfinished() if cart.existing_manifest}
        if not carts:
            self._window.note_nothing_unfinished()
            return
        self._window.asking.ask(
            lambda: UnfinishedDialog(list(carts), self._window), lambda answer: self._take(answer, carts)
        )

    def _take(self, answer: object, carts: dict[UnfinishedCart, RecentCart]) -> None:
        if not isinstance(answer, UnfinishedAnswer):
            return
        for each in answer.forget:
            self._carts.forget(carts[each])
        if answer.resume is not None:
            self._window.resume_cart(carts[answer.resume])

    def _with_plugins(self, then: Callable[[Registry], None]) -> None:
        """Load the plugins, as they are now, and go on with them; loading runs others' code."""
        if not self._bridge.is_busy:
            self._then = then
            self._bridge.begin(lambda _: options.load_registry(options.read_settings()))

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
            lambda: SettingsDialog(path, registry, kept, os.environ, self._window), _nothing
        )


def _nothing(_: object) -> None:
    """Do nothing with the answer: there is none."""


def _shown(cart: RecentCart) -> UnfinishedCart:
    return UnfinishedCart(
        cart.name,
        Path(cart.root),
        datetime.fromtimestamp(cart.when, UTC).astimezone(),
        cart.done,
        cart.series,
    )
