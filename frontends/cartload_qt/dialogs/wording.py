"""What dialogs say of the values that they are about; long words and texts are brought to a readable size."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from attrs import frozen
from PyQt6.QtCore import QDateTime, QLocale, Qt

from cartload.errors import CartloadError, ManifestError
from cartload.registry import Kind, describe_fault
from cartload_common import texts
from cartload_qt import measures
from cartload_qt.translation import numbered, tr

if TYPE_CHECKING:
    from cartload.errors import ManifestFault
    from cartload.events import ExistingQuestion, LoginQuestion, SpaceQuestion

MOST_OF_A_NAME = 80
MOST_OF_A_TEXT = 1500
_LONGEST_WORD = 90
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
_PART = re.compile(rf"(\S{{20,{_LONGEST_WORD}}}[/\\]|\S{{{_LONGEST_WORD}}})(?=\S)")


def shortened(text: str, most: int = MOST_OF_A_NAME) -> str:
    """Give a name on one line, and of a long one its beginning."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def folded(text: str) -> str:
    """Give a text that fits a screen: words that are too long are broken, and a long end is left out."""
    cut = text if len(text) <= MOST_OF_A_TEXT else f"{text[:MOST_OF_A_TEXT]}…"
    return _LONG_WORD.sub(lambda word: _PART.sub(r"\1" + "\n", word.group()), cut)


def policy_changed(since: str) -> str:
    """Tell that a policy is another than the one accepted then (ISO 8601, as it was written down)."""
    moment = QDateTime.fromString(since, Qt.DateFormat.ISODate)
    day = QLocale().toString(moment.toLocalTime().date(), QLocale.FormatType.LongFormat)
    return tr("The text changed since you accepted it on {date}.", date=day if moment.isValid() else since)


def missing_choice(question: ExistingQuestion) -> str:
    """Name the choice of fetching what is missing."""
    if not question.missing:
        return tr("&Nothing: no series is missing")
    return numbered(
        "&Only the {number} missing series ({size})",
        "&Only the {number} missing series ({size})",
        question.missing,
        size=measures.size(question.missing_bytes),
    )


def all_choice(question: ExistingQuestion) -> str:
    """Name the choice of fetching everything."""
    return numbered(
        "&All {number} series again ({size})",
        "&All {number} series again ({size})",
        question.held + question.missing,
        size=measures.size(question.held_bytes + question.missing_bytes),
    )


def held_already(question: ExistingQuestion) -> str:
    """Tell how much of a cart is there."""
    return numbered(
        "{number} series of this cart ({size}) is here already.",
        "{number} series of this cart ({size}) are here already.",
        question.held,
        size=measures.size(question.held_bytes),
    )


def room(question: SpaceQuestion) -> str:
    """Tell how much room is needed and there."""
    needed = measures.size(question.needed)
    if question.free is None:
        return tr("Needed: {needed}. How much is free is not known.", needed=needed)
    return tr("Needed: {needed}. Free: {free}.", needed=needed, free=measures.size(question.free))


def login_purpose(question: LoginQuestion) -> str:
    """Tell what a login is for."""
    needed = numbered(
        "{number} series of this cart is not for guests.",
        "{number} series of this cart are not for guests.",
        len(question.series),
    )
    return needed + "\n" + tr("Your login is sent to this address and nowhere else.")


@frozen
class Trouble:
    """An error as a dialog shows it."""

    headline: str
    subject: str
    advice: str
    faults: tuple[ManifestFault, ...] = ()

    @property
    def text(self) -> str:
        """Give all of it as lines, to be copied."""
        faults = [str(fault) for fault in self.faults]
        lines = [line for line in (self.subject, self.headline, *faults, self.advice) if line]
        return "\n".join(texts.safe_lines(line) for line in lines)


def trouble(error: Exception) -> Trouble:
    """Say what happened, to what, and what to do."""
    if isinstance(error, ManifestError):
        what = numbered(
            "This cart cannot be used: {number} fault in it.",
            "This cart cannot be used: {number} faults in it.",
            len(error.faults),
        )
        return Trouble(what, error.subject, error.advice, error.faults)
    if isinstance(error, CartloadError):
        return Trouble(error.what[:1].upper() + error.what[1:], error.subject, error.advice)
    advice = tr("The log has more of it; what was downloaded is not touched.")
    return Trouble(tr("Something unforeseen went wrong."), describe_fault(error), advice)


def kind_word(kind: Kind) -> str:
    """Name a kind of plugins."""
    match kind:
        case Kind.MANIFEST_READER:
            return tr("manifest reader")
        case Kind.TRANSPORT:
            return tr("transport")
        case Kind.AUTHENTICATOR:
            return tr("authenticator")
        case Kind.NAMING:
            return tr("naming")
        case Kind.STORAGE:
            return tr("storage")
        case Kind.LICENSE_POLICY:
            return tr("licence policy")
        case _:
            assert_never(kind)
