"""Takes all pictures of the window, or those that are named."""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtGui import QFont, QImage, QImageWriter
from PyQt6.QtWidgets import QApplication

from cartload_qt.desktop.identity import APPLICATION
from cartload_screenshots.colours import in_few
from cartload_screenshots.display import display
from cartload_screenshots.scenes import SCENES, take

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIDE = 512
"""Pixels of a small image of the synthetic archive: with these, sizes look like those of a real one."""
_STATIC = Path(__file__).parents[2] / "_static"


def main() -> int:
    """Take the pictures, and say of each how large it is."""
    parser = argparse.ArgumentParser(description="Take the documentation's pictures of the window.")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(SCENES)}; all by default")
    parser.add_argument("--into", type=Path, default=_STATIC, help="the folder that they are put into")
    chosen = parser.parse_args()
    with _home() as home, display() as where:
        sys.stderr.write(f"drawing {where}\n")
        application = QApplication([])
        application.setDesktopFileName(APPLICATION)
        application.setStyle("Fusion")  # that of the system is another one everywhere
        font = QFont("DejaVu Sans", 9)
        font.setStyleStrategy(QFont.StyleStrategy.NoSubpixelAntialias)
        application.setFont(font)
        logging.getLogger().addHandler(logging.NullHandler())
        for name in chosen.names or SCENES:
            folder = home / name
            (folder / "Downloads").mkdir(parents=True)
            path = chosen.into / f"window-{name}.png"
            write(take(SCENES[name], folder, _SIDE), path)
            sys.stderr.write(f"{path}: {path.stat().st_size // 1000} kB\n")
        sys.stderr.flush()
        del application
    return 0


def write(image: QImage, path: Path) -> None:
    """Write a picture, in few colours: there are not many in a window."""
    writer = QImageWriter(str(path))
    writer.setCompression(100)
    if not writer.write(in_few(image)):
        raise OSError(f"{path}: {writer.errorString()}")


@contextmanager
def _home() -> Iterator[Path]:
    """Have a home that is new, for the time of the pictures, so that nobody's own settings are in them."""
    home = Path(tempfile.gettempdir()) / "ada"
    home.mkdir()
    folders = {
        "XDG_CONFIG_HOME": ".config",
        "XDG_STATE_HOME": ".local/state",
        "XDG_DATA_HOME": ".local/share",
    }
    os.environ.update(
        {name: str(home / folder) for name, folder in folders.items()}, HOME=str(home), TZ="UTC"
    )
    try:
        yield home
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    sys.exit(main())
