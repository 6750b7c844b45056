"""Keeps the list of recent carts true while a cart goes its way, so that a crash leaves it on the list."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from cartload.progress import Verdict
from cartload.state import SessionState, TaskState
from cartload_qt.recent import CartState, RecentCart
from cartload_qt.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.progress import Report
    from cartload_qt.controller import Controller
    from cartload_qt.recent import RecentCarts

_THERE = (TaskState.COMPLETE, TaskState.ALREADY_HELD)


class Chronicle(QObject):
    """Listens to *controller* and writes into *carts*; *do* has the writing done beside."""

    def __init__(
        self,
        controller: Controller,
        carts: RecentCarts,
        do: Callable[[Callable[[], None]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._carts = carts
        self._do = do
        controller.stage_changed.connect(self._stage_changed)
        controller.finished.connect(self._finished)

    def _stage_changed(self, stage: Stage) -> None:
        if stage is Stage.RUNNING:
            self._write(CartState.RUNNING)

    def _finished(self, report: Report) -> None:
        stopped = report.state is SessionState.CANCELLED
        failed = CartState.STOPPED if stopped else CartState.FAILED
        self._write(CartState.COMPLETE if report.verdict is Verdict.COMPLETE else failed)

    def _write(self, state: CartState) -> None:
        controller = self._controller
        if controller.path is None or controller.opened is None:
            return
        counts = controller.progress.snapshot().counts
        cart = RecentCart(
            manifest=str(controller.path.absolute()),
            root=str(controller.opened.root.parent.absolute()),
            name=controller.opened.root.name,
            series=len(controller.plan.tasks),
            done=sum(counts.get(each, 0) for each in _THERE),
            state=state,
            when=time.time(),
        )
        self._do(lambda: self._carts.record(cart))
