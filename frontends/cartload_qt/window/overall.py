"""Above the table: how far all of it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from cartload.state import TaskState
from cartload_qt import measures
from cartload_qt.plain import Label
from cartload_qt.stage import Stage
from cartload_qt.table.words import state_word
from cartload_qt.translation import figure, tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.progress import Snapshot

_STEPS = 1000
_ORDER = (
    TaskState.COMPLETE,
    TaskState.ALREADY_HELD,
    TaskState.FETCHING,
    TaskState.VERIFYING,
    TaskState.STORING,
    TaskState.QUEUED,
    TaskState.WAITING,
    TaskState.PAUSED,
    TaskState.FAILED,
    TaskState.DENIED,
    TaskState.LEFT_OUT,
    TaskState.REMOVED,
)


class OverallBar(QWidget):
    """A bar with percent, bytes, rate and time left, and below it the counts by status."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setAccessibleName(tr("Progress of the whole cart"))
        self.amount = Label()
        self.pace = Label()
        self.counts = Label(wraps=True)
        line = QHBoxLayout()
        line.addWidget(self.amount)
        line.addStretch()
        line.addWidget(self.pace)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.bar)
        column.addLayout(line)
        column.addWidget(self.counts)

    def show_snapshot(self, snapshot: Snapshot, stage: Stage) -> None:
        """Show how the session stands."""
        done, total = snapshot.done, snapshot.total
        is_over = stage is Stage.ENDED and done >= total
        steps = _STEPS if is_over else int(_STEPS * done / total) if total else 0
        self.bar.setValue(min(steps, _STEPS))
        self.bar.setFormat(measures.percent(min(steps, _STEPS) * 100 // _STEPS))
        self.amount.setText(tr("{done} of {total}", done=measures.size(done), total=measures.size(total)))
        self.pace.setText(pace(snapshot, stage))
        self.counts.setText(counted(snapshot.counts))


def pace(snapshot: Snapshot, stage: Stage) -> str:
    """Say how fast it goes, and how long it still takes."""
    if stage is not Stage.RUNNING:
        return ""
    if not snapshot.rate or snapshot.left is None:
        return tr("waiting for the archive")
    return tr("{rate}, {left} left", rate=measures.rate(snapshot.rate), left=measures.duration(snapshot.left))


def counted(counts: Mapping[TaskState, int]) -> str:
    """Count the series by status, the good ones first."""
    parts = [
        tr("{count} {state}", count=figure(counts[state]), state=state_word(state))
        for state in _ORDER
        if counts.get(state)
    ]
    return " · ".join(parts)
