"""Where a series would go under a naming: computed by the naming itself, without touching the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload import paths
from cartload import registry as plugins
from cartload.errors import CartloadError
from cartload.model import SeriesRecord  # noqa: TC001 - attrs reads the annotations
from cartload.ports import NamingContext
from cartload.registry import blaming

if TYPE_CHECKING:
    from cartload.plan import Plan
    from cartload_qt.choices import Choices
    from cartload_qt.errand import Opened


def example_of(plan: Plan) -> SeriesRecord | None:
    """Give a series to show a path of: the first that the archive described."""
    return next((task.record for task in plan.tasks if task.record is not None), None)


def directory_of(record: SeriesRecord, choices: Choices, opened: Opened) -> tuple[str, str]:
    """Give the directory of a series, or else what is wrong with the naming or its template."""
    context = NamingContext(choices.file_names, choices.template)
    try:
        naming = plugins.make(opened.registry.namings, choices.naming, context, opened.settings.plugins)
        with blaming(f"naming {choices.naming}"):
            directory = naming.directory(record)
        return str(paths.checked(directory)), ""
    except CartloadError as error:
        return "", error.what
