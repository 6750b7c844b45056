"""The end of a log is read piece by piece, and never more than a bounded piece."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload_qt.log_tail import MOST_BYTES, LogTail

if TYPE_CHECKING:
    from pathlib import Path


def test_what_was_added_is_given_once(tmp_path: Path) -> None:
    path, tail = tmp_path / "a.log", LogTail()
    path.write_bytes(b"one\n")
    assert tail.added(path) == "one\n"
    assert tail.added(path) == ""
    path.write_bytes(b"one\ntwo\n")
    assert tail.added(path) == "two\n"


def test_half_a_line_waits_for_its_other_half(tmp_path: Path) -> None:
    path, tail = tmp_path / "a.log", LogTail()
    path.write_bytes(b"one\ntw")
    assert tail.added(path) == "one\n"
    path.write_bytes(b"one\ntwo\n")
    assert tail.added(path) == "two\n"


def test_of_a_long_log_the_end_is_given_from_the_beginning_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    lines = [f"line {number:07}\n" for number in range(MOST_BYTES // 10)]
    path.write_bytes("".join(lines).encode())
    added = LogTail().added(path)
    assert len(added) <= MOST_BYTES
    assert added.endswith(lines[-1])
    assert added.startswith("line ")


def test_the_next_part_is_read_from_its_beginning(tmp_path: Path) -> None:
    tail = LogTail()
    (tmp_path / "a.log").write_bytes(b"one\n")
    (tmp_path / "b.log").write_bytes(b"two\n")
    assert tail.added(tmp_path / "a.log") + tail.added(tmp_path / "b.log") == "one\ntwo\n"


def test_the_last_lines_of_a_full_part_are_not_lost(tmp_path: Path) -> None:
    first, second, tail = tmp_path / "a.log", tmp_path / "b.log", LogTail()
    first.write_bytes(b"one\n")
    tail.added(first)
    first.write_bytes(b"one\ntwo\n")
    second.write_bytes(b"three\n")
    assert tail.added(second) == "two\nthree\n"


def test_a_part_that_was_deleted_does_not_hinder_the_next(tmp_path: Path) -> None:
    first, second, tail = tmp_path / "a.log", tmp_path / "b.log", LogTail()
    first.write_bytes(b"one\n")
    tail.added(first)
    first.unlink()
    second.write_bytes(b"two\n")
    assert tail.added(second) == "two\n"


def test_what_is_no_text_is_marked(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"\xff\n")
    assert LogTail().added(path) == "\ufffd\n"
