"""The whole window, from a cart that is opened to what is on the disk, over real HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from PyQt6.QtCore import QMimeData, QObject, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent
from PyQt6.QtWidgets import QCheckBox, QFileDialog, QLabel, QLineEdit

from archive_carts import fetches, images_below, stored_bytes
from cartload.origins import Standing, Trust
from cartload.progress import Verdict
from cartload.state import TaskState
from cartload.testing.catalogue import CC_BY_NC, DEMO_USER, demo_catalogue
from cartload_archive import ArchiveServer, Fault, Stall
from cartload_common import log_file
from cartload_qt.dialogs.confirming import LeaveDialog, RemoveDialog
from cartload_qt.dialogs.denied import DeniedDialog
from cartload_qt.dialogs.existing import ExistingDialog
from cartload_qt.dialogs.log import LogDialog
from cartload_qt.dialogs.login import LoginDialog
from cartload_qt.dialogs.plugins import PluginsDialog
from cartload_qt.dialogs.policy import PolicyDialog
from cartload_qt.dialogs.settings.dialog import SettingsDialog
from cartload_qt.dialogs.space import SpaceDialog
from cartload_qt.dialogs.trouble import ErrorDialog
from cartload_qt.dialogs.trust import TrustDialog
from cartload_qt.dialogs.unfinished import UnfinishedDialog
from cartload_qt.recent import CartState
from cartload_qt.stage import Stage
from cartload_qt.table.offers import Offer
from frontends.qt.applications import QUIT, Browser, Desk, browsing, kept_alive, press
from frontends.qt.carts import cart_of
from small_carts import a_catalogue, a_record, a_series

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from cartload.model import Origin
    from cartload_qt.recent import RecentCart
    from keyrings import MemoryKeyring

CATALOGUE = a_catalogue()
UIDS = list(CATALOGUE.series)
ALL = stored_bytes(CATALOGUE.series.values())


@pytest.fixture
def ends() -> Iterator[list[str | int]]:
    with pytest.MonkeyPatch.context() as patch:
        yield kept_alive(patch)


@pytest.fixture
def desk(qtbot: QtBot, ends: list[str | int], tmp_path: Path) -> Iterator[Desk]:
    del ends
    made = Desk(qtbot, tmp_path / "data")
    made.application.show(None)
    yield made
    made.leave()


@pytest.fixture
def again(qtbot: QtBot, ends: list[str | int], tmp_path: Path) -> Iterator[Desk]:
    """Give another window, of the next start."""
    del ends
    made = Desk(qtbot, tmp_path / "elsewhere")
    yield made
    made.leave()


@pytest.fixture
def cart(tmp_path: Path) -> Iterator[Path]:
    with ArchiveServer(CATALOGUE) as server:
        yield cart_of(server, CATALOGUE, tmp_path)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with browsing() as made:
        yield made


def begin(desk: Desk, cart: Path) -> None:
    """Open a cart, start it, and agree."""
    desk.open(cart)
    desk.do("Start")
    desk.press("Agree", PolicyDialog)


def bring_home(desk: Desk, cart: Path) -> None:
    begin(desk, cart)
    desk.until(Stage.ENDED)


def labels(owner: QObject) -> str:
    return "\n".join(label.text() for label in owner.findChildren(QLabel))


def recent(desk: Desk) -> list[RecentCart]:
    desk.settled()
    return list(desk.application.carts.recent())


# --- opening --------------------------------------------------------------------------------------


def test_a_cart_that_is_dropped_on_the_window_comes_home(desk: Desk, cart: Path, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(cart))])
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    desk.window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, button, keys))
    desk.until(Stage.SHOWN)
    assert desk.window.windowTitle() == "cart.tcia - cartload"
    desk.do("Start")
    desk.press("Agree", PolicyDialog)
    desk.until(Stage.ENDED)
    assert sorted(images_below(tmp_path / "data" / "cart").values()) == ALL
    assert desk.page.ending.words.text() == "Complete: all 4 series are there and verified."
    assert [each.state for each in recent(desk)] == [CartState.COMPLETE]


def test_a_cart_is_chosen_in_a_dialog(desk: Desk, cart: Path) -> None:
    desk.do("Open manifest …")
    dialog = desk.window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(cart))
    dialog.close()
    desk.until(Stage.SHOWN)


def test_faults_of_a_manifest_are_shown_with_their_lines(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "bad.tcia"
    path.write_text("downloadServerUrl=https://archive.example/x\nListOfSeriesToDownload=\n1.2.3\n1.2.x\n")
    desk.window.open_manifest(path)
    dialog = desk.dialog(ErrorDialog)
    assert "bad.tcia" in labels(dialog)
    assert desk.stage is Stage.EMPTY
    press(dialog, "Close")


def test_reading_can_be_cancelled(desk: Desk, tmp_path: Path) -> None:
    stall = Stall()
    with ArchiveServer(CATALOGUE, faults=lambda _: Fault(stall=stall)) as server:
        desk.window.open_manifest(cart_of(server, CATALOGUE, tmp_path))
        desk.wait(stall.reached.is_set)
        assert desk.window.pages.currentWidget() is desk.window.reading_page
        press(desk.window.reading_page, "Cancel")
        desk.until(Stage.EMPTY)
    assert desk.window.asking.open is None


def test_another_cart_is_opened_while_one_runs_only_if_the_user_agrees(desk: Desk, tmp_path: Path) -> None:
    stall = Stall(after=2000)
    (tmp_path / "other").mkdir()
    with ArchiveServer(CATALOGUE, faults={UIDS[0]: Fault(stall=stall)}) as server:
        begin(desk, cart_of(server, CATALOGUE, tmp_path))
        desk.wait(stall.reached.is_set)
        desk.until(Stage.RUNNING)
        other = cart_of(server, CATALOGUE, tmp_path / "other")
        desk.application.take(other)
        desk.press("Keep running", LeaveDialog)
        assert desk.stage is Stage.RUNNING
        desk.application.take(other)
        desk.press("Leave and stop", LeaveDialog)
        desk.wait(lambda: desk.application.controller.path == other)
        desk.until(Stage.SHOWN)
    assert [each.state for each in recent(desk)] == [CartState.STOPPED]


def test_a_cart_that_runs_is_closed_only_if_the_user_agrees(desk: Desk, tmp_path: Path) -> None:
    stall = Stall(after=2000)
    with ArchiveServer(CATALOGUE, faults={UIDS[0]: Fault(stall=stall)}) as server:
        begin(desk, cart_of(server, CATALOGUE, tmp_path))
        desk.wait(stall.reached.is_set)
        desk.until(Stage.RUNNING)
        desk.do("Close cart")
        desk.press("Keep running", LeaveDialog)
        assert desk.stage is Stage.RUNNING
        desk.do("Close cart")
        desk.press("Leave and stop", LeaveDialog)
        desk.until(Stage.EMPTY)


# --- what is asked ----------------------------------------------------------------------------------


def test_who_does_not_agree_to_the_policy_gets_nothing(desk: Desk, cart: Path, tmp_path: Path) -> None:
    desk.open(cart)
    desk.do("Start")
    desk.press("Leave", PolicyDialog)
    desk.press("Close", ErrorDialog)
    assert desk.stage is Stage.SHOWN
    assert not (tmp_path / "data").exists()


def test_a_policy_is_asked_for_once_and_again_when_it_changed(desk: Desk, home: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    with ArchiveServer(CATALOGUE) as server:
        bring_home(desk, cart_of(server, CATALOGUE, first))
        desk.page.choices.folder.setText(str(second))
        desk.open(cart_of(server, CATALOGUE, second))
        desk.do("Start")
        desk.until(Stage.ENDED)
        port = int(server.url.rpartition(":")[2])
    changed = evolve(CATALOGUE, policy="Be kinder.")
    desk.page.choices.folder.setText(str(first / "third"))
    with ArchiveServer(changed, port=port):
        desk.open(second / "cart.tcia")
        desk.do("Start")
        dialog = desk.dialog(PolicyDialog)
        assert "The text changed since you accepted it on " in labels(dialog)
        press(dialog, "Agree")
        desk.until(Stage.ENDED)
    (ledger,) = home.rglob("policies.json")
    assert [each["by"] for each in json.loads(ledger.read_text())["accepted"]] == ["prompt"]


def fill_in(dialog: LoginDialog, user: str, password: str) -> None:
    fields = dialog.findChildren(QLineEdit)
    fields[0].setText(user)
    fields[1].setText(password)


def test_a_login_is_asked_for_what_is_limited_and_kept_in_the_keyring(
    desk: Desk, tmp_path: Path, keyring: MemoryKeyring
) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        begin(desk, cart_of(server, catalogue, tmp_path))
        dialog = desk.dialog(LoginDialog)
        assert server.url in labels(dialog)
        fill_in(dialog, DEMO_USER.name, "wrong")
        press(dialog, "Log in")
        desk.wait(lambda: desk.window.asking.open not in {None, dialog})
        dialog = desk.dialog(LoginDialog)
        assert "The last login was not accepted" in labels(dialog)
        fill_in(dialog, DEMO_USER.name, DEMO_USER.password)
        keeping = next(box for box in dialog.findChildren(QCheckBox) if "keyring" in box.text())
        desk.wait(keeping.isEnabled)
        keeping.setChecked(True)
        press(dialog, "Log in")
        desk.until(Stage.ENDED)
    report = desk.application.controller.report
    assert report is not None
    assert report.verdict is Verdict.COMPLETE
    assert list(keyring.kept.values()) == [DEMO_USER.password]


def test_a_guest_sees_what_is_denied_and_goes_on_with_the_rest(
    desk: Desk, tmp_path: Path, keyring: MemoryKeyring
) -> None:
    del keyring
    catalogue = demo_catalogue()
    limited = len(catalogue.series) - len(catalogue.public)
    with ArchiveServer(catalogue) as server:
        begin(desk, cart_of(server, catalogue, tmp_path))
        desk.press("Go on as a guest", LoginDialog)
        dialog = desk.dialog(DeniedDialog)
        rows = dialog.table.model()
        assert rows is not None
        assert rows.rowCount() == limited
        press(dialog, f"Go on with the other {len(catalogue.public)}")
        desk.until(Stage.ENDED)
    denied = [uid for uid in catalogue.series if desk.page.model.state(uid) is TaskState.DENIED]
    assert set(denied) == set(catalogue.series) - set(catalogue.public)
    assert f"{limited} series are not for this user." in desk.page.ending.words.text()


def _as_if_elsewhere(trust: Trust, origin: Origin) -> Standing:
    if origin in trust.remembered:
        return Standing.REMEMBERED
    return Standing.NAMED if origin in trust.named else Standing.UNKNOWN


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, keyring: MemoryKeyring) -> None:
    """Have this computer be an archive like any other, of which nobody knows."""
    del keyring
    monkeypatch.setattr(Trust, "standing", _as_if_elsewhere)


@pytest.mark.usefixtures("elsewhere")
def test_an_archive_that_nobody_knows_gets_a_login_only_if_the_user_says_so(
    desk: Desk, tmp_path: Path
) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = cart_of(server, catalogue, tmp_path)
        desk.open(cart)
        desk.do("Start")
        dialog = desk.dialog(TrustDialog)
        assert server.url in labels(dialog)
        press(dialog, "Yes, ask me for my login")
        desk.press("Agree", PolicyDialog)
        asked = desk.dialog(LoginDialog)
        fill_in(asked, DEMO_USER.name, DEMO_USER.password)
        press(asked, "Log in")
        desk.until(Stage.ENDED)
        assert desk.application.controller.report is not None
        assert desk.application.controller.report.verdict is Verdict.COMPLETE
        desk.open(cart)  # it took the login, so that it is known from now on
        assert desk.application.controller.doubtful is None


@pytest.mark.usefixtures("elsewhere")
def test_an_archive_that_the_user_does_not_trust_is_asked_as_a_guest(desk: Desk, tmp_path: Path) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        desk.open(cart_of(server, catalogue, tmp_path))
        desk.do("Start")
        dialog = desk.dialog(TrustDialog)
        dialog.reject()
        desk.press("Agree", PolicyDialog)
        desk.press("Leave", DeniedDialog)
        desk.press("Close", ErrorDialog)
        assert not any("oauth" in each.path.lower() for each in server.requests)
    assert desk.stage is Stage.SHOWN
    assert "no login is sent to it" in desk.note


@pytest.mark.usefixtures("elsewhere")
def test_the_trust_in_an_archive_ends_with_the_cart(desk: Desk, tmp_path: Path) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = cart_of(server, catalogue, tmp_path)
        desk.open(cart)
        origin = desk.application.controller.doubtful
        assert origin is not None
        desk.application.controller.trust(origin)
        assert desk.application.controller.doubtful is None
        desk.open(cart)
        desk.wait(lambda: desk.application.controller.doubtful == origin)


@pytest.mark.parametrize(("choice", "series"), [("Only the 1 missing series", 1), ("All 4 series again", 4)])
def test_of_a_cart_that_is_partly_there_the_rest_or_all_is_fetched(
    desk: Desk, tmp_path: Path, choice: str, series: int
) -> None:
    with ArchiveServer(CATALOGUE) as server:
        cart = cart_of(server, CATALOGUE, tmp_path)
        desk.open(cart)
        desk.select(UIDS[0])
        desk.do("Delete from cart")
        desk.do("Start")
        desk.press("Agree", PolicyDialog)
        desk.until(Stage.ENDED)
        before = len(fetches(server))
        desk.open(cart)
        desk.do("Start")
        dialog = desk.dialog(ExistingDialog)
        assert "3 series of this cart" in labels(dialog)
        (chosen,) = [box for box in (dialog._missing, dialog._all) if choice in box.text().replace("&", "")]
        chosen.setChecked(True)
        press(dialog, "Start")
        desk.until(Stage.ENDED)
        assert len(set(fetches(server)[before:])) == series
    assert sorted(images_below(tmp_path / "data" / "cart").values()) == ALL


def test_where_there_is_no_room_the_user_is_asked_before_anything_is_written(
    desk: Desk, cart: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cartload_plugins.storage.local.free_space", lambda _: 1)
    begin(desk, cart)
    desk.press("Do not begin", SpaceDialog)
    desk.press("Close", ErrorDialog)
    assert not (tmp_path / "data").exists()
    desk.do("Start")
    dialog = desk.dialog(SpaceDialog)
    monkeypatch.undo()
    press(dialog, "Begin all the same")
    desk.until(Stage.ENDED)
    assert sorted(images_below(tmp_path / "data" / "cart").values()) == ALL


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
    desk.press("Close", ErrorDialog)


def test_folders_and_licences_are_opened_by_the_desktop(
    desk: Desk, cart: Path, tmp_path: Path, browser: Browser
) -> None:
    bring_home(desk, cart)
    root = tmp_path / "data" / "cart"
    desk.do("Open folder")
    press(desk.page.ending, "Open folder")
    desk.select(UIDS[1])
    desk.page.table.show_series(UIDS[1])
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
    desk.dialog(kind).reject()


def test_settings_that_cannot_be_read_are_told_and_can_be_mended(
    home: Path, qtbot: QtBot, ends: list[str | int], tmp_path: Path
) -> None:
    del ends
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("jobs = many")
    desk = Desk(qtbot, tmp_path / "data")
    desk.application.show(None)
    desk.press("Close", ErrorDialog)
    desk.do("Settings …")
    desk.dialog(SettingsDialog).reject()
    desk.leave()


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
