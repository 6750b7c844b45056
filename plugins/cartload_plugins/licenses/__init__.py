"""Bundled licence policies: what the licence of a series means for the one who uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.hooks import cartload_license_policies, implements
from cartload.ports import Factory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.ports import LicensePolicy, LicensePolicyFactory


@implements(cartload_license_policies)
def license_policies() -> Mapping[str, LicensePolicyFactory]:
    """Offer the policy that knows the licences of the public archives."""
    return {"standard": Factory(_standard, summary="tells non-commercial licences, and series without one")}


def _standard(_context: None, _options: object) -> LicensePolicy:
    from cartload_plugins.licenses.standard import StandardPolicy  # noqa: PLC0415 - only when it is used

    return StandardPolicy()
