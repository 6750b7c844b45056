"""The user's wish: a manifest goes in, every image comes home, whole, under names people can read."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from archive_carts import (
    fetches,
    files_below,
    images_below,
    limited_series,
    public_series,
    stored_bytes,
    write_cart,
)
from cartload.testing.catalogue import demo_catalogue
from cartload_archive import ArchiveOptions, ArchiveServer, Fault

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import CommandLine

SERVERS = {
    "servlet V4": ArchiveOptions(),
    "servlet V3": ArchiveOptions(servlets="V3"),
    "REST v4": ArchiveOptions(servlets=None),
    "REST v2": ArchiveOptions(servlets=None, rest=frozenset({"v1", "v2"})),
    "REST v1": ArchiveOptions(servlets=None, rest=frozenset({"v1"})),
}


@pytest.mark.parametrize("options", SERVERS.values(), ids=SERVERS)
def test_every_image_of_the_cart_comes_home_unaltered(
    cartload: CommandLine, tmp_path: Path, options: ArchiveOptions
) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue, options) as server:
        cart = write_cart(tmp_path, server, catalogue, catalogue.public)
        result = cartload("download", cart, "--accept-policy", "-d", tmp_path / "out")
    assert result.exit_code == 0, result.err
    images = images_below(tmp_path / "out" / "cart")
    assert sorted(images.values()) == stored_bytes(public_series(catalogue))


def test_the_same_cart_has_the_same_tree_by_whatever_protocol(cartload: CommandLine, tmp_path: Path) -> None:
    catalogue = demo_catalogue()
    trees = {}
    for name, options in SERVERS.items():
        if name == "servlet V3":
            continue  # it alone sends no manufacturer, and drops hyphens from descriptions
        with ArchiveServer(catalogue, options) as server:
            cart = write_cart(tmp_path, server, catalogue, catalogue.public)
            result = cartload("download", cart, "--accept-policy", "-d", tmp_path / name)
        assert result.exit_code == 0, result.err
        trees[name] = images_below(tmp_path / name / "cart")
    first = trees.pop("servlet V4")
    assert all(tree.keys() == first.keys() and tree == first for tree in trees.values())


def test_directories_and_names_are_those_of_the_original_retriever(
    cartload: CommandLine, tmp_path: Path
) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue, catalogue.public)
        cartload("download", cart, "--accept-policy", "-d", tmp_path)
    names = images_below(tmp_path / "cart").keys()
    two_phases = next(s for s in public_series(catalogue) if s.record.series_number == "3000566")
    study, series = two_phases.record.study_uid[-5:], two_phases.uid[-5:]
    folder = (
        f"DEMO-LUNG/DEMO-LUNG-0001/01-01-2000-CT CHEST WO  W 2-phase-{study}"
        f"/3000566.000000-AXIALTHIN 2.5mm-{series}"
    )
    expected = {f"{folder}/{a}-{i:02}.dcm" for a in (1, 2) for i in range(1, 43)}
    annotations = {f"{folder}/{annotation.name}" for annotation in two_phases.annotations}
    assert {name for name in names if name.startswith(folder)} == expected | annotations


def test_the_cart_says_what_it_is(cartload: CommandLine, tmp_path: Path) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue, catalogue.public)
        cartload("download", cart, "--accept-policy", "-d", tmp_path)
    root = tmp_path / "cart"
    text = (root / "metadata.csv").read_bytes().decode()
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["Series UID"] for row in rows} == set(catalogue.public)
    assert all((root / row["File Location"]).is_dir() for row in rows)
    assert text.count("\r\n") == len(rows) + 1
    assert (root / "cart.tcia").read_bytes() == cart.read_bytes()
    licence = (root / "DEMO-BREAST-NC" / "LICENSE").read_text()
    assert "Attribution-NonCommercial 4.0" in licence
    assert "make no attempt to identify the subjects" in licence


def test_a_second_run_fetches_nothing_and_says_so(cartload: CommandLine, tmp_path: Path) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue, catalogue.public)
        cartload("download", cart, "--accept-policy", "-d", tmp_path)
        before, tree = fetches(server), files_below(tmp_path / "cart")
        result = cartload("download", cart, "-d", tmp_path)
        assert result.exit_code == 0, result.err
        assert fetches(server) == before
    assert sorted(before) == sorted(catalogue.public)
    assert files_below(tmp_path / "cart") == tree


def test_all_again_replaces_every_series(cartload: CommandLine, tmp_path: Path) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue, catalogue.public)
        cartload("download", cart, "--accept-policy", "-d", tmp_path)
        result = cartload("download", cart, "-d", tmp_path, "--existing", "all")
        assert len(fetches(server)) == 2 * len(catalogue.public)
    assert result.exit_code == 0, result.err
    root = tmp_path / "cart"
    assert sorted(images_below(root).values()) == stored_bytes(public_series(catalogue))
    assert len((root / "metadata.csv").read_text().splitlines()) == len(catalogue.public) + 1


def test_a_lost_image_is_noticed_and_only_its_series_fetched_again(
    cartload: CommandLine, tmp_path: Path
) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue, catalogue.public)
        cartload("download", cart, "--accept-policy", "-d", tmp_path)
        tree, before = files_below(tmp_path / "cart"), len(fetches(server))
        lost = next((tmp_path / "cart").rglob("2-17.dcm"))
        lost.unlink()
        result = cartload("download", cart, "-d", tmp_path)
        assert len(fetches(server)) == before + 1
    assert result.exit_code == 0, result.err
    assert files_below(tmp_path / "cart").keys() == tree.keys()
    assert lost.is_file()


@pytest.mark.parametrize("servlets", ["V4", None])
def test_a_bad_cart_brings_the_rest_home_and_names_what_is_not_there(
    cartload: CommandLine, tmp_path: Path, servlets: str | None
) -> None:
    catalogue = demo_catalogue()
    denied, vanished = limited_series(catalogue)[0], catalogue.public[0]
    unknown = "1.3.6.1.4.1.14519.5.2.1.9203.8273.999"
    options = ArchiveOptions(servlets="V4" if servlets else None)
    with ArchiveServer(catalogue, options, {vanished: Fault(vanish=True)}) as server:
        cart = write_cart(tmp_path, server, catalogue, [unknown, *catalogue.public, denied])
        arguments = ("--accept-policy", "--allowed-only", "-d", tmp_path, "--report", tmp_path / "r.txt")
        result = cartload("download", cart, *arguments)
    rest = [series for series in public_series(catalogue) if series.uid != vanished]
    assert sorted(images_below(tmp_path / "cart").values()) == stored_bytes(rest)
    assert result.exit_code == 1
    report = (tmp_path / "r.txt").read_text()
    for uid in (unknown, denied, vanished):
        assert uid in report
        assert uid in result.err


def test_denied_series_stop_an_unattended_download_before_it_begins(
    cartload: CommandLine, tmp_path: Path
) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue)
        result = cartload("download", cart, "--accept-policy", "-d", tmp_path / "out")
        assert fetches(server) == []
    assert result.exit_code == 4
    assert "--allowed-only" in result.err
    assert not (tmp_path / "out").exists()


def test_without_the_policy_accepted_nothing_is_downloaded(cartload: CommandLine, tmp_path: Path) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue, catalogue.public)
        result = cartload("download", cart, "-d", tmp_path / "out")
        assert fetches(server) == []
    assert result.exit_code == 5
    assert "--accept-policy" in result.err
    assert not (tmp_path / "out").exists()


def test_an_archive_that_is_not_there_is_told_apart(cartload: CommandLine, tmp_path: Path) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue, catalogue.public)
    result = cartload("download", cart, "--accept-policy", "-d", tmp_path / "out")
    assert result.exit_code == 7
    assert server.url.removeprefix("http://") in result.err
    assert not (tmp_path / "out").exists()


def test_every_fault_of_a_manifest_is_told_with_its_line(cartload: CommandLine, tmp_path: Path) -> None:
    cart = tmp_path / "cart.tcia"
    cart.write_text(
        "downloadServerUrl=nowhere\nmanifestVersion=3.0\nListOfSeriesToDownload=\n1.2.3\n1.2..4\n"
    )
    result = cartload("download", cart, "--accept-policy", "-d", tmp_path / "out")
    assert result.exit_code == 3
    assert "line 1" in result.err
    assert "line 5" in result.err
    assert not (tmp_path / "out").exists()


def test_a_plain_list_of_uids_works_from_standard_input(cartload: CommandLine, tmp_path: Path) -> None:
    catalogue = demo_catalogue()
    wanted = public_series(catalogue)[:3]
    with ArchiveServer(catalogue) as server:
        listed = "\n".join(series.uid for series in wanted)
        arguments = ("--server", server.url, "--accept-policy", "-d", tmp_path, "--annotations")
        result = cartload("download", "-", *arguments, text=listed)
    assert result.exit_code == 0, result.err
    folders = [path for path in tmp_path.iterdir() if (path / "metadata.csv").is_file()]
    assert sorted(images_below(folders[0]).values()) == stored_bytes(wanted)


def test_two_sessions_in_one_folder_do_not_meet(cartload: CommandLine, tmp_path: Path) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue, catalogue.public)
        hidden = tmp_path / "cart" / ".cartload"
        hidden.mkdir(parents=True)
        with FileLock(hidden / "lock"):
            result = cartload("download", cart, "--accept-policy", "-d", tmp_path)
        assert fetches(server) == []
    assert result.exit_code == 6
    assert "another cartload session" in result.err
