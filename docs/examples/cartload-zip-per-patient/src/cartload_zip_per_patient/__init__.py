"""A storage for cartload: one ZIP file for each patient. This module registers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cartload.hooks import cartload_storages, implements
from cartload.ports import Factory

from cartload_zip_per_patient.options import ZipOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.ports import Storage, StorageContext, StorageFactory


@implements(cartload_storages)
def storages() -> Mapping[str, StorageFactory]:
    """Offer the storage under the name that ``--storage`` takes."""
    return {"zip-per-patient": Factory(_make, ZipOptions, "one ZIP file for each patient")}


def _make(context: StorageContext, options: object) -> Storage:
    # Imported only if it is chosen: every start of cartload imports this module, few need the storage.
    from cartload_zip_per_patient.storage import ZipPerPatient  # noqa: PLC0415 - see above

    return ZipPerPatient(context, cast("ZipOptions", options))
