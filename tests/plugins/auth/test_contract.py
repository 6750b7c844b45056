"""What every authenticator promises, of the bundled one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.testing.contracts import AuthenticatorContract
from cartload_plugins.auth.guest import Guest

if TYPE_CHECKING:
    from cartload.ports import Authenticator


class TestGuest(AuthenticatorContract):
    @pytest.fixture
    def authenticator(self) -> Authenticator:
        return Guest()
