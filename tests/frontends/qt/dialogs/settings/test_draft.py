"""What was changed in a form is kept apart until it is saved, and judged by the core."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import field, frozen, validators

from cartload.errors import SettingsError
from cartload.settings import Settings
from cartload_qt import settings_file
from cartload_qt.dialogs.settings.draft import Draft, Group, options_group, settings_group
from cartload_qt.dialogs.settings.fields import fields_of
from cartload_qt.settings_text import UNSET

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = settings_group(fields_of(Settings))


@frozen(kw_only=True)
class Two:
    needed: str
    also: int
    size: int = field(default=1, validator=validators.gt(0))


TWO = options_group("two", Two, fields_of(Two, ("plugins", "two")))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "config.toml"
    made.write_text("jobs = 8\n[plugins.two]\nsize = 3\n")
    return made


@pytest.fixture
def draft(path: Path) -> Draft:
    made = Draft(settings_file.read(path))
    for group in (SETTINGS, TWO):
        made.know(group.fields)
    return made


def test_a_value_is_that_of_the_file_until_another_is_chosen(draft: Draft) -> None:
    assert draft.value(("jobs",)) == 8
    draft.choose(("jobs",), 2)
    assert draft.value(("jobs",)) == 2
    assert draft.changes == {("jobs",): 2}


def test_back_to_what_it_was_is_no_change(draft: Draft) -> None:
    draft.choose(("jobs",), 2)
    draft.choose(("jobs",), 8)
    assert draft.changes == {}


def test_a_default_that_is_not_in_the_file_is_no_change(draft: Draft) -> None:
    draft.choose(("naming",), "descriptive")
    draft.choose(("plugins", "two", "size"), UNSET)
    assert draft.changes == {("plugins", "two", "size"): UNSET}


def test_saving_writes_the_changes_and_nothing_else(draft: Draft, path: Path) -> None:
    draft.choose(("jobs",), 2)
    draft.save()
    assert path.read_text() == "jobs = 2\n[plugins.two]\nsize = 3\n"
    assert draft.changes == {}
    assert draft.value(("jobs",)) == 2


def test_changes_that_could_not_be_saved_are_still_there(draft: Draft, path: Path) -> None:
    draft.choose(("jobs",), 2)
    path.write_text("jobs = = 3\n")
    with pytest.raises(SettingsError):
        draft.save()
    assert draft.changes == {("jobs",): 2}


@pytest.mark.parametrize(
    ("group", "key", "value", "fault"),
    [
        (SETTINGS, ("jobs",), 99, "'jobs' must be <= 32: 99"),
        (SETTINGS, ("jobs",), "many", "'many' is not a whole number"),
        (SETTINGS, ("limit_rate",), "20M", ""),
        (SETTINGS, ("limit_rate",), "fast", "'fast' is no rate such as 500k, 20M or 1.5G (bytes a second)"),
        (SETTINGS, ("existing",), "never", "'never' is not one of ask, missing, all"),
        (TWO, ("plugins", "two", "size"), "x", "'x' is not a whole number"),
        (TWO, ("plugins", "two", "also"), "y", "'y' is not a whole number"),
    ],
)
def test_a_fault_is_the_cores_own_and_stands_at_its_field(
    draft: Draft, group: Group, key: tuple[str, ...], value: object, fault: str
) -> None:
    draft.choose(key, value)
    assert draft.fault(group, key[-1]) == fault
    others = [each.name for each in group.fields if each.key != key]
    assert not any(draft.fault(group, name) for name in others)


def test_a_validator_is_heard_once_what_is_needed_is_given(draft: Draft) -> None:
    draft.choose(("plugins", "two", "needed"), "x")
    draft.choose(("plugins", "two", "also"), 1)
    draft.choose(("plugins", "two", "size"), 0)
    assert draft.fault(TWO, "size") == "'size' must be > 0: 0"
    assert draft.fault(TWO, "needed") == ""


def test_two_faults_stand_each_at_its_own_field(draft: Draft) -> None:
    draft.choose(("jobs",), "many")
    draft.choose(("attempts",), "often")
    assert draft.fault(SETTINGS, "jobs") == "'many' is not a whole number"
    assert draft.fault(SETTINGS, "attempts") == "'often' is not a whole number"


def test_what_is_not_chosen_is_not_wrong(draft: Draft) -> None:
    assert draft.fault(TWO, "needed") == ""
    assert draft.fault(SETTINGS, "naming") == ""


def test_what_is_missing_is_told_of_the_whole(draft: Draft) -> None:
    assert draft.fault_together(TWO) == "needed: it is missing; also: it is missing"
    draft.choose(("plugins", "two", "needed"), "x")
    draft.choose(("plugins", "two", "also"), 1)
    assert draft.fault_together(TWO) == ""


def test_what_is_wrong_alone_is_not_told_of_the_whole(draft: Draft) -> None:
    draft.choose(("jobs",), "many")
    assert draft.fault_together(SETTINGS) == ""


def test_a_group_of_which_nothing_is_chosen_is_right(draft: Draft) -> None:
    draft.choose(("plugins", "two", "size"), UNSET)
    assert draft.fault_together(TWO) == ""
