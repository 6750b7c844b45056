"""Storages: what keeps finished series, and what some can tell besides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path, PurePosixPath

    from cartload.holdings import Cart, Holding, StagedSeries, StoredSeries, Verdict
    from cartload.model import SeriesRecord, SeriesUID


@frozen
class StorageContext:
    """What a storage is made with: the cart's folder and a clock (seconds since 1970).

    The folder exists from ``begin`` on; ``holds`` and ``verify`` may be called before.
    """

    root: Path
    clock: Callable[[], float]


@runtime_checkable
class Storage(Protocol):
    """Keeps finished series. ``store`` is called from several threads at once."""

    def begin(self, cart: Cart, held: Iterable[tuple[SeriesRecord, StoredSeries]]) -> None:
        """Make ready for a run; *held* are the series of this cart that are already stored."""
        ...

    def holds(self, series: SeriesRecord, directory: PurePosixPath, recorded: StoredSeries | None) -> Holding:
        """Tell what stands where the series belongs, without reading any file's content.

        *recorded* is what the journal says was stored there, or None.
        """
        ...

    def store(self, staged: StagedSeries) -> StoredSeries:
        """Keep all of it, or raise StorageError and keep nothing of it.

        The staged folder lies below the cart's folder, on its file system; it is discarded afterwards.
        """
        ...

    def verify(self, stored: StoredSeries) -> Verdict:
        """Read every file and compare its digest with what was recorded."""
        ...

    def finish(self) -> None:
        """End the run; called once however it ended."""
        ...


@runtime_checkable
class TellsRoom(Protocol):
    """What a storage may be able to do besides: tell how many bytes more it can store."""

    def room(self) -> int | None:
        """Give the bytes that are free; None where nobody knows, or there is no limit."""
        ...


@runtime_checkable
class TellsOthers(Protocol):
    """What a storage may be able to do besides: tell what another program stored in the same place."""

    def others(self) -> Mapping[SeriesUID, PurePosixPath]:
        """Give the directory of each series that another program says it stored; none is believed yet."""
        ...
