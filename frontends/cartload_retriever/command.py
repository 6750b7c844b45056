"""The one command: the original's flags make an order, which is carried out as ``cartload download`` does."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypedDict, Unpack

import click

from cartload_cli.cart_options import ExitCodesCommand
from cartload_cli.logins import Logins
from cartload_cli.questions import Answers
from cartload_cli.run import Order, download
from cartload_common import options
from cartload_common.exit_codes import ExitCode
from cartload_common.log_file import LogPlace
from cartload_common.messages import Loudness
from cartload_common.policy_ledger import PolicyLedger
from cartload_retriever.asker import PipeAsker
from cartload_retriever.choices import read_manifest, read_settings
from cartload_retriever.credentials import login_given
from cartload_retriever.flags import CONTEXT, added_flags, retriever_flags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.model import Origin


class Given(TypedDict):
    """What the command line gives."""

    manifest: str
    directory: Path | None
    user: str | None
    password: str | None
    credentials: Path | None
    verbose: bool
    quiet: bool
    force: bool
    md5: bool
    naming: str | None
    agree_to_license: bool
    allow_host: tuple[Origin, ...]
    proxy: str | None
    ca_file: str | None


class RetrieverCommand(ExitCodesCommand):
    """A command whose log is where the original's is."""

    meanings: ClassVar[Mapping[ExitCode, str]] = {
        ExitCode.INTERRUPTED: "Interrupted, or ended by the answer E; the same command goes on."
    }

    def log_place(self, ctx: click.Context) -> LogPlace:
        """Give the download directory, else the user's downloads."""
        folder: Path = ctx.params["directory"] or Path.home() / "Downloads"
        with contextlib.suppress(OSError):  # whoever writes there tells it
            folder.mkdir(parents=True, exist_ok=True)
        return LogPlace(folder, f"NBIADataRetrieverCLI-{time.strftime('%Y%m%d%H%M%S')}")

    def tell_log(self, ctx: click.Context, path: Path) -> None:
        """Say where the log is, in the words that scripts know."""
        if not ctx.params["quiet"]:
            click.echo(f"The download log can be found at {path}")


@click.command(
    cls=RetrieverCommand,
    context_settings=CONTEXT,
    no_args_is_help=True,
    epilog="Long flags may be written in upper case, too, and short ones in either: -C is -c, -CD is --cd.",
)
@retriever_flags
@added_flags
@click.pass_context
def command(context: click.Context, /, **given: Unpack[Given]) -> ExitCode:
    """Bring home every series of a cart, as the NBIA Data Retriever's command line did.

    Scripts can call this in its place: flags, questions, folders and metadata.csv are the same. The exit
    code is not: 0 means that every series is there. 'cartload download' can do more.
    """
    settings = read_settings(
        given["naming"] or "descriptive",
        proxy=given["proxy"],
        ca_file=given["ca_file"],
    )
    login = login_given(context, given["user"], given["password"], given["credentials"], given["allow_host"])
    logins = Logins(login, settings, attended=False)
    return download(
        Order(
            source=read_manifest(given["manifest"]),
            directory=given["directory"] or Path(),
            settings=settings,
            registry=options.load_registry(settings),
            answers=Answers(accept_policy=given["agree_to_license"], allowed_only=given["force"]),
            asker=PipeAsker,
            asks_again=True,
            ledger=PolicyLedger.usual(),
            logins=logins,
            loudness=_loudness(quiet=given["quiet"], verbose=given["verbose"]),
        )
    )


def _loudness(*, quiet: bool, verbose: bool) -> Loudness:
    """Tell how much is told; of both flags, the original heeds --verbose."""
    if verbose:
        return Loudness.VERBOSE
    return Loudness.QUIET if quiet else Loudness.NORMAL
