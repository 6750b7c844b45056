"""Patterns are compared with all that a licence is called; what cannot be told to be allowed is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.licensing import AllowedLicenses
from cartload.model import License
from cartload.ports import LicenseTerms

LONG = License(
    "Creative Commons Attribution 4.0 International License", "https://creativecommons.org/licenses/by/4.0/"
)
TERMS = LicenseTerms(commercial=True, names=("CC BY 4.0",))
RESTRICTED = License("Creative Commons Attribution-NonCommercial 4.0 International License")
RESTRICTED_TERMS = LicenseTerms(commercial=False, names=("CC BY-NC 4.0",))
OWN = License("House rules", "https://archive.example/rules")
OWN_TERMS = LicenseTerms(commercial=True)


@pytest.mark.parametrize(
    "pattern",
    [
        "CC BY 4.0",
        "cc by*",
        "CC BY ?.0",
        "CC BY [0-9]*",
        "creative commons attribution 4*",
        "*/licenses/by/4.0/",
        "*",
    ],
)
def test_a_licence_is_allowed_by_its_short_name_its_name_or_its_address(pattern: str) -> None:
    assert AllowedLicenses((pattern,)).refusal(LONG, TERMS) == ""


@pytest.mark.parametrize("pattern", ["CC BY", "BY*", "CC0*", "licenses/by", "CC BY 3.0", "*/by/"])
def test_a_pattern_is_compared_with_the_whole_of_a_name(pattern: str) -> None:
    assert AllowedLicenses((pattern,)).refusal(LONG, TERMS)


def test_one_of_several_patterns_is_enough() -> None:
    assert AllowedLicenses(("CC0*", "CC BY 4.0")).refusal(LONG, TERMS) == ""


@pytest.mark.parametrize(
    ("pattern", "allowed"), [("CC BY*", True), ("CC BY [0-9]*", False), ("CC BY-*", True)]
)
def test_a_pattern_may_tell_what_restricts_from_what_does_not(pattern: str, *, allowed: bool) -> None:
    assert (AllowedLicenses((pattern,)).refusal(RESTRICTED, RESTRICTED_TERMS) == "") is allowed


def test_a_licence_that_no_policy_knows_is_allowed_by_its_own_name_alone() -> None:
    assert AllowedLicenses(("house rules",)).refusal(OWN, OWN_TERMS) == ""
    refusal = AllowedLicenses(("CC BY*", "CC0*")).refusal(OWN, OWN_TERMS)
    assert refusal == "Its licence is House rules; allowed is: CC BY*, CC0*."


def test_the_reason_names_the_short_name_that_a_pattern_would_allow() -> None:
    refusal = AllowedLicenses(("CC BY [0-9]*",)).refusal(RESTRICTED, RESTRICTED_TERMS)
    assert refusal == f"Its licence is {RESTRICTED.name} (CC BY-NC 4.0); allowed is: CC BY [0-9]*."
    house = AllowedLicenses(("CC0*",)).refusal(License("CC BY 4.0"), TERMS)
    assert house == "Its licence is CC BY 4.0; allowed is: CC0*."


@pytest.mark.parametrize("license_", [None, License(""), License(" ", " ")])
def test_a_series_without_a_licence_is_allowed_by_no_pattern(license_: License | None) -> None:
    refusal = AllowedLicenses(("*",)).refusal(license_, OWN_TERMS)
    assert refusal == "The archive states no licence for it; allowed is: *."


def test_a_licence_that_contradicts_itself_is_allowed_by_no_pattern() -> None:
    terms = LicenseTerms(commercial=False, contradictory=True)
    assert "contradicts itself" in AllowedLicenses(("*",)).refusal(LONG, terms)


@pytest.mark.parametrize("license_", [None, LONG, RESTRICTED, OWN])
def test_without_patterns_everything_is_allowed(license_: License | None) -> None:
    terms = LicenseTerms(commercial=False, contradictory=True)
    assert AllowedLicenses().refusal(license_, terms) == ""


@given(st.text(), st.text(), st.lists(st.text(min_size=1), min_size=1))
def test_whatever_is_said_the_reason_is_bounded_or_none(name: str, uri: str, patterns: list[str]) -> None:
    refusal = AllowedLicenses(tuple(patterns)).refusal(License(name * 100, uri * 100), OWN_TERMS)
    assert len(refusal) <= 300 + len(", ".join(patterns))
