"""``cartload demo``: the main job against an archive that is made up and served on this computer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import attrs
import click

from cartload.errors import DestinationError
from cartload.manifest import ManifestSource
from cartload.settings import Existing
from cartload.testing.catalogue import demo_catalogue, manifest_text
from cartload_archive import ArchiveServer
from cartload_cli.cart_options import LayoutGiven, layout_options
from cartload_cli.logged_command import LoggedCommand
from cartload_cli.questions import Answers
from cartload_cli.run import Order, download
from cartload_cli.tree import first_lines
from cartload_common import options, texts
from cartload_common.exit_codes import ExitCode

if TYPE_CHECKING:
    from cartload.testing.catalogue import Catalogue

MANIFEST_NAME = "demo.tcia"
PORT = 49104

_INTRODUCTION = """\
A synthetic archive answers at {}, on this computer alone. Its policy is shown
and accepted for you; with a real archive, that is your decision.
"""


@click.command(cls=LoggedCommand)
@click.argument(
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("cartload-demo"),
    metavar="[DIRECTORY]",
)
@layout_options
def command(directory: Path, **given: Unpack[LayoutGiven]) -> ExitCode:
    """Try it: a download from a made-up archive on this computer.

    Nothing leaves this computer, and no account is needed. The images (5 MB of phantoms) go into DIRECTORY,
    by default cartload-demo. Run it again to see that nothing is fetched twice.
    """
    catalogue = demo_catalogue()
    with _served(catalogue) as server:
        source = _cart(catalogue, server.servlet_url)
        click.echo(_INTRODUCTION.format(server.url), err=True)
        code = download(_order(source, directory, given))
    if code is ExitCode.COMPLETE:
        _show(directory, source)
    return code


def _served(catalogue: Catalogue) -> ArchiveServer:
    """Serve at the usual port, so that the cart is the same each time; at any other if that one is taken."""
    try:
        return ArchiveServer(catalogue, port=PORT)
    except OSError:
        return ArchiveServer(catalogue)


def _cart(catalogue: Catalogue, servlet_url: str) -> ManifestSource:
    """Fill a cart with what a guest may have."""
    text = manifest_text(catalogue, servlet_url, catalogue.public, basket=MANIFEST_NAME)
    return ManifestSource(MANIFEST_NAME, text.encode())


def _order(source: ManifestSource, directory: Path, given: LayoutGiven) -> Order:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        (directory / source.name).write_bytes(source.content)
    except OSError as error:
        raise DestinationError(f"cannot be written: {error.strerror}.", subject=str(directory)) from error
    chosen = options.read_settings(options.chosen_settings(given))
    # The archive is on this computer, where no proxy leads to.
    settings = attrs.evolve(chosen, existing=Existing.MISSING, proxy="direct")
    return Order(
        source=source,
        directory=directory,
        settings=settings,
        registry=options.load_registry(settings, given["plugins"]),
        answers=Answers(accept_policy=True, show_policy=True),
    )


def _show(directory: Path, source: ManifestSource) -> None:
    click.echo(f"\n{texts.safe(str(directory / source.stem))}")
    for line in first_lines(directory / source.stem):
        click.echo(line)
    click.echo(
        "\nWhat to try next:\n"
        "  delete a folder of it, and run 'cartload demo' again: only that series is fetched\n"
        "  cartload inspect MANIFEST      what is in a cart of yours, before you fetch it\n"
        "  cartload download MANIFEST     bring it home"
    )
