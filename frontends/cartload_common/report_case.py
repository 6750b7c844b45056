"""All that a report tells of one download: what came of it, on what, from where, and with which choices."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

from attrs import field, frozen

from cartload.model import Origin
from cartload_common import environment, exit_codes
from cartload_common.redaction import Redaction, shown_options

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cartload.manifest import ManifestSource
    from cartload.progress import Report
    from cartload.registry import Registry
    from cartload.settings import Settings
    from cartload_common.environment import Platform, Plugin, Software
    from cartload_common.exit_codes import ExitCode


@frozen(kw_only=True)
class Case:
    """One download as a help desk wants to know it.

    ``error`` is what ended it, if something did; ``log`` is the file of its log, if one is kept; ``began`` is
    when the command began (seconds since 1970).
    """

    report: Report
    source: ManifestSource
    root: Path
    settings: Settings
    registry: Registry
    choices: Mapping[str, object] = field(factory=dict)
    began: float = 0.0
    error: Exception | None = None
    log: Path | None = None
    redact: Redaction = field(factory=Redaction)

    @property
    def exit_code(self) -> ExitCode:
        """Give the exit code that follows."""
        return exit_codes.of_report(self.report) if self.error is None else exit_codes.of_error(self.error)

    @property
    def manifest_sha256(self) -> str:
        """Give the digest of the manifest as it was found."""
        return hashlib.sha256(self.source.content).hexdigest()

    @property
    def server(self) -> str:
        """Give the origin of the archive, without what else an address may hold; empty if none is known."""
        try:
            return str(Origin.of(self.report.server))
        except ValueError:
            return ""

    @property
    def seconds(self) -> float:
        """Give how long the download itself took; 0 where it did not begin."""
        return max(0.0, self.report.ended - self.report.started) if self.report.started else 0.0

    @property
    def bytes_per_second(self) -> float:
        """Give the average over the whole download."""
        return self.report.fetched_bytes / self.seconds if self.seconds else 0.0

    @property
    def options(self) -> Mapping[str, object]:
        """Give what was chosen, without secrets."""
        return {**shown_options(self.settings, self.registry, self.redact), **self.choices}

    @property
    def software(self) -> Software:
        """Give the versions."""
        return environment.software()

    @property
    def platform(self) -> Platform:
        """Give the operating system and the machine."""
        return environment.this_platform()

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """Give the plugins that do not come with cartload."""
        return environment.added_plugins(self.registry)

    @property
    def space(self) -> tuple[int, int] | None:
        """Give the free bytes and all bytes of the destination's file system; None where it does not tell."""
        for folder in (self.root, *self.root.absolute().parents):
            try:
                usage = shutil.disk_usage(folder)
            except OSError:
                continue
            return usage.free, usage.total
        return None
