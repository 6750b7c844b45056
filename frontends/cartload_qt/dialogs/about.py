"""What this is, under which licences, and on what it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import PYQT_VERSION_STR, qVersion
from PyQt6.QtWidgets import QApplication, QHBoxLayout, QStyle

from cartload.version import __version__
from cartload_common import environment
from cartload_qt.dialogs.dialog import Dialog, Role, Wrapped, headline
from cartload_qt.dialogs.rows import Rows, RowsView
from cartload_qt.plain import Label
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from cartload_common.environment import Platform, Software
    from cartload_qt.dialogs.rows import Row


class AboutDialog(Dialog):
    """Tells, and copies for a help desk."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("About cartload"))
        self.lines.addLayout(self._title())
        for text in _licences():
            self.lines.addWidget(Wrapped(text, self))
        rows = version_rows(environment.software(), environment.this_platform())
        self.table = RowsView(Rows((tr("Software"), tr("Version")), rows, self), tr("Versions"), self)
        self.lines.addWidget(self.table, 1)
        self.lines.addWidget(
            Wrapped(
                tr("The documentation is in the folder docs of the source; start with tutorial.md."), self
            )
        )
        self.button(tr("&Copy"), Role.ActionRole, self.table.copy)
        self.choice(tr("C&lose"), Role.RejectRole, answer=None, default=True)
        self.finish(44, 32)

    def _title(self) -> QHBoxLayout:
        said = tr("cartload {version}", version=__version__)
        more = tr("Brings a whole imaging cart home: every image, verified, resumable.")
        row = headline(self, None, said, more)
        icon, style = QApplication.windowIcon(), self.style()
        if not icon.isNull() and style is not None:
            size = style.pixelMetric(QStyle.PixelMetric.PM_LargeIconSize)
            sign = Label(parent=self)
            sign.setPixmap(icon.pixmap(size, size))
            row.insertWidget(0, sign)
        return row


def version_rows(software: Software, platform: Platform) -> list[Row]:
    """Give what a help desk asks for first, a row each."""
    return [
        ("cartload", software.cartload),
        ("Python", software.python),
        ("Qt", qVersion() or ""),
        ("PyQt6", PYQT_VERSION_STR),
        ("TLS", software.tls),
        (tr("System"), f"{platform.system} {platform.release} ({platform.machine})"),
        *((name, version) for name, version in software.packages.items() if name != "PyQt6"),
    ]


def _licences() -> tuple[str, str]:
    return (
        tr("cartload is free software under the MIT licence, and comes without any warranty."),
        tr(
            "This window uses PyQt6, which is under the GNU General Public License, version 3. Whoever "
            "passes on a bundle of cartload with PyQt6 does so under that licence; cartload itself stays MIT."
        ),
    )
