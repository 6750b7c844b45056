"""The examination as lines for people, and as a document for programs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from cartload.network import Condition
from cartload_common import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cartload.network import Finding

_COLORS: Mapping[Condition, str] = {
    Condition.WELL: "green",
    Condition.DOUBTFUL: "yellow",
    Condition.BAD: "red",
}


def show_title(title: str) -> None:
    """Say what is looked at now."""
    click.secho(f"{texts.safe(title)}:", bold=True, color=_color())


def show(finding: Finding, redact: Callable[[str], str]) -> None:
    """Write one line: how well it is, what it is, what to do."""
    mark = click.style(f"{finding.condition.value:<7}", fg=_COLORS[finding.condition])
    text = " ".join(filter(None, (f"{finding.check}:", finding.what, finding.advice)))
    click.echo(f"  {mark}  {texts.safe(redact(' '.join(text.split())))}", color=_color())


def show_verdict(findings: Sequence[Finding]) -> None:
    """Sum it up."""
    bad = sum(finding.is_bad for finding in findings)
    doubtful = sum(finding.condition is Condition.DOUBTFUL for finding in findings)
    if bad:
        click.echo(f"\n{texts.count(bad, 'trouble')}: see the lines marked so, the first of them first.")
    elif doubtful:
        click.echo(f"\nNothing hinders a download; {texts.count(doubtful, 'warning')}.")
    else:
        click.echo("\nAll is well.")


def document(found: Sequence[tuple[str, Finding]], redact: Callable[[object], object]) -> dict[str, Any]:
    """Give the whole as plain data."""
    return {
        "well": not any(finding.is_bad for _, finding in found),
        "findings": [
            redact(
                {
                    "section": section,
                    "check": finding.check,
                    "condition": finding.condition.value,
                    "what": finding.what,
                    "advice": finding.advice or None,
                }
            )
            for section, finding in found
        ],
    }


def _color() -> bool | None:
    return False if "NO_COLOR" in os.environ else None
