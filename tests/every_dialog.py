"""Every dialog there is, made of given texts: for what holds for all of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from cartload.errors import CartloadError, ManifestError, ManifestFault
from cartload.events import DeniedQuestion, ExistingQuestion, LoginQuestion, PolicyQuestion, SpaceQuestion
from cartload.hooks import hookimpl
from cartload.model import Denied, Origin, SeriesUID, UsagePolicy
from cartload.ports import Factory
from cartload.registry import PluginFailure, Registry, Source, load
from cartload_common.credentials.keyring_store import KeyringStore
from cartload_common.credentials.login_list import LoginList
from cartload_qt.dialogs.about import AboutDialog
from cartload_qt.dialogs.confirming import LeaveDialog, RemoveDialog
from cartload_qt.dialogs.factory import dialog_for
from cartload_qt.dialogs.log import LogDialog
from cartload_qt.dialogs.plugins import PluginsDialog
from cartload_qt.dialogs.settings.dialog import SettingsDialog
from cartload_qt.dialogs.settings.logins import KeptLogins
from cartload_qt.dialogs.trouble import ErrorDialog
from cartload_qt.dialogs.trust import TrustDialog
from cartload_qt.dialogs.unfinished import UnfinishedCart, UnfinishedDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PyQt6.QtWidgets import QWidget

    from cartload_qt.dialogs.dialog import Dialog


@frozen(kw_only=True)
class Options:
    word: str = "a"
    count: int = 1
    truth: bool = True
    lines: tuple[str, ...] = ()
    file: str | None = None
    token: str = field(default="", repr=False)


class Offering:
    """A plugin with any name and summary."""

    def __init__(self, text: str) -> None:
        self._text = text

    @hookimpl
    def cartload_transports(self) -> Mapping[str, object]:
        return {self._text: Factory(lambda *_: None, Options, self._text)}


def registry_of(text: str) -> Registry:
    made = load([Source(text, Offering(text), text, text)])
    failure = PluginFailure(text, text, text)
    return Registry(made._by_kind, (failure,), (text, f"{text}!"))


def _settings(text: str, parent: QWidget, folder: Path) -> Dialog:
    path = folder / "config.toml"
    logins = KeptLogins(KeyringStore(), LoginList(folder / "logins.json", print))
    logins.listed.add(Origin("https", "archive.example", 443), text or "user")
    return SettingsDialog(path, registry_of(text), logins, {"CARTLOAD_JOBS": text}, parent)


def _filled_settings(text: str, parent: QWidget, folder: Path) -> Dialog:
    import tomlkit  # noqa: PLC0415 - only here

    names = ("naming", "template", "proxy", "ca_file", "transport", "jobs", "limit_rate")
    options = {"word": text, "count": text, "lines": [text], "file": text, "token": text}
    data = {**dict.fromkeys(names, text), "block": [text], "plugins": {text: options}}
    (folder / "config.toml").write_text(tomlkit.dumps(data), encoding="utf-8")
    return _settings(text, parent, folder)


def _broken_settings(text: str, parent: QWidget, folder: Path) -> Dialog:
    (folder / "config.toml").write_text(f"= {text}", encoding="utf-8")
    return _settings(text, parent, folder)


def _log(text: str, parent: QWidget, folder: Path) -> Dialog:
    path = folder / "a.log"
    path.write_text(f"{text}\n", encoding="utf-8")

    class Writing:
        latest = path

    return LogDialog(parent, current=Writing)  # type: ignore[arg-type]  # all that it asks of one


def _unfinished(text: str, parent: QWidget, folder: Path) -> Dialog:
    del folder
    moment = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    return UnfinishedDialog([UnfinishedCart(text, Path(text or "."), moment, 1, 2)], parent)


def _login(text: str, parent: QWidget, folder: Path) -> Dialog:
    del folder
    question = LoginQuestion(Origin("http", text, 80), (SeriesUID(text),), text)
    return dialog_for(question, parent, keyring=lambda: text, user=text)


def _error(text: str, parent: QWidget, folder: Path) -> Dialog:
    del folder
    return ErrorDialog(CartloadError(text, subject=text, advice=text), parent)


def _faults(text: str, parent: QWidget, folder: Path) -> Dialog:
    del folder
    return ErrorDialog(ManifestError(text, [ManifestFault(text, 1)], advice=text), parent)


EVERY: Mapping[str, Callable[[str, QWidget, Path], Dialog]] = {
    "policy": lambda text, parent, _: dialog_for(PolicyQuestion(UsagePolicy(text, text)), parent),
    "policy, changed": lambda text, parent, _: dialog_for(
        PolicyQuestion(UsagePolicy(text, text), text or "2026-01-02T03:04:05+00:00"), parent
    ),
    "trust": lambda text, parent, _: TrustDialog(Origin("https", text, 443), 2, parent),
    "denied": lambda text, parent, _: dialog_for(DeniedQuestion((Denied(SeriesUID(text), text),), 1), parent),
    "existing": lambda _, parent, __: dialog_for(ExistingQuestion(1, 1, 1, 1), parent),
    "space": lambda text, parent, _: dialog_for(SpaceQuestion(text, 1, 1, begun=False), parent),
    "space, begun": lambda text, parent, _: dialog_for(SpaceQuestion(text, 1, None, begun=True), parent),
    "login": _login,
    "leave": lambda _, parent, __: LeaveDialog(1, parent),
    "remove": lambda _, parent, __: RemoveDialog(1, 2, parent),
    "error": _error,
    "faults": _faults,
    "unforeseen": lambda text, parent, _: ErrorDialog(RuntimeError(text), parent),
    "unfinished": _unfinished,
    "plugins": lambda text, parent, _: PluginsDialog(registry_of(text), parent),
    "log": _log,
    "about": lambda _, parent, __: AboutDialog(parent),
    "settings": _settings,
    "filled settings": _filled_settings,
    "broken settings": _broken_settings,
}
