"""The window's tests need no display: Qt draws into memory."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QLocale, QTranslator

from cartload_qt import translation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PyQt6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def american() -> None:
    """Have numbers written in one way, wherever the tests run."""
    QLocale.setDefault(QLocale("en_US"))


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest, qapp: QApplication, american: None) -> Iterator[str]:
    """Have the window speak each language that there is."""
    del american  # it comes first
    code = str(request.param)
    QLocale.setDefault(QLocale(code))
    translation.install(qapp, QLocale(code))
    yield code
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.setParent(None)
