from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from cartload.session import Session
from cartload.testing.archive import manifest_text
from cartload.testing.catalogue import demo_catalogue
from cartload_archive import ArchiveServer, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.testing.archive import Catalogue
    from frontends.cli.commandline import CommandLine

CART = "cart.tcia"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return demo_catalogue()


@pytest.fixture(scope="session")
def archive(catalogue: Catalogue) -> Iterator[ArchiveServer]:
    with ArchiveServer(catalogue) as server:
        yield server


@pytest.fixture
def small(catalogue: Catalogue) -> tuple[str, str]:
    """Give the two smallest public series."""
    public = sorted(catalogue.public, key=lambda uid: catalogue.series[uid].record.image_bytes)
    return public[0], public[1]


@pytest.fixture
def cart(catalogue: Catalogue, archive: ArchiveServer, small: tuple[str, str], tmp_path: Path) -> Path:
    path = tmp_path / CART
    path.write_text(manifest_text(catalogue, archive.servlet_url, small))
    return path


def images(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*.dcm"))


def test_a_cart_is_brought_home_and_the_output_stays_clean(cartload: CommandLine, cart: Path) -> None:
    ran = cartload("download", cart, "-d", cart.parent / "out", "--accept-policy")
    assert (ran.code, ran.out) == (0, "")
    assert images(cart.parent / "out" / "cart")
    assert "COMPLETE: all 2 series of cart.tcia are in" in ran.err


def test_a_second_run_downloads_nothing(cartload: CommandLine, cart: Path) -> None:
    command = ("download", cart, "-d", cart.parent / "out", "--accept-policy")
    cartload(*command)
    ran = cartload(*command)
    assert ran.code == 0
    assert "2 already there; nothing was downloaded." in ran.err


def test_nothing_is_downloaded_when_nobody_accepts_the_policy(cartload: CommandLine, cart: Path) -> None:
    ran = cartload("download", cart, "-d", cart.parent / "out")
    assert ran.code == 5
    assert "These images show a phantom" in ran.err
    assert "--accept-policy" in ran.err
    assert not images(cart.parent)


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 5), ("", 130)])
def test_at_a_terminal_the_policy_is_the_users_decision(
    cartload: CommandLine, cart: Path, typed: str, code: int
) -> None:
    assert cartload("download", cart, "-d", cart.parent / "out", typed=typed).code == code


def test_the_manifest_can_come_through_a_pipe(cartload: CommandLine, cart: Path) -> None:
    ran = cartload("download", "-", "-d", cart.parent / "out", "--accept-policy", piped=cart.read_bytes())
    assert ran.code == 0
    assert images(cart.parent / "out" / "cart")


def test_quiet_says_nothing_of_what_went_well(cartload: CommandLine, cart: Path) -> None:
    ran = cartload("download", cart, "-d", cart.parent / "out", "--accept-policy", "-q")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_quiet_and_verbose_exclude_each_other(cartload: CommandLine, cart: Path) -> None:
    assert cartload("download", cart, "-q", "-v").code == 2


def test_at_a_terminal_what_is_there_is_the_users_decision(
    cartload: CommandLine, catalogue: Catalogue, archive: ArchiveServer, cart: Path, small: tuple[str, str]
) -> None:
    command = ("download", cart, "-d", cart.parent / "out", "--accept-policy")
    cart.write_text(manifest_text(catalogue, archive.servlet_url, small[:1]))
    cartload(*command)
    cart.write_text(manifest_text(catalogue, archive.servlet_url, small))
    ran = cartload(*command, typed="m\n")
    assert ran.code == 0
    assert "Of this cart 1 series" in ran.err
    assert "1 fetched, 1 already there" in ran.err


def test_existing_all_fetches_again_without_asking(cartload: CommandLine, cart: Path) -> None:
    command = ("download", cart, "-d", cart.parent / "out", "--accept-policy", "--existing", "all")
    cartload(*command)
    ran = cartload(*command, typed="")
    assert ran.code == 0
    assert "2 fetched;" in ran.err


def test_a_denied_series_ends_it_before_anything_is_downloaded(
    cartload: CommandLine, catalogue: Catalogue, archive: ArchiveServer, cart: Path
) -> None:
    cart.write_text(manifest_text(catalogue, archive.servlet_url))
    ran = cartload("download", cart, "-d", cart.parent / "out", "--accept-policy")
    assert ran.code == 4
    assert "Access is denied to 2 series" in ran.err
    assert "--allowed-only" in ran.err
    assert not images(cart.parent)


