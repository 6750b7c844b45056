"""The application's own icon, from the package: it is there even if it was not installed for the desktop."""

from __future__ import annotations

from importlib.resources import as_file, files

from PyQt6.QtGui import QIcon, QPixmap

from cartload_qt.desktop.identity import APPLICATION

_SIZES = (16, 22, 24, 32, 48, 64, 128, 256)


def application_icon() -> QIcon:
    """Draw it in the sizes that desktops ask for."""
    icon = QIcon()
    with as_file(files("cartload_qt") / "icons" / f"{APPLICATION}.svg") as file:
        drawn = QIcon(str(file))
        for size in _SIZES:
            pixmap: QPixmap = drawn.pixmap(size, size)
            icon.addPixmap(pixmap)
    return icon
