from __future__ import annotations

import logging
import os
import sys
import time
from typing import TYPE_CHECKING

import pytest

from cartload_common import log_handler
from cartload_common.log_handler import DAY, FILES_KEPT, LogHandler
from cartload_common.redaction import Redaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def told() -> list[OSError]:
    return []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "log"


@pytest.fixture
def handler(folder: Path, told: list[OSError]) -> Iterator[LogHandler]:
    made = LogHandler(folder, Redaction(), told.append)
    yield made
    made.close()


def say(handler: LogHandler, text: str, *, name: str = "cartload_cli", level: int = logging.INFO) -> None:
    record = logging.LogRecord(name, level, __file__, 1, text, (), None)
    handler.handle(record)


def test_a_record_is_a_line_with_moment_level_process_and_name(handler: LogHandler) -> None:
    record = logging.LogRecord("cartload_cli.x", logging.WARNING, __file__, 1, "odd: %d", (5,), None)
    record.created, record.msecs = 1_700_000_000.25, 250.0
    handler.handle(record)
    expected = f"2023-11-14T22:13:20.250Z WARNING  {os.getpid()} cartload_cli.x: odd: 5\n"
    assert handler.path.read_text() == expected


def test_a_record_is_there_at_once(handler: LogHandler) -> None:
    say(handler, "about to be killed")
    assert "about to be killed" in handler.path.read_text()


