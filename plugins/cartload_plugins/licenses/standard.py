"""What the licences of imaging archives mean: Creative Commons by name or address, and none at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.ports import LicenseTerms

if TYPE_CHECKING:
    from cartload.model import License

_NON_COMMERCIAL_NAME = re.compile(
    r"\bnon[\W_]{0,3}commercial"  # written with any hyphen, or with none
    r"|\b(?:cc|by)(?:[\s_-]+by)?[\s_-]+nc(?![a-z0-9])",
    re.IGNORECASE,
)
_NON_COMMERCIAL_URI = re.compile(r"/by-nc(?![a-z])|non-?commercial", re.IGNORECASE)
_UNSTATED = LicenseTerms(
    commercial=True,
    notice="The archive states no licence. Ask it before you use or share these images.",
)
_LONGEST_NAME = 200


@frozen
class StandardPolicy:
    """Judges a licence by its long or short name and its address."""

    def judge(self, license: License | None) -> LicenseTerms:  # noqa: A002 - the field's word
        """Say whether commercial use is allowed; without a licence nobody knows, and the notice says so."""
        if license is None or not (license.name.strip() or license.uri.strip()):
            return _UNSTATED
        if _NON_COMMERCIAL_NAME.search(license.name) or _NON_COMMERCIAL_URI.search(license.uri):
            return LicenseTerms(commercial=False, notice=f"{_named(license)} does not allow commercial use.")
        return LicenseTerms(commercial=True)


def _named(license: License) -> str:  # noqa: A002 - the field's word
    name = " ".join(license.name.split())[:_LONGEST_NAME]
    return f"The licence {name!r}" if name else f"The licence at {license.uri[:_LONGEST_NAME]!r}"
