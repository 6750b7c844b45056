"""Namings: where a series goes, and what its files are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from attrs import frozen

from cartload.settings import FileNames

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import PurePosixPath

    from cartload.model import ImageHeader, SeriesRecord


@frozen
class NamingContext:
    """What a naming is made with: the kind of file names, and the user's template, if any."""

    file_names: FileNames = FileNames.ORDINAL
    template: str | None = None


@runtime_checkable
class Naming(Protocol):
    """Decides where a series goes and what its files are called; pure."""

    @property
    def attributes(self) -> frozenset[str]:
        """Name the DICOM keywords needed of each image, such as ``InstanceNumber``."""
        ...

    def directory(self, series: SeriesRecord) -> PurePosixPath:
        """Give the series' directory, relative to the cart's folder."""
        ...

    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        """Give one file name for each image, in the order given, distinct even without case."""
        ...
