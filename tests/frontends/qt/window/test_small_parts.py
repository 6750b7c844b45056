"""The start, the reading, the end: small parts of the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent

from cartload.model import SeriesUID
from cartload.progress import Report, Shortfall, Snapshot
from cartload.state import SessionState, TaskState
from cartload_qt.measures import moment
from cartload_qt.recent import CartState, RecentCart
from cartload_qt.stage import Stage
from cartload_qt.window.ending_bar import EndingBar, ending
from cartload_qt.window.overall import OverallBar, counted, pace
from cartload_qt.window.reading_page import ReadingPage
from cartload_qt.window.start_page import StartPage, recent_words
from frontends.qt.carts import REPORT

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def short(state: TaskState) -> Shortfall:
    return Shortfall(SeriesUID("1.2"), state, "no")


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (REPORT, "Complete: all 3 series are there and verified."),
        (evolve(REPORT, complete=1, already_held=0), "Complete: 1 series is there and verified."),
        (
            evolve(REPORT, shortfalls=(short(TaskState.FAILED), short(TaskState.DENIED))),
            "Not complete: 3 of 5 series are there. 1 series failed. 1 series is not for this user.",
        ),
        (
            evolve(REPORT, state=SessionState.CANCELLED, shortfalls=(short(TaskState.QUEUED),)),
            "Not complete: 3 of 4 series are there. It was stopped; the next start goes on from there.",
        ),
    ],
)
def test_the_end_is_told_in_words(report: Report, words: str) -> None:
    assert ending(report) == words


def test_the_end_offers_what_makes_sense(qtbot: QtBot) -> None:
    bar = EndingBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()
    bar.show_report(evolve(REPORT, shortfalls=(short(TaskState.FAILED),)), can_retry=True)
    assert bar.isVisibleTo(None)
    assert not bar.retry.isHidden()
    with qtbot.waitSignal(bar.retry_wanted):
        bar.retry.click()
    bar.show_report(evolve(REPORT, complete=0, already_held=0), can_retry=False)
    assert bar.retry.isHidden()
    assert bar.folder.isHidden()


def snapshot(**values: object) -> Snapshot:
    told: dict[str, object] = {
        "state": SessionState.RUNNING,
        "described": 3,
        "cart": 3,
        "counts": {TaskState.COMPLETE: 1, TaskState.QUEUED: 2000, TaskState.FAILED: 0},
        "done": 250_000,
        "total": 1_000_000,
        "rate": 50_000.0,
        "left": 15.0,
        "active": (),
    }
    return Snapshot(**{**told, **values})  # type: ignore[arg-type]  # as above


def test_all_of_it_is_summed_up(qtbot: QtBot) -> None:
    bar = OverallBar()
    qtbot.addWidget(bar)
    bar.show_snapshot(snapshot(), Stage.RUNNING)
    assert bar.bar.text() == "25%"
    assert bar.amount.text() == "250.0 kB of 1.0 MB"
    assert bar.pace.text() == "50.0 kB/s, 15 s left"
    assert bar.counts.text() == "1 Complete · 2,000 Queued"


def test_a_cart_with_nothing_to_fetch_is_full_only_at_its_end(qtbot: QtBot) -> None:
    bar = OverallBar()
    qtbot.addWidget(bar)
    bar.show_snapshot(snapshot(done=0, total=0), Stage.RUNNING)
    assert bar.bar.value() == 0
    bar.show_snapshot(snapshot(done=0, total=0), Stage.ENDED)
    assert bar.bar.value() == bar.bar.maximum()


def test_only_what_runs_has_a_pace() -> None:
    assert pace(snapshot(), Stage.PAUSED) == ""
    assert pace(snapshot(rate=0.0, left=None), Stage.RUNNING) == "waiting for the archive"


def test_states_without_series_are_not_counted() -> None:
    assert counted({TaskState.FAILED: 0}) == ""


def test_reading_names_the_manifest_and_counts(qtbot: QtBot) -> None:
    page = ReadingPage()
    qtbot.addWidget(page)
    page.begin("<b>cart.tcia")
    assert page.name.text() == "Reading <b>cart.tcia …"
    page.show_described(200, 2000)
    assert (page.bar.value(), page.bar.maximum()) == (200, 2000)
    assert page.count.text() == "200 of 2,000 series"
    with qtbot.waitSignal(page.cancel_wanted):
        page.cancel.click()


@pytest.fixture
def start(qtbot: QtBot) -> StartPage:
    page = StartPage()
    qtbot.addWidget(page)
    return page


def carried(*urls: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    return data


def entering(data: QMimeData) -> QDragEnterEvent:
    return QDragEnterEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )


def dropping(data: QMimeData) -> QDropEvent:
    return QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )


def test_a_file_that_is_dropped_is_opened(start: StartPage, qtbot: QtBot) -> None:
    data = carried("file:///data/cart.tcia")
    event = entering(data)
    event.ignore()
    start.dragEnterEvent(event)
    assert event.isAccepted()
    with qtbot.waitSignal(start.dropped) as chosen:
        start.dropEvent(dropping(data))
    assert chosen.args == [Path("/data/cart.tcia")]


@pytest.mark.parametrize("urls", [("https://evil.example/cart.tcia",), ("file:///a", "file:///b"), ()])
def test_anything_else_is_not_welcome(start: StartPage, qtbot: QtBot, urls: tuple[str, ...]) -> None:
    data = carried(*urls)
    event = entering(data)
    event.ignore()
    start.dragEnterEvent(event)
    assert not event.isAccepted()
    with qtbot.assertNotEmitted(start.dropped):
        start.dropEvent(dropping(data))


CART = RecentCart(
    manifest="/a/b.tcia",
    root="/data",
    name="b <i>",
    series=1200,
    done=7,
    state=CartState.STOPPED,
    when=0.0,
)


def test_an_earlier_cart_is_opened_from_the_list(start: StartPage, qtbot: QtBot) -> None:
    assert start.list.isHidden()
    start.show_recent([CART])
    assert not start.list.isHidden()
    item = start.list.item(0)
    assert item is not None
    assert item.text() == f"b <i>\n7 of 1,200 series · {moment(0)} · /data"
    assert not item.icon().isNull()
    with qtbot.waitSignal(start.resumed) as resumed:
        start.list.itemActivated.emit(item)
    assert resumed.args == [CART]


def test_a_cart_that_came_home_is_told_as_complete() -> None:
    words = recent_words(evolve(CART, state=CartState.COMPLETE))
    assert words == f"b <i>\ncomplete, 1,200 series · {moment(0)} · /data"
