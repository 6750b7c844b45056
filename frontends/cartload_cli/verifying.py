"""A check of one cart, or of several, from beginning to end, with the repair of what it finds."""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import TYPE_CHECKING, NoReturn

from attrs import field, frozen

from cartload.conversion import unstructure
from cartload.errors import CartloadError, StoppedError
from cartload.verification import Verification, carts_in
from cartload_cli import checking, failures, run, this_run
from cartload_cli.extent import Extent
from cartload_cli.interrupts import Interrupts
from cartload_cli.json_lines import JsonLines
from cartload_cli.logs import heard_logs
from cartload_cli.questions import Answers
from cartload_cli.verdicts import CartVerdict, cart_document, cart_messages, series_messages
from cartload_common import exit_codes, texts
from cartload_common.exit_codes import ExitCode
from cartload_common.log_choices import log_choices
from cartload_common.messages import Loudness, Message, Tone
from cartload_common.policy_ledger import PolicyLedger

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from cartload.findings import SeriesChecked
    from cartload.model import SeriesUID
    from cartload.registry import Registry
    from cartload.repair import Repair
    from cartload.settings import Settings
    from cartload_cli.checking import CheckView
    from cartload_cli.logins import Logins

_logger = logging.getLogger(__name__)


@frozen(kw_only=True)
class Order:
    """One check as the user ordered it."""

    directory: Path
    settings: Settings
    registry: Registry
    repair: bool = False
    answers: Answers = field(factory=Answers)
    logins: Logins | None = None
    server: str | None = None
    loudness: Loudness = Loudness.NORMAL
    json: bool = False


def verify(order: Order) -> ExitCode:
    """Check every cart in the directory and tell what came of it; raises DestinationError without any."""
    return _Verifying(order).carry_out()


class _Verifying:
    """The carts that were checked so far, and what tells of them."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._verdicts: list[CartVerdict] = []
        self._json = JsonLines(sys.stdout, _unheard) if order.json else None
        self._loudness = Loudness.QUIET if order.json else order.loudness
        self._tell = checking.view_for(Extent(0, 0), self._loudness).say

    def carry_out(self) -> ExitCode:
        """Check one cart after the other; what was found is told even if an error ended it."""
        log_choices(self._order.settings, self._order.registry, this_run.redaction())
        try:
            for root in carts_in(self._order.directory):
                self._cart(root)
        except Exception as error:
            self._end_json(exit_codes.of_error(error), error)
            raise
        code = self._code()
        self._end_json(code, None)
        return code

    def _code(self) -> ExitCode:
        errors = [verdict.error for verdict in self._verdicts if verdict.error is not None]
        if errors:
            return exit_codes.of_error(errors[0])
        is_whole = all(verdict.is_whole for verdict in self._verdicts)
        return ExitCode.COMPLETE if is_whole else ExitCode.FAILED

    def _cart(self, root: Path) -> None:
        verdict = CartVerdict(root)
        self._verdicts.append(verdict)
        with _bearing(verdict):
            self._check(verdict)
        if verdict.error is not None:
            return
        suspects = frozenset(verdict.findings.harmed)
        if suspects and self._order.repair:
            with _bearing(verdict):
                self._mend(root, suspects)
            with _bearing(verdict):
                self._check(verdict, suspects)
        for message in cart_messages(verdict, was_repaired=self._order.repair):
            _logger.info("%s", message.text)
            self._tell(message)

    def _check(self, verdict: CartVerdict, uids: Collection[SeriesUID] | None = None) -> None:
        """Check all series of a cart, or those of *uids* once more."""
        with self._verification(verdict.root) as verification:
            verdict.unreadable_lines = verification.unreadable_lines
            verdict.leftovers = verification.leftovers
            number = verification.series if uids is None else len(uids)
            extent = Extent(number, verification.size(uids))
            _logger.info("%s", _beginning(verdict.root, extent).text)
            self._tell(_beginning(verdict.root, extent))
            view = checking.view_for(extent, self._loudness)
            with _interruptible(), heard_logs(view.say), view:
                for checked in verification.check(uids):
                    extent.add(checked)
                    verdict.findings.add(checked)
                    self._tell_checked(verdict.root, checked, view)

    def _tell_checked(self, root: Path, checked: SeriesChecked, view: CheckView) -> None:
        level = logging.DEBUG if checked.is_whole and not checked.foreign else logging.WARNING
        for message in series_messages(checked):
            _logger.log(level, "%s", message.text)
            view.say(message)
        if self._json is not None:
            fields = unstructure(checked)
            self._json.write(
                {"event": "SeriesChecked", "root": str(root), "whole": checked.is_whole, **fields}
            )
        view.advance()

    def _mend(self, root: Path, suspects: frozenset[SeriesUID]) -> None:
        """Fetch again what is not whole, as far as the manifests that are kept in the cart name it."""
        with self._verification(root) as verification:
            repairs = verification.repairs(suspects, self._order.server)
        orphans = suspects.difference(*(repair.suspects for repair in repairs))
        if orphans:
            number = texts.count(len(orphans), "series")
            text = f"no manifest that is kept here names {number}, such as {min(orphans)}."
            self._tell(Message(texts.safe(text), Tone.BAD, Loudness.QUIET))
        for repair in repairs:
            if run.download(self._download(repair)) is ExitCode.INTERRUPTED:
                raise StoppedError("the repair was interrupted.", advice="Run the same command again.")

    def _download(self, repair: Repair) -> run.Order:
        return run.Order(
            source=repair.source,
            directory=repair.root.parent,
            settings=self._order.settings,
            registry=self._order.registry,
            answers=self._order.answers,
            logins=self._order.logins,
            server=self._order.server,
            loudness=self._order.loudness,
            json=self._order.json,
            repair=repair,
            ledger=PolicyLedger.usual(),
        )

    def _verification(self, root: Path) -> Verification:
        return Verification(root, self._order.settings, self._order.registry)

    def _end_json(self, code: ExitCode, error: Exception | None) -> None:
        if self._json is not None and self._json.broken is None:
            self._json.write(
                {
                    "event": "CheckReport",
                    "exit_code": int(code),
                    "error": this_run.told(error),
                    "whole": code is ExitCode.COMPLETE,
                    "carts": [cart_document(verdict) for verdict in self._verdicts],
                }
            )


@contextlib.contextmanager
def _bearing(verdict: CartVerdict) -> Iterator[None]:
    """Keep an error to the cart that it belongs to; an interruption ends everything."""
    try:
        yield
    except StoppedError:
        raise
    except CartloadError as error:
        verdict.error = verdict.error or error
        failures.show(error)


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let signals end the block at once: it only reads."""
    interrupts = Interrupts(lambda: None)
    try:
        with interrupts, interrupts.asking():
            yield
    except KeyboardInterrupt:
        raise StoppedError("the check was interrupted.", advice="Nothing was changed.") from None


def _beginning(root: Path, extent: Extent) -> Message:
    series = texts.count(extent.series, "series")
    return Message(f"checking {texts.safe(str(root))}: {series}, {texts.size(extent.size)}")


def _unheard() -> NoReturn:
    raise StoppedError("the standard output cannot be written any more.", advice="What is stored is kept.")
