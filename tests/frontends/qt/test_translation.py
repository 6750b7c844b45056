"""Words in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload_qt.translation import Language, numbered, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PyQt6.QtCore import QCoreApplication


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


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(("number", "said"), [(0, "0 Bilder"), (1, "1 Bild"), (2, "2 Bilder")])
def test_numbers_have_the_forms_of_the_language(number: int, said: str) -> None:
    assert numbered("{number} image", "{number} images", number) == said


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("number", "said"), [(0, "0 images"), (1, "1 image"), (2, "2 images")])
def test_numbers_have_their_forms_without_a_translation(number: int, said: str) -> None:
    assert numbered("{number} image", "{number} images", number) == said
