"""Short names of Creative Commons licences, such as ``CC BY-NC 4.0``, from what an archive calls them.

Only what is nothing else gets one: a name with a word besides may mean another licence.
"""

from __future__ import annotations

import re

from attrs import frozen

_NAME = re.compile(
    r"\b(?:cc|creative commons) (?:by|attribution)"
    r"(?P<parts>(?: (?:nc|non ?commercial|nd|no ?deriv(?:ative)?s|sa|share ?alike)(?= |$))*)"
    r"(?: v?(?P<version>[1-9]\.[0-9]))?(?= |$)"
    r"|\b(?:cc|creative commons) ?(?P<zero>0|zero)(?: v?(?P<zero_version>[1-9]\.[0-9]))?(?= |$)"
)
_ADDRESS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/"
    r"(?:licenses/by(?P<parts>(?:-(?:nc|nd|sa))*)|publicdomain/(?P<zero>zero))"
    r"(?:/(?P<version>[1-9]\.[0-9]))?(?:/\S*)?",
    re.IGNORECASE,
)
_SAID_BESIDES = frozenset(
    {
        "international",
        "unported",
        "generic",
        "universal",
        "public",
        "domain",
        "dedication",
        "license",
        "licence",
    }
)
_LONGEST = 200


@frozen
class ShortName:
    """A licence by its parts, such as ``BY-NC``; the version may not be told."""

    parts: str
    version: str = ""

    def __str__(self) -> str:
        return f"CC{'0' if self.is_zero else f' {self.parts}'} {self.version}".rstrip()

    @property
    def is_zero(self) -> bool:
        """Tell whether all rights are waived."""
        return self.parts == "0"

    @property
    def is_commercial(self) -> bool:
        """Tell whether commercial use is allowed."""
        return "NC" not in self.parts.split("-")

    def agrees(self, other: ShortName) -> bool:
        """Tell whether both can be one licence."""
        return self.parts == other.parts and (
            not (self.version and other.version) or self.version == other.version
        )


def named(name: str) -> tuple[ShortName, ...]:
    """Give the licences that a name is of: none if it is not certain, several if it names several."""
    if len(name) > _LONGEST:
        return ()
    words = " ".join(re.findall(r"[^\W_]+(?:\.[0-9]+)?", name.casefold()))
    found = tuple(
        _short(match["parts"] or "", match["zero"], match["version"] or match["zero_version"])
        for match in _NAME.finditer(words)
    )
    rest = set(_NAME.sub("", words).split()) - _SAID_BESIDES
    return () if rest else found


def addressed(uri: str) -> tuple[ShortName, ...]:
    """Give the licence that an address leads to, if it is certain."""
    found = _ADDRESS.fullmatch(uri.strip()[: _LONGEST + 1])
    return (_short(found["parts"] or "", found["zero"], found["version"]),) if found else ()


def _short(parts: str, zero: str | None, version: str | None) -> ShortName:
    if zero is not None:
        return ShortName("0", version or "")
    told = parts.casefold()
    kinds = ["BY"]
    kinds += [kind for kind, form in _KINDS if form.search(told)]
    return ShortName("-".join(kinds), version or "")


_KINDS = (
    ("NC", re.compile(r"\bnc\b|commercial")),
    ("ND", re.compile(r"\bnd\b|deriv")),
    ("SA", re.compile(r"\bsa\b|alike")),
)
