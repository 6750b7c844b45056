"""The whole window while a cart comes, and afterwards, over real HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from PyQt6.QtCore import QUrl
from PyQt6.QtWidgets import QFileDialog

from archive_carts import fetches, images_below, stored_bytes
from cartload.state import TaskState
from cartload.testing.catalogue import CC_BY_NC
from cartload_archive import ArchiveServer, Fault, Stall
from cartload_common import log_file
from cartload_qt.dialogs.confirming import LeaveDialog, RemoveDialog
from cartload_qt.dialogs.existing import ExistingDialog
from cartload_qt.dialogs.log import LogDialog
from cartload_qt.dialogs.plugins import PluginsDialog
from cartload_qt.dialogs.policy import PolicyDialog
from cartload_qt.dialogs.settings.dialog import SettingsDialog
from cartload_qt.dialogs.trouble import ErrorDialog
from cartload_qt.dialogs.unfinished import UnfinishedDialog
from cartload_qt.recent import CartState
from cartload_qt.stage import Stage
from cartload_qt.table.offers import Offer
from frontends.qt.applications import QUIT, Browser, Desk, begin, bring_home, labels, press, recent
from frontends.qt.carts import cart_of
from small_carts import a_catalogue, a_record, a_series

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


CATALOGUE = a_catalogue()
UIDS = list(CATALOGUE.series)
ALL = stored_bytes(CATALOGUE.series.values())


@pytest.fixture
def cart(tmp_path: Path) -> Iterator[Path]:
    with ArchiveServer(CATALOGUE) as server:
        yield cart_of(server, CATALOGUE, tmp_path)


# --- while it runs --------------------------------------------------------------------------------


def test_a_pause_lets_go_and_a_resume_goes_on(desk: Desk, tmp_path: Path) -> None:
    stall = Stall(after=2000)
    with ArchiveServer(CATALOGUE, faults={UIDS[0]: Fault(stall=stall, times=1)}) as server:
        begin(desk, cart_of(server, CATALOGUE, tmp_path))
        desk.wait(stall.reached.is_set)
        desk.until(Stage.RUNNING)
        assert not desk.can("Resume")
        desk.do("Pause")
        desk.until(Stage.PAUSED)
        assert not desk.can("Pause")
        desk.do("Resume")
        desk.until(Stage.ENDED)
    assert sorted(images_below(tmp_path / "data" / "cart").values()) == ALL


def test_what_failed_is_told_and_tried_again(desk: Desk, tmp_path: Path) -> None:
    broken = True
    status = Fault(status=404)

    def faults(strike: object) -> Fault | None:
        return status if broken and getattr(strike, "key", "") == UIDS[1] else None

    with ArchiveServer(CATALOGUE, faults=faults) as server:
        bring_home(desk, cart_of(server, CATALOGUE, tmp_path))
        assert desk.page.ending.words.text() == "Not complete: 3 of 4 series are there. 1 series failed."
        assert desk.page.model.state(UIDS[1]) is TaskState.FAILED
        assert desk.page.model.reason(UIDS[1])
        assert [each.state for each in recent(desk)] == [CartState.FAILED]
        broken = False
        press(desk.page.ending, "Retry failed")
        desk.until(Stage.RUNNING)
        desk.until(Stage.ENDED)
    assert desk.page.ending.words.text() == "Complete: all 4 series are there and verified."
    assert sorted(images_below(tmp_path / "data" / "cart").values()) == ALL
    assert desk.page.ending.retry.isHidden()


def test_series_are_taken_out_by_the_menu_queued_ones_at_once_running_ones_after_asking(
    desk: Desk, tmp_path: Path
) -> None:
    stall = Stall(after=2000)
    with ArchiveServer(CATALOGUE, faults={UIDS[0]: Fault(stall=stall)}) as server:
        desk.page.choices.jobs.setValue(1)
        begin(desk, cart_of(server, CATALOGUE, tmp_path))
        desk.wait(stall.reached.is_set)
        desk.wait(lambda: desk.page.model.state(UIDS[0]) is TaskState.FETCHING)
        desk.select(UIDS[3])
        desk.page.table.do(Offer.REMOVE)
        desk.wait(lambda: desk.page.model.state(UIDS[3]) is TaskState.REMOVED)
        desk.select(UIDS[0])
        desk.page.table.do(Offer.REMOVE)
        desk.press("Keep", RemoveDialog)
        assert desk.page.model.state(UIDS[0]) is TaskState.FETCHING
        desk.page.table.do(Offer.REMOVE)
        desk.press("Remove", RemoveDialog)
        desk.until(Stage.ENDED)
    assert [desk.page.model.state(uid) for uid in UIDS] == [
        TaskState.REMOVED,
        TaskState.COMPLETE,
        TaskState.COMPLETE,
        TaskState.REMOVED,
    ]
    assert len(images_below(tmp_path / "data" / "cart")) == 10


def test_what_hangs_is_left_when_patience_ends(
    desk: Desk, cart: Path, monkeypatch: pytest.MonkeyPatch, ends: list[str | int]
) -> None:
    monkeypatch.setattr("cartload_qt.errand.Errand.cancel", lambda _: None)
    desk.open(cart)
    desk.do("Start")
    desk.dialog(PolicyDialog)  # which nobody answers, and nothing can stop
    last = desk.application._last
    desk.window.close()
    assert not desk.window.isVisible()
    assert (last.isActive(), last.interval()) == (True, 2000)
    assert ends == []
    last.timeout.emit()
    assert ends == [130]
    monkeypatch.undo()
    errand = desk.application.controller._errand
    assert errand is not None
    errand.cancel()  # so that the tests can go on: this thread ends
    desk.wait(lambda: ends == [130, QUIT])


def test_who_leaves_while_it_runs_is_asked_and_may_go_on_later(
    desk: Desk, again: Desk, ends: list[str | int], tmp_path: Path
) -> None:
    stall = Stall(after=2000)
    with ArchiveServer(CATALOGUE, faults={UIDS[3]: Fault(stall=stall, times=1)}) as server:
        begin(desk, cart_of(server, CATALOGUE, tmp_path))
        desk.wait(stall.reached.is_set)
        desk.until(Stage.RUNNING)
        desk.window.close()
        dialog = desk.dialog(LeaveDialog)
        assert desk.window.isVisible()
        press(dialog, "Keep running")
        assert desk.stage is Stage.RUNNING
        desk.window.close()
        desk.press("Leave and stop", LeaveDialog)
        desk.wait(lambda: ends)
        assert ends == [QUIT]
        assert not desk.application._last.isActive()
        again.application.show(None)
        again.press("Resume", UnfinishedDialog)
        again.until(Stage.SHOWN)
        before = len(fetches(server))
        again.do("Start")
        again.press("Start", ExistingDialog)
        again.until(Stage.ENDED)
        assert UIDS[3] in fetches(server)[before:]
        assert len(fetches(server)) - before < len(UIDS)
    assert sorted(images_below(tmp_path / "data" / "cart").values()) == ALL


def test_a_log_that_is_read_stays_when_the_download_ends(desk: Desk, tmp_path: Path) -> None:
    stall = Stall(after=2000)
    with ArchiveServer(CATALOGUE, faults={UIDS[3]: Fault(stall=stall)}) as server:
        begin(desk, cart_of(server, CATALOGUE, tmp_path))
        desk.wait(stall.reached.is_set)
        desk.do("Log …")
        dialog = desk.dialog(LogDialog)
        stall.released.set()
        desk.until(Stage.ENDED)
    assert desk.window.asking.open is dialog
    assert dialog.isVisible()
    press(dialog, "Close")


# --- afterwards and beside --------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["html", "txt", "json"])
def test_the_report_is_saved(desk: Desk, cart: Path, tmp_path: Path, suffix: str) -> None:
    bring_home(desk, cart)
    press(desk.page.ending, "Save report …")
    dialog = desk.window.findChild(QFileDialog)
    assert dialog is not None
    path = tmp_path / f"report.{suffix}"
    dialog.fileSelected.emit(str(path))
    dialog.close()
    desk.wait(lambda: desk.note.startswith("The report is in"))
    written = path.read_text(encoding="utf-8")
    assert "cart.tcia" in written
    assert (suffix == "json") == (written[:1] == "{")
    assert (suffix == "html") == written.lower().startswith("<!doctype html>")


def test_a_report_that_cannot_be_written_is_told(desk: Desk, cart: Path, tmp_path: Path) -> None:
    bring_home(desk, cart)
    desk.window.save_report(tmp_path / "nowhere" / "report.txt")
    assert "the report cannot be written" in labels(desk.dialog(ErrorDialog)).lower()
    desk.press("Close", ErrorDialog)
    assert not (tmp_path / "nowhere").exists()


def test_folders_and_licences_are_opened_by_the_desktop(
    desk: Desk, cart: Path, tmp_path: Path, browser: Browser
) -> None:
    bring_home(desk, cart)
    root = tmp_path / "data" / "cart"
    desk.do("Open folder")
    press(desk.page.ending, "Open folder")
    desk.page.table.show_series(UIDS[1])
    desk.select(UIDS[1])
    desk.page.table.do(Offer.FOLDER)
    directory = desk.page.model.details(UIDS[1]).directory
    press(desk.page.details, "Read the licence")
    assert browser.opened == [
        QUrl.fromLocalFile(str(root)).toString(),
        QUrl.fromLocalFile(str(root)).toString(),
        QUrl.fromLocalFile(str(root / directory)).toString(),
        "https://creativecommons.org/licenses/by/4.0/",
    ]
    assert len(list((root / directory).glob("*.dcm"))) == 5


def test_what_may_not_be_used_commercially_is_noticed_and_shown_alone(desk: Desk, tmp_path: Path) -> None:
    series = [a_series(a_record(number)) for number in (1, 2)]
    series.append(a_series(a_record(3, licence=CC_BY_NC)))
    catalogue = a_catalogue(series)
    with ArchiveServer(catalogue) as server:
        desk.open(cart_of(server, catalogue, tmp_path))
        notice = desk.page.notice
        assert notice.isVisible()
        assert notice.text.text() == "Not for commercial use: the licence of 1 series forbids it."
        notice.filtering.click()
        assert [desk.page.model.rows.tasks[row].series_uid for row in desk.page.model.order] == [
            series[2].record.series_uid
        ]
        notice.filtering.click()
        assert len(desk.page.model.order) == 3


@pytest.mark.parametrize(
    ("text", "kind"), [("Settings …", SettingsDialog), ("Plugins …", PluginsDialog), ("Log …", LogDialog)]
)
def test_pages_of_the_menu_open(desk: Desk, text: str, kind: type[LogDialog]) -> None:
    desk.do(text)
    dialog = desk.dialog(kind)
    assert dialog.isVisible()
    dialog.reject()
    assert desk.window.asking.open is None


def test_settings_that_cannot_be_read_are_told_and_can_be_mended(
    home: Path, qtbot: QtBot, ends: list[str | int], tmp_path: Path
) -> None:
    del ends
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("jobs = many")
    desk = Desk(qtbot, tmp_path / "data")
    desk.application.show(None)
    assert "config.toml" in labels(desk.dialog(ErrorDialog))
    desk.press("Close", ErrorDialog)
    desk.do("Settings …")
    dialog = desk.dialog(SettingsDialog)
    assert "TOML" in labels(dialog)
    dialog.reject()
    desk.leave()


def test_settings_that_are_saved_hold_from_the_next_cart_on(desk: Desk, home: Path, tmp_path: Path) -> None:
    stall = Stall(after=2000)
    with ArchiveServer(CATALOGUE, faults={UIDS[0]: Fault(stall=stall)}) as server:
        desk.open(cart_of(server, CATALOGUE, tmp_path))
        desk.do("Start")
        desk.press("Agree", PolicyDialog)
        desk.wait(stall.reached.is_set)
        before = desk.page.choices.choices()
        desk.do("Settings …")
        (home / "config").mkdir(exist_ok=True)
        (home / "config" / "config.toml").write_text('naming = "classic"\njobs = 9\n')
        desk.dialog(SettingsDialog).give(True)  # noqa: FBT003 - as when it has written that
        desk.settled()
        assert desk.page.choices.choices() == before
        desk.do("Stop")
        desk.until(Stage.ENDED)
    assert desk.page.choices.choices() == evolve(before, naming="classic", jobs=9)


def test_a_cart_of_before_is_opened_from_the_menu(desk: Desk, cart: Path, tmp_path: Path) -> None:
    bring_home(desk, cart)
    desk.do("Close cart")
    desk.until(Stage.EMPTY)
    desk.wait(desk.window.recent_menu.actions)
    desk.page.choices.folder.setText(str(tmp_path / "another"))
    (entry,) = desk.window.recent_menu.actions()
    entry.trigger()
    desk.until(Stage.SHOWN)
    assert desk.page.choices.choices().directory == tmp_path / "data"


def test_a_cart_of_before_whose_manifest_is_gone_is_told(desk: Desk, cart: Path, tmp_path: Path) -> None:
    bring_home(desk, cart)
    desk.do("Close cart")
    desk.wait(desk.window.start_page.list.count)
    for each in (cart, tmp_path / "data" / "cart" / "cart.tcia"):
        each.unlink()
    item = desk.window.start_page.list.item(0)
    assert item is not None
    desk.window.start_page.list.itemActivated.emit(item)
    desk.wait(lambda: desk.note == "The manifest of cart is no longer there.")


def test_carts_that_are_complete_are_not_offered(desk: Desk, again: Desk, cart: Path) -> None:
    bring_home(desk, cart)
    desk.settled()
    again.application.show(None)
    again.settled()
    assert again.window.asking.open is None
    again.do("Unfinished carts …")
    again.wait(lambda: again.note == "All carts of before are complete.")


def test_a_cart_is_no_longer_offered_when_the_user_says_so(desk: Desk, again: Desk, tmp_path: Path) -> None:
    with ArchiveServer(CATALOGUE, faults={UIDS[0]: Fault(status=404)}) as server:
        bring_home(desk, cart_of(server, CATALOGUE, tmp_path))
    desk.settled()
    again.application.show(None)
    press(again.dialog(UnfinishedDialog), "Forget")
    again.settled()
    assert again.application.carts.recent() == ()


def test_without_a_log_nobody_misses_it(desk: Desk) -> None:
    assert log_file.current() is None
    desk.do("Log …")
    assert "No log is kept" in labels(desk.dialog(LogDialog))
    desk.dialog(LogDialog).reject()
