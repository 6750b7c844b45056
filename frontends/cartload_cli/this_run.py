"""The redaction of the command that runs now: what it learns, every text of the run is spared."""

from __future__ import annotations

from typing import Any

import click

from cartload_common.documents import error_document
from cartload_common.redaction import Redaction

_KEY = "cartload_common.redaction"


def begin_redaction() -> Redaction:
    """Make it, at the beginning of a command."""
    made = Redaction()
    click.get_current_context().meta[_KEY] = made
    return made


def redaction() -> Redaction:
    """Give it; a new one where no command runs."""
    context = click.get_current_context(silent=True)
    found = None if context is None else context.meta.get(_KEY)
    return found if isinstance(found, Redaction) else Redaction()


def told(error: Exception | None) -> dict[str, Any] | None:
    """Turn the error that ended something, if one did, into plain data without passwords."""
    return None if error is None else error_document(error, redaction().for_screen)
