"""What every release wrote, kept byte for byte: this version reads all of it as it was meant.

A release has a folder in ``releases``, with a journal and the index of a staging area.
"""

from __future__ import annotations

from pathlib import Path
from shutil import copy
from typing import get_args

import pytest

from cartload.journal import FORMAT, Accepted, Confirmed, Entry, Intended, Opened, from_line, replay, to_line
from cartload.model import MemberKind, SeriesUID, SOPInstanceUID, UsagePolicy
from cartload.ports import Acceptance, StoredFile, StoredSeries
from cartload.staging.index import NAME, Contents, Index, Kept, contents_of, series_of
from cartload.version import __version__

RELEASES = Path(__file__).parent / "releases"
ALL = sorted(folder.name for folder in RELEASES.iterdir())

UID = "1.3.6.1.4.1.14519.5.2.1.9203.8273."
ONE, OTHER = SeriesUID(f"{UID}11"), SeriesUID(f"{UID}12")
ABC, A, NOTHING = (
    "900150983cd24fb0d6963f7d28e17f72",
    "0cc175b9c0f1b6a831c399e269772661",
    "d41d8cd98f00b204e9800998ecf8427e",
)
STORED = StoredSeries(
    ONE,
    "LUNG/Gr\u00f6\u00dfe 1/01-01-2000-CT-30178/1.000000-AXIAL-03192",
    (
        StoredFile("1-1.dcm", 3, ABC, MemberKind.IMAGE, SOPInstanceUID(f"{UID}111")),
        StoredFile("1-2.dcm", 1, A, MemberKind.IMAGE, SOPInstanceUID(f"{UID}112")),
        StoredFile("marks.xml", 0, NOTHING, MemberKind.ANNOTATION, None),
    ),
)
INTENDED = StoredSeries(
    OTHER,
    "LUNG/P-2/01-02-2000-CT-30179/2.000000-AXIAL-03193",
    (StoredFile("1-1.dcm", 3, ABC, MemberKind.IMAGE, SOPInstanceUID(f"{UID}121")),),
)
POLICY = UsagePolicy("https://archive.example.org", "Cite it.\nDo not identify anybody.\n")
DIGEST = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
KEPT = (
    Kept(1, 3, ABC, SOPInstanceUID(f"{UID}111"), "00000001.dcm"),
    Kept(2, 1, A, SOPInstanceUID(f"{UID}112"), ""),
)


def journal_of(release: str) -> list[str]:
    return (RELEASES / release / "journal.jsonl").read_text(encoding="ascii").splitlines()


def test_this_version_has_its_files() -> None:
    assert __version__ in ALL


@pytest.mark.parametrize("release", ALL)
def test_the_journal_of_a_release_says_what_it_said_then(release: str) -> None:
    told = replay(list(enumerate(journal_of(release))), lambda place: journal_of(release)[place])
    assert (told.recorded(ONE), told.is_confirmed(ONE)) == (STORED, True)
    assert (told.recorded(OTHER), told.is_confirmed(OTHER)) == (INTENDED, False)
    assert told.acceptance == Acceptance(POLICY, "2026-09-21T14:13:20+00:00", "user")
    assert [(run.manifest, run.manifest_sha256) for run in told.opened] == [("cart.tcia", DIGEST)]
    assert told.unreadable == 0


@pytest.mark.parametrize("release", ALL)
def test_the_staging_of_a_release_holds_what_it_held_then(release: str, tmp_path: Path) -> None:
    copy(RELEASES / release / "index.jsonl", tmp_path / NAME)
    assert series_of(tmp_path) == ONE
    assert contents_of(tmp_path) == Contents(KEPT, ((1, "1-1.dcm"), (2, "1-2.dcm")))


def test_the_files_of_this_version_have_every_kind_of_entry() -> None:
    kinds = {type(from_line(line)) for line in journal_of(__version__)}
    assert kinds == set(get_args(Entry))


def test_this_version_still_writes_the_journal_that_it_has_its_number_for() -> None:
    entries: list[Entry] = [
        Opened(FORMAT, f"cartload {__version__}", "cart.tcia", DIGEST, 1790000000.25),
        Accepted(Acceptance(POLICY, "2026-09-21T14:13:20+00:00", "user")),
        Intended(STORED, "nbia", 1790000001.5),
        Confirmed(ONE, 1790000002.0),
        Intended(INTENDED, "nbia-rest", 1790000003.75),
    ]
    assert [to_line(entry) for entry in entries] == journal_of(__version__)


def test_this_version_still_writes_the_index_that_it_has_its_number_for(tmp_path: Path) -> None:
    index = Index(tmp_path, ONE)
    for kept in KEPT:
        index.keep(kept)
    index.name({1: "1-1.dcm", 2: "1-2.dcm"})
    index.close()
    kept_text = (RELEASES / __version__ / "index.jsonl").read_text(encoding="ascii")
    assert (tmp_path / NAME).read_text(encoding="ascii") == kept_text
