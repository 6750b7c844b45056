"""The plugins that settings choose: made for the cart, combined, and blamed by name for what they raise."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import pytest
from attrs import evolve, frozen

from cartload import manifest as manifests
from cartload.errors import ManifestError, NamingError, PluginError, SettingsError, StorageError
from cartload.journal import Confirmed, Intended, Replay, replay, to_line
from cartload.manifest import Manifest, ManifestSource
from cartload.plan import Description, Need
from cartload.ports import LicenseTerms, StoredSeries
from cartload.selection import Selection
from cartload.staging import CartFolder
from cartload.workers import StopSignal
from engine_world import FROZEN_CLOCK, FakeNaming, FakeStorage, World
from fake_archive import FakeTransport, a_scan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path, PurePosixPath

    from cartload.journal import Entry
    from cartload.model import ImageHeader, License, SeriesRecord, SeriesUID

SCAN = a_scan()
NOTHING: Replay[int] = replay([], str)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.of(tmp_path, SCAN)


def selection(world: World) -> Selection:
    return Selection(world.settings, world.registry(), FROZEN_CLOCK)


def read(world: World, content: bytes = b"1.2.3.1", server: str | None = None) -> Manifest:
    return selection(world).read(ManifestSource("cart.txt", content), server)


# --- manifest readers


def test_the_reader_that_recognises_a_cart_reads_it(world: World) -> None:
    assert read(world).series == (SCAN.uid,)


def test_the_reader_is_told_the_server_that_the_user_named(world: World) -> None:
    assert read(world, server="https://other.example").server_url == "https://other.example"


def test_what_no_reader_recognises_is_no_manifest(world: World) -> None:
    with pytest.raises(ManifestError, match="not a manifest that any installed reader knows"):
        read(world, b"<html>")


def test_a_manifest_that_is_too_large_is_not_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cartload.selection.MOST_BYTES", 5)
    with pytest.raises(ManifestError, match="larger than 5 bytes"):
        read(world, b"1.2.3.1")
    assert manifests.MOST_BYTES > 1 << 20


def test_settings_win_over_the_manifest(world: World) -> None:
    world.settings = evolve(world.settings, transport="other", attempts=9, annotations=False)
    manifest = read(world)
    assert (manifest.transports, manifest.attempts, manifest.include_annotations) == (("other",), 9, False)


def test_what_no_setting_says_is_as_the_manifest_says(world: World) -> None:
    manifest = read(world)
    assert (manifest.transports, manifest.attempts, manifest.include_annotations) == (("fake",), 2, True)


@frozen
class OddReader:
    """Raises where it is told to."""

    at: str

    def recognises(self, source: ManifestSource) -> bool:
        if self.at == "recognises":
            raise IndexError(source.name)
        return True

    def read(self, source: ManifestSource) -> Manifest:
        raise LookupError(source.name)


def test_a_reader_that_cannot_tell_is_a_warning_where_another_reads_the_cart(world: World) -> None:
    world.readers["a-broken"] = OddReader("recognises")
    manifest = read(world)
    assert manifest.series == (SCAN.uid,)
    assert manifest.warnings == ("manifest reader a-broken: failed: IndexError: cart.txt.",)


def test_a_reader_that_cannot_tell_is_an_error_where_no_other_reads_the_cart(world: World) -> None:
    world.readers["a-broken"] = OddReader("recognises")
    with pytest.raises(PluginError, match="a-broken"):
        read(world, b"<html>")


def test_a_reader_that_fails_at_its_own_format_is_named(world: World) -> None:
    world.readers["a-broken"] = OddReader("read")
    with pytest.raises(PluginError, match="manifest reader a-broken: failed: LookupError"):
        read(world)


# --- transports


def test_the_preferred_transport_is_made_at_once_and_told_what_is_wanted(world: World) -> None:
    world.settings = evolve(world.settings, check=False, annotations=False)
    sources = selection(world).sources(read(world), StopSignal())
    assert sources.names == ("fake",)
    context = world.transport.context
    assert context is not None
    assert (context.annotations, context.checksums) == (False, False)


def test_a_transport_that_is_not_there_is_told_before_anything_is_asked(world: World) -> None:
    world.settings = evolve(world.settings, transport="gopher")
    with pytest.raises(PluginError, match="no such plugin"):
        selection(world).sources(read(world), StopSignal())


def test_a_second_transport_is_made_when_it_is_needed(world: World) -> None:
    world.transports["other"] = FakeTransport.of(SCAN)
    sources = selection(world).sources(read(world), StopSignal())
    assert world.transports["other"].context is None
    assert sources.get("other") is world.transports["other"]


def test_a_cart_without_a_transport_is_its_readers_fault(world: World) -> None:
    world.manifest = lambda plain: evolve(plain, transports=())
    with pytest.raises(PluginError, match="names no transport"):
        selection(world).sources(read(world), StopSignal())


@pytest.mark.parametrize(
    "server", ["archive.example", "ftp://archive.example", "https://archive.example:port"]
)
def test_a_server_without_an_origin_is_refused(world: World, server: str) -> None:
    with pytest.raises(SettingsError, match="server"):
        selection(world).sources(read(world, server=server), StopSignal())


# --- naming


class OddNaming(FakeNaming):
    """Raises whatever it is asked."""

    def __init__(self, fault: Exception) -> None:
        super().__init__()
        self.fault = fault

    def directory(self, series: SeriesRecord) -> PurePosixPath:
        del series
        raise self.fault

    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        del series, images
        raise self.fault


def test_a_naming_that_fails_is_named(world: World) -> None:
    world.naming = OddNaming(KeyError("x"))
    naming = selection(world).naming()
    with pytest.raises(PluginError, match="naming fake: failed: KeyError"):
        naming.directory(SCAN.record)
    with pytest.raises(PluginError, match="naming fake: failed: KeyError"):
        naming.file_names(SCAN.record, ())


def test_what_a_naming_says_of_itself_stands(world: World) -> None:
    world.naming = OddNaming(NamingError("no such field"))
    naming = selection(world).naming()
    assert naming.attributes == {"InstanceNumber"}
    with pytest.raises(NamingError, match="no such field"):
        naming.directory(SCAN.record)


# --- what is held


def need_of(world: World, storage: FakeStorage, journal: Replay[int]) -> Need:
    made = selection(world)
    planner = made.planner(made.naming(), storage, journal)
    return planner.plan([SCAN.uid], deque([Description(SCAN.record, ("fake",))])).tasks[0].need


def stored_now(storage: FakeStorage) -> StoredSeries:
    """Give what the journal says was stored."""
    journals = CartFolder(storage.root).journals()
    try:
        stored = replay(journals.lines(), journals.read).recorded(SCAN.uid)
    finally:
        journals.close()
    assert stored is not None
    return stored


def journal_of(*entries: Entry) -> Replay[int]:
    lines = [to_line(entry) for entry in entries]
    return replay(enumerate(lines), lines.__getitem__)


@pytest.fixture
def stored(world: World) -> StoredSeries:
    world.run()
    return stored_now(world.storage)


def test_a_confirmed_series_is_held_by_the_look_of_it(world: World, stored: StoredSeries) -> None:
    storage = FakeStorage(world.root)
    journal = journal_of(Intended(stored, "fake", 0.0), Confirmed(SCAN.uid, 1.0))
    assert need_of(world, storage, journal) is Need.HELD
    assert storage.verified == []


def test_an_unconfirmed_series_is_held_if_every_digest_fits(world: World, stored: StoredSeries) -> None:
    storage = FakeStorage(world.root)
    assert need_of(world, storage, journal_of(Intended(stored, "fake", 0.0))) is Need.HELD
    assert storage.verified == [SCAN.uid]


def test_an_unconfirmed_series_with_another_content_of_the_same_size_is_fetched(
    world: World, stored: StoredSeries
) -> None:
    image = world.root / stored.directory / "001.dcm"
    image.write_bytes(bytes(image.stat().st_size))
    storage = FakeStorage(world.root)
    assert need_of(world, storage, journal_of(Intended(stored, "fake", 0.0))) is Need.FETCH


def test_a_storage_that_cannot_look_is_named(world: World, stored: StoredSeries) -> None:
    storage = FakeStorage(world.root, holds_fault=MemoryError())
    with pytest.raises(PluginError, match="storage fake: failed: MemoryError"):
        need_of(world, storage, journal_of(Intended(stored, "fake", 0.0)))


def test_an_error_of_the_storage_stands(world: World, stored: StoredSeries) -> None:
    storage = FakeStorage(world.root, holds_fault=StorageError("gone"))
    with pytest.raises(StorageError, match="gone"):
        need_of(world, storage, journal_of(Intended(stored, "fake", 0.0)))


# --- licences


@frozen
class Judge:
    """Says the same of every licence, or raises."""

    terms: LicenseTerms | Exception

    def judge(self, license: License | None) -> LicenseTerms:  # noqa: A002 - the port's word
        del license
        if isinstance(self.terms, Exception):
            raise self.terms
        return self.terms


def terms_of(world: World, uid: SeriesUID) -> LicenseTerms | None:
    made = selection(world)
    planner = made.planner(made.naming(), FakeStorage(world.root), NOTHING)
    return planner.plan([uid], deque([Description(SCAN.record, ("fake",))])).tasks[0].terms


def test_one_policy_that_forbids_commercial_use_is_enough(world: World) -> None:
    world.policies = {
        "a": Judge(LicenseTerms(commercial=True, notice="Cite it.")),
        "b": Judge(LicenseTerms(commercial=False, notice="Not for sale.")),
        "c": Judge(LicenseTerms(commercial=True, notice="Cite it.")),
        "d": Judge(LicenseTerms(commercial=True)),
    }
    assert terms_of(world, SCAN.uid) == LicenseTerms(commercial=False, notice="Cite it. Not for sale.")


def test_a_licence_goes_by_all_names_that_policies_know_and_one_doubt_is_enough(world: World) -> None:
    world.policies = {
        "a": Judge(LicenseTerms(commercial=True, names=("CC BY 4.0",))),
        "b": Judge(LicenseTerms(commercial=True, names=("BY", "CC BY 4.0"), contradictory=True)),
    }
    assert terms_of(world, SCAN.uid) == LicenseTerms(
        commercial=True, names=("CC BY 4.0", "BY"), contradictory=True
    )


def test_without_a_policy_nothing_is_forbidden(world: World) -> None:
    assert terms_of(world, SCAN.uid) == LicenseTerms(commercial=True)


def test_a_policy_that_fails_is_named(world: World) -> None:
    world.policies = {"strict": Judge(ValueError("what?"))}
    with pytest.raises(PluginError, match=r"licence policy strict: failed: ValueError: what\?"):
        terms_of(world, SCAN.uid)