def test_allowed_only_brings_the_others_and_still_tells_that_it_is_not_all(
    cartload: CommandLine, catalogue: Catalogue, archive: ArchiveServer, cart: Path, small: tuple[str, str]
) -> None:
    limited = [uid for uid in catalogue.series if uid not in catalogue.public]
    cart.write_text(manifest_text(catalogue, archive.servlet_url, [small[0], limited[0]]))
    ran = cartload("download", cart, "-d", cart.parent / "out", "--accept-policy", "--allowed-only")
    assert ran.code == 4
    assert f"denied: {limited[0]}" in ran.err
    assert images(cart.parent / "out")


@pytest.fixture
def failing(catalogue: Catalogue, small: tuple[str, str], cart: Path) -> Iterator[Path]:
    """Give a cart whose first series fails at the first request."""
    with ArchiveServer(catalogue, faults={small[0]: Fault(times=1, status=500)}) as server:
        cart.write_text(manifest_text(catalogue, server.servlet_url, small))
        yield cart


ONCE = ("--retries", "1", "--transport", "nbia", "--accept-policy")


def test_a_failed_series_is_named_and_a_second_run_fetches_just_that(
    cartload: CommandLine, failing: Path, small: tuple[str, str]
) -> None:
    command = ("download", failing, "-d", failing.parent / "out", *ONCE)
    first = cartload(*command)
    assert first.code == 1
    assert "NOT COMPLETE: 1 of 2 series" in first.err
    assert small[0] in first.err
    assert "Run the same command again" in first.err
    second = cartload(*command)
    assert second.code == 0
    assert "1 fetched, 1 already there" in second.err


@pytest.mark.parametrize("suffix", ["txt", "json", "html"])
def test_the_report_names_the_failed_series_and_why(
    cartload: CommandLine, failing: Path, small: tuple[str, str], suffix: str
) -> None:
    path = failing.parent / f"report.{suffix}"
    ran = cartload("download", failing, "-d", failing.parent / "out", "--report", path, *ONCE)
    assert ran.code == 1
    assert small[0] in path.read_text(encoding="utf-8")
    assert "500" in path.read_text(encoding="utf-8")
    assert f"The report is in {path}" in ran.err


def test_at_a_terminal_failed_series_can_be_tried_again_at_once(cartload: CommandLine, failing: Path) -> None:
    ran = cartload("download", failing, "-d", failing.parent / "out", *ONCE, typed="r\n")
    assert ran.code == 0
    assert "COMPLETE: all 2 series" in ran.err


def test_at_a_terminal_the_report_can_be_saved_and_the_series_left(
    cartload: CommandLine, failing: Path
) -> None:
    path = failing.parent / "report.json"
    ran = cartload("download", failing, "-d", failing.parent / "out", *ONCE, typed=f"s\n{path}\nl\n")
    assert ran.code == 1
    assert json.loads(path.read_text())["verdict"] == "failed"
    assert ran.err.count("NOT COMPLETE") == 1


def test_a_report_that_cannot_be_written_is_no_success(cartload: CommandLine, cart: Path) -> None:
    path = cart.parent / "nowhere" / "report.txt"
    ran = cartload("download", cart, "-d", cart.parent / "out", "--accept-policy", "--report", path)
    assert ran.code == 6
    assert "COMPLETE: all 2 series" in ran.err
    assert "the report cannot be written" in ran.err


def test_json_ends_with_the_report(cartload: CommandLine, cart: Path) -> None:
    ran = cartload("download", cart, "-d", cart.parent / "out", "--accept-policy", "--json")
    names = [event["event"] for event in ran.events]
    assert (ran.code, names[0], names[-1]) == (0, "SessionChanged", "Report")
    assert names.count("SeriesStored") == 2
    assert (ran.events[-1]["verdict"], ran.events[-1]["exit_code"]) == ("complete", 0)
    assert "COMPLETE" not in ran.err


def test_json_ends_with_the_report_also_after_an_error(cartload: CommandLine, cart: Path) -> None:
    ran = cartload("download", cart, "-d", cart.parent / "out", "--json")
    last = ran.events[-1]
    assert (last["event"], last["exit_code"], last["error"]["kind"]) == ("Report", 5, "PolicyError")


def test_a_manifest_that_is_not_there_is_named(cartload: CommandLine, tmp_path: Path) -> None:
    ran = cartload("download", tmp_path / "nowhere.tcia")
    assert ran.code == 3
    assert f"error: {tmp_path / 'nowhere.tcia'}: it cannot be read" in ran.err


