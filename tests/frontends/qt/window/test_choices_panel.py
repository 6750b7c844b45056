"""Where the cart goes, and how."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cartload.settings import Existing, FileNames, Settings
from cartload_qt.choices import Choices
from cartload_qt.destination import Place, look
from cartload_qt.window.choices_panel import ChoicesPanel, place_words
from frontends.qt.carts import PATIENCE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Path) -> ChoicesPanel:
    made = ChoicesPanel(Choices(directory=tmp_path))
    qtbot.addWidget(made)
    made.show()
    return made


def preview(choices: Choices) -> tuple[str, str]:
    if choices.naming == "template" and choices.template != "{patient}":
        return "", "there is no such word."
    return f"LUNG/{choices.naming}", ""


def test_it_begins_with_what_the_settings_say(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings(naming="classic", file_names=FileNames.UID, annotations=False, check=False, jobs=7)
    choices = Choices.of(settings, tmp_path)
    panel = ChoicesPanel(choices)
    qtbot.addWidget(panel)
    assert panel.choices() == choices


def test_what_is_chosen_holds_over_the_settings_and_leaves_the_others(tmp_path: Path) -> None:
    settings = Settings(annotations=False, naming="template", template="{patient}", existing=Existing.ALL)
    chosen = Choices(directory=tmp_path, naming="classic", jobs=7).over(settings)
    assert (chosen.annotations, chosen.naming, chosen.template, chosen.jobs) == (None, "classic", None, 7)
    assert chosen.existing is Existing.ALL


def test_what_is_chosen_is_told(panel: ChoicesPanel, qtbot: QtBot) -> None:
    panel.show_namings(["classic", "descriptive", "template"], preview)
    with qtbot.waitSignal(panel.changed) as changed:
        panel.naming.setCurrentIndex(panel.naming.findData("classic"))
    assert changed.args is not None
    assert changed.args[0].naming == "classic"
    panel.jobs.setValue(9)
    panel.annotations.setCurrentIndex(2)
    panel.file_names.setCurrentIndex(1)
    panel.check.setChecked(False)
    chosen = panel.choices()
    assert (chosen.jobs, chosen.annotations, chosen.file_names, chosen.check) == (
        9,
        False,
        FileNames.SERVER,
        False,
    )


def test_an_example_of_a_path_follows_the_naming(panel: ChoicesPanel) -> None:
    panel.show_namings(["classic", "descriptive", "template"], preview)
    assert panel.path.text() == "LUNG/descriptive"
    assert not panel.template.isVisible()
    panel.naming.setCurrentIndex(panel.naming.findData("template"))
    assert panel.template.isVisible()
    assert panel.path.text() == "Not possible: there is no such word."
    assert not panel.is_usable
    panel.template.setText("{patient}")
    assert panel.path.text() == "LUNG/template"
    assert panel.is_usable


def test_a_destination_is_looked_at_when_nobody_types_any_more(
    panel: ChoicesPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    panel.show_needed(1000)
    panel.folder.setText(str(tmp_path / "new" / "folder"))
    assert panel.found.text() == "checking …"
    qtbot.waitUntil(lambda: panel.place is not None, timeout=PATIENCE)
    assert panel.found.text().startswith("✓ It can be written; ")
    assert list(tmp_path.glob("new")) == []


def test_a_destination_that_is_a_file_cannot_be_used(
    panel: ChoicesPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_text("")
    panel.folder.setText(str(path))
    qtbot.waitUntil(lambda: panel.place is not None, timeout=PATIENCE)
    assert panel.found.text() == f"✗ It cannot be used: {path} is not a folder."
    assert not panel.is_usable


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place(Path("x"), 2_000_000), "✓ It can be written; 2.0 MB are free, the cart needs 1.0 MB."),
        (Place(Path("x"), 500_000), "⚠ Only 500.0 kB are free, the cart needs 1.0 MB."),
        (Place(Path("x")), "✓ It can be written."),
        (Place(Path("x"), fault="no"), "✗ It cannot be used: no"),
    ],
)
def test_room_is_told_in_words(place: Place, words: str) -> None:
    assert place_words(place, 1_000_000) == words


def test_a_folder_that_is_not_there_yet_is_looked_at_above(tmp_path: Path) -> None:
    found = look(tmp_path / "a" / "b")
    assert found.fault == ""
    assert found.free is not None
    assert not (tmp_path / "a").exists()


def test_a_naming_of_a_plugin_is_offered_by_its_name(panel: ChoicesPanel) -> None:
    panel.show_namings(["<b>&x", "descriptive"], preview)
    assert panel.naming.itemText(0) == "<b>&x"
