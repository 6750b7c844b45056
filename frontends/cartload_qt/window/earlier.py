"""Carts of earlier times: listed, opened again, and offered where they were not brought home."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from cartload_qt.dialogs.unfinished import UnfinishedAnswer, UnfinishedCart, UnfinishedDialog
from cartload_qt.plain import menu_text, tip
from cartload_qt.stage import Stage
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cartload_qt.bridge import Beside
    from cartload_qt.recent import RecentCart, RecentCarts
    from cartload_qt.window.main_window import MainWindow

    Offered = Mapping[UnfinishedCart, tuple[RecentCart, Path]]


class Earlier(QObject):
    """Shows what *carts* lists in *window*; the list and the carts' files are looked at *beside*."""

    def __init__(self, window: MainWindow, carts: RecentCarts, beside: Beside) -> None:
        super().__init__(window)
        self._window = window
        self._carts = carts
        self._beside = beside
        window.start_page.resumed.connect(self.resume)
        window.actions_.connect(((window.actions_.unfinished, self.offer),))

    def show(self) -> None:
        """List the carts on the start page and in the menu."""
        self._beside.do(self._carts.recent, self._list)

    def offer(self) -> None:
        """Offer the carts that were not brought home, or say that there are none."""
        self._beside.do(self._unfinished, self._ask)

    def offer_at_the_start(self) -> None:
        """Offer them if there are any, and nobody has opened another meanwhile."""

        def ask(offered: Offered) -> None:
            if offered and self._window.controller.stage is Stage.EMPTY:
                self._ask(offered)

        self._beside.do(self._unfinished, ask)

    def resume(self, cart: RecentCart) -> None:
        """Open a cart where it was going."""

        def go_on(manifest: Path | None) -> None:
            if manifest is None:
                self._window.note(tr("The manifest of {name} is no longer there.", name=cart.name))
            else:
                self._window.open_manifest(manifest, Path(cart.root))

        self._beside.do(lambda: cart.existing_manifest, go_on)

    def _list(self, carts: Sequence[RecentCart]) -> None:
        self._window.start_page.show_recent(carts)
        menu = self._window.recent_menu
        menu.clear()
        for cart in carts:
            action = menu.addAction(menu_text(cart.name))
            if action is not None:
                action.setToolTip(tip(cart.manifest))
                action.triggered.connect(lambda _, cart=cart: self.resume(cart))
        menu.setEnabled(bool(carts))

    def _unfinished(self) -> Offered:
        found = ((cart, cart.existing_manifest) for cart in self._carts.unfinished())
        return {_shown(cart): (cart, manifest) for cart, manifest in found if manifest is not None}

    def _ask(self, offered: Offered) -> None:
        if not offered:
            self._window.note(tr("All carts of before are complete."))
            return
        self._window.asking.ask(
            lambda: UnfinishedDialog(list(offered), self._window), lambda answer: self._take(answer, offered)
        )

    def _take(self, answer: object, offered: Offered) -> None:
        if not isinstance(answer, UnfinishedAnswer):
            return
        forgotten = [offered[each][0] for each in answer.forget]
        if forgotten:
            self._beside.do(lambda: self._forget(forgotten))
            self.show()
        if answer.resume is not None:
            cart, manifest = offered[answer.resume]
            self._window.open_manifest(manifest, Path(cart.root))

    def _forget(self, carts: Sequence[RecentCart]) -> None:
        for cart in carts:
            self._carts.forget(cart)


def _shown(cart: RecentCart) -> UnfinishedCart:
    return UnfinishedCart(
        cart.name,
        Path(cart.root),
        datetime.fromtimestamp(cart.when, UTC).astimezone(),
        cart.done,
        cart.series,
    )
