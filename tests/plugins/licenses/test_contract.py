"""What every licence policy promises, of the bundled one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.testing.contracts import LicensePolicyContract
from cartload_plugins.licenses.standard import StandardPolicy

if TYPE_CHECKING:
    from cartload.ports import LicensePolicy


class TestStandardPolicy(LicensePolicyContract):
    @pytest.fixture
    def policy(self) -> LicensePolicy:
        return StandardPolicy()
