"""Carts that an earlier start did not bring home: to go on with, to forget, or for later."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - attrs reads the annotations
from pathlib import Path  # noqa: TC003 - likewise
from typing import TYPE_CHECKING

from attrs import frozen

from cartload_qt import measures
from cartload_qt.dialogs.dialog import Dialog, Icon, Role, headline
from cartload_qt.dialogs.rows import Rows, RowsView
from cartload_qt.translation import figure, numbered, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtWidgets import QWidget


@frozen
class UnfinishedCart:
    """A cart in its folder, when something last came of it, and how many of its series are there."""

    name: str
    folder: Path
    when: datetime
    done: int
    total: int


@frozen
class UnfinishedAnswer:
    """The cart to go on with, if any, and those that are not to be offered again."""

    resume: UnfinishedCart | None = None
    forget: tuple[UnfinishedCart, ...] = ()


class UnfinishedDialog(Dialog):
    """Answers with an ``UnfinishedAnswer``; forgetting deletes no file."""

    def __init__(self, carts: Sequence[UnfinishedCart], parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("Unfinished downloads"), careful=UnfinishedAnswer())
        self._carts = list(carts)
        self._forgotten: list[UnfinishedCart] = []
        said = numbered(
            "{number} cart was not finished the last time.",
            "{number} carts were not finished the last time.",
            len(carts),
        )
        more = tr("Go on with one: what is there is kept, and only the rest is downloaded.")
        self.lines.addLayout(headline(self, Icon.SP_MessageBoxInformation, said, more))
        titles = (tr("Cart"), tr("Complete"), tr("Last"), tr("Folder"))
        self._rows = Rows(titles, [_row(cart) for cart in carts], self)
        self.table = RowsView(self._rows, tr("Unfinished carts"), self)
        self.table.doubleClicked.connect(lambda _: self._resume())
        self.lines.addWidget(self.table, 1)
        self.table.selectRow(0)
        self._add_buttons()
        self.table.setFocus()
        self.finish(60, 16)

    def _add_buttons(self) -> None:
        self._resuming = self.button(tr("&Resume"), Role.AcceptRole, self._resume, default=True)
        self._forgetting = self.button(tr("&Forget"), Role.ActionRole, self._forget)
        self._forgetting.setToolTip(tr("Do not offer it again; no file is deleted."))
        self.button(tr("&Later"), Role.RejectRole, self.close)
        selection = self.table.selectionModel()
        if selection is not None:
            selection.selectionChanged.connect(self._weigh)
        self._weigh()

    def _weigh(self) -> None:
        selected = self.table.selected()
        self._resuming.setEnabled(len(selected) == 1)
        self._forgetting.setEnabled(bool(selected))

    def _resume(self) -> None:
        selected = self.table.selected()
        if len(selected) == 1:
            self.give(UnfinishedAnswer(self._carts[selected[0]], tuple(self._forgotten)))

    def _forget(self) -> None:
        chosen = set(self.table.selected())
        self._forgotten += [cart for row, cart in enumerate(self._carts) if row in chosen]
        self._carts = [cart for row, cart in enumerate(self._carts) if row not in chosen]
        self._answer = UnfinishedAnswer(None, tuple(self._forgotten))
        self._rows.replace([_row(cart) for cart in self._carts])
        if self._carts:
            self.table.selectRow(0)
            self._weigh()
        else:
            self.close()


def _row(cart: UnfinishedCart) -> tuple[str, str, str, str]:
    done, total = figure(cart.done), figure(cart.total)
    when = measures.moment(cart.when.timestamp())
    return cart.name, tr("{done} of {series} series", done=done, series=total), when, str(cart.folder)
