"""Storages: what keeps a finished series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.hooks import cartload_storages, implements
from cartload.ports import Factory, Storage, StorageContext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.ports import StorageFactory


@implements(cartload_storages)
def storages() -> Mapping[str, StorageFactory]:
    """Offer the directory tree and the memory of the process."""
    return {
        "local": Factory(make=_local, summary="a directory tree, with metadata.csv and licences"),
        "memory": Factory(make=_memory, summary="the memory of the process, for tests and notebooks"),
    }


def _local(context: StorageContext, _: object) -> Storage:
    from cartload_plugins.storage.local import LocalStorage  # noqa: PLC0415 - only if chosen

    return LocalStorage(context)


def _memory(_: StorageContext, __: object) -> Storage:
    from cartload_plugins.storage.memory import MemoryStorage  # noqa: PLC0415 - only if chosen

    return MemoryStorage()
