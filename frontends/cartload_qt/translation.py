"""All words of the window go through here; a language is a file ``languages/<code>.ts`` beside this module.

The files are Qt's own XML, as Linguist edits it, and read as they are: no compiled copy can fall behind.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from PyQt6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from PyQt6.QtCore import QObject

CONTEXT = "cartload"
SOURCE = "en"
"""The language in which the texts are written."""

_MOST = 2**63 - 1
"""What Qt can write; a server may say more."""
_MOST_FORMS = 2**31 - 1
"""By which numbers Qt chooses a form."""


def tr(text: str, **values: object) -> str:
    """Give *text* in the user's language, with the *values* in their places (``{name}``)."""
    said = QCoreApplication.translate(CONTEXT, text)
    return said.format(**values) if values else said


def figure(number: int) -> str:
    """Write a number as the user's country does."""
    return QLocale().toString(number) if number <= _MOST else f"{number:,}"


def numbered(one: str, many: str, number: int, **values: object) -> str:
    """Give *one* or *many* by the *number*, which stands at ``{number}``; languages may have other forms."""
    said = QCoreApplication.translate(CONTEXT, many, n=min(number, _MOST_FORMS))
    if said == many and number == 1:
        said = one
    return said.format(number=figure(number), **values)


class Language(QTranslator):
    """The texts of one language."""

    def __init__(self, texts: Mapping[str, tuple[str, ...]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts

    def isEmpty(self) -> bool:
        """Tell Qt that there is something in it."""
        return not self._texts

    def translate(  # type: ignore[override]  # None is what Qt knows as "not translated", "" is a text
        self, context: str | None, source: str | None, disambiguation: str | None = None, number: int = -1
    ) -> str | None:
        """Give the text for *source*; None where this language has none."""
        del disambiguation
        forms = self._texts.get(source or "") if context == CONTEXT else None
        if not forms:
            return None
        return forms[0] if len(forms) == 1 or number == 1 else forms[1]


def read_language(code: str) -> Mapping[str, tuple[str, ...]]:
    """Read the texts of a language: to each its translation, or its forms for one and for more."""
    file = files("cartload_qt") / "languages" / f"{code}.ts"
    if not file.is_file():
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for message in ET.fromstring(file.read_text(encoding="utf-8")).iter("message"):  # noqa: S314 - our own file
        translation = message.find("translation")
        if translation is not None and translation.get("type") != "unfinished":
            forms = [form.text or "" for form in translation.iter("numerusform")]
            found[message.findtext("source") or ""] = tuple(forms or [translation.text or ""])
    return found


def install(application: QCoreApplication, locale: QLocale) -> None:
    """Have *application* speak the first language of *locale* that there is, and Qt's own dialogs with it."""
    code, texts = _first_known(locale.uiLanguages())
    if not texts:
        return
    of_qt = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if of_qt.load(QLocale(code), "qtbase", "_", folder):
        application.installTranslator(of_qt)
    application.installTranslator(Language(texts, application))


def _first_known(wanted: Iterable[str]) -> tuple[str, Mapping[str, tuple[str, ...]]]:
    """Give the first of some languages that is known, with its texts: none for English, which they are in."""
    for each in wanted:
        code = each.partition("-")[0]
        if code == SOURCE:
            break
        if texts := read_language(code):
            return code, texts
    return SOURCE, {}
