"""What the licences of imaging archives mean: Creative Commons by name or address, and none at all."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.ports import LicenseTerms
from cartload_plugins.licenses.short_names import addressed, named

if TYPE_CHECKING:
    from cartload.model import License
    from cartload_plugins.licenses.short_names import ShortName

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
        restricted = _NON_COMMERCIAL_NAME.search(license.name) or _NON_COMMERCIAL_URI.search(license.uri)
        notice = f"{_named(license)} does not allow commercial use." if restricted else ""
        commercial = restricted is None
        by_name, by_address = named(license.name), addressed(license.uri)
        if not _agree((*by_name, *by_address), commercial=commercial):
            doubt = (
                f"{_named(license)} and its address, {_quoted(license.uri)}, do not agree: ask the archive."
            )
            return LicenseTerms(commercial, f"{notice} {doubt}".lstrip(), contradictory=True)
        if license.name.strip() and not by_name:
            return LicenseTerms(commercial, notice)  # the address alone does not say what another name means
        names = sorted(map(str, (*by_name, *by_address)), key=len)
        return LicenseTerms(commercial, notice, tuple(names[-1:]))


def _agree(names: tuple[ShortName, ...], *, commercial: bool) -> bool:
    """Tell whether all can be the name of one licence, and of one with these terms."""
    same = all(each.agrees(other) for each, other in combinations(names, 2))
    return same and (commercial or not any(each.is_commercial for each in names))


def _quoted(text: str) -> str:
    return repr(text[:_LONGEST_NAME])


def _named(license: License) -> str:  # noqa: A002 - the field's word
    name = " ".join(license.name.split())[:_LONGEST_NAME]
    return f"The licence {name!r}" if name else f"The licence at {license.uri[:_LONGEST_NAME]!r}"