def test_every_fault_of_a_manifest_has_its_line(cartload: CommandLine, cart: Path) -> None:
    cart.write_text(cart.read_text() + "nonsense\n1.2.x\n")
    ran = cartload("download", cart)
    lines = ran.err.splitlines()
    assert ran.code == 3
    assert lines[0] == "error: cart.tcia: 2 faults:"
    assert lines[1].startswith("  line 9: ")
    assert lines[2].startswith("  line 10: ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--naming", "nonsense"), "nonsense"),
        (("--storage", "nonsense"), "nonsense"),
        (("--transport", "nonsense"), "nonsense"),
        (("--naming", "template", "--template", "{nonsense}"), "nonsense"),
        (("--set", "nbai.read_timeout=5"), "'nbai'"),
        (("--set", "nbia.read_timeuot=5"), "read_timeuot"),
        (("--set", "nbia.read_timeout=soon"), "soon"),
    ],
)
def test_a_wrong_setting_is_named(
    cartload: CommandLine, cart: Path, arguments: tuple[str, ...], told: str
) -> None:
    ran = cartload("download", cart, "--accept-policy", "-d", cart.parent / "out", *arguments)
    assert ran.code == 3
    assert told in ran.err
    assert not images(cart.parent)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--set", "nonsense"),
        ("-j", "0"),
        ("--retries", "x"),
        ("--server", "not an address"),
        ("--existing", "x"),
    ],
)
def test_wrong_use_is_told_before_anything_is_done(
    cartload: CommandLine, cart: Path, arguments: tuple[str, ...]
) -> None:
    assert cartload("download", cart, *arguments).code == 2


def test_a_wrong_variable_is_named(
    cartload: CommandLine, cart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTLOAD_JOBS", "many")
    ran = cartload("download", cart)
    assert ran.code == 3
    assert ran.err.startswith("error: CARTLOAD_JOBS: ")


def test_a_destination_that_cannot_be_used_is_told(cartload: CommandLine, cart: Path) -> None:
    (cart.parent / "file").write_text("not a folder")
    ran = cartload("download", cart, "-d", cart.parent / "file" / "below", "--accept-policy")
    assert ran.code == 6
    assert "error: " in ran.err


class Hasty:
    """Chance that never makes anyone wait."""

    def random(self) -> float:
        return 0.0


def test_an_archive_that_cannot_be_reached_is_told(
    cartload: CommandLine, catalogue: Catalogue, cart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cartload.retry.Random", Hasty)
    with ArchiveServer(catalogue) as server:
        gone = server.servlet_url
    cart.write_text(manifest_text(catalogue, gone))
    ran = cartload("download", cart, "-d", cart.parent / "out", "--accept-policy")
    assert ran.code == 7
    assert "error: " in ran.err


@pytest.mark.parametrize("suffix", ["txt", "json", "html"])
def test_a_download_that_never_began_has_its_report_too(
    cartload: CommandLine, cart: Path, suffix: str
) -> None:
    path = cart.parent / f"report.{suffix}"
    ran = cartload("download", cart, "-d", cart.parent / "out", "--report", path)
    assert ran.code == 5
    assert "PolicyError" in path.read_text(encoding="utf-8")
    assert "STOPPED" not in ran.err


def test_a_fault_of_cartload_is_the_last_json_line_too(
    cartload: CommandLine, cart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "run", lambda _: 1 // 0)
    ran = cartload("download", cart, "-d", cart.parent / "out", "--accept-policy", "--json")
    assert ran.code == 70
    assert ran.events[-1]["error"]["what"].startswith("ZeroDivisionError")
    assert "Traceback" not in ran.err


def test_a_fault_while_a_question_is_asked_is_not_taken_for_a_cancellation(
    cartload: CommandLine, cart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cartload_cli.questions.TerminalAsker._policy", lambda *_: 1 // 0)
    assert cartload("download", cart, "-d", cart.parent / "out").code == 70


def test_a_plain_list_needs_its_server(
    cartload: CommandLine, archive: ArchiveServer, small: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "uids.txt"
    path.write_text("\n".join(small) + "\n")
    server = ("--server", archive.url)
    ran = cartload("download", path, "-d", tmp_path / "out", "--accept-policy", *server)
    assert ran.code == 0
    assert images(tmp_path / "out" / "uids")


@pytest.mark.skipif(sys.platform == "win32", reason="the names of the test are of POSIX")
def test_a_series_folder_is_named_as_the_naming_says(cartload: CommandLine, cart: Path) -> None:
    out = cart.parent / "out"
    command = ("download", cart, "-d", out, "--accept-policy", "--naming", "template")
    ran = cartload(*command, "--template", "{collection}/{series_uid}/{ordinal}.dcm")
    assert ran.code == 0, ran.err
    assert all(name.count("/") == 2 for name in images(out / "cart"))