@pytest.mark.parametrize(
    ("hostile", "written"),
    [
        ("a\n2023-11-14T22:13:20.250Z INFO 1 cartload: forged", "a\\x0a2023"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\u202eevil", "\\u202eevil"),
        ("\x9b31m", "\\x9b31m"),
        ("\ud800", "\\ud800"),
    ],
)
def test_hostile_text_is_escaped(handler: LogHandler, hostile: str, written: str) -> None:
    say(handler, hostile)
    text = handler.path.read_text(encoding="utf-8")
    assert written in text
    assert text.count("\n") == 1


def test_a_trace_belongs_to_its_line_and_is_escaped_too(handler: LogHandler) -> None:
    error = ValueError("a\x1b\n2023 INFO forged")
    trace_of = (ValueError, error, None)
    handler.handle(logging.LogRecord("cartload_cli", logging.ERROR, __file__, 1, "fault", (), trace_of))
    first, *trace = handler.path.read_text().splitlines()
    assert first.endswith("cartload_cli: fault")
    assert "    | ValueError: a\\x1b" in trace
    assert all(line.startswith("    | ") for line in trace)


def test_a_secret_is_in_neither_line_nor_trace(handler: LogHandler) -> None:
    handler.redact.learn(["canary"])
    error = ValueError("canary")
    record = logging.LogRecord(
        "cartload", logging.ERROR, __file__, 1, "a canary", (), (ValueError, error, None)
    )
    handler.handle(record)
    assert "canary" not in handler.path.read_text()


def test_a_wrongly_made_record_is_written_as_far_as_it_goes(handler: LogHandler) -> None:
    record = logging.LogRecord("library", logging.ERROR, __file__, 1, "%d pieces", ("x",), None)
    handler.handle(record)
    assert "'%d pieces' with ('x',) (TypeError)" in handler.path.read_text()


@pytest.mark.parametrize(
    ("name", "level", "kept"),
    [
        ("cartload.session", logging.DEBUG, True),
        ("cartload_plugins.nbia", logging.DEBUG, True),
        ("urllib3.connectionpool", logging.DEBUG, False),
        ("urllib3.connectionpool", logging.INFO, False),
        ("urllib3.connectionpool", logging.WARNING, True),
        ("cartload_sftp", logging.INFO, False),
    ],
)
def test_of_libraries_only_warnings_are_kept(
    handler: LogHandler, name: str, level: int, *, kept: bool
) -> None:
    say(handler, "GET /x?secret=1", name=name, level=level)
    assert ("GET /x" in handler.path.read_text()) == kept


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_files_and_their_folder_are_their_users_alone(handler: LogHandler) -> None:
    assert handler.path.stat().st_mode & 0o777 == 0o600
    assert handler.path.parent.stat().st_mode & 0o777 == 0o700


def test_a_full_file_is_followed_by_another(
    handler: LogHandler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_handler, "PART_BYTES", 500)
    for number in range(20):
        say(handler, f"message {number}")
    files = sorted(folder.iterdir(), key=lambda path: (len(path.name), path.name))
    assert len(files) > 2
    assert all(path.stat().st_size <= 500 for path in files)
    text = "".join(path.read_text() for path in files)
    assert [line.rpartition(" ")[2] for line in text.splitlines()] == [str(number) for number in range(20)]


def test_of_a_long_run_the_beginning_and_the_end_stay(
    handler: LogHandler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_handler, "PART_BYTES", 500)
    for number in range(200):
        say(handler, f"message {number}.")
    text = "".join(path.read_text() for path in folder.iterdir())
    assert len(list(folder.iterdir())) == 1 + log_handler.LAST_PARTS
    assert "message 199." in handler.latest.read_text()
    assert "message 0." in text
    assert "message 199." in text
    assert "message 100." not in text


def test_two_processes_with_one_number_share_no_file(
    handler: LogHandler, folder: Path, told: list[OSError], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "strftime", lambda *_: handler.path.name[len("cartload-") :][:15])
    other = LogHandler(folder, Redaction(), told.append)
    other.close()
    assert other.path != handler.path


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_that_somebody_laid_is_not_followed(
    handler: LogHandler, folder: Path, told: list[OSError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "strftime", lambda *_: "20000101-000000")
    target = tmp_path / "target"
    (folder / f"cartload-20000101-000000-{os.getpid()}.log").symlink_to(target)
    other = LogHandler(folder, Redaction(), told.append)
    other.close()
    assert not target.exists()
    assert other.path.exists()
    assert handler.path.exists()


def aged(folder: Path, number: int, days: float) -> Path:
    path = folder / f"cartload-20000101-000000-{number}.log"
    path.touch()
    moment = time.time() - days * DAY - number
    os.utime(path, (moment, moment))
    return path


def test_old_files_go_but_the_newest_stay(handler: LogHandler, folder: Path) -> None:
    old = [aged(folder, number, 2) for number in range(FILES_KEPT + 5)]
    handler.prune()
    assert [path.exists() for path in old] == [True] * (FILES_KEPT - 1) + [False] * 6


def test_files_of_the_last_day_stay_however_many(handler: LogHandler, folder: Path) -> None:
    young = [aged(folder, number, 0.5) for number in range(FILES_KEPT + 5)]
    handler.prune()
    assert all(path.exists() for path in young)


def test_files_of_others_stay(handler: LogHandler, folder: Path) -> None:
    foreign = folder / "notes.log"
    foreign.touch()
    os.utime(foreign, (0, 0))
    for number in range(FILES_KEPT + 5):
        aged(folder, number, 2)
    handler.prune()
    assert foreign.exists()


class Full:
    """A stream on a disk without space."""

    def write(self, _: str) -> int:
        raise OSError(28, "No space left on device")

    def close(self) -> None:
        raise OSError(28, "No space left on device")


def test_a_disk_that_is_full_is_told_once_and_ends_nothing(handler: LogHandler, told: list[OSError]) -> None:
    handler.close()
    handler._stream = Full()  # type: ignore[assignment]  # it fails as the real one would
    for _ in range(3):
        say(handler, "lost")
    handler.close()
    assert [error.errno for error in told] == [28]


def test_a_file_that_was_closed_is_told_as_a_fault_too(handler: LogHandler, told: list[OSError]) -> None:
    handler.close()
    say(handler, "lost")
    assert len(told) == 1
    assert handler.fault is told[0]


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path, told: list[OSError]) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        LogHandler(tmp_path / "file" / "log", Redaction(), told.append)
