"""Whole sessions in this process, with the bundled plugins: quick, and as real as the command line's."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from attrs import field, frozen

from archive_carts import images_below
from cartload import registry
from cartload.errors import CartloadError
from cartload.manifest import ManifestSource
from cartload.retry import RetryPolicy
from cartload.session import Session
from cartload.settings import Existing, FileNames, Settings
from cartload.testing.archive import manifest_text
from cartload.workers import Clock
from cartload_common import exit_codes
from engine_world import answering

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cartload.credentials import Credentials
    from cartload.progress import Report, Shortfall
    from cartload.registry import Registry
    from cartload.testing.archive import Catalogue

PATIENT = 20.0
"""Seconds that a server may be silent where no test waits for that."""


@frozen(kw_only=True)
class Ended:
    """How a session ended: with a report, and with the error that ended it early, if one did."""

    root: Path
    report: Report
    error: CartloadError | None = None

    @property
    def exit_code(self) -> int:
        """Give what the command line would have told the shell."""
        return int(exit_codes.of_error(self.error) if self.error else exit_codes.of_report(self.report))

    @property
    def images(self) -> dict[str, bytes]:
        """Give the images and annotations that are at their final places."""
        return images_below(self.root)

    @property
    def series(self) -> dict[str, dict[str, bytes]]:
        """Give the same by folder."""
        folders: dict[str, dict[str, bytes]] = {}
        for name, content in self.images.items():
            folder, _, file = name.rpartition("/")
            folders.setdefault(folder, {})[file] = content
        return folders

    @property
    def shortfalls(self) -> dict[str, Shortfall]:
        """Give what did not come home, by series."""
        return {str(shortfall.series_uid): shortfall for shortfall in self.report.shortfalls}

    @property
    def staged(self) -> list[Path]:
        """Give what is left in staging."""
        return list((self.root / ".cartload").glob("staging/**/*"))


@frozen(kw_only=True)
class Way:
    """How to go: by which transport, how patiently, how often."""

    transport: str | None = "nbia"
    read_timeout: float = PATIENT
    attempts: int = 4
    jobs: int = 1
    naming: str = "descriptive"
    template: str | None = None
    file_names: FileNames = FileNames.ORDINAL
    plugins: dict[str, dict[str, object]] = field(factory=dict)
    login: Credentials | None = None
    clock: Clock = field(factory=Clock)

    @property
    def settings(self) -> Settings:
        """Give the settings that say so."""
        network: dict[str, object] = {"read_timeout": self.read_timeout, "connect_timeout": PATIENT}
        return Settings(
            transport=self.transport,
            naming=self.naming,
            template=self.template,
            file_names=self.file_names,
            attempts=self.attempts,
            jobs=self.jobs,
            existing=Existing.MISSING,
            plugins={self.transport or "nbia": network, **self.plugins},
        )


@cache
def bundled() -> Registry:
    """Load the bundled plugins once."""
    return registry.load(registry.installed())


def cart_of(catalogue: Catalogue, servlet_url: str, uids: Iterable[str] | None = None) -> ManifestSource:
    """Write the manifest of a cart as the portal would."""
    text = manifest_text(catalogue, servlet_url, catalogue.public if uids is None else uids)
    return ManifestSource("cart.tcia", text.encode())


def bring_home(source: ManifestSource, directory: Path, way: Way) -> Ended:
    """Run a session from start to end, without any pause between attempts, and close it."""
    retry = RetryPolicy(attempts=way.attempts, random=lambda: 0.0)
    session = Session(
        source,
        directory,
        way.settings,
        bundled(),
        retry=retry,
        clock=way.clock,
        credentials=lambda _: way.login,
    )
    with session:
        session.subscribe(answering(session))
        try:
            session.prepare()
            session.run()
        except CartloadError as error:
            return Ended(root=session.root, report=session.report(), error=error)
    return Ended(root=session.root, report=session.report())
