from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from cartload.errors import DestinationError, StorageError
from cartload.staging import JournalFile, Journals
from cartload.staging.journals import journal_name

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def journal(tmp_path: Path) -> JournalFile:
    return JournalFile(tmp_path / "1.jsonl")


def _lines(folder: Path) -> list[str]:
    return [line for _, line in Journals(folder).lines()]


def test_a_run_that_writes_nothing_leaves_no_journal(journal: JournalFile, tmp_path: Path) -> None:
    journal.close()
    assert not any(tmp_path.iterdir())


def test_lines_come_back_in_order(journal: JournalFile, tmp_path: Path) -> None:
    journal.append("first", durable=False)
    journal.append("zw\u00f6lf", durable=True)
    journal.close()
    assert _lines(tmp_path) == ["first\n", "zw\u00f6lf\n"]


def test_only_a_durable_line_is_synced(journal: JournalFile, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.append("first", durable=False)
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    journal.append("second", durable=False)
    assert not synced
    journal.append("third", durable=True)
    assert len(synced) == 1
    journal.close()


def test_a_journal_of_the_same_name_is_never_continued(tmp_path: Path) -> None:
    (tmp_path / "1.jsonl").touch()
    with pytest.raises(StorageError, match="writing the journal failed: File exists"):
        JournalFile(tmp_path / "1.jsonl").append("line", durable=False)


def test_closing_twice_does_no_harm(journal: JournalFile) -> None:
    journal.append("line", durable=False)
    journal.close()
    journal.close()


def test_a_full_disk_is_told_and_the_cut_line_spoils_no_other(
    journal: JournalFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.append("first", durable=False)
    write = os.write

    def cut(descriptor: int, data: memoryview) -> int:
        write(descriptor, data[:3])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", cut)
        with pytest.raises(DestinationError, match="writing the journal failed: the disk is full"):
            journal.append("second", durable=True)
    journal.append("third", durable=True)
    journal.append("fourth", durable=False)
    journal.close()
    assert _lines(tmp_path) == ["first\n", "sec\n", "third\n", "fourth\n"]


def test_where_there_are_no_journals_there_are_no_lines(tmp_path: Path) -> None:
    assert _lines(tmp_path / "not there") == []


def test_all_journals_are_read_the_oldest_first(tmp_path: Path) -> None:
    for moment in ("20240102", "20231231", "20240101"):
        journal = JournalFile(tmp_path / journal_name(moment, "host-1-abcd"))
        journal.append(moment, durable=False)
        journal.close()
    (tmp_path / "notes.txt").write_text("not a journal\n", encoding="utf-8")
    assert _lines(tmp_path) == ["20231231\n", "20240101\n", "20240102\n"]


def test_a_torn_last_line_comes_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "1.jsonl").write_bytes(b"whole\n\xfftor")
    assert _lines(tmp_path) == ["whole\n", "\ufffdtor"]


def test_any_line_can_be_read_again_by_its_place(tmp_path: Path) -> None:
    for number in range(3):
        journal = JournalFile(tmp_path / f"{number}.jsonl")
        for line in range(5):
            journal.append(f"{number}/{line} \u00e4\u00f6", durable=False)
        journal.close()
    journals = Journals(tmp_path)
    places = dict(journals.lines())
    for place in (*reversed(places), *places):
        assert journals.read(place) == places[place]
    journals.close()


def test_more_journals_than_open_files_can_be_read(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="there is no such limit")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for number in range(150):
        (tmp_path / f"{number:03}.jsonl").write_text(f"{number}\n", encoding="utf-8")
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, hard))
    try:
        journals = Journals(tmp_path)
        places = [place for place, _ in journals.lines()]
        assert [journals.read(place) for place in places] == [f"{number}\n" for number in range(150)]
        journals.close()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_journal_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "1.jsonl").mkdir()
    with pytest.raises(StorageError, match="reading the journals failed: "):
        _lines(tmp_path)


def test_a_journal_that_vanished_is_told(tmp_path: Path) -> None:
    (tmp_path / "1.jsonl").write_text("line\n", encoding="utf-8")
    journals = Journals(tmp_path)
    ((place, _),) = journals.lines()
    (tmp_path / "1.jsonl").unlink()
    with pytest.raises(StorageError, match="reading the journals failed: No such file"):
        journals.read(place)
