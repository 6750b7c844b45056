"""The dialogs that no session asks for: leaving, removing, errors, unfinished carts, plugins, log, about."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QPlainTextEdit

from cartload import registry as registries
from cartload.errors import DestinationError, ManifestError, ManifestFault
from cartload.version import __version__
from cartload_common.log_handler import LogHandler
from cartload_common.redaction import Redaction
from cartload_qt.dialogs.about import AboutDialog
from cartload_qt.dialogs.confirming import LeaveDialog, RemoveDialog
from cartload_qt.dialogs.log import LogDialog
from cartload_qt.dialogs.plugins import PluginsDialog
from cartload_qt.dialogs.rows import RowsView
from cartload_qt.dialogs.trouble import ErrorDialog
from cartload_qt.dialogs.unfinished import UnfinishedAnswer, UnfinishedCart, UnfinishedDialog
from dialog_parts import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PyQt6.QtWidgets import QWidget
    from pytestqt.modeltest import ModelTester

    from dialog_parts import Opened

CARTS = [
    UnfinishedCart(f"cart-{n}", Path(f"carts-{n}"), datetime(2026, 11, n, 9, 30, tzinfo=UTC), n, 12)
    for n in (1, 2, 3)
]


def copied() -> str:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    return clipboard.text()


def cells(view: RowsView) -> list[list[str]]:
    model = view.model()
    assert model is not None
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


@pytest.mark.parametrize(("button", "answer"), [("Leave and stop", True), ("Keep running", False)])
def test_leaving_while_a_download_runs_is_asked(window: QWidget, button: str, answer: object) -> None:
    shown = opened(LeaveDialog(28, window))
    assert "28 series are still to come" in shown.said
    shown.press(button)
    assert shown.answers == [answer]


def test_enter_and_escape_keep_it_running(window: QWidget) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        shown = opened(LeaveDialog(28, window))
        shown.key(key)
        assert shown.answers == [False]


@pytest.mark.parametrize(("button", "answer"), [("Remove", True), ("Keep", False)])
def test_removing_running_series_says_that_no_file_is_deleted(
    window: QWidget, button: str, answer: object
) -> None:
    shown = opened(RemoveDialog(2, 12, window))
    assert "2 of the 12 selected series are being downloaded" in shown.said
    assert "No file that was stored is deleted" in shown.said
    shown.press(button)
    assert shown.answers == [answer]


def test_an_error_says_what_happened_to_what_and_what_to_do(window: QWidget) -> None:
    error = DestinationError("the folder cannot be written.", subject="/data", advice="Choose another.")
    shown = opened(ErrorDialog(error, window))
    assert shown.said.splitlines()[-3:] == ["The folder cannot be written.", "/data", "Choose another."]
    shown.press("Copy")
    assert copied() == "/data\nThe folder cannot be written.\nChoose another."


def test_the_faults_of_a_cart_are_listed_with_their_lines(window: QWidget) -> None:
    faults = [ManifestFault("no UID", 7), ManifestFault("no server")]
    shown = opened(ErrorDialog(ManifestError("cart.tcia", faults), window))
    assert "2 faults" in shown.said
    assert cells(shown.one(RowsView)) == [["7", "no UID"], ["", "no server"]]
    shown.press("Copy")
    assert copied().splitlines()[2:] == ["line 7: no UID", "no server"]


def test_what_was_not_foreseen_is_told_without_a_traceback(window: QWidget) -> None:
    shown = opened(ErrorDialog(RuntimeError("oh"), window))
    assert "RuntimeError: oh" in shown.said


def test_an_error_needs_no_answer(window: QWidget) -> None:
    shown = opened(ErrorDialog(RuntimeError("oh"), window))
    shown.press("Close")
    assert shown.answers == [None]


def unfinished(window: QWidget) -> tuple[Opened, UnfinishedDialog]:
    dialog = UnfinishedDialog(CARTS, window)
    return opened(dialog), dialog


def test_unfinished_carts_are_listed(window: QWidget) -> None:
    shown, dialog = unfinished(window)
    assert "3 carts" in shown.said
    assert [row[0] for row in cells(dialog.table)] == ["cart-1", "cart-2", "cart-3"]
    assert cells(dialog.table)[1][1] == "2 of 12 series"


def test_enter_resumes_the_first(window: QWidget) -> None:
    shown, _ = unfinished(window)
    shown.key(Qt.Key.Key_Return)
    assert shown.answers == [UnfinishedAnswer(CARTS[0])]


def test_the_selected_one_is_resumed(window: QWidget) -> None:
    shown, dialog = unfinished(window)
    dialog.table.selectRow(1)
    shown.press("Resume")
    assert shown.answers == [UnfinishedAnswer(CARTS[1])]


def test_several_cannot_be_resumed_at_once(window: QWidget) -> None:
    shown, dialog = unfinished(window)
    dialog.table.selectAll()
    assert not shown.button("Resume").isEnabled()
    assert shown.button("Forget").isEnabled()


def test_what_is_forgotten_is_told_when_the_dialog_goes(window: QWidget) -> None:
    shown, dialog = unfinished(window)
    dialog.table.selectRow(1)
    shown.press("Forget")
    assert [row[0] for row in cells(dialog.table)] == ["cart-1", "cart-3"]
    assert shown.answers == []
    shown.press("Later")
    assert shown.answers == [UnfinishedAnswer(None, (CARTS[1],))]


def test_one_can_be_forgotten_and_another_resumed(window: QWidget) -> None:
    shown, dialog = unfinished(window)
    shown.press("Forget")
    dialog.table.selectRow(1)
    shown.press("Resume")
    assert shown.answers == [UnfinishedAnswer(CARTS[2], (CARTS[0],))]


def test_when_all_are_forgotten_the_dialog_goes(window: QWidget) -> None:
    shown, dialog = unfinished(window)
    dialog.table.selectAll()
    shown.press("Forget")
    assert shown.answers == [UnfinishedAnswer(None, tuple(CARTS))]


def test_plugins_failures_and_blocked_ones_are_shown(window: QWidget) -> None:
    failure = registries.PluginFailure("sftp", "cartload-sftp", "failed to load: no paramiko")
    registry = evolve(registries.load(registries.installed(), block=["bearer"]), failures=(failure,))
    shown = opened(PluginsDialog(registry, window))
    failed = shown.called(RowsView, "Plugins that failed")
    assert cells(failed) == [["sftp", "cartload-sftp", "failed to load: no paramiko"]]
    listed = cells(shown.called(RowsView, "Plugins"))
    assert ["transport", "nbia", __version__, "cartload"] in [row[:4] for row in listed]
    assert "Blocked: bearer" in shown.said


def test_without_failures_nothing_is_said_of_any(window: QWidget) -> None:
    shown = opened(PluginsDialog(registries.load([]), window))
    assert len(shown.all(RowsView)) == 1


@pytest.fixture
def log(tmp_path: Path) -> Iterator[LogHandler]:
    def give_up(error: OSError) -> None:
        raise error

    handler = LogHandler(tmp_path / "log", Redaction(), give_up)
    yield handler
    handler.close()


def test_the_log_is_followed(window: QWidget, log: LogHandler) -> None:
    log.path.write_text("first\n")
    dialog = LogDialog(window, current=lambda: log)
    shown = opened(dialog)
    with log.path.open("a") as file:
        file.write("second\nhalf")
    dialog.page.look()
    assert shown.one(QPlainTextEdit).toPlainText().splitlines() == ["first", "second"]
    assert log.path.name in shown.said


def test_the_log_can_be_copied(window: QWidget, log: LogHandler) -> None:
    log.path.write_text("first\n")
    shown = opened(LogDialog(window, current=lambda: log))
    shown.press("Copy")
    assert copied().strip() == "first"


def test_without_a_log_it_is_said_why(window: QWidget) -> None:
    shown = opened(LogDialog(window, current=lambda: None))
    assert "CARTLOAD_LOG" in shown.said


def test_a_log_that_is_gone_is_told(window: QWidget, log: LogHandler) -> None:
    log.path.unlink()
    shown = opened(LogDialog(window, current=lambda: log))
    assert "cannot be read" in shown.said


def test_about_tells_version_and_licences(window: QWidget) -> None:
    shown = opened(AboutDialog(window))
    assert f"cartload {__version__}" in shown.said
    assert "MIT" in shown.said
    assert "GNU General Public License, version 3" in shown.said
    shown.press("Copy")
    assert f"cartload\t{__version__}" in copied().splitlines()


def test_a_table_of_many_rows_is_a_model_as_qt_wants_it(window: QWidget, qtmodeltester: ModelTester) -> None:
    shown = opened(AboutDialog(window))
    model = shown.one(RowsView).model()
    assert model is not None
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # it has no types
