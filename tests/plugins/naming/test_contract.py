"""What every naming promises, of the bundled ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.ports import NamingContext
from cartload.registry import installed, load, make
from cartload.settings import FileNames
from cartload.testing.contracts import NamingContract

if TYPE_CHECKING:
    from cartload.ports import Naming

TEMPLATE = (
    "{collection}/{patient_id}/{study_date:%Y%m%d}_{modality}/{series_number}_{series_uid}/{ordinal}.dcm"
)


@pytest.mark.parametrize("chosen", ["descriptive", "classic"])
@pytest.mark.parametrize("file_names", FileNames)
class TestBundledNamings(NamingContract):
    @pytest.fixture
    def naming(self, chosen: str, file_names: FileNames) -> Naming:
        return make(load(installed()).namings, chosen, NamingContext(file_names), {})


class TestTemplate(NamingContract):
    @pytest.fixture
    def naming(self) -> Naming:
        return make(load(installed()).namings, "template", NamingContext(template=TEMPLATE), {})
