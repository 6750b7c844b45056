"""The policy is asked for once an archive, only licences that are allowed come home, and all can be cited."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve, frozen

from archive_carts import fetches, files_below, images_below, report_of, stored_bytes, write_cart
from cartload.testing.archive import manifest_text
from cartload.testing.catalogue import CC_BY_NC, demo_catalogue
from cartload_archive import ArchiveOptions, ArchiveServer, Fault
from command_line import CommandLine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.testing.archive import Catalogue

CATALOGUE = demo_catalogue()
SMALL = [uid for uid in CATALOGUE.public if CATALOGUE.series[uid].record.image_count <= 5]
REST = ArchiveOptions(servlets=None)
"""Its REST services alter no text: the servlet drops the hyphens of a DOI."""


@pytest.fixture
def server() -> Iterator[ArchiveServer]:
    with ArchiveServer(CATALOGUE, REST) as made:
        yield made


@pytest.fixture
def cart(server: ArchiveServer, tmp_path: Path) -> Path:
    return write_cart(tmp_path, server, CATALOGUE, CATALOGUE.public)


def small_cart(folder: Path, server: ArchiveServer, name: str, catalogue: Catalogue = CATALOGUE) -> Path:
    path = folder / f"{name}.tcia"
    path.write_text(manifest_text(catalogue, server.servlet_url, SMALL))
    return path


def ledger_of(folder: Path) -> list[Path]:
    return list((folder / "home").rglob("policies.json"))


@frozen
class Variables(CommandLine):
    """The command line with some variables of cartload's own."""

    more: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, **self.more}


# --- the policy


def test_a_policy_that_was_accepted_is_not_asked_for_with_the_next_cart(
    cartload: CommandLine, server: ArchiveServer, tmp_path: Path
) -> None:
    first, second = small_cart(tmp_path, server, "first"), small_cart(tmp_path, server, "second")
    assert cartload("download", first, "-d", tmp_path).exit_code == 5
    assert ledger_of(tmp_path) == []
    assert cartload("download", first, "-d", tmp_path, "--accept-policy").exit_code == 0
    result = cartload("download", second, "-d", tmp_path, "--json")
    assert result.exit_code == 0, result.err
    events = [json.loads(line) for line in result.out.splitlines()]
    assert not [event for event in events if event["event"] == "Asked"]
    (accepted,) = [event for event in events if event["event"] == "PolicyAccepted"]
    assert (accepted["archive"], accepted["by"], accepted["earlier"]) == (server.url, "flag", True)


def test_what_was_accepted_when_and_how_stands_beside_the_data_and_in_the_users_ledger(
    cartload: CommandLine, server: ArchiveServer, tmp_path: Path
) -> None:
    for name, options in (("first", ["--accept-policy"]), ("second", [])):
        cartload("download", small_cart(tmp_path, server, name), "-d", tmp_path, *options)
    (ledger,) = ledger_of(tmp_path)
    (entry,) = json.loads(ledger.read_text())["accepted"]
    assert (entry["archive"], entry["by"]) == (server.url, "flag")
    if os.name == "posix":
        assert ledger.stat().st_mode & 0o077 == 0
    for name, by in (("first", "flag"), ("second", "earlier flag")):
        text = (tmp_path / name / "DEMO-LUNG" / "LICENSE").read_text()
        told = f"Data usage policy of {server.url},\naccepted on {entry['at']} by {by}.\n"
        assert f"{told}SHA-256 of its text: {entry['sha256']}\n" in text
        assert "make no attempt to identify the subjects" in text
        assert f'"by":"{by}"' in "".join(
            path.read_text() for path in (tmp_path / name / ".cartload" / "journal").iterdir()
        )


def test_a_policy_that_changed_is_asked_for_again_and_the_change_is_told(
    cartload: CommandLine, tmp_path: Path
) -> None:
    with ArchiveServer(CATALOGUE, REST) as server:
        port = int(server.url.rpartition(":")[2])
        first = small_cart(tmp_path, server, "first")
        assert cartload("download", first, "-d", tmp_path, "--accept-policy").exit_code == 0
    with ArchiveServer(evolve(CATALOGUE, policy="Be kinder."), REST, port=port) as server:
        for name in ("first", "second"):
            result = cartload("download", small_cart(tmp_path, server, name), "-d", tmp_path)
            assert result.exit_code == 5
            assert "it has changed since 20" in result.err
        assert cartload("download", first, "-d", tmp_path, "--accept-policy").exit_code == 0
        assert cartload("download", small_cart(tmp_path, server, "second"), "-d", tmp_path).exit_code == 0


