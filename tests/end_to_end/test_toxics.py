"""Whatever the network does, and when: what heals costs nothing, what does not is told and harms no other.

The eight faults of Toxiproxy's vocabulary, at every phase of a download, over both protocols.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from attrs import frozen

from cartload.state import TaskState
from cartload.testing.images import Volume
from cartload_archive import ArchiveOptions, ArchiveServer
from cartload_plugins.transports.nbia import transport as nbia
from cartload_plugins.transports.nbia_rest import transport as nbia_rest
from in_process import Ended, Way, bring_home, cart_of
from small_carts import a_catalogue, a_record, a_series
from toxics import Door, Place, Poison, Toxic, ToxicProxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGE = Volume(rows=320, columns=320, slices=4)
"""So that a cut in the middle comes after images that are whole, and longer than any buffer."""
CATALOGUE = a_catalogue(
    (a_series(a_record(1), 2), a_series(a_record(2), 4, volume=LARGE), a_series(a_record(3), 2))
)
STRUCK = CATALOGUE.public[1]

SILENT = frozenset({Toxic.TIMEOUT, Toxic.BANDWIDTH})
"""The client has to notice by itself."""
SHORT, LONG = 0.2, 20.0
"""Seconds after which silence is given up: where a test waits for it, and where none is meant to be."""

FEW, PATIENT = 2, 6
"""Attempts: where all are in vain, and where the fault heals."""

SPEAKS_ALL = ArchiveOptions(largest_piece=1 << 22)
SPEAKS_OLD = ArchiveOptions(servlets="V3", rest=frozenset({"v1"}), largest_piece=1 << 22)

PHASES = [
    (Door.CONNECTION, Place.STATUS_LINE),
    (Door.POLICY, Place.STATUS_LINE),
    (Door.POLICY, Place.HEADERS),
    (Door.POLICY, Place.MIDDLE),
    (Door.VERSION, Place.STATUS_LINE),
    (Door.DESCRIPTION, Place.STATUS_LINE),
    (Door.DESCRIPTION, Place.HEADERS),
    (Door.DESCRIPTION, Place.MIDDLE),
    *((Door.ARCHIVE, place) for place in Place),
]
TRANSPORTS = ["nbia", "nbia-rest"]


@frozen
class Case:
    """One cell of the matrix."""

    transport: str
    door: Door
    place: Place
    toxic: Toxic

    def __str__(self) -> str:
        form = {"nbia": "TAR", "nbia-rest": "ZIP"}[self.transport]
        return f"{form}-{self.toxic.value}-{self.door.value}-{self.place.value}".replace(" ", "-")

    @property
    def is_of_old(self) -> bool:
        """Tell whether the archive has to be one that lacks a version."""
        return self.door is Door.VERSION

    @property
    def is_harmful(self) -> bool:
        """Tell whether the client must notice; else all comes, and in time."""
        few_bytes_drip = self.toxic is Toxic.BANDWIDTH and self.place is Place.AFTER_END
        return not (few_bytes_drip or self.toxic in {Toxic.LATENCY, Toxic.SLICER})

    def way(self, attempts: int) -> Way:
        patience = SHORT if self.toxic in SILENT else LONG
        return Way(transport=self.transport, read_timeout=patience, attempts=attempts)

    @property
    def strikes(self) -> int:
        """Say how often it strikes before it heals; where a test has to wait each time, once."""
        return 1 if self.toxic in SILENT else 2

    def poison(self, times: int | None) -> Poison:
        uid = STRUCK if self.door is Door.ARCHIVE else None
        return Poison(self.toxic, self.door, self.place, uid, times)


CASES = [
    Case(transport, door, place, toxic)
    for transport, (door, place), toxic in product(TRANSPORTS, PHASES, Toxic)
]
BEFORE = {Door.CONNECTION, Door.POLICY, Door.DESCRIPTION}


def cases(which: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", which, ids=str)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have descriptions wait no longer than anything else."""
    monkeypatch.setattr(nbia, "_QUERY_PATIENCE", 0.0)
    monkeypatch.setattr(nbia_rest, "_QUERY_PATIENCE", 0.0)


@frozen
class Archives:
    """A recent archive and an old one, and how the cart comes home from each over a network that works."""

    servers: dict[bool, ArchiveServer]
    undisturbed: dict[tuple[str, bool], Ended]

    def poisoned(self, case: Case, poison: Poison, folder: Path, attempts: int) -> Ended:
        with ToxicProxy(self.servers[case.is_of_old].url, poison) as proxy:
            ended = bring_home(cart_of(CATALOGUE, proxy.servlet_url), folder, case.way(attempts))
        assert poison.struck
        return ended

    def tree(self, case: Case) -> Ended:
        return self.undisturbed[case.transport, case.is_of_old]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archives]:
    with ArchiveServer(CATALOGUE, SPEAKS_ALL) as recent, ArchiveServer(CATALOGUE, SPEAKS_OLD) as old:
        servers = {False: recent, True: old}
        undisturbed = {}
        for transport, (is_old, server) in product(TRANSPORTS, servers.items()):
            source, folder = cart_of(CATALOGUE, server.servlet_url), tmp_path_factory.mktemp("undisturbed")
            home = bring_home(source, folder, Way(transport=transport))
            assert home.exit_code == 0, home.error
            assert len(home.series) == len(CATALOGUE.public)
            undisturbed[transport, is_old] = home
        yield Archives(servers, undisturbed)


@cases(CASES)
def test_after_any_fault_that_heals_every_series_is_there_and_the_tree_is_the_same(
    case: Case, archives: Archives, tmp_path: Path
) -> None:
    ended = archives.poisoned(case, case.poison(case.strikes), tmp_path, PATIENT)
    assert ended.error is None
    assert ended.shortfalls == {}
    assert ended.exit_code == 0
    assert ended.images == archives.tree(case).images
    assert ended.staged == []


@cases([case for case in CASES if case.door is Door.ARCHIVE and case.is_harmful])
def test_a_fault_that_never_heals_costs_its_series_and_no_other(
    case: Case, archives: Archives, tmp_path: Path
) -> None:
    ended = archives.poisoned(case, case.poison(None), tmp_path, FEW)
    assert ended.error is None
    assert ended.exit_code == 1
    (failed,) = ended.shortfalls.values()
    assert (failed.series_uid, failed.state) == (STRUCK, TaskState.FAILED)
    assert failed.reason
    assert len(failed.attempts) >= FEW
    whole = archives.tree(case).series
    (missing,) = whole.keys() - ended.series.keys()
    assert missing.endswith(STRUCK[-5:])
    assert ended.series == {folder: files for folder, files in whole.items() if folder != missing}


@cases([case for case in CASES if case.door in BEFORE and case.is_harmful])
def test_a_fault_that_never_heals_before_the_first_image_is_told_and_nothing_is_written(
    case: Case, archives: Archives, tmp_path: Path
) -> None:
    ended = archives.poisoned(case, case.poison(None), tmp_path, FEW)
    assert ended.error is not None
    assert "127.0.0.1" in str(ended.error)
    assert ended.exit_code == 7
    assert list(tmp_path.iterdir()) == []


@cases([case for case in CASES if case.door is Door.ARCHIVE and not case.is_harmful])
def test_a_network_that_is_only_slow_or_piecemeal_for_ever_harms_nothing(
    case: Case, archives: Archives, tmp_path: Path
) -> None:
    ended = archives.poisoned(case, case.poison(None), tmp_path, FEW)
    assert ended.exit_code == 0
    assert ended.images == archives.tree(case).images
