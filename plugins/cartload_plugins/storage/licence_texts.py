"""The LICENSE file of each collection: every licence of its series, and the accepted policy."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from cartload import paths
from cartload.staging import folder_below, read_file, rewrite_file

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.model import License, SeriesRecord
    from cartload.ports import Acceptance

_RULE = "_" * 29
_ATTEMPTS = 3


class LicenceTexts:
    """Writes ``<Collection>/LICENSE``; what is in the file already stays, what is new comes below it."""

    def __init__(self, root: Path) -> None:
        self._root = root
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
            if key in self._kept:
                return
            path = folder_below(self._root, paths.relative(series.collection)) / "LICENSE"
            paragraphs = [part.encode("utf-8", errors="replace") for part in self._paragraphs(series)]
            for _ in range(_ATTEMPTS):  # another session may put its own text in the place of this one
                text = read_file(path) or b""
                missing = [part for part in paragraphs if part not in text]
                if not missing:
                    break
                rewrite_file(path, b"\n".join([text or b"License\n", *missing]), self._root)
            self._kept.add(key)

    def _paragraphs(self, series: SeriesRecord) -> list[str]:
        paragraphs = [_licence(series.collection, series.license)]
        if self._acceptance is not None:
            policy = self._acceptance.policy
            paragraphs.append(
                f"{_RULE}\n\nData usage policy of {policy.archive}, "
                f"accepted on {self._acceptance.at}:\n\n{policy.text.rstrip()}\n"
            )
        return paragraphs


def _licence(collection: str, licence: License | None) -> str:
    if licence is None:
        return (
            f"The archive states no licence for some or all series of the collection {collection}.\n"
            "Ask the archive before you use them.\n"
        )
    address = f" ({licence.uri})" if licence.uri else ""
    return (
        f"Series of the collection {collection} are distributed under the {licence.name}{address}.\n"
        "Whoever uses them accepts its terms.\n"
    )
