"""That cartload finds the installed plugin, and fills in its options."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cartload import registry
from cartload.errors import SettingsError
from cartload.ports import StorageContext
from cartload.testing.fakes import FakeClock

from cartload_zip_per_patient.storage import ZipPerPatient

if TYPE_CHECKING:
    from pathlib import Path


def test_cartload_finds_it_and_fills_in_its_options(tmp_path: Path) -> None:
    storages = registry.load(registry.installed()).storages
    options = {"zip-per-patient": {"compression": "deflated", "comment": "Ward 7"}}
    storage = registry.make(storages, "zip-per-patient", StorageContext(tmp_path, FakeClock().time), options)
    assert isinstance(storage, ZipPerPatient)


@pytest.mark.parametrize("wrong", [{"compression": "squeezed"}, {"comment": 7}, {"comments": "x"}])
def test_options_that_do_not_fit_are_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    storages = registry.load(registry.installed()).storages
    context = StorageContext(tmp_path, FakeClock().time)
    with pytest.raises(SettingsError, match=r"\[plugins\.zip-per-patient\]"):
        registry.make(storages, "zip-per-patient", context, {"zip-per-patient": wrong})
