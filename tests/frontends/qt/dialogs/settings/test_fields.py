"""What can be chosen follows from the attrs class that reads it, whoever wrote it."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any

import attrs
import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from cartload import registry as registries
from cartload.ports import NoOptions
from cartload.settings import Settings, structure_options
from cartload_common.options import ONLY_IN_FILES
from cartload_qt.dialogs.settings.fields import Field, Shape, fields_of, read, typed
from cartload_qt.dialogs.settings.words import GENERAL, NETWORK, setting_words
from cartload_qt.settings_text import UNSET


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@frozen(kw_only=True)
class Many:
    needed: str
    text: str = "x"
    """How it is ``called``."""
    number: int = 3
    real: float = 0.5
    truth: bool = True
    perhaps: bool | None = None
    colour: Colour = Colour.RED
    lines: tuple[str, ...] = ("a", "b")
    folder: Path = Path("here")
    file: str | None = None
    token: str = field(default="", repr=False)
    other: dict[str, int] = field(factory=dict)
    hidden: int = field(default=1, init=False)


FIELDS = {each.name: each for each in fields_of(Many, ("plugins", "many"))}


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("text", Shape.TEXT),
        ("number", Shape.NUMBER),
        ("real", Shape.REAL),
        ("truth", Shape.TRUTH),
        ("perhaps", Shape.TRUTH),
        ("colour", Shape.CHOICE),
        ("lines", Shape.LINES),
        ("folder", Shape.PATH),
        ("file", Shape.PATH),
        ("other", Shape.VALUE),
    ],
)
def test_the_shape_follows_from_the_type(name: str, shape: Shape) -> None:
    assert FIELDS[name].shape is shape


def test_defaults_are_as_the_file_would_have_them() -> None:
    shown = {name: each.default for name, each in FIELDS.items()}
    assert shown["colour"] == "red"
    assert shown["lines"] == ["a", "b"]
    assert shown["needed"] is UNSET
    assert shown["other"] is UNSET


def test_what_has_no_default_is_to_be_given() -> None:
    assert [each.name for each in FIELDS.values() if each.is_required] == ["needed"]


def test_what_is_not_shown_in_a_representation_is_a_secret() -> None:
    assert [each.name for each in FIELDS.values() if each.is_secret] == ["token"]


def test_what_nobody_can_give_is_no_field() -> None:
    assert "hidden" not in FIELDS


def test_the_text_under_a_field_is_its_help() -> None:
    assert FIELDS["text"].help == "How it is called."
    assert FIELDS["number"].help == ""


def test_keys_lead_into_the_plugins_table() -> None:
    assert FIELDS["text"].key == ("plugins", "many", "text")


def test_a_class_whose_source_is_not_there_has_no_help() -> None:
    made: type[object] = attrs.make_class("Made", {"size": attrs.field(default=1, type=int)})
    assert [(each.name, each.shape, each.help) for each in fields_of(made)] == [("size", Shape.NUMBER, "")]


def test_a_type_that_cannot_be_found_is_typed_as_in_the_file() -> None:
    @frozen
    class Made:
        size: Nowhere  # type: ignore[name-defined]  # noqa: F821 - as a foreign class may have it

    assert fields_of(Made)[0].shape is Shape.VALUE


def test_what_is_no_attrs_class_has_no_fields() -> None:
    assert fields_of(int) == ()
    assert fields_of(NoOptions) == ()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("text", "", UNSET),
        ("text", " a ", " a "),
        ("number", "12", 12),
        ("number", "many", "many"),
        ("number", "9" * 5000, "9" * 5000),
        ("real", "1", 1.0),
        ("real", "1e3", 1000.0),
        ("real", "nan", "nan"),
        ("lines", "a\n\n b \n", ["a", "b"]),
        ("lines", "\n", UNSET),
        ("file", " /a/b ", "/a/b"),
        ("other", "{ a = 1 }", {"a": 1}),
        ("other", "{", "{"),
    ],
)
def test_what_is_typed_becomes_a_value_or_stays_a_text(name: str, text: str, value: object) -> None:
    assert read(FIELDS[name], text) == value


lines = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)
values: dict[str, st.SearchStrategy[Any]] = {
    "text": lines,
    "number": st.integers(-(10**17), 10**17),
    "real": st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15),
    "lines": st.lists(lines, min_size=1),
    "file": lines,
}


@given(st.sampled_from(sorted(values)).flatmap(lambda name: st.tuples(st.just(name), values[name])))
def test_what_is_shown_reads_as_what_it_was(example: tuple[str, object]) -> None:
    name, value = example
    assert read(FIELDS[name], typed(value)) == value


def test_every_setting_has_its_place_and_its_words() -> None:
    names = {each.name for each in attrs.fields(Settings)} - {"block"} - ONLY_IN_FILES
    assert set(GENERAL + NETWORK) == names == set(setting_words())


def test_every_default_of_every_bundled_plugin_is_valid() -> None:
    for found in registries.load(registries.installed()).all():
        fields = fields_of(found.factory.options, ("plugins", found.name))
        chosen = {each.name: each.default for each in fields if each.default is not UNSET}
        made = structure_options(found.name, found.factory.options, chosen)
        assert made == structure_options(found.name, found.factory.options, {})


@pytest.mark.parametrize("found", registries.load(registries.installed()).all(), ids=lambda each: each.name)
def test_every_option_of_every_bundled_plugin_has_its_own_shape_and_help(
    found: registries.Registered[Any],
) -> None:
    def is_good(each: Field) -> bool:
        has_help = bool(each.help) or found.name == "descriptive"  # the class itself says it
        return each.shape is not Shape.VALUE and has_help

    assert all(map(is_good, fields_of(found.factory.options)))
