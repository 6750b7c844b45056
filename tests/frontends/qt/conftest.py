"""The window's tests need no display: Qt draws into memory."""

from __future__ import annotations

import os

import pytest
from PyQt6.QtCore import QLocale

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def american() -> None:
    """Have numbers written in one way, wherever the tests run."""
    QLocale.setDefault(QLocale("en_US"))
