"""The pictures, each made by a function that drives the application to where there is something to see."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from attrs import frozen
from PyQt6.QtCore import QLocale
from PyQt6.QtGui import QPalette
from PyQt6.QtWidgets import QApplication, QLineEdit

from cartload.events import LoginQuestion, PolicyQuestion
from cartload.model import Origin, SeriesUID, UsagePolicy
from cartload.testing.catalogue import DEMO_POLICY
from cartload_qt import translation
from cartload_qt.dialogs.factory import dialog_for
from cartload_qt.recent import CartState, RecentCart
from cartload_qt.stage import Stage
from cartload_qt.table.arranging import Grouping
from cartload_qt.table.columns import Column
from cartload_screenshots.colours import dark
from cartload_screenshots.framing import picture
from cartload_screenshots.studio import Studio, archive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from PyQt6.QtGui import QImage

    from cartload.events import Question

_ARCHIVE = "https://images.example.org"


@frozen
class Scene:
    """One picture: how it is taken, in which colours and in which language."""

    take: Callable[[Studio, int], QImage]
    is_dark: bool = False
    language: str = "en_US"


def take(scene: Scene, folder: Path, side: int) -> QImage:
    """Take the picture of a scene, in a window of its own; *side* is that of a small image of the archive."""
    with _looking(scene):
        studio = Studio(folder)
        try:
            return scene.take(studio, side)
        finally:
            studio.close()


@contextmanager
def _looking(scene: Scene) -> Iterator[None]:
    """Give the application the colours and the language of a scene while it is taken."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)  # noqa: S101 - it draws
    locale, before = QLocale(scene.language), QLocale()
    spoken = translation.Language(translation.read_language(scene.language[:2]), application)
    application.setPalette(dark() if scene.is_dark else QPalette())
    QLocale.setDefault(locale)
    application.installTranslator(spoken)
    try:
        yield
    finally:
        application.removeTranslator(spoken)
        QLocale.setDefault(before)
        application.setPalette(QPalette())


def _start(studio: Studio, _: int) -> QImage:
    """Show the window without a cart, with those of before."""
    studio.window.start_page.show_recent(tuple(_recent()))
    studio.show(960, 640)
    return picture(studio.window)


def _recent() -> Iterator[RecentCart]:
    told = (
        ("manifest-1716902331457", 21, 9, CartState.STOPPED, datetime(2026, 3, 12, 17, 41, tzinfo=UTC)),
        ("manifest-1709217749208", 1018, 1018, CartState.COMPLETE, datetime(2026, 3, 9, 8, 15, tzinfo=UTC)),
        ("pilot-cohort", 64, 61, CartState.FAILED, datetime(2026, 2, 24, 11, 2, tzinfo=UTC)),
    )
    for name, series, done, state, when in told:
        yield RecentCart(
            manifest=f"/home/ada/Downloads/{name}.tcia",
            root="/home/ada/Downloads",
            name=name,
            series=series,
            done=done,
            state=state,
            when=when.timestamp(),
        )


def _cart(studio: Studio, side: int) -> QImage:
    """Show a cart that is described, before it is fetched."""
    with _shown(studio, side):
        studio.choose("Axial 1.25 mm lung")
        studio.settle()
        studio.pose()
        return picture(studio.window)


def _running(studio: Studio, side: int) -> QImage:
    """Show a cart halfway."""
    with _halfway(studio, side):
        return _posed(studio)


def _grouped(studio: Studio, side: int) -> QImage:
    """Show a cart halfway, by collections."""
    with _halfway(studio, side):
        page = studio.window.cart_page
        for column in (Column.ANNOTATIONS, Column.MODALITY):
            page.table.headings.setSectionHidden(column, True)  # noqa: FBT003 - Qt's own
        page.model.set_grouping(Grouping.COLLECTION)
        studio.choose("AX DWI b1000")
        return _posed(studio)


def _failures(studio: Studio, side: int) -> QImage:
    """Show a cart that ended with failures, and why one series failed."""
    studio.show()
    with archive(side, fails=True) as served:
        studio.open_cart(served)
        studio.start()
        studio.wait(lambda: studio.controller.stage is Stage.ENDED)
        studio.window.cart_page.split.setSizes((1, 1))
        studio.settle()
        studio.choose("AX T2 FLAIR")
        image = _posed(studio)
        studio.let_go()
        return image


def _partial(studio: Studio, side: int) -> QImage:
    """Show what is asked when some of a cart is there."""
    with _halfway(studio, side):
        studio.stop()
        studio.start()
        dialog = studio.asked()
        studio.pose()
        return picture(studio.window, dialog)


def _policy(studio: Studio, side: int) -> QImage:
    """Show the archive's policy."""
    return _asked(studio, side, PolicyQuestion(UsagePolicy(_ARCHIVE, DEMO_POLICY)))


def _login(studio: Studio, side: int) -> QImage:
    """Show what is asked when series are not for guests, filled in."""
    uids = tuple(f"1.2.3.{number}" for number in range(2))
    question = LoginQuestion(Origin.of(_ARCHIVE), tuple(map(SeriesUID, uids)))
    return _asked(studio, side, question, ("ada.lovelace", "a password"))


def _settings(studio: Studio, side: int) -> QImage:
    """Show the settings."""
    with _shown(studio, side):
        studio.window.actions_.settings.trigger()
        dialog = studio.asked()
        studio.pose()
        return picture(studio.window, dialog)


def _asked(studio: Studio, side: int, question: Question, typed: tuple[str, ...] = ()) -> QImage:
    with _shown(studio, side):
        dialog = studio.ask(lambda: dialog_for(question, studio.window, keyring=lambda: "Secret Service"))
        for field, text in zip(dialog.findChildren(QLineEdit), typed, strict=False):
            field.setText(text)
        studio.settle()
        studio.pose()
        return picture(studio.window, dialog)


@contextmanager
def _shown(studio: Studio, side: int) -> Iterator[None]:
    studio.show()
    with archive(side) as served:
        studio.open_cart(served)
        yield
        studio.let_go()


@contextmanager
def _halfway(studio: Studio, side: int) -> Iterator[None]:
    studio.show()
    with archive(side, stalls=True) as served:
        studio.open_cart(served)
        studio.start()
        studio.wait(lambda: served.is_silent)
        studio.settle()
        yield
        studio.let_go()


def _posed(studio: Studio) -> QImage:
    studio.settle()
    studio.pose()
    return picture(studio.window)


SCENES: Mapping[str, Scene] = {
    "start": Scene(_start),
    "cart": Scene(_cart),
    "running": Scene(_running),
    "dark": Scene(_grouped, is_dark=True),
    "failures": Scene(_failures),
    "partial": Scene(_partial),
    "policy": Scene(_policy),
    "login": Scene(_login),
    "settings": Scene(_settings),
    "german": Scene(_running, language="de_DE"),
}
"""All pictures by their names: ``window-<name>.png``."""
