"""Whether an answer is of the kind that was asked for, looked at before anything of it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.errors import DamagedError, UnsupportedError
from cartload_plugins.network.wording import place, quoted

if TYPE_CHECKING:
    from cartload_plugins.network.answer import Answer


def is_page(answer: Answer) -> bool:
    """Tell whether *answer* is a page for people, as portals give for any address."""
    return answer.media_type in {"text/html", "application/xhtml+xml"}


def check_table(answer: Answer) -> None:
    """Raise UnsupportedError, quoting it, when *answer* is a page where a table should be."""
    if is_page(answer):
        raise UnsupportedError(
            f'the server answers with a web page: "{quoted(answer.excerpt())}".', subject=place(answer.url)
        )


def check_archive(answer: Answer) -> None:
    """Raise DamagedError, quoting it, when *answer* is a text where an archive should be."""
    kind = answer.media_type
    if kind.startswith("text/") or kind.rpartition("/")[2].rpartition("+")[2] in {"json", "xml"}:
        what = f'the archive sent a text instead of images: "{quoted(answer.excerpt())}".'
        raise DamagedError(what, subject=place(answer.url))
