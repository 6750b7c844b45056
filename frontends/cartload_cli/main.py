"""The console script: a group whose commands are imported when they are called, and what they exit with."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cartload.version import __version__
from cartload_cli.ending import carry_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMMANDS: Mapping[str, str] = {
    "download": "Bring home every series of a cart.",
    "gui": "Open the window, with a cart or without.",
    "inspect": "Show what is in a cart; nothing is downloaded.",
    "verify": "Check that what was downloaded is still there, unaltered; repair it.",
    "login": "Keep a login for one archive in the system keyring.",
    "logout": "Forget a login, or all of them.",
    "doctor": "Look for what hinders a download, and say what to do about it.",
    "plugins": "List the plugins, their options and their failures.",
    "integrate": "Have the desktop open manifests with cartload, or no longer.",
    "demo": "Try it: a download from a made-up archive on this computer.",
}
"""Each command with the first line of its help: ``--help`` shows them without importing any."""


class LazyGroup(click.Group):
    """A group that imports ``cartload_cli.commands.<name>`` only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """List the commands, the main one first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - likewise
        """Import one command; None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"cartload_cli.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - likewise
        """Write the commands and their first lines, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a manifest in its place opens the window, or is told what to do."""
        if args and args[0] not in COMMANDS:
            if not _opens_window(args):
                ctx.fail(_not_a_command(args[0]))
            args = ["gui", *args]
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="'cartload COMMAND --help' has the options of each; 'cartload download --help' the exit codes.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Bring a whole imaging cart home: every image, verified, resumable, in a layout people can read.

    With a manifest in place of a command, the window opens with it, where there is one.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code."""
    return carry_out(cli, arguments, "cartload")


def _opens_window(words: list[str]) -> bool:
    """Tell whether these are a manifest, and a window can show it."""
    if len(words) > 1 or not Path(words[0]).is_file():
        return False
    from cartload_cli import window  # noqa: PLC0415 - only a manifest needs it

    return window.is_likely()


def _not_a_command(word: str) -> str:
    import difflib  # noqa: PLC0415 - only a mistake needs them

    from cartload_common.texts import safe  # noqa: PLC0415 - likewise

    close = difflib.get_close_matches(word, COMMANDS, n=1)
    if close and not Path(word).exists():
        return f"there is no command {safe(word)!r}. Did you mean {close[0]!r}?"
    return f"there is no command {safe(word)!r}. To fetch a cart: cartload download {safe(word)}"


if __name__ == "__main__":
    sys.exit(main())
