"""The window's beginning and end: Qt's application, the log, and the one window in it."""

from __future__ import annotations

import logging
import os
import signal
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from PyQt6.QtCore import QLocale, QObject, QTimer, pyqtSignal
from PyQt6.QtWidgets import QApplication

from cartload.version import __version__
from cartload_common import environment, log_file
from cartload_common.redaction import Redaction
from cartload_qt import translation
from cartload_qt.application import Application
from cartload_qt.desktop.icon import application_icon
from cartload_qt.desktop.identity import APPLICATION
from cartload_qt.desktop.single_instance import SingleInstance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType, TracebackType

_logger = logging.getLogger(__name__)

_GLANCE = 200
"""Milliseconds between two looks whether a signal came: Python sees one only when it runs."""


def run(manifest: Path | None) -> int:
    """Show the window until it is closed, with *manifest* in it; a window that is there already takes it."""
    qt = QApplication(sys.argv[:1])
    qt.setApplicationName("cartload")
    qt.setApplicationDisplayName("cartload")
    qt.setApplicationVersion(__version__)
    qt.setDesktopFileName(APPLICATION)
    qt.setWindowIcon(application_icon())
    qt.setQuitOnLastWindowClosed(False)
    translation.install(qt, QLocale())
    instance = SingleInstance()
    if instance.hand_over(manifest):
        return 0
    redact = Redaction()
    warnings: list[str] = []
    with ExitStack() as opened:
        opened.callback(instance.close)
        opened.enter_context(log_file.kept(redact, warnings.append))
        _log_the_start()
        application = Application(redact)
        opened.enter_context(_caught(application))
        opened.enter_context(_signals(application))
        instance.handed.connect(application.take)
        application.window.leaving.connect(instance.close)  # or it would take a cart to the grave
        application.show(manifest, warnings)
        code: int = qt.exec()
        _logger.info("the window was closed")
    return code


def _log_the_start() -> None:
    software, platform = environment.software(), environment.this_platform()
    _logger.info("cartload %s, %s, %s", software.cartload, software.python, software.tls)
    _logger.info("on %s %s (%s), %s", platform.system, platform.release, platform.version, platform.machine)
    _logger.info("command: window, drawn by %s", QApplication.platformName())


class _Faults(QObject):
    """Brings a fault that was raised somewhere to where it can be shown."""

    raised = pyqtSignal(object)


@contextmanager
def _caught(application: Application) -> Iterator[None]:
    """Have a fault of cartload itself logged and shown, where Qt would end the process."""
    faults = _Faults()
    faults.raised.connect(application.show_fault)
    before = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _logger.critical("a fault of cartload itself", exc_info=(kind, error, trace))
        if isinstance(error, Exception):
            faults.raised.emit(error)
        else:
            before(kind, error, trace)

    sys.excepthook = hook
    try:
        yield
    finally:
        sys.excepthook = before


@contextmanager
def _signals(application: Application) -> Iterator[None]:
    """Leave on SIGINT and SIGTERM without asking; the second one leaves at once."""
    seen: list[int] = []

    def heed(number: int, _: FrameType | None) -> None:
        if seen:
            os._exit(130)
        seen.append(number)
        QTimer.singleShot(0, application.leave)

    before = {number: signal.signal(number, heed) for number in (signal.SIGINT, signal.SIGTERM)}
    glance = QTimer()
    glance.timeout.connect(lambda: None)
    glance.start(_GLANCE)
    try:
        yield
    finally:
        glance.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
