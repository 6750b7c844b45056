"""The window in a process of its own, and a user who sees what it shows and presses what it offers.

In that process this module listens on the standard input, beside what is otherwise the console script: each
line is a request, each answer a line of JSON. Nothing of the window is replaced.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, Self

from attrs import field, frozen
from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from dialog_parts import plain

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from cartload_qt.window.main_window import MainWindow
    from command_line import CommandLine

PROGRAM = "import sys, driven_window; sys.exit(driven_window.main())"
PATIENCE = 60
"""Seconds after which something hangs."""

_GLANCE = 20
"""Milliseconds between two looks whether what is waited for is there."""


# --- in the process of the window -----------------------------------------------------------------------


class Driver(QObject):
    """Answers requests in the thread that draws: ``["press", TEXT]``, ``["until", {...}]`` and so on."""

    came = pyqtSignal(list)

    def __init__(self) -> None:
        super().__init__()
        self.came.connect(self._answer)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in sys.stdin:
            self.came.emit(json.loads(line))

    def _answer(self, request: list[Any]) -> None:
        match request:
            case ["until", wanted]:
                self._wait_for(wanted)
            case ["press", text]:
                _button(text).click()
                self._say(seen())
            case ["do", text]:
                _action(text).trigger()
                self._say(seen())
            case ["type", *words]:
                fields = (_window().asking.open or _window()).findChildren(QLineEdit)
                for field_, word in zip(fields, words, strict=False):
                    field_.setText(word)
                self._say(seen())
            case ["folder", text]:
                _window().cart_page.choices.folder.setText(text)
                self._say(seen())
            case ["close"]:
                self._say(seen())
                _window().close()
            case ["raise"]:
                self._say(seen())
                QTimer.singleShot(0, _stumble)
            case _:
                raise ValueError(request)

    def _wait_for(self, wanted: dict[str, object]) -> None:
        now = seen()
        if all(now.get(name) == value for name, value in wanted.items()):
            self._say(now)
        else:
            QTimer.singleShot(_GLANCE, lambda: self._wait_for(wanted))

    def _say(self, what: object) -> None:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()


def _stumble() -> None:
    raise RuntimeError("nobody thought of this")


def _window() -> MainWindow:
    from cartload_qt.window.main_window import MainWindow  # noqa: PLC0415 - the process has to be ready for it

    return next(each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))


def _button(text: str) -> QAbstractButton:
    owner: QWidget = _window().asking.open or _window()
    found = [each for each in owner.findChildren(QAbstractButton) if plain(each.text()) == text]
    return next(each for each in found if each.isVisible() and each.isEnabled())


def _action(text: str) -> QAction:
    found = [each for each in _window().findChildren(QAction) if plain(each.text()) == text]
    return next(each for each in found if each.isEnabled())


def seen() -> dict[str, object]:
    """Say what a user would see."""
    window = _window()
    dialog = window.asking.open
    counts = window.controller.progress.snapshot().counts
    labels = [] if dialog is None else [label.text() for label in dialog.findChildren(QLabel)]
    return {
        "stage": window.controller.stage.value,
        "visible": window.isVisible(),
        "title": window.windowTitle(),
        "dialog": None if dialog is None else type(dialog).__name__,
        "said": "\n".join(labels),
        "counts": {state.value: number for state, number in counts.items() if number},
        "ending": window.cart_page.ending.words.text(),
        "recent": window.start_page.list.count(),
    }


def main() -> int:
    """Run the console script's own function, with a driver beside it."""
    from cartload_cli.main import main as cartload  # noqa: PLC0415 - likewise

    driver = Driver()
    code = cartload(sys.argv[1:])
    del driver
    return code


# --- in the process of the test ----------------------------------------------------------------------------


@frozen
class Screen:
    """Starts windows as the user of *cartload* would; ``running`` holds what a session of that user has."""

    cartload: CommandLine
    running: Path
    variables: dict[str, str] = field(factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Give the environment: no display is needed."""
        here = os.path.dirname(__file__)  # noqa: PTH120 - a text is wanted
        return {
            **self.cartload.environment,
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_RUNTIME_DIR": str(self.running),
            "DBUS_SESSION_BUS_ADDRESS": "",
            "PYTHONPATH": os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH", "")))),
            **self.variables,
        }

    def start(self, *arguments: str | Path) -> Shown:
        """Start the command with these arguments."""
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", PROGRAM, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
            cwd=self.cartload.folder,
        )
        return Shown(process)


@frozen
class Shown:
    """One window in its process."""

    process: subprocess.Popen[str]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.communicate()

    def ask(self, *request: object) -> dict[str, Any]:
        """Send a request, and give what is seen then."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        answer: dict[str, Any] = json.loads(line)
        return answer

    def until(self, **wanted: object) -> dict[str, Any]:
        """Wait until this is seen."""
        return self.ask("until", wanted)

    def press(self, text: str, dialog: str | None = None) -> None:
        """Press a button; of this dialog, once it is there."""
        if dialog is not None:
            self.until(dialog=dialog)
        self.ask("press", text)

    def end(self) -> int:
        """Wait for its end, and give the exit code."""
        return self.process.wait(PATIENCE)
