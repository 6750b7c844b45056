"""Words in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QCoreApplication, QLocale, QTranslator

from cartload_qt.translation import Language, figure, install, numbered, tr

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def german(qapp: QCoreApplication) -> Iterator[None]:
    language = Language(
        {"Open {name}": ("{name} öffnen",), "{number} images": ("{number} Bild", "{number} Bilder")}
    )
    qapp.installTranslator(language)
    yield
    qapp.removeTranslator(language)


@pytest.mark.usefixtures("qapp")
def test_without_a_translation_the_text_itself_is_shown() -> None:
    assert tr("Open {name}", name="{x} <b>") == "Open {x} <b>"


@pytest.mark.usefixtures("german")
def test_a_translation_takes_its_place_with_the_values() -> None:
    assert tr("Open {name}", name="cart") == "cart öffnen"


@pytest.mark.usefixtures("german")
def test_numbers_that_qt_cannot_hold_are_written() -> None:
    assert numbered("{number} image", "{number} images", 2**64) == "18,446,744,073,709,551,616 Bilder"


@pytest.mark.usefixtures("qapp")
def test_numbers_are_written_as_the_country_does(language: str) -> None:
    assert figure(2**40) == {"en": "1,099,511,627,776", "de": "1.099.511.627.776"}[language]


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(("number", "said"), [(0, "0 Bilder"), (1, "1 Bild"), (2, "2 Bilder")])
def test_numbers_have_the_forms_of_the_language(number: int, said: str) -> None:
    assert numbered("{number} image", "{number} images", number) == said


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("number", "said"), [(0, "0 images"), (1, "1 image"), (2, "2 images")])
def test_numbers_have_their_forms_without_a_translation(number: int, said: str) -> None:
    assert numbered("{number} image", "{number} images", number) == said


class Wishes(QLocale):
    """A locale whose user wants these languages."""

    def __init__(self, *languages: str) -> None:
        super().__init__("en_US")
        self._languages = list(languages)

    def uiLanguages(  # noqa: N802 - Qt's name
        self, separator: QLocale.TagSeparator = QLocale.TagSeparator.Dash
    ) -> list[str]:
        del separator
        return self._languages


@pytest.fixture
def installed(qapp: QCoreApplication) -> Iterator[QCoreApplication]:
    yield qapp
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.setParent(None)


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        (["de-Latn-AT", "de-AT", "de"], "Einstellungen"),
        (["xx-XX", "xx", "de-DE", "en-US"], "Einstellungen"),
        (["en-GB", "en", "de-DE"], "Settings"),
        (["xx-XX"], "Settings"),
        ([], "Settings"),
    ],
)
def test_the_first_language_that_there_is_is_spoken(
    installed: QCoreApplication, wishes: list[str], said: str
) -> None:
    install(installed, Wishes(*wishes))
    assert tr("Settings") == said


def test_qt_speaks_the_same_language(installed: QCoreApplication) -> None:
    install(installed, Wishes("de-DE"))
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"
