"""What each port promises, as tests: a plugin's test is a subclass with a fixture or two.

Take the class of your port, name the subclass ``Test...`` and give the fixtures that its docstring names::

    from cartload.testing.contracts import NamingContract

    class TestMyNaming(NamingContract):
        @pytest.fixture
        def naming(self) -> Naming:
            return MyNaming()

Every test that fails names a promise in ``cartload.ports`` that the session relies on.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cartload.testing.contracts.authenticator import AuthenticatorContract
    from cartload.testing.contracts.license_policy import LicensePolicyContract
    from cartload.testing.contracts.manifest_reader import ManifestReaderContract
    from cartload.testing.contracts.naming import NamingContract
    from cartload.testing.contracts.storage import StorageContract
    from cartload.testing.contracts.transport import TransportContract

__all__ = [
    "AuthenticatorContract",
    "LicensePolicyContract",
    "ManifestReaderContract",
    "NamingContract",
    "StorageContract",
    "TransportContract",
]

_HOMES = {
    "AuthenticatorContract": f"{__name__}.authenticator",
    "LicensePolicyContract": f"{__name__}.license_policy",
    "ManifestReaderContract": f"{__name__}.manifest_reader",
    "NamingContract": f"{__name__}.naming",
    "StorageContract": f"{__name__}.storage",
    "TransportContract": f"{__name__}.transport",
}

# Before they are imported: their asserts shall tell what they compared, as those of a test file do.
pytest.register_assert_rewrite(*_HOMES.values())


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
