"""``cartload integrate``: has the desktop know cartload and its manifests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from cartload_cli import window
from cartload_cli.logged_command import LoggedCommand
from cartload_common import texts
from cartload_common.exit_codes import ExitCode
from cartload_qt.desktop.integration import installing
from cartload_qt.desktop.integration.places import Places

_BY_HAND = {
    "win32": (
        "on Windows you choose what opens a manifest: right-click one, 'Open with', 'Choose another app', "
        "and take cartload.exe of this installation"
    ),
    "darwin": "on macOS you choose what opens a manifest, with an application that Automator makes",
}
_GUIDE = "The guide 'Open manifests from the desktop' in the documentation has the steps."


@click.command(cls=LoggedCommand)
@click.option("--remove", is_flag=True, help="Remove what an earlier run installed, and nothing else.")
def command(*, remove: bool) -> ExitCode:
    """Have the desktop open manifests with cartload, or no longer.

    On Linux, for you alone and without an administrator: an entry in the menu, an icon, the file type of
    manifests (.tcia), and cartload as what opens them. Each file is named. Run it again if cartload moves.
    When a file cannot be written, or somebody else made it, it exits with 6. On Windows and macOS it
    says what to do by hand, and exits with 2.
    """
    if sys.platform in _BY_HAND:
        raise window.NoWindowError(f"{_BY_HAND[sys.platform]}. {_GUIDE}")
    places = Places.of(os.environ, Path.home())
    if remove:
        steps = installing.remove(places)
    else:
        window.require_extra()
        steps = installing.install(places, installing.opening_command())
    failed = False
    for step in steps:
        click.echo(texts.safe(str(step)))
        failed = failed or step.is_failure
    return ExitCode.DESTINATION if failed else ExitCode.COMPLETE
