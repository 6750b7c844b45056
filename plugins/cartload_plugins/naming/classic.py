"""Directories by identifiers alone: collection, patient, study, series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from cartload.paths import relative

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import PurePosixPath

    from cartload.model import ImageHeader, SeriesRecord
    from cartload_plugins.naming.files import FileNaming


@frozen
class ClassicNaming:
    """Name directories by collection, patient ID, study UID and series UID."""

    files: FileNaming

    @property
    def attributes(self) -> frozenset[str]:
        """Name what the file names need of each image."""
        return self.files.attributes

    def directory(self, series: SeriesRecord) -> PurePosixPath:
        """Give the series' directory."""
        return relative(series.collection, series.patient_id, series.study_uid, series.series_uid)

    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:  # noqa: ARG002 - the port's
        """Give each image its name."""
        return self.files.names(images)