def test_a_policy_that_could_not_be_had_was_accepted_by_nobody(cartload: CommandLine, tmp_path: Path) -> None:
    faults = {"getUserAgreementTxt": Fault(status=403)}
    with ArchiveServer(CATALOGUE, REST, faults) as server:
        cart = small_cart(tmp_path, server, "cart")
        assert cartload("download", cart, "-d", tmp_path, "--accept-policy").exit_code != 0
        assert fetches(server) == []
    assert ledger_of(tmp_path) == []
    assert not (tmp_path / "cart").exists()


@pytest.mark.parametrize("content", ["{", '{"version": 99}'])
def test_a_ledger_that_is_of_no_use_is_told_and_nothing_of_it_is_lost(
    cartload: CommandLine, server: ArchiveServer, tmp_path: Path, content: str
) -> None:
    cartload("download", small_cart(tmp_path, server, "first"), "-d", tmp_path, "--accept-policy")
    (ledger,) = ledger_of(tmp_path)
    ledger.write_text(content)
    second = small_cart(tmp_path, server, "second")
    assert cartload("download", second, "-d", tmp_path).exit_code == 5
    result = cartload("download", second, "-d", tmp_path, "--accept-policy")
    assert result.exit_code == 0
    assert "list of accepted policies" in result.err
    assert content in {path.read_text() for path in ledger.parent.glob("policies*.json")}


def test_the_demo_accepts_nothing_in_the_users_name(cartload: CommandLine, tmp_path: Path) -> None:
    assert cartload("demo").exit_code == 0
    assert ledger_of(tmp_path) == []


# --- licences


def test_only_what_may_be_used_comes_home_and_what_is_left_out_is_named(
    cartload: CommandLine, cart: Path, server: ArchiveServer, tmp_path: Path
) -> None:
    allowed = [
        series
        for uid in CATALOGUE.public
        if (series := CATALOGUE.series[uid]).record.license not in {CC_BY_NC, None}
    ]
    report = tmp_path / "report.txt"
    order = ("download", cart, "-d", tmp_path, "--accept-policy", "--report", report)
    result = cartload(*order, "--license-allow", "CC BY [0-9]*", "--license-allow", "CC0*")
    assert result.exit_code == 0, result.err
    assert sorted(images_below(tmp_path / "cart").values()) == stored_bytes(allowed)
    assert sorted(fetches(server)) == sorted(series.uid for series in allowed)
    assert "3 left out" in result.err
    assert f"left out: 2 series: Its licence is {CC_BY_NC.name} (CC BY-NC 4.0); allowed is: " in result.err
    assert "left out: 1 series: The archive states no licence for it" in result.err
    assert "COMPLETE, AS FAR AS ALLOWED: 7 of 10 series of cart.tcia are in" in result.err
    assert "7 fetched, 3 left out for their licence" in result.err
    assert "NOT FOR COMMERCIAL USE" not in result.err
    written = report.read_text().partition("\nLeft out\n")[2]
    assert written.count("Its licence is ") == 2


def test_a_program_is_told_what_was_left_out_and_why(
    cartload: CommandLine, cart: Path, tmp_path: Path
) -> None:
    order = ("download", cart, "-d", tmp_path, "--accept-policy", "--license-allow", "CC BY*", "--json")
    report: Any = report_of(cartload(*order).out)
    assert (report["exit_code"], report["verdict"], report["shortfalls"]) == (0, "complete", [])
    (left_out,) = report["left_out"]
    assert (left_out["collection"], left_out["state"]) == ("DEMO-PHANTOM", "left out")
    assert left_out["reason"] == "The archive states no licence for it; allowed is: CC BY*."


