"""Sees to it that Qt can draw here, into memory at least: a program that tox runs before the tests.

PyQt6's wheels bring Qt, but not the system's libraries that it needs, and a bare Debian has few. Where
they are missing, and apt-get can install them without asking anybody, it does; else it says what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from attrs import frozen

from cartload_qt.desktop import libraries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TRIAL = """
from PyQt6 import QtDBus, QtNetwork, QtSvg, QtWidgets
from PyQt6.QtGui import QFontDatabase
application = QtWidgets.QApplication([])
print("fonts", len(QFontDatabase.families()))
"""

_FONT = "fonts-dejavu-core"
_PROGRAMS: Mapping[str, str] = {
    "dbus-daemon": "dbus-daemon",
    "desktop-file-validate": "desktop-file-utils",
    "update-mime-database": "shared-mime-info",
}
"""Programs that some tests are skipped without, and their packages on Debian."""

_APT = ("apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq", "-y", "--no-install-recommends")


@frozen
class Trial:
    """How Qt did: what it complained of, and whether it has fonts."""

    complaint: str
    has_fonts: bool

    @property
    def is_good(self) -> bool:
        """Tell whether Qt can draw."""
        return not self.complaint


def main() -> int:
    """Look, install what is missing, and look again; gives 0 when Qt can draw."""
    if find_spec("PyQt6") is None:
        return _failed("PyQt6 is not installed here: pip install 'cartload[qt]'")
    before = tried()
    wanted = packages(before)
    if before.is_good and not wanted:
        return 0
    may = permission()
    if may is None or not _is_installed(may, wanted):
        return 0 if before.is_good else _failed(_advice(before))
    after = tried()
    return 0 if after.is_good else _failed(_advice(after))


def tried() -> Trial:
    """Have another process draw with Qt: where something is missing, Qt ends the process."""
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _TRIAL],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if ran.returncode:
        return Trial(ran.stderr.strip() or f"exit code {ran.returncode}", has_fonts=True)
    return Trial("", has_fonts="fonts 0" not in ran.stdout)


def packages(trial: Trial) -> tuple[str, ...]:
    """Give the Debian packages that bring what is missing, of libraries, fonts and programs."""
    if sys.platform != "linux":
        return ()
    missing = () if trial.is_good else libraries.missing("offscreen", trial.complaint)
    found = {library.debian for library in missing if library.debian}
    found |= {package for program, package in _PROGRAMS.items() if shutil.which(program) is None}
    if not (trial.is_good and trial.has_fonts):
        found.add(_FONT)
    return tuple(sorted(found))


def permission() -> Sequence[str] | None:
    """Give what stands before apt-get, which may be nothing; None when it may not, or cannot, be used."""
    if sys.platform == "win32" or shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ()
    sudo = ("sudo", "-n")
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run([*sudo, "true"], stderr=subprocess.DEVNULL, check=False)  # noqa: S603 - the system's own
    return None if asked.returncode else sudo


def _is_installed(before: Sequence[str], wanted: Iterable[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (("update",), ("install", *wanted)):
        command = [*before, *_APT, *words]
        sys.stderr.write(f"+ {' '.join(command)}\n")
        ran = subprocess.run(command, env=environment, stdout=sys.stderr, check=False)  # noqa: S603 - likewise
        if ran.returncode:
            return False
    return True


def _advice(trial: Trial) -> str:
    lacking = libraries.missing("offscreen", trial.complaint) if sys.platform == "linux" else ()
    return f"Qt cannot draw here: {trial.complaint}\n{libraries.advice(lacking) if lacking else ''}"


def _failed(why: str) -> int:
    sys.stderr.write(f"{why.rstrip()}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
