"""A settings file's text is changed in places, and means what it should afterwards."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from cartload_qt.settings_text import UNSET, changed, data_of, needed, value_of

if TYPE_CHECKING:
    from cartload_qt.settings_text import Changes, Key

COMMENTED = """\
# my settings
naming = "classic"   # as the group has it
jobs = 8

unknown = [1, 2]   # of a later version

[plugins.nbia]  # slow line
read_timeout = 120.0
"""

words = st.text(st.characters(codec="utf-8"), max_size=8)
values = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | words
    | st.lists(words, max_size=3)
)
settings = st.sampled_from(["naming", "jobs", "block", "check"]).map(lambda name: (name,))
options = st.tuples(st.just("plugins"), st.sampled_from(["nbia", "my.own", ""]), words)
changes_of_all_kinds = st.dictionaries(settings | options, values | st.just(UNSET), max_size=4)
tables = st.dictionaries(words, values, max_size=3)
files = st.fixed_dictionaries(
    {}, optional={"jobs": values, "other": values, "plugins": st.dictionaries(words, tables, max_size=3)}
)


@given(files, changes_of_all_kinds)
def test_a_change_is_what_is_read_afterwards_and_nothing_else_is(
    data: dict[str, object], changes: Changes
) -> None:
    after = data_of(changed(tomlkit.dumps(data), changes))
    for key, value in changes.items():
        assert value_of(after, key) == value
    untouched = {key for key in keys_of(data) if key not in changes}
    assert {key: value_of(after, key) for key in untouched} == {key: value_of(data, key) for key in untouched}
    assert keys_of(after) <= keys_of(data) | set(changes)


@given(changes_of_all_kinds)
def test_comments_and_what_is_not_known_stay(changes: Changes) -> None:
    text = changed(COMMENTED, changes)
    assert "# my settings\n" in text
    assert "unknown = [1, 2]   # of a later version\n" in text
    assert "[plugins.nbia]  # slow line\n" in text


@given(files, changes_of_all_kinds)
def test_the_same_changes_again_change_no_character(data: dict[str, object], changes: Changes) -> None:
    once = changed(tomlkit.dumps(data), changes)
    assert changed(once, needed(data_of(once), changes, {})) == once


def test_a_value_keeps_its_place_and_the_comment_beside_it() -> None:
    text = changed(COMMENTED, {("naming",): "descriptive"})
    assert text == COMMENTED.replace('"classic"', '"descriptive"')


def test_a_value_that_is_taken_out_leaves_the_others() -> None:
    assert changed(COMMENTED, {("jobs",): UNSET}) == COMMENTED.replace("jobs = 8\n", "")


def test_a_setting_is_put_before_the_tables() -> None:
    assert changed("[plugins.nbia]\nread_timeout = 1.0\n", {("jobs",): 2}).startswith("jobs = 2\n")


def test_an_option_of_a_plugin_gets_the_plugins_table() -> None:
    assert changed("", {("plugins", "nbia", "read_timeout"): 1.5}) == "[plugins.nbia]\nread_timeout = 1.5\n"


@pytest.mark.parametrize(
    "text",
    [
        "plugins.nbia.read_timeout = 1.0\n",
        "plugins = { nbia = { read_timeout = 1.0 } }\n",
        "[plugins]\nnbia.read_timeout = 1.0\n",
        "[plugins.nbia]\nread_timeout = 1.0\n[other]\n[plugins.mock]\nseries = 3\n",
        "\r\n[plugins.nbia]\r\nread_timeout = 1.0\r\n",
        "\ufeff[plugins.nbia]\nread_timeout = 1.0\n",
    ],
)
def test_tables_are_changed_however_they_are_written(text: str) -> None:
    after = data_of(changed(text, {("plugins", "nbia", "read_timeout"): 2.0, ("jobs",): 3}))
    assert value_of(after, ("plugins", "nbia", "read_timeout")) == 2.0
    assert after["jobs"] == 3


def test_line_ends_stay_as_they_are() -> None:
    text = changed('naming = "classic"\r\n', {("jobs",): 3})
    assert text == 'naming = "classic"\r\njobs = 3\r\n'


def test_a_byte_order_mark_stays() -> None:
    assert changed("\ufeffjobs = 1\n", {("jobs",): 3}) == "\ufeffjobs = 3\n"


def test_without_changes_the_text_is_the_same() -> None:
    assert changed("jobs=1", {}) == "jobs=1"


@pytest.mark.parametrize("text", ["plugins = 3\n", "plugins = [1]\n", "[[plugins]]\na = 1\n"])
def test_what_stands_where_a_table_should_be_is_not_replaced(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be changed here"):
        changed(text, {("plugins", "nbia", "read_timeout"): 2.0})


def test_what_would_not_read_as_meant_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tomlkit, "dumps", lambda _: "jobs = 3\nnaming = 'lost'\n")
    with pytest.raises(ValueError, match="without changing more"):
        changed("jobs = 1\n", {("jobs",): 3})


def test_what_is_not_toml_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid value"):
        changed("jobs = = 1", {("jobs",): 2})


def test_a_default_that_nobody_wrote_down_is_not_needed() -> None:
    changes: Changes = {("jobs",): 4, ("naming",): "classic", ("check",): UNSET}
    assert needed({}, changes, {("jobs",): 4, ("naming",): "descriptive"}) == {("naming",): "classic"}


def test_a_default_that_replaces_another_value_is_needed() -> None:
    assert needed({"jobs": 8}, {("jobs",): 4}, {("jobs",): 4}) == {("jobs",): 4}


def test_what_is_so_already_is_not_needed() -> None:
    assert needed({"jobs": 8}, {("jobs",): 8}, {}) == {}


def test_a_truth_value_is_not_the_number_that_equals_it() -> None:
    assert needed({"jobs": 1}, {("jobs",): True}, {}) == {("jobs",): True}


def keys_of(data: object, at: Key = ()) -> set[Key]:
    if not isinstance(data, dict):
        return {at}
    return {key for name, value in data.items() for key in keys_of(value, (*at, name))}


def test_the_commented_file_is_valid() -> None:
    assert tomllib.loads(COMMENTED)["jobs"] == 8
