"""The LICENSE file of each collection: every licence of its series, and the accepted policy."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from cartload_plugins.storage.collection_files import CollectionFile, lines, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.model import License, SeriesRecord
    from cartload.ports import Acceptance

LICENCE_NAME = "LICENSE"
_RULE = "_" * 29


class LicenceTexts:
    """Writes ``<Collection>/LICENSE``."""

    def __init__(self, root: Path) -> None:
        self._file = CollectionFile(root, LICENCE_NAME, "License\n")
        self._lock = threading.Lock()
        self._kept: set[tuple[str, License | None]] = set()
        self._acceptance: Acceptance | None = None

    def begin(self, acceptance: Acceptance | None) -> None:
        """Remember the policy that was accepted for this run."""
        self._acceptance = acceptance

    def keep(self, series: SeriesRecord) -> None:
        """Make sure that the licence of this series, and the policy, stand in its collection's file."""
        key = (series.collection, series.license)
        with self._lock:
            if key not in self._kept:
                self._file.add(series.collection, ((text, text) for text in self._paragraphs(series)))
                self._kept.add(key)

    def _paragraphs(self, series: SeriesRecord) -> Iterator[str]:
        yield _licence(one_line(series.collection), series.license)
        if self._acceptance is not None:
            policy, acceptance = self._acceptance.policy, self._acceptance
            yield (
                f"{_RULE}\n\nData usage policy of {one_line(policy.archive)},\n"
                f"accepted on {one_line(acceptance.at)} by {one_line(acceptance.by)}.\n"
                f"SHA-256 of its text: {policy.digest}\n\n{lines(policy.text)}"
            )


def _licence(collection: str, licence: License | None) -> str:
    if licence is None:
        return (
            f"The archive states no licence for some or all series of the collection {collection}.\n"
            "Ask the archive before you use them.\n"
        )
    return (
        f"Series of the collection {collection} are distributed under the {license_words(licence)}.\n"
        "Whoever uses them accepts its terms.\n"
    )


def license_words(licence: License) -> str:
    """Name a licence, and where to read it."""
    name, uri = one_line(licence.name), one_line(licence.uri)
    return f"{name} ({uri})" if name and uri else name or uri
