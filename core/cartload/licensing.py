"""Which licences the user wants series of: patterns, compared with all that a licence is called."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from cartload.model import License
    from cartload.ports import LicenseTerms

_LONGEST_NAME = 200
_MOST_LICENSES = 1000


@frozen
class AllowedLicenses:
    """The patterns of ``license_allow``; without any, every licence is allowed, and none is one, too.

    A pattern with ``*``, ``?`` or ``[...]`` is compared with the whole name, the short names and the address,
    whatever their case. What cannot be told to be allowed is not.
    """

    patterns: tuple[str, ...] = ()

    def refusal(self, license: License | None, terms: LicenseTerms) -> str:  # noqa: A002 - the field's word
        """Say why series of this licence are left out; nothing where they are not."""
        return _refusal(self.patterns, license, terms) if self.patterns else ""


@lru_cache(_MOST_LICENSES)  # one text for all series of a licence: a cart may be very large
def _refusal(patterns: tuple[str, ...], license_: License | None, terms: LicenseTerms) -> str:
    names = () if license_ is None else tuple(filter(None, map(_plain, (license_.name, license_.uri))))
    allowed = ", ".join(patterns)
    if not names:
        return f"The archive states no licence for it; allowed is: {allowed}."
    if terms.contradictory:
        return f"What the archive says of its licence, {names[0]}, contradicts itself; allowed is: {allowed}."
    called = [name.casefold() for name in (*names, *map(_plain, terms.names))]
    if any(fnmatchcase(name, _plain(pattern).casefold()) for name in called for pattern in patterns):
        return ""
    short = "".join(f" ({name})" for name in map(_plain, terms.names[:1]) if name not in names)
    return f"Its licence is {names[0]}{short}; allowed is: {allowed}."


def _plain(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_NAME]
