"""All that the window says can be said in other languages, and is: completely."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from attrs import frozen

from frontends.qt.package_texts import PACKAGE, Said, bare, said, sentences, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHOWN_AS_THEY_ARE = {
    "HTML (*.html)": "the names of file formats",
    "JSON (*.json)": "likewise",
    "{collection}/{patient}/{study_date}/{modality}": "a template, in the words that templates have",
}
"""What is shown in every language, and why."""

FOR_OTHERS = {
    "the one before is still at work": "a fault of cartload itself",
    "*.tcia *.txt *.csv *.xml": "patterns of file names",
    " is no number": "the log's",
    " is no table": "it is caught, and told in other words",
    "<p style='white-space:pre-wrap'>": "markup of cartload's own",
    " - cartload": "a name",
    "whole number": "names in the program",
    "yes or no": "likewise",
    "one of some": "likewise",
    "a list, one a line": "likewise",
    "as in the settings file": "likewise",
    "copy UIDs": "likewise",
    "copy rows": "likewise",
    "open the folder": "likewise",
    **dict.fromkeys(("HTML (*.html)", "JSON (*.json)"), "file formats"),
}
"""Literals of several words that are none of the window's texts, and why."""


@frozen
class Translated:
    """A message of a language's file."""

    source: str
    forms: tuple[str, ...]
    has_numbers: bool
    is_finished: bool


def messages(language: str) -> list[Translated]:
    root = ET.parse(PACKAGE / "languages" / f"{language}.ts").getroot()  # noqa: S314 - our own file
    return [_translated(message) for message in root.iter("message")]


def _translated(message: ET.Element) -> Translated:
    translation = message.find("translation")
    assert translation is not None
    forms = [form.text or "" for form in translation.iter("numerusform")]
    return Translated(
        message.findtext("source") or "",
        tuple(forms or [translation.text or ""]),
        has_numbers=message.get("numerus") == "yes",
        is_finished=translation.get("type") is None and all(forms or [translation.text]),
    )


every_language = pytest.mark.parametrize(
    "language", sorted(path.stem for path in (PACKAGE / "languages").glob("*.ts"))
)


def pairs(language: str) -> Iterator[tuple[Said, Translated]]:
    by_source = {message.source: message for message in messages(language)}
    return ((each, by_source[each.text]) for each in said() if each.text in by_source)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def keys(text: str) -> list[str]:
    """Give the marked letters of a text; ``&&`` shows an ampersand."""
    return re.findall(r"&(.)", text.replace("&&", ""))


def stub(text: Said) -> str:
    """Write the lines that a language's file lacks, to be copied into it."""
    source = ET.Element("message", {"numerus": "yes"} if text.has_numbers else {})
    ET.SubElement(source, "source").text = text.text
    translation = ET.SubElement(source, "translation", {"type": "unfinished"})
    for _ in range(2 if text.has_numbers else 0):
        ET.SubElement(translation, "numerusform")
    ET.indent(source)
    return ET.tostring(source, encoding="unicode")


def test_german_is_there() -> None:
    assert (PACKAGE / "languages" / "de.ts").is_file()


def test_whatever_is_looked_up_is_a_literal() -> None:
    assert unreadable() == []


def test_no_text_reaches_the_user_beside_the_translation() -> None:
    assert [each for each in bare() if each[0] not in SHOWN_AS_THEY_ARE] == []


def test_no_sentence_is_left_untranslated() -> None:
    """But for ``desktop``: what stands there is said in a terminal, or to the desktop in all languages."""
    found = [each for each in sentences() if not each[1].startswith("desktop/")]
    assert [each for each in found if each[0] not in FOR_OTHERS] == []


def test_nothing_is_excepted_that_is_not_there() -> None:
    there = {text for text, _ in (*bare(), *sentences())}
    assert set(FOR_OTHERS) | set(SHOWN_AS_THEY_ARE) <= there


def test_a_text_is_said_with_a_number_everywhere_or_nowhere() -> None:
    kinds: dict[str, set[bool]] = {}
    for each in said():
        kinds.setdefault(each.text, set()).add(each.has_numbers)
    assert [text for text, found in kinds.items() if len(found) > 1] == []


def test_one_thing_and_many_have_the_same_places_and_keys() -> None:
    for each in said():
        if each.one is not None:
            assert placeholders(each.one) | {"number"} == placeholders(each.text), each
            assert len(keys(each.one)) == len(keys(each.text)), each


@every_language
def test_every_text_is_translated(language: str) -> None:
    finished = {message.source for message in messages(language) if message.is_finished}
    missing: Mapping[str, str] = {each.text: stub(each) for each in said() if each.text not in finished}
    assert not missing, f"languages/{language}.ts lacks\n" + "\n".join(missing.values())


@every_language
def test_no_translation_is_left_over(language: str) -> None:
    known = {each.text for each in said()}
    sources = [message.source for message in messages(language)]
    assert [source for source in sources if source not in known] == []
    assert len(sources) == len(set(sources))


@every_language
def test_a_translation_has_the_same_places(language: str) -> None:
    for each, message in pairs(language):
        *few, most = message.forms
        assert placeholders(most) == placeholders(each.text), message
        for form in few:
            assert placeholders(form) | {"number"} == placeholders(each.text), message


@every_language
def test_numbers_have_the_forms_of_the_language_where_english_has_them(language: str) -> None:
    for each, message in pairs(language):
        assert message.has_numbers == each.has_numbers, message
        assert len(message.forms) == (2 if each.has_numbers else 1), message


@every_language
def test_a_text_has_a_key_in_each_language_or_in_none(language: str) -> None:
    for each, message in pairs(language):
        for form in message.forms:
            assert len(keys(form)) == len(keys(each.text)), message
            assert all(key.isalnum() for key in keys(form)), message


@every_language
def test_a_text_ends_alike_in_each_language(language: str) -> None:
    for each, message in pairs(language):
        for form in message.forms:
            for end in (":", "…", "?", "." if each.text[0].isalpha() else "!"):  # units may be abbreviated
                assert form.endswith(end) == each.text.endswith(end), message
