"""``cartload gui``: the window."""

from __future__ import annotations

from pathlib import Path

import click

from cartload_cli import window


# The window keeps its own log: a second one would not know which passwords to strike out.
@click.command()
@click.argument("manifest", required=False, type=click.Path(path_type=Path))
def command(manifest: Path | None) -> int:
    """Open the window, with a cart or without.

    'cartload MANIFEST' does the same where a window can be opened. There is one window for each user: when it
    is open already, it takes the cart. It needs the extra 'qt': without it, or without a display, the command
    says what is missing, and exits with 2.
    """
    return window.load()(manifest)
