"""The policies that this user accepted, in a file of the user's own: one entry for each archive, no text.

A damaged file counts as empty and is kept under another name; one that a newer cartload wrote is left alone.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

import platformdirs
from attrs import frozen

from cartload.errors import LedgerError
from cartload.ledger import Accepted
from cartload_common.user_file import MOST_BYTES, UserFile, why

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cartload.ports import Acceptance

VERSION = 1


@frozen
class _Document:
    version: int
    accepted: tuple[Accepted, ...]


class _NewerError(LedgerError):
    """A newer version wrote it."""


class PolicyLedger:
    """Reads and changes the file; processes that do so at once lose nothing."""

    def __init__(self, path: Path) -> None:
        self._file = UserFile(path)

    @classmethod
    def usual(cls) -> PolicyLedger:
        """Give the one of this user."""
        return cls(platformdirs.user_state_path("cartload") / "policies.json")

    def find(self, archive: str) -> Accepted | None:
        """Give what was accepted last of an archive; raises LedgerError."""
        content = self._content()
        return None if content is None else self._parsed(content).get(archive)

    def remember(self, acceptance: Acceptance) -> None:
        """Keep an acceptance in the place of an older one of the same archive; raises LedgerError."""
        policy = acceptance.policy
        with self._disk("written"), self._file.changing():
            entries = self._entries_to_change()
            entries.pop(policy.archive, None)  # the latest comes last
            entries[policy.archive] = Accepted(policy.archive, policy.digest, acceptance.at, acceptance.by)
            self._file.write(_text(entries.values()))

    def _entries_to_change(self) -> dict[str, Accepted]:
        """Give what is there, a damaged file set aside."""
        content = self._content()
        if content is None:
            return {}
        try:
            return self._parsed(content)
        except _NewerError:
            raise
        except LedgerError:
            self._file.set_aside(content)
            return {}

    def _content(self) -> bytes | None:
        with self._disk("read"):
            return self._file.read()

    def _parsed(self, content: bytes) -> dict[str, Accepted]:
        from cartload.conversion import structure  # noqa: PLC0415 - heavy, and only a policy needs it

        try:
            data = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise self._damaged("it is not JSON") from error
        version = data.get("version") if isinstance(data, dict) else None
        if type(version) is int and version > VERSION:
            raise _NewerError(
                "a newer cartload wrote this list of accepted policies; it is left as it is.",
                subject=str(self._file.path),
                advice="Use that cartload, or move the file away.",
            )
        document = structure(data, _Document, self._damaged)
        if document.version != VERSION:
            raise self._damaged(f"it has the version {document.version}")
        return {entry.archive: entry for entry in document.accepted}

    def _damaged(self, reason: str) -> LedgerError:
        return LedgerError(
            f"this list of accepted policies is damaged ({reason}); nothing in it counts.",
            subject=str(self._file.path),
            advice="With the next policy that is accepted it gets another name, and a new list begins.",
        )

    @contextlib.contextmanager
    def _disk(self, doing: str) -> Iterator[None]:
        try:
            yield
        except ValueError as error:
            raise LedgerError(
                f"this list of accepted policies is damaged: it has more than {MOST_BYTES:,} bytes.",
                subject=str(self._file.path),
                advice="Move it away.",
            ) from error
        except OSError as error:
            raise LedgerError(
                f"this list of accepted policies cannot be {doing} ({why(error)}).",
                subject=str(self._file.path),
            ) from error


def _text(entries: Iterable[Accepted]) -> str:
    from cartload.conversion import unstructure  # noqa: PLC0415 - see _parsed

    document = _Document(VERSION, tuple(entries))
    return json.dumps(unstructure(document), indent=2) + "\n"
