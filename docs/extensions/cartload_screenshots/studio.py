"""The whole application at work on a cart of a synthetic archive, and what poses it for a picture."""

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen
from PyQt6.QtCore import QCoreApplication, QEvent, QEventLoop, QSignalBlocker

from cartload.plan import Need
from cartload.testing.archive import manifest_text
from cartload_archive import ArchiveServer, Fault, Stall
from cartload_common.redaction import Redaction
from cartload_qt.application import Application
from cartload_qt.desktop.icon import application_icon
from cartload_qt.destination import Place
from cartload_qt.dialogs.existing import ExistingDialog
from cartload_qt.dialogs.login import LoginDialog
from cartload_qt.stage import Stage
from cartload_qt.window.choices_panel import place_words
from cartload_screenshots.cart import LIMITED, catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cartload.testing.archive import ArchiveSeries, Catalogue
    from cartload_qt.controller import Controller
    from cartload_qt.dialogs.dialog import Dialog
    from cartload_qt.window.main_window import MainWindow

_PATIENCE = 60.0
"""Seconds within which anything happens on the busiest machine."""

_FREE = 812 * 10**9
_RATE = 14_200_000.0
_STEP = 20
MANIFEST = "manifest-1716902331457.tcia"

_STALLED: Mapping[str, float] = {
    "AX DWI b1000": 0.64,
    "AX T1 post": 0.38,
    "DCE phase 2": 0.81,
    "Axial 1.0 mm": 0.22,
}
"""Series that fall silent after a part of them, so that there is time to take a picture."""
_FAILING: Mapping[str, Fault] = {
    "AX T2 FLAIR": Fault(cut_after=20_000),
    "Enhancing tumour": Fault(wrong_md5=0),
}
"""Series that do not come home, each for a reason of its own."""


@frozen
class Archive:
    """A synthetic archive that is running, with what was laid into its way."""

    catalogue: Catalogue
    server: ArchiveServer
    stalls: tuple[Stall, ...]

    @property
    def is_silent(self) -> bool:
        """Tell whether all that is to stall does."""
        return all(stall.reached.is_set() for stall in self.stalls)


@contextmanager
def archive(side: int, *, stalls: bool = False, fails: bool = False) -> Iterator[Archive]:
    """Serve the cart's archive: *stalls* makes series come to rest halfway, *fails* has some refused."""
    held = catalogue(side)
    faults: dict[str, Fault] = {}
    for one in _latest(held):
        title = one.record.series_description or ""
        if stalls and title in _STALLED:
            after = int(one.record.image_bytes * _STALLED[title])
            faults[one.uid] = Fault(stall=Stall(after=after))
        if fails and title in _FAILING:
            faults[one.uid] = _FAILING[title]
    with ArchiveServer(held, faults=faults) as server:
        yield Archive(held, server, tuple(fault.stall for fault in faults.values() if fault.stall))


def _latest(held: Catalogue) -> Sequence[ArchiveSeries]:
    """Give of the series with the same description the last one."""
    by_title = {one.record.series_description: one for one in held.series.values()}
    return tuple(by_title.values())


class Studio:
    """Drives the application's window; *folder* is where its cart goes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.application = Application(Redaction())
        self.window: MainWindow = self.application.window
        self.controller: Controller = self.application.controller
        self.window.setWindowIcon(application_icon())

    def show(self, width: int = 1280, height: int = 860) -> None:
        """Show the window, in this size."""
        self.window.resize(width, height)
        self.window.show()
        self.settle()

    def open_cart(self, archive: Archive) -> None:
        """Open the cart, and wait until it is described."""
        manifest = self._folder / MANIFEST
        public = [uid for uid, one in archive.catalogue.series.items() if one.record.collection != LIMITED]
        limited = [uid for uid in archive.catalogue.series if uid not in public]
        text = manifest_text(archive.catalogue, archive.server.servlet_url, [*public, *limited])
        manifest.write_text(text.replace("noOfrRetry=4", "noOfrRetry=2"))
        self.window.cart_page.choices.folder.setText(str(self._folder / "Downloads"))
        self.window.open_manifest(manifest)
        self.wait(lambda: self.controller.stage is Stage.SHOWN)
        self.wait(lambda: self.window.cart_page.choices.place is not None)

    def start(self) -> None:
        """Start, answering what is asked, until it runs or asks what to do with what is there."""
        self.window.start()
        self.wait(self._answered)

    def _answered(self) -> bool:
        dialog = self.window.asking.open
        if isinstance(dialog, ExistingDialog) or self.controller.stage is Stage.ENDED:
            return True
        if dialog is not None:
            dialog.give(not isinstance(dialog, LoginDialog))
        return self.controller.stage is Stage.RUNNING

    def stop(self) -> None:
        """Stop the download; what has come is kept."""
        self.controller.stop()
        self.wait(lambda: self.controller.stage is Stage.ENDED)

    def choose(self, title: str) -> None:
        """Choose the last series with this description."""
        page = self.window.cart_page
        tasks = [task for task in page.model.rows.tasks if task.record is not None]
        chosen = [task for task in tasks if task.record and task.record.series_description == title]
        page.table.show_series(chosen[-1].series_uid)

    def pose(self) -> None:
        """Show what differs from one computer to another, and from one moment to the next, as it might be."""
        panel, needed = self.window.cart_page.choices, self.controller.plan.bytes_of(Need.FETCH)
        blocker = QSignalBlocker(panel.folder)
        panel.folder.setText(str(Path("~", "Downloads")))
        blocker.unblock()
        panel.found.setText(place_words(Place(self._folder, _FREE), needed))
        now = self.controller.progress.snapshot()
        fluent = evolve(now, rate=_RATE, left=max(0, now.total - now.done) / _RATE * 3)
        self.window.cart_page.overall.show_snapshot(fluent, self.controller.stage)

    def ask(self, make: Callable[[], Dialog]) -> Dialog:
        """Open a dialog over the window."""
        self.window.asking.ask(make, lambda _: None)
        return self.asked()

    def asked(self) -> Dialog:
        """Give the dialog that is open, once it is."""
        self.wait(lambda: self.window.asking.open is not None)
        dialog = self.window.asking.open
        assert dialog is not None  # noqa: S101 - as was waited for
        self.settle()
        return dialog

    def let_go(self) -> None:
        """Close the cart, while its archive is still there."""
        self.window.asking.withdraw()
        self.controller.close()
        self.wait(lambda: self.controller.stage is Stage.EMPTY)

    def close(self) -> None:
        """Put the window away."""
        self.window.hide()
        self.window.deleteLater()
        self.application.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def settle(self, moments: int = 15) -> None:
        """Let what was begun be done: threads answer, and widgets find their places."""
        for _ in range(moments):
            _turn()

    def wait(self, is_so: Callable[[], bool]) -> None:
        """Go on with all that happens until something is so; raises TimeoutError if it never is."""
        deadline = time.monotonic() + _PATIENCE
        while not is_so():
            if time.monotonic() > deadline:
                raise TimeoutError(f"the window stayed {self.controller.stage.value}")
            _turn()


def _turn() -> None:
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _STEP)
    time.sleep(_STEP / 1000)
