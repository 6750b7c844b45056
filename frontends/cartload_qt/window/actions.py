"""All that can be done, as actions with their keys: menus, buttons and context menus share them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction, QIcon, QKeySequence
from PyQt6.QtWidgets import QMenu, QMenuBar, QStyle, QWidget

from cartload_qt.stage import Action
from cartload_qt.translation import tr
from cartload_qt.window.glyphs import Glyph, icon

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

_Key = QKeySequence.StandardKey
_Icon = QStyle.StandardPixmap


class Actions:
    """The actions of one window; each is an attribute."""

    def __init__(self, owner: QWidget) -> None:
        self._owner = owner
        make = self._made
        self.open = make(tr("&Open manifest …"), _Key.Open, "document-open", _Icon.SP_DialogOpenButton)
        self.close_cart = make(tr("C&lose cart"), _Key.Close, "window-close", Glyph.CLOSE)
        self.report = make(tr("Save re&port …"), _Key.Save, "document-save", _Icon.SP_DialogSaveButton)
        self.unfinished = make(tr("&Unfinished carts …"))
        self.quit = make(tr("&Quit"), "Ctrl+Q", "application-exit")
        self.start = make(tr("&Start"), "F5", "media-playback-start", Glyph.PLAY)
        self.pause = make(tr("&Pause"), "F6", "media-playback-pause", Glyph.PAUSE)
        self.resume = make(tr("Res&ume"), "F7", "media-playback-start", Glyph.PLAY)
        self.stop = make(tr("S&top"), "F8", "media-playback-stop", Glyph.STOP)
        self.retry = make(tr("&Retry failed"), "Ctrl+R", "view-refresh", Glyph.RETRY)
        self.delete = make(tr("&Delete from cart"), None, "edit-delete", Glyph.DELETE)
        self.folder = make(tr("Open f&older"), "Ctrl+Shift+O", "folder-open", _Icon.SP_DirOpenIcon)
        self.settings = make(tr("&Settings …"), "Ctrl+,", "preferences-system")
        self.plugins = make(tr("&Plugins …"))
        self.log = make(tr("&Log …"))
        self.about = make(tr("&About cartload"), None, "help-about")

    def menus(self, bar: QMenuBar, recent: QMenu) -> None:
        """Lay the menus out."""
        self._menu(
            bar,
            tr("&File"),
            (self.open, recent, self.unfinished, None, self.report, None, self.close_cart, self.quit),
        )
        self._menu(
            bar,
            tr("&Cart"),
            (
                self.start,
                self.pause,
                self.resume,
                self.stop,
                None,
                self.retry,
                self.delete,
                None,
                self.folder,
            ),
        )
        self._menu(bar, tr("&View"), (self.log, self.plugins))
        self._menu(bar, tr("&Tools"), (self.settings,))
        self._menu(bar, tr("&Help"), (self.about,))

    def enable(self, possible: Collection[Action]) -> None:
        """Enable exactly what can do something."""
        for action, shown in self._by_action().items():
            shown.setEnabled(action in possible)

    def connect(self, doings: Iterable[tuple[QAction, Callable[[], object]]]) -> None:
        """Say what each does."""
        for action, doing in doings:
            action.triggered.connect(lambda _, doing=doing: doing())

    def _by_action(self) -> dict[Action, QAction]:
        return {
            Action.START: self.start,
            Action.PAUSE: self.pause,
            Action.RESUME: self.resume,
            Action.STOP: self.stop,
            Action.DELETE: self.delete,
            Action.RETRY: self.retry,
            Action.REPORT: self.report,
            Action.CLOSE: self.close_cart,
        }

    def _made(
        self,
        text: str,
        keys: QKeySequence.StandardKey | str | None = None,
        theme: str = "",
        instead: QStyle.StandardPixmap | Glyph | None = None,
    ) -> QAction:
        action = QAction(text, self._owner)
        if theme:
            action.setIcon(QIcon.fromTheme(theme, self._icon(instead)))
        if isinstance(keys, str):
            action.setShortcut(QKeySequence(keys))
        elif keys is not None:
            action.setShortcuts(keys)
        self._owner.addAction(action)
        return action

    def _icon(self, instead: QStyle.StandardPixmap | Glyph | None) -> QIcon:
        """Give the icon for a system that has no theme."""
        if isinstance(instead, Glyph):
            return icon(instead)
        style = self._owner.style()
        return QIcon() if instead is None or style is None else style.standardIcon(instead)

    def _menu(self, bar: QMenuBar, title: str, entries: Iterable[QAction | QMenu | None]) -> None:
        menu = bar.addMenu(title)
        if menu is None:  # only where memory ran out
            return
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            elif isinstance(entry, QMenu):
                menu.addMenu(entry)
            else:
                menu.addAction(entry)
