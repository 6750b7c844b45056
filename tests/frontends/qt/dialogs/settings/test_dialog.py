"""The settings are changed in their file by a form that says what is wrong before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import frozen
from PyQt6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PyQt6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QPlainTextEdit, QPushButton

from cartload import registry as registries
from cartload.credentials import Credentials, Secret
from cartload.model import Origin
from cartload_common.credentials import keeping
from cartload_common.credentials.keyring_store import KeyringStore
from cartload_common.credentials.login_list import LoginList
from cartload_qt import settings_file
from cartload_qt.dialogs.settings.dialog import SettingsDialog
from cartload_qt.dialogs.settings.draft import Draft, options_group
from cartload_qt.dialogs.settings.fields import fields_of
from cartload_qt.dialogs.settings.form import Form
from cartload_qt.dialogs.settings.logins import KeptLogins, LoginsPage
from cartload_qt.dialogs.trouble import ErrorDialog
from dialog_parts import opened, type_text

if TYPE_CHECKING:
    from pathlib import Path

    from PyQt6.QtWidgets import QWidget
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from dialog_parts import Opened
    from keyrings import BrokenKeyring, MemoryKeyring

REGISTRY = registries.load(registries.installed(), block=["mock"])
ORIGIN = Origin("https", "archive.example", 443)


@frozen
class Needy:
    needed: str
    size: int = 1


NEEDY = options_group("needy", Needy, fields_of(Needy, ("plugins", "needy")))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


@pytest.fixture
def logins(tmp_path: Path) -> KeptLogins:
    return KeptLogins(KeyringStore(), LoginList(tmp_path / "logins.json", pytest.fail))


def shown(
    window: QWidget, path: Path, logins: KeptLogins, environment: dict[str, str] | None = None
) -> tuple[Opened, SettingsDialog]:
    dialog = SettingsDialog(path, REGISTRY, logins, environment or {}, window)
    return opened(dialog), dialog


def enter(line: QLineEdit, text: str) -> None:
    line.clear()
    type_text(line, text)


def pick(box: QComboBox, text: str) -> None:
    box.setCurrentText(text)
    box.activated.emit(box.currentIndex())


def page_of(dialog: SettingsDialog, name: str) -> None:
    plugins = dialog.plugins.plugins
    dialog.plugins.view.setCurrentIndex(plugins.index(plugins.names.index(name)))


def test_what_is_chosen_is_written(window: QWidget, path: Path, logins: KeptLogins) -> None:
    form, _ = shown(window, path, logins)
    enter(form.called(QLineEdit, "Series at once:"), "6")
    pick(form.called(QComboBox, "Naming:"), "classic")
    form.press("Save")
    assert path.read_text() == 'jobs = 6\nnaming = "classic"\n'
    assert form.answers == [True]


def test_without_a_change_there_is_nothing_to_save(window: QWidget, path: Path, logins: KeptLogins) -> None:
    form, _ = shown(window, path, logins)
    assert not form.button("Save").isEnabled()
    enter(form.called(QLineEdit, "Series at once:"), "4")  # the default
    assert not form.button("Save").isEnabled()
    form.press("Cancel")
    assert form.answers == [False]
    assert not path.exists()


def test_defaults_are_shown_as_such(window: QWidget, path: Path, logins: KeptLogins) -> None:
    form, _ = shown(window, path, logins)
    jobs = form.called(QLineEdit, "Series at once:")
    assert (jobs.text(), jobs.placeholderText()) == ("", "Default: 4")
    assert form.called(QComboBox, "Naming:").currentText() == "Default: descriptive"
    assert form.called(QComboBox, "Check:").currentText() == "Default: Yes"


def test_the_files_values_and_comments_are_kept(window: QWidget, path: Path, logins: KeptLogins) -> None:
    path.write_text('# mine\nnaming = "classic"  # group\nlater = 1\n')
    form, _ = shown(window, path, logins)
    assert form.called(QComboBox, "Naming:").currentText() == "classic"
    pick(form.called(QComboBox, "Check:"), "No")
    form.press("Save")
    assert path.read_text() == '# mine\nnaming = "classic"  # group\nlater = 1\ncheck = false\n'


def test_the_default_takes_a_value_out_of_the_file(window: QWidget, path: Path, logins: KeptLogins) -> None:
    path.write_text('naming = "classic"\njobs = 2\n')
    form, _ = shown(window, path, logins)
    pick(form.called(QComboBox, "Naming:"), "Default: descriptive")
    form.press("Save")
    assert path.read_text() == "jobs = 2\n"


def test_a_value_that_is_not_valid_is_told_beside_it_and_not_saved(
    window: QWidget, path: Path, logins: KeptLogins
) -> None:
    form, _ = shown(window, path, logins)
    jobs = form.called(QLineEdit, "Series at once:")
    enter(jobs, "99")
    assert "'jobs' must be <= 32: 99" in form.said
    assert not form.button("Save").isEnabled()
    enter(jobs, "9")
    assert "must be" not in form.said
    assert form.button("Save").isEnabled()


def test_the_page_that_hinders_saving_has_a_sign(window: QWidget, path: Path, logins: KeptLogins) -> None:
    path.write_text("jobs = 99\n")
    form, dialog = shown(window, path, logins)
    assert [dialog.pages.tabIcon(page).isNull() for page in range(4)] == [False, True, True, True]
    enter(form.called(QLineEdit, "Series at once:"), "9")
    assert dialog.pages.tabIcon(0).isNull()


def test_what_the_environment_overrides_is_marked(window: QWidget, path: Path, logins: KeptLogins) -> None:
    form, _ = shown(window, path, logins, {"CARTLOAD_JOBS": "2"})
    assert "The environment variable CARTLOAD_JOBS is set, and wins over this." in form.said


def test_a_plugin_that_is_not_installed_stays_chosen(window: QWidget, path: Path, logins: KeptLogins) -> None:
    path.write_text('naming = "of-the-institute"\n')
    form, _ = shown(window, path, logins)
    assert form.called(QComboBox, "Naming:").currentText() == "of-the-institute"


def test_a_broken_file_is_shown_and_never_written(window: QWidget, path: Path, logins: KeptLogins) -> None:
    path.write_text("jobs = = 2\n")
    form, _ = shown(window, path, logins)
    assert form.called(QPlainTextEdit, "Text of the settings file").toPlainText() == "jobs = = 2"
    assert "it is not valid TOML" in form.said
    assert not form.button("Save").isEnabled()
    form.key(Qt.Key.Key_Return)
    assert path.read_text() == "jobs = = 2\n"


def test_what_cannot_be_saved_is_told_and_the_form_stays(
    window: QWidget, path: Path, logins: KeptLogins
) -> None:
    form, dialog = shown(window, path, logins)
    enter(form.called(QLineEdit, "Series at once:"), "6")
    path.write_text("jobs = = 2\n")
    form.press("Save")
    error = dialog.findChild(ErrorDialog)
    assert error is not None
    assert error.isVisible()
    assert form.answers == []
    assert path.read_text() == "jobs = = 2\n"


def test_options_of_a_plugin_are_a_form(window: QWidget, path: Path, logins: KeptLogins) -> None:
    form, dialog = shown(window, path, logins)
    dialog.pages.setCurrentIndex(2)
    page_of(dialog, "nbia")
    timeouts = [each for each in form.all(QLineEdit) if each.accessibleName() == "Read timeout:"]
    visible = [each for each in timeouts if each.isVisible()]
    assert [each.placeholderText() for each in visible] == ["Default: 60.0"]
    assert "How long a server may send nothing" in form.said
    enter(visible[0], "-1")
    assert "'read_timeout' must be > 0" in form.said
    enter(visible[0], "90")
    form.press("Save")
    assert path.read_text() == "[plugins.nbia]\nread_timeout = 90.0\n"


def test_an_option_that_must_be_given_is_missed_once_another_is(window: QWidget, path: Path) -> None:
    form = Form(Draft(settings_file.read(path)), NEEDY, {}, {}, parent=window)
    enter(form.findChildren(QLineEdit)[1], "3")
    assert not form.is_right
    enter(form.findChildren(QLineEdit)[0], "x")
    assert form.is_right


def test_a_secret_is_hidden_until_it_is_to_be_shown(window: QWidget, path: Path, logins: KeptLogins) -> None:
    path.write_text('proxy = "http://me:secret@proxy.example"\n')
    form, _ = shown(window, path, logins)
    (proxy,) = [each for each in form.all(QLineEdit) if each.accessibleName() == "Proxy:" and each.text()]
    assert "secret" not in proxy.displayText()
    parent = proxy.parentWidget()
    assert parent is not None
    (shows,) = parent.findChildren(QPushButton)
    shows.click()
    assert "secret" in proxy.displayText()


def test_a_file_can_be_looked_for(window: QWidget, path: Path, logins: KeptLogins, tmp_path: Path) -> None:
    form, _ = shown(window, path, logins)
    browse = form.called(QPushButton, "Browse for Certificates:")
    browse.click()
    looking = form.all(QFileDialog)[-1]
    looking.fileSelected.emit(str(tmp_path / "ca.pem"))
    looking.close()
    form.press("Save")
    assert "ca_file" in path.read_text()


def test_plugins_are_blocked_by_their_check_marks(window: QWidget, path: Path, logins: KeptLogins) -> None:
    path.write_text('block = ["gone"]\n')
    form, dialog = shown(window, path, logins)
    plugins = dialog.plugins.plugins
    states = {
        name: plugins.data(plugins.index(row), Qt.ItemDataRole.CheckStateRole)
        for row, name in enumerate(plugins.names)
    }
    assert [name for name, state in states.items() if state is Qt.CheckState.Unchecked] == ["gone"]
    row = plugins.index(plugins.names.index("bearer"))
    plugins.setData(row, Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    form.press("Save")
    assert path.read_text() == 'block = ["gone", "bearer"]\n'


def test_a_blocked_plugin_is_used_again(window: QWidget, path: Path, logins: KeptLogins) -> None:
    path.write_text('block = ["gone"]\njobs = 2\n')
    form, dialog = shown(window, path, logins)
    dialog.pages.setCurrentIndex(2)
    page_of(dialog, "gone")
    dialog.plugins.view.setFocus()
    form.key(Qt.Key.Key_Space)
    form.press("Save")
    assert path.read_text() == "jobs = 2\n"


def test_the_list_of_plugins_is_a_model_as_qt_wants_it(
    window: QWidget, path: Path, logins: KeptLogins, qtmodeltester: ModelTester
) -> None:
    _, dialog = shown(window, path, logins)
    model: QAbstractItemModel = dialog.plugins.plugins
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # it has no types
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None


def test_a_login_is_forgotten_from_the_keyring_and_the_list(
    window: QWidget, path: Path, logins: KeptLogins, keyring: MemoryKeyring, qtbot: QtBot
) -> None:
    keeping.keep(logins.store, logins.listed, ORIGIN, Credentials("jane", Secret("x")))
    form, dialog = shown(window, path, logins)
    page = form.one(LoginsPage)
    dialog.pages.setCurrentIndex(3)
    assert not page.forgetting.isEnabled()
    page.table.selectRow(0)
    page.forgetting.click()
    qtbot.waitUntil(lambda: "No login is kept." in form.said)
    assert keyring.kept == {}
    assert logins.listed.read() == {}


def test_a_keyring_that_refuses_is_told_and_the_login_stays(
    window: QWidget, path: Path, logins: KeptLogins, broken_keyring: BrokenKeyring, qtbot: QtBot
) -> None:
    del broken_keyring
    logins.listed.add(ORIGIN, "jane")
    form, dialog = shown(window, path, logins)
    page = form.one(LoginsPage)
    dialog.pages.setCurrentIndex(3)
    page.table.selectRow(0)
    page.forgetting.click()
    qtbot.waitUntil(lambda: "It was not forgotten" in form.said)
    assert logins.listed.read() == {ORIGIN: ("jane",)}
