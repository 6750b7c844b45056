"""Repair: which series of a stored cart are to be whole again, and under which settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from cartload.settings import Existing

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.manifest import Manifest, ManifestSource
    from cartload.model import SeriesUID
    from cartload.settings import Settings


@frozen
class Repair:
    """The series of one manifest that a session makes whole again; it touches no others.

    ``root`` is the cart's folder, wherever it was moved; ``annotations`` says whether these series were
    stored with annotations.
    """

    source: ManifestSource
    root: Path
    suspects: frozenset[SeriesUID]
    annotations: bool

    def limited(self, manifest: Manifest) -> Manifest:
        """Give the cart of the suspects alone."""
        return evolve(manifest, series=tuple(uid for uid in manifest.series if uid in self.suspects))

    def settings(self, settings: Settings) -> Settings:
        """Give the settings under which they come back as they were, and nothing besides."""
        return evolve(settings, annotations=self.annotations, existing=Existing.MISSING)
