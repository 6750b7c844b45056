"""What every storage promises."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest
from cartload.ports import StorageContext
from cartload.testing.contracts import StorageContract
from cartload.testing.fakes import FakeClock
from zips import archive_of, damage, entry_of, rewrite_without

from cartload_zip_per_patient.options import Compression, ZipOptions
from cartload_zip_per_patient.storage import ZipPerPatient

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.ports import Storage, StoredSeries


class TestZipPerPatient(StorageContract):
    @pytest.fixture(params=Compression)
    def storage(self, root: Path, request: pytest.FixtureRequest) -> Storage:
        return ZipPerPatient(StorageContext(root, FakeClock().time), ZipOptions(request.param))

    def reopened(self, storage: Storage, root: Path) -> Storage:
        return ZipPerPatient(StorageContext(root, FakeClock().time), ZipOptions())

    def read(self, storage: Storage, root: Path, stored: StoredSeries, name: str) -> bytes:
        with zipfile.ZipFile(archive_of(root, stored)) as archive:
            return archive.read(entry_of(stored, name))

    def damage(self, storage: Storage, root: Path, stored: StoredSeries, name: str) -> None:
        damage(archive_of(root, stored), entry_of(stored, name))

    def lose(self, storage: Storage, root: Path, stored: StoredSeries, name: str) -> None:
        rewrite_without(archive_of(root, stored), entry_of(stored, name))
