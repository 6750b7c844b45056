"""A stored cart read again: what is whole, missing, damaged, another image, foreign, or not readable."""

from __future__ import annotations

import errno
import hashlib
from typing import TYPE_CHECKING, Self

import pytest
from attrs import evolve

from cartload.errors import DestinationError, ManifestError, StorageError
from cartload.findings import Harm, SeriesChecked
from cartload.journal import Confirmed, Intended, Opened, to_line
from cartload.model import SeriesUID
from cartload.ports import Verdict
from cartload.verification import Verification, carts_in
from engine_world import FROZEN_CLOCK, FakeStorage, World
from fake_archive import Scan, a_scan, dicom
from series_builders import stored_at

if TYPE_CHECKING:
    from pathlib import Path

XML = {"a.xml": b"<a/>"}
ONE, TWO = a_scan(1, annotations=XML), a_scan(2)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Bring two series home."""
    made = World.of(tmp_path, ONE, TWO)
    made.run()
    return made


def verification(world: World) -> Verification:
    return Verification(world.root, world.settings, world.registry(), FROZEN_CLOCK)


def checked(world: World) -> dict[SeriesUID, SeriesChecked]:
    with verification(world) as check:
        return {found.series_uid: found for found in check.check()}


def damaged(world: World) -> list[tuple[str, Harm]]:
    return [(file.name, file.harm) for found in checked(world).values() for file in found.damaged]


def place(world: World, name: str, scan: Scan = ONE) -> Path:
    return world.root / "Kidney" / scan.uid / name


def said_of(world: World, name: str) -> str:
    return next(file.what for found in checked(world).values() for file in found.damaged if file.name == name)


def journal_lines(world: World, *lines: str) -> None:
    (world.root / ".cartload" / "journal" / "99.jsonl").write_text("".join(f"{line}\n" for line in lines))


# --- which carts


def test_a_carts_folder_is_the_one_cart(world: World) -> None:
    assert carts_in(world.root) == (world.root,)


def test_the_folder_above_has_all_its_carts_in_order(world: World) -> None:
    world.root.rename(world.directory / "b")
    world.run()
    (world.directory / "other").mkdir()
    (world.directory / "file").touch()
    assert carts_in(world.directory) == (world.directory / "b", world.root)


def test_a_folder_without_carts_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DestinationError, match="download it once with cartload"):
        carts_in(tmp_path)


def test_a_journal_that_tells_of_no_series_is_nothing_to_compare_with(tmp_path: Path) -> None:
    world = World.of(tmp_path, ONE)
    with pytest.raises(DestinationError, match="its journal tells of no series"):
        verification(world)


# --- what is found


def test_what_was_stored_is_whole(world: World) -> None:
    assert all(found.is_whole for found in checked(world).values())
    assert checked(world)[ONE.uid] == SeriesChecked(
        series_uid=ONE.uid, directory=f"Kidney/{ONE.uid}", files=4, size=ONE.size
    )


def test_there_is_as_much_to_check_as_was_stored(world: World) -> None:
    with verification(world) as check:
        assert (check.series, check.size(), check.size([TWO.uid])) == (2, ONE.size + TWO.size, TWO.size)


def test_one_series_can_be_checked_alone(world: World) -> None:
    with verification(world) as check:
        assert [found.series_uid for found in check.check([TWO.uid])] == [TWO.uid]


def test_a_check_asks_no_archive_and_writes_nothing(world: World) -> None:
    before = (len(world.transport.described), sorted(world.root.rglob("*")))
    checked(world)
    assert (len(world.transport.described), sorted(world.root.rglob("*"))) == before


def test_a_missing_file_is_named(world: World) -> None:
    place(world, "002.dcm").unlink()
    found = checked(world)
    assert found[ONE.uid].missing == ("002.dcm",)
    assert found[TWO.uid].is_whole


def test_a_foreign_file_is_named(world: World) -> None:
    place(world, "notes.txt").touch()
    found = checked(world)[ONE.uid]
    assert (found.foreign, found.is_whole) == (("notes.txt",), True)


def test_altered_bytes_are_found_though_the_size_fits(world: World) -> None:
    image = place(world, "002.dcm")
    image.write_bytes(image.read_bytes()[:-1] + b"\xff")
    assert damaged(world) == [("002.dcm", Harm.CONTENT)]


def test_a_cut_image_is_told_by_its_size(world: World) -> None:
    image = place(world, "002.dcm")
    image.write_bytes(image.read_bytes()[:-10])
    assert damaged(world) == [("002.dcm", Harm.SIZE)]
    size = len(ONE.images[ONE.uids[1]])
    assert said_of(world, "002.dcm") == f"it has {size - 10} bytes, {size} were stored."


def test_another_image_of_the_series_is_told_from_damage(world: World) -> None:
    place(world, "002.dcm").write_bytes(place(world, "003.dcm").read_bytes())
    assert damaged(world) == [("002.dcm", Harm.IDENTITY)]
    assert said_of(world, "002.dcm") == f"it is another image: {ONE.uids[2]} of the series {ONE.uid}."


def test_an_image_that_claims_another_series_is_told_from_damage(world: World) -> None:
    place(world, "002.dcm").write_bytes(dicom(TWO.uid, ONE.uids[1], 2))
    assert damaged(world) == [("002.dcm", Harm.IDENTITY)]


def test_what_is_no_image_any_more_is_damaged(world: World) -> None:
    image = place(world, "002.dcm")
    image.write_bytes(bytes(image.stat().st_size))
    assert damaged(world) == [("002.dcm", Harm.CONTENT)]


def test_an_annotation_has_no_identity(world: World) -> None:
    place(world, "a.xml").write_bytes(b"<b/>")
    assert damaged(world) == [("a.xml", Harm.CONTENT)]


def test_a_header_beyond_the_first_bytes_is_read_from_the_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cartload.headers.HEAD_BYTES", 140)
    monkeypatch.setattr("cartload.verification.HEAD_BYTES", 140)
    place(world, "002.dcm").write_bytes(place(world, "003.dcm").read_bytes())
    assert damaged(world) == [("002.dcm", Harm.IDENTITY)]


def test_a_folder_in_the_place_of_a_file_is_damage(world: World) -> None:
    place(world, "002.dcm").unlink()
    place(world, "002.dcm").mkdir()
    assert damaged(world) == [("002.dcm", Harm.UNREADABLE)]
    assert "it is not a file" in said_of(world, "002.dcm")


def test_a_damaged_file_that_cannot_be_read_is_told_as_such(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class BadSector:
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            return

        def read(self, _: int) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

    place(world, "002.dcm").write_bytes(b"x")
    monkeypatch.setattr("cartload.verification.open_file", lambda _: BadSector())
    assert damaged(world) == [("002.dcm", Harm.UNREADABLE)]


def test_where_files_are_not_in_a_tree_nobody_can_look_closer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (world.root / "Kidney").iterdir():
        folder.rename(world.directory / folder.name)
    verdict = Verdict(damaged=("002.dcm", "unheard-of"))
    monkeypatch.setattr(FakeStorage, "verify", lambda *_: verdict)
    assert {harm for _, harm in damaged(world)} == {Harm.CONTENT}


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (
            DestinationError("the disk reports an error.", subject="1.dcm"),
            "1.dcm: the disk reports an error.",
        ),
        (ValueError("oops"), "storage fake: failed: ValueError: oops."),
    ],
)
def test_a_series_that_cannot_be_read_is_told_and_the_others_are_checked(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: BaseException, text: str
) -> None:
    def verify(*_: object) -> Verdict:
        raise fault

    monkeypatch.setattr(FakeStorage, "verify", verify)
    found = checked(world)
    assert [result.error for result in found.values()] == [text, text]
    assert not any(result.is_whole for result in found.values())


def test_a_path_that_leads_out_of_the_folder_is_told_and_not_followed(world: World) -> None:
    journal_lines(world, to_line(Intended(stored_at("../outside"), "nbia", 1.0)))
    found = checked(world)[SeriesUID("1.2.3")]
    assert "a path, which may lead anywhere" in found.error
    with verification(world) as check:
        assert check.size() == ONE.size + TWO.size


def test_a_journal_that_changes_meanwhile_is_told(world: World) -> None:
    journal_lines(world, to_line(Intended(stored_at("Kidney/new"), "nbia", 1.0)))
    with verification(world) as check:
        journal_lines(world, to_line(Confirmed(SeriesUID("1.2.3"), 1.0)))
        (found,) = check.check([SeriesUID("1.2.3")])
    assert "it was altered while it was read." in found.error


def test_damaged_lines_of_the_journal_and_leftovers_are_counted(world: World) -> None:
    line = to_line(Intended(stored_at("Kidney/lost"), "nbia", 1.0))
    journal_lines(world, line.replace("lost", "last"), line[:-20])
    (world.root / ".cartload" / "staging" / "host-1-ab").mkdir(parents=True)
    with verification(world) as check:
        assert check.unreadable_lines == 1
        assert check.leftovers == ("host-1-ab",)


# --- what a repair needs


def test_series_are_repaired_by_the_manifest_kept_beside_them(world: World) -> None:
    (world.root / "renamed.txt").write_bytes(world.source.content)
    with verification(world) as check:
        with_annotations, without = check.repairs([TWO.uid, ONE.uid])
    assert with_annotations.source == without.source == world.source
    assert with_annotations.root == world.root
    assert (with_annotations.suspects, with_annotations.annotations) == (frozenset({ONE.uid}), True)
    assert (without.suspects, without.annotations) == (frozenset({TWO.uid}), False)


def test_the_newest_manifest_that_names_a_series_counts(world: World) -> None:
    old, newest = world.source, evolve(world, carts=(TWO.uid,)).source
    (world.root / "old.txt").write_bytes(old.content)
    (world.root / "new.txt").write_bytes(newest.content)
    (world.root / "metadata.csv").write_text("Series UID\n")
    world.root.joinpath("folder").mkdir()
    opened = evolve(_opened(old.content), at=2.0), evolve(_opened(newest.content), at=3.0)
    journal_lines(world, *map(to_line, opened))
    with verification(world) as check:
        repairs = check.repairs([ONE.uid, TWO.uid])
    assert [(repair.source, set(repair.suspects)) for repair in repairs] == [
        (newest, {TWO.uid}),
        (old, {ONE.uid}),
    ]


def test_an_old_manifest_that_is_not_there_any_more_is_passed_over(world: World) -> None:
    (world.root / "cart.txt").write_bytes(world.source.content)
    journal_lines(world, to_line(_opened(b"1.9")))
    with verification(world) as check:
        (repair,) = check.repairs([TWO.uid])
    assert repair.source == world.source


def test_a_series_of_no_kept_manifest_is_in_no_repair(world: World) -> None:
    (world.root / "cart.txt").write_bytes(world.source.content)
    with verification(world) as check:
        assert check.repairs([SeriesUID("1.9")]) == ()


def test_without_its_manifest_a_cart_cannot_be_repaired(world: World) -> None:
    (world.root / "cart.txt").write_bytes(world.source.content + b"\n1.9")
    with verification(world) as check, pytest.raises(StorageError, match=r"Put cart\.txt back, unaltered"):
        check.repairs([ONE.uid])


def test_a_kept_manifest_that_no_reader_knows_is_an_error(world: World) -> None:
    (world.root / "cart.txt").write_bytes(b"no cart")
    journal_lines(world, to_line(_opened(b"no cart")))
    with verification(world) as check, pytest.raises(ManifestError, match="no"):
        check.repairs([ONE.uid])


def _opened(content: bytes) -> Opened:
    return Opened(1, "cartload 0", "cart.txt", hashlib.sha256(content).hexdigest(), 1.0)
