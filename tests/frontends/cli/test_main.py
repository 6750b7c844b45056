from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import click
import pytest

from cartload_cli.ending import INTERRUPTED
from cartload_cli.main import COMMANDS, cli, main
from frontends.cli.commandline import start

if TYPE_CHECKING:
    from pathlib import Path

    from frontends.cli.commandline import CommandLine

HEAVY = {"PyQt6", "cattrs", "keyring", "logging", "platformdirs", "pydicom", "rich", "ssl", "urllib3"}


def commands() -> dict[str, click.Command]:
    return {name: importlib.import_module(f"cartload_cli.commands.{name}").command for name in COMMANDS}


def options() -> list[tuple[str, click.Parameter]]:
    return [(name, option) for name, command in commands().items() for option in command.params]


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(argument: str) -> None:
    program = (
        "import sys; from cartload_cli.main import main; code = main([sys.argv[1]]);"
        "print(*{name.partition('.')[0] for name in sys.modules}); sys.exit(code)"
    )
    with start(program, argument) as child:
        out, _ = child.communicate()
    loaded = set(out.splitlines()[-1].split())
    assert "click" in loaded
    assert not loaded & HEAVY


def test_help_lists_every_command_with_its_first_line(cartload: CommandLine) -> None:
    told = cartload("--help").out
    for name, line in COMMANDS.items():
        assert f"{name} " in told
        assert line in " ".join(told.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_has_the_first_line_of_each_commands_own_help(name: str) -> None:
    assert (commands()[name].help or "").splitlines()[0] == COMMANDS[name]


@pytest.mark.parametrize(("name", "option"), options())
def test_every_option_is_explained(name: str, option: click.Parameter) -> None:
    if isinstance(option, click.Option):
        assert option.help, f"{name} {option.name}"
        assert option.help[0].isupper()


def test_a_shell_that_completes_finds_the_commands_and_no_others() -> None:
    context = click.Context(cli)
    assert cli.list_commands(context) == list(COMMANDS)
    assert all(cli.get_command(context, name) is commands()[name] for name in COMMANDS)
    assert cli.get_command(context, "nonsense") is None


def test_without_arguments_the_help_is_shown_as_wrong_use(cartload: CommandLine) -> None:
    ran = cartload()
    assert ran.code == 2
    assert "Commands:" in ran.err


def test_a_manifest_alone_is_told_the_command(cartload: CommandLine) -> None:
    ran = cartload("cart.tcia")
    assert ran.code == 2
    assert "cartload download cart.tcia" in ran.err


def test_a_mistyped_command_is_told_the_nearest(cartload: CommandLine) -> None:
    ran = cartload("downlaod")
    assert ran.code == 2
    assert "Did you mean 'download'?" in ran.err


def test_an_unknown_option_is_wrong_use(cartload: CommandLine) -> None:
    assert cartload("download", "--no-such-thing", "cart.tcia").code == 2


def test_an_unforeseen_error_is_one_line_and_its_trace_is_in_a_file(
    cartload: CommandLine, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by\x1b zero")

    monkeypatch.setattr(cli, "main", fail)
    ran = cartload("plugins")
    (log,) = (home / "log").iterdir()
    assert ran.code == 70
    assert "Traceback" not in ran.err
    assert "a fault of cartload itself: ZeroDivisionError: by\\x1b zero" in ran.err
    assert str(log) in ran.err
    assert "Traceback" in log.read_text()


def test_the_trace_is_readable_to_its_user_alone(
    cartload: CommandLine, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(cli, "main", lambda *_, **__: 1 // 0)
    cartload("plugins")
    (log,) = (home / "log").iterdir()
    if sys.platform != "win32":
        assert log.stat().st_mode & 0o077 == 0


def test_a_log_that_cannot_be_written_hides_nothing(
    cartload: CommandLine, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    (home / "log").write_text("a file, not a folder")
    monkeypatch.setattr(cli, "main", lambda *_, **__: 1 // 0)
    ran = cartload("plugins")
    assert ran.code == 70
    assert "ZeroDivisionError" in ran.err
    assert "note: no log is kept: " in ran.err
    assert "The details are lost" in ran.err


@pytest.mark.parametrize("error", [KeyboardInterrupt, click.Abort])
def test_an_interrupt_outside_a_session_exits_130(
    cartload: CommandLine, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(cli, "main", interrupt)
    assert cartload("plugins").code == INTERRUPTED == 130


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_reader_that_goes_away_is_no_fault() -> None:
    program = "import sys; from cartload_cli.main import main; sys.exit(main(['plugins', '--json']))"
    with start(program) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == ""
        assert child.wait() == 130


def test_main_gives_the_code_of_the_command() -> None:
    assert main(["--version"]) == 0
