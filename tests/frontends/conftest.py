from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import platformdirs
import pytest

import keyrings
from frontends.cli.commandline import CommandLine
from keyrings import BrokenKeyring, MemoryKeyring

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session", autouse=True)
def no_log() -> None:
    """Keep what is prepared for many tests at once out of the log of whoever runs them."""
    os.environ["CARTLOAD_LOG"] = "off"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a user of its own, with no settings and no terminal."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("CARTLOAD_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("NETRC", raising=False)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(platformdirs, "user_config_path", lambda *_, **__: folder / "config")
    monkeypatch.setattr(platformdirs, "user_state_path", lambda *_, **__: folder / "state")
    monkeypatch.setattr(platformdirs, "user_log_path", lambda *_, **__: _made(folder / "log"))
    return folder


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Heed Ctrl-C even where the tests run in the background, whose shell has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def keyring() -> Iterator[MemoryKeyring]:
    """Give the user a keyring."""
    backend = MemoryKeyring()
    with keyrings.used(backend):
        yield backend


@pytest.fixture
def broken_keyring() -> Iterator[BrokenKeyring]:
    """Give the user a keyring that does not work."""
    backend = BrokenKeyring()
    with keyrings.used(backend):
        yield backend


@pytest.fixture
def cartload(monkeypatch: pytest.MonkeyPatch, home: Path) -> CommandLine:
    return CommandLine(monkeypatch, home)


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder
