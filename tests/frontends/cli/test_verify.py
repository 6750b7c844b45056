from __future__ import annotations

import os
import shutil
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from cartload.testing.archive import manifest_text
from cartload.testing.catalogue import demo_catalogue
from cartload.verification import Verification
from cartload_archive import ArchiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.findings import SeriesChecked
    from frontends.cli.commandline import CommandLine


@pytest.fixture(scope="session")
def archive() -> Iterator[ArchiveServer]:
    with ArchiveServer(demo_catalogue()) as server:
        yield server


@pytest.fixture(scope="session")
def stored(archive: ArchiveServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bring the two smallest public series home, once for all."""
    from cartload_cli.main import main  # noqa: PLC0415 - as the command line does

    catalogue = demo_catalogue()
    small = sorted(catalogue.public, key=lambda uid: catalogue.series[uid].record.image_bytes)[:2]
    folder = tmp_path_factory.mktemp("stored")
    (folder / "cart.tcia").write_text(manifest_text(catalogue, archive.servlet_url, small))
    arguments = ["download", str(folder / "cart.tcia"), "-d", str(folder), "--accept-policy", "-q"]
    assert main(arguments) == 0
    return folder / "cart"


@pytest.fixture
def cart(stored: Path, tmp_path: Path) -> Path:
    return shutil.copytree(stored, tmp_path / "cart")


def an_image(cart: Path) -> Path:
    return min(cart.rglob("*.dcm"))


def flip(image: Path) -> None:
    image.write_bytes(image.read_bytes()[:-1] + bytes([image.read_bytes()[-1] ^ 1]))


def test_a_whole_cart_exits_with_0_and_leaves_the_output_clean(cartload: CommandLine, cart: Path) -> None:
    ran = cartload("verify", cart)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines()[0].startswith(f"checking {cart}: 2 series, ")
    assert f"WHOLE: all 2 series in {cart} are as they were stored." in ran.err


def test_damage_exits_with_1_and_says_what_can_be_done(cartload: CommandLine, cart: Path) -> None:
    flip(an_image(cart))
    ran = cartload("verify", cart)
    assert ran.code == 1
    assert "its content is not what was stored." in ran.err
    assert "With --repair" in ran.err


def test_quiet_tells_only_what_is_wrong(cartload: CommandLine, cart: Path) -> None:
    assert cartload("verify", cart, "-q").err == ""
    an_image(cart).unlink()
    assert cartload("verify", cart, "-q").err.splitlines()[0].startswith(("missing: ", "damaged: "))


def test_verbose_tells_of_whole_series_too(cartload: CommandLine, cart: Path) -> None:
    assert cartload("verify", cart, "-v").err.count("\nwhole: ") == 2


def test_quiet_and_verbose_exclude_each_other(cartload: CommandLine, cart: Path) -> None:
    assert cartload("verify", cart, "-q", "-v").code == 2


def test_a_terminal_sees_the_same_words(cartload: CommandLine, cart: Path) -> None:
    flip(an_image(cart))
    ran = cartload("verify", cart, typed="")
    assert ran.code == 1
    assert "DAMAGED: 1 of 2 series" in ran.err


def test_all_carts_of_a_folder_are_checked(cartload: CommandLine, cart: Path) -> None:
    shutil.copytree(cart, cart.parent / "other")
    flip(an_image(cart))
    ran = cartload("verify", cart.parent)
    assert ran.code == 1
    assert f"DAMAGED: 1 of 2 series in {cart}" in ran.err
    assert f"WHOLE: all 2 series in {cart.parent / 'other'}" in ran.err


def test_what_is_wrong_with_one_cart_does_not_keep_the_others(cartload: CommandLine, cart: Path) -> None:
    (cart.parent / "a" / ".cartload" / "journal").mkdir(parents=True)
    ran = cartload("verify", cart.parent, "--json")
    assert ran.code == 6
    assert "its journal tells of no series" in ran.err
    empty, whole = ran.events[-1]["carts"]
    assert empty["error"]["kind"] == "DestinationError"
    assert whole["whole"] is True


def test_a_folder_without_a_journal_says_what_to_do(cartload: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    ran = cartload("verify", tmp_path / "images", "--json")
    assert ran.code == 6
    assert "download it once with cartload" in ran.err
    assert ran.events[-1]["error"]["kind"] == "DestinationError"


def test_a_folder_that_is_not_there_is_a_wrong_use(cartload: CommandLine, tmp_path: Path) -> None:
    assert cartload("verify", tmp_path / "nothing").code == 2


def test_a_repair_makes_it_whole(cartload: CommandLine, cart: Path) -> None:
    good = an_image(cart).read_bytes()
    flip(an_image(cart))
    ran = cartload("verify", cart, "--repair")
    assert ran.code == 0
    assert "1 fetched; " in ran.err
    assert "are as they were stored, 1 of them repaired." in ran.err
    assert an_image(cart).read_bytes() == good


def test_a_repair_of_what_is_whole_does_nothing(cartload: CommandLine, cart: Path) -> None:
    ran = cartload("verify", cart, "--repair")
    assert ran.code == 0
    assert "fetch" not in ran.err


def test_a_repair_without_the_manifest_says_what_is_missing(cartload: CommandLine, cart: Path) -> None:
    flip(an_image(cart))
    (cart / "cart.tcia").unlink()
    ran = cartload("verify", cart, "--repair")
    assert ran.code == 6
    assert "Put cart.tcia back" in ran.err
    assert "DAMAGED: 1 of 2 series" in ran.err


def test_series_that_no_kept_manifest_names_are_told(
    cartload: CommandLine, cart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip(an_image(cart))
    monkeypatch.setattr(Verification, "repairs", lambda *_: ())
    ran = cartload("verify", cart, "--repair")
    assert ran.code == 1
    assert "no manifest that is kept here names 1 series, such as 1." in ran.err


def test_a_damaged_line_of_the_journal_is_damage(cartload: CommandLine, cart: Path) -> None:
    journal = next((cart / ".cartload" / "journal").iterdir())
    journal.write_text(journal.read_text().replace('"kind":"confirmed"', '"kind":"cinfirmed"', 1))
    ran = cartload("verify", cart)
    assert ran.code == 1
    assert "Of its journal 1 line cannot be read" in ran.err


def test_a_policy_that_changed_is_asked_about_and_not_accepted_by_itself(
    cartload: CommandLine, cart: Path
) -> None:
    flip(an_image(cart))
    journal = next((cart / ".cartload" / "journal").iterdir())
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(line for line in lines if '"kind":"accepted"' not in line))
    spoiled = an_image(cart).read_bytes()
    ran = cartload("verify", cart, "--repair", "--json")
    assert ran.code == ran.events[-1]["exit_code"] == 5
    assert an_image(cart).read_bytes() == spoiled
    assert cartload("verify", cart, "--repair", "--accept-policy").code == 0


def test_a_repair_that_fails_exits_with_1(cartload: CommandLine, cart: Path) -> None:
    flip(an_image(cart))
    folder = an_image(cart).parent
    folder.rename(cart / "elsewhere")
    folder.symlink_to(cart / "elsewhere")
    ran = cartload("verify", cart, "--repair")
    assert ran.code == 1
    assert "stands in the way" in ran.err
    assert "DAMAGED: " in ran.err


def test_an_interrupted_repair_exits_with_130(
    cartload: CommandLine, cart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cartload.session import Session  # noqa: PLC0415 - to be interrupted

    run = Session.run

    def interrupted(self: Session) -> object:
        self.cancel()
        return run(self)

    monkeypatch.setattr(Session, "run", interrupted)
    flip(an_image(cart))
    ran = cartload("verify", cart, "--repair", "--json")
    assert ran.code == ran.events[-1]["exit_code"] == 130


def test_an_interrupted_check_ends_at_once(
    cartload: CommandLine, cart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> Iterator[SeriesChecked]:
        os.kill(os.getpid(), signal.SIGINT)
        yield from ()

    monkeypatch.setattr(Verification, "check", interrupted)
    ran = cartload("verify", cart, "--json")
    assert ran.code == ran.events[-1]["exit_code"] == 130
    assert "the check was interrupted. Nothing was changed." in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such device")
def test_an_output_that_is_full_ends_it(cartload: CommandLine, cart: Path) -> None:
    with open("/dev/full", "w") as full, cartload.monkeypatch.context() as patch:  # noqa: PTH123 - a device
        from cartload_cli.main import main  # noqa: PLC0415 - with a stream of our own

        patch.setattr(sys, "stdout", full)
        assert main(["verify", str(cart), "--json"]) == 130
