"""The whole window: how a cart is opened, and what is asked before it comes, over real HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent
from PyQt6.QtWidgets import QCheckBox, QFileDialog, QLineEdit

from archive_carts import fetches, images_below, stored_bytes
from cartload.origins import Standing, Trust
from cartload.progress import Verdict
from cartload.state import TaskState
from cartload.testing.catalogue import DEMO_USER, demo_catalogue
from cartload_archive import ArchiveServer, Fault, Stall
from cartload_qt.dialogs.confirming import LeaveDialog
from cartload_qt.dialogs.denied import DeniedDialog
from cartload_qt.dialogs.existing import ExistingDialog
from cartload_qt.dialogs.login import LoginDialog
from cartload_qt.dialogs.policy import PolicyDialog
from cartload_qt.dialogs.space import SpaceDialog
from cartload_qt.dialogs.trouble import ErrorDialog
from cartload_qt.dialogs.trust import TrustDialog
from cartload_qt.recent import CartState
from cartload_qt.stage import Stage
from frontends.qt.applications import Desk, begin, bring_home, labels, press, recent
from frontends.qt.carts import cart_of
from small_carts import a_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.model import Origin
    from keyrings import MemoryKeyring

CATALOGUE = a_catalogue()
UIDS = list(CATALOGUE.series)
ALL = stored_bytes(CATALOGUE.series.values())


@pytest.fixture
def cart(tmp_path: Path) -> Iterator[Path]:
    with ArchiveServer(CATALOGUE) as server:
        yield cart_of(server, CATALOGUE, tmp_path)


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
    desk.until(Stage.SHOWN)
    assert desk.window.asking.open is None
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
        assert dialog.findChildren(QLineEdit)[0].text() == DEMO_USER.name
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
        desk.until(Stage.SHOWN)
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
    desk.until(Stage.SHOWN)
    assert desk.window.asking.open is None
    assert not (tmp_path / "data").exists()
    desk.do("Start")
    dialog = desk.dialog(SpaceDialog)
    monkeypatch.undo()
    press(dialog, "Begin all the same")
    desk.until(Stage.ENDED)
    assert sorted(images_below(tmp_path / "data" / "cart").values()) == ALL
