from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cartload.testing.archive import manifest_text
from cartload_archive import ArchiveServer
from cartload_common.exit_codes import ExitCode
from cartload_retriever.main import NAME, main
from frontends.cli.commandline import CommandLine
from small_carts import a_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def retriever(monkeypatch: pytest.MonkeyPatch, home: Path) -> CommandLine:
    return CommandLine(monkeypatch, home, main)


@pytest.fixture
def cart(tmp_path: Path) -> Iterator[Path]:
    catalogue = a_catalogue()
    with ArchiveServer(catalogue) as server:
        path = tmp_path / "cart.tcia"
        path.write_text(manifest_text(catalogue, server.servlet_url))
        yield path


def logs(folder: Path) -> list[Path]:
    return sorted(folder.glob("NBIADataRetrieverCLI-*.log"))


def test_the_console_script_is_this_one() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["scripts"][NAME] == f"{main.__module__}:main"


def test_the_help_explains_every_flag_and_every_exit_code(retriever: CommandLine) -> None:
    ran = retriever("--help")
    told = " ".join(ran.out.split())
    assert ran.code == 0
    for word in ("-c, --cli MANIFEST", "-dd, --dd", "-cd, --cd", "--agree-to-license", "-m, --md5"):
        assert word in told
    for code in ExitCode:
        assert code is ExitCode.INTERRUPTED or code.meaning in told
    assert "ended by the answer E" in told


def test_without_a_word_the_help_is_shown_and_that_is_wrong_use(retriever: CommandLine) -> None:
    ran = retriever()
    assert ran.code == 2
    assert "--cli MANIFEST" in ran.out + ran.err


def test_a_download_is_logged_in_its_directory_with_every_secret_struck_out(
    retriever: CommandLine, cart: Path, tmp_path: Path
) -> None:
    words = ("-u", "jane-canary", "-p", "secret-canary", "-v")
    ran = retriever("-c", cart, "-d", tmp_path / "new" / "out", *words, piped=b"Y\n")
    assert ran.code == 0, ran.err
    (log,) = logs(tmp_path / "new" / "out")
    assert f"The download log can be found at {log}" in ran.out
    content = log.read_text(encoding="utf-8")
    assert "command: nbia-data-retriever manifest=" in content
    assert "password=***" in content
    assert "exit code 0" in content
    assert "canary" not in content
    assert "secret-canary" not in ran.out + ran.err


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such bits")
def test_the_directory_is_made_as_the_user_makes_folders_and_the_log_is_the_user_s_alone(
    retriever: CommandLine, cart: Path, tmp_path: Path
) -> None:
    retriever("-c", cart, "-d", tmp_path / "out", piped=b"Y\n")
    (tmp_path / "usual").mkdir()
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "usual").stat().st_mode
    (log,) = logs(tmp_path / "out")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_logs_of_other_runs_stay(retriever: CommandLine, cart: Path, tmp_path: Path) -> None:
    for _ in range(2):
        assert retriever("-c", cart, "-d", tmp_path / "out", piped=b"Y\nM\n").code == 0
    assert len(logs(tmp_path / "out")) == 2


def test_without_a_directory_the_log_is_with_the_downloads(
    retriever: CommandLine, cart: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert retriever("-c", cart, piped=b"Y\n").code == 0
    assert len(logs(home / "Downloads")) == 1
    assert (tmp_path / "cart" / "metadata.csv").exists()


@pytest.mark.parametrize("folder", ["off", "elsewhere"])
def test_the_variable_of_logs_goes_first(
    retriever: CommandLine, cart: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.setenv("CARTLOAD_LOG", folder if folder == "off" else str(tmp_path / folder))
    ran = retriever("-c", cart, "-d", tmp_path / "out", piped=b"Y\n")
    assert ran.code == 0, ran.err
    assert not logs(tmp_path / "out")
    assert (tmp_path / "elsewhere").exists() == (folder == "elsewhere")
    assert ("The download log" in ran.out) == (folder == "elsewhere")


def test_a_directory_that_is_a_file_is_wrong_use(retriever: CommandLine, cart: Path) -> None:
    assert retriever("-c", cart, "-d", cart, piped=b"Y\n").code == 2


def test_a_directory_below_a_file_is_told_with_its_code(retriever: CommandLine, cart: Path) -> None:
    ran = retriever("-c", cart, "-d", cart / "below", piped=b"Y\n")
    assert ran.code == 6
    assert "no log is kept" in ran.err


@pytest.mark.parametrize(
    ("flags", "loud"), [((), False), (("-v",), True), (("-q", "-v"), True), (("-q",), False)]
)
def test_verbose_wins_over_quiet(
    retriever: CommandLine, cart: Path, tmp_path: Path, flags: tuple[str, ...], *, loud: bool
) -> None:
    ran = retriever("-c", cart, "-d", tmp_path / "out", *flags, piped=b"Y\n")
    assert ran.code == 0, ran.err
    assert ("fetching: " in ran.err) == loud