@pytest.mark.usefixtures("cartload")
def test_what_is_allowed_can_be_kept_in_the_settings_and_overruled(cart: Path, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('license_allow = ["CC0*"]\n')
    run = Variables(tmp_path, {"CARTLOAD_CONFIG": str(settings)})
    order = ("download", cart, "-d", tmp_path, "--accept-policy")
    result = run(*order)
    assert result.exit_code == 0
    assert "note: CC0*: No series of this cart has a licence that license_allow allows" in result.err
    assert "0 of 10 series" in result.err
    assert "7 fetched" in run(*order, "--license-allow", "CC BY [0-9]*").err
    assert "3 fetched, 7 already there" in Variables(tmp_path, {"CARTLOAD_LICENSE_ALLOW": ""})(*order).err


def test_an_empty_pattern_is_wrong_use(cartload: CommandLine, cart: Path, tmp_path: Path) -> None:
    assert cartload("download", cart, "-d", tmp_path, "--license-allow", " ").exit_code == 2


def test_before_anything_is_fetched_series_are_grouped_by_licence_restrictions_first(
    cartload: CommandLine, cart: Path
) -> None:
    result = cartload("inspect", cart, "--license-allow", "CC*")
    groups = [
        line for line in result.err.splitlines() if line.startswith(("NOT FOR", "licence:", "left out:"))
    ]
    assert groups[0].startswith(f"NOT FOR COMMERCIAL USE: 2 series under {CC_BY_NC.name}")
    assert [line.partition(" series")[0] for line in groups[1:]] == [
        "left out: 1",
        "licence: 3",
        "licence: 4",
    ]
    rows = [line.split("\t") for line in result.out.splitlines()]
    states = [row[rows[0].index("state")] for row in rows[1:]]
    assert (states.count("to fetch"), states.count("left out")) == (9, 1)
    (document,) = [json.loads(cartload("inspect", cart, "--license-allow", "CC*", "--json").out)]
    assert [(each["commercial_use"], each["series"], each["left_out"]) for each in document["licenses"]] == [
        (False, 2, False), (True, 3, False), (True, 4, False), (True, 1, True),
    ]  # fmt: skip


def test_a_download_ends_with_its_licences_restrictions_first(
    cartload: CommandLine, cart: Path, tmp_path: Path
) -> None:
    result = cartload("download", cart, "-d", tmp_path, "--accept-policy")
    ending = result.err[result.err.rindex("NOT FOR COMMERCIAL USE") :].splitlines()
    assert [line.partition(":")[0] for line in ending[:4]] == ["NOT FOR COMMERCIAL USE", *["licence"] * 3]
    assert ending[4].startswith("COMPLETE: all 10 series")


# --- citations


def citations(root: Path) -> dict[str, str]:
    return {path.parent.name: path.read_text() for path in root.rglob("CITATION")}


def test_each_collection_says_how_to_cite_it(
    cartload: CommandLine, cart: Path, server: ArchiveServer, tmp_path: Path
) -> None:
    cartload("download", cart, "-d", tmp_path, "--accept-policy")
    found = citations(tmp_path / "cart")
    assert found.keys() == {"DEMO-LUNG", "DEMO-BRAIN", "DEMO-BREAST-NC", "DEMO-PHANTOM"}
    for collection, text in found.items():
        assert f"Data description: https://doi.org/10.7937/{collection.lower()}.2024\n" in text
        assert f"Downloaded: from {server.url} with cartload" in text
    assert f"Licence: {CC_BY_NC.name} ({CC_BY_NC.uri})\n" in found["DEMO-BREAST-NC"]
    assert "Licence: the archive states none\n" in found["DEMO-PHANTOM"]


def test_a_citation_is_nobodys_stray_file_and_comes_back_when_it_is_lost(
    cartload: CommandLine, cart: Path, tmp_path: Path
) -> None:
    order = ("download", cart, "-d", tmp_path, "--accept-policy")
    cartload(*order)
    root = tmp_path / "cart"
    before = files_below(root)
    assert cartload(*order).exit_code == 0
    assert files_below(root) == before
    checked = cartload("verify", root)
    assert (checked.exit_code, "not from cartload" in checked.err) == (0, False)
    next(root.rglob("*.dcm")).unlink()
    assert cartload("verify", root, "--repair", "--accept-policy").exit_code == 0
    assert {**files_below(root), "metadata.csv": before["metadata.csv"]} == before  # its rows move
    (root / "DEMO-LUNG" / "CITATION").unlink()
    assert cartload(*order).exit_code == 0
    assert citations(root).keys() == {"DEMO-LUNG", "DEMO-BRAIN", "DEMO-BREAST-NC", "DEMO-PHANTOM"}


def test_a_tree_of_the_original_retriever_gets_its_citations_and_keeps_its_images(
    cartload: CommandLine, cart: Path, tmp_path: Path
) -> None:
    order = ("download", cart, "-d", tmp_path, "--accept-policy")
    cartload(*order)
    root = tmp_path / "cart"
    before = images_below(root)
    for path in [*root.rglob("CITATION"), *(root / ".cartload" / "journal").iterdir()]:
        path.unlink()
    assert cartload(*order).exit_code == 0
    assert images_below(root) == before
    assert len(citations(root)) == 4
