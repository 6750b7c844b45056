"""Licences are judged by name or address, and a series without one gets a notice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cartload_plugins.licenses
from cartload import registry
from cartload.model import License
from cartload.ports import LicensePolicy
from cartload_plugins.licenses.standard import StandardPolicy


@pytest.mark.parametrize(
    "license_",
    [
        License("Creative Commons Attribution-NonCommercial 4.0 International License"),
        License("Creative Commons Attribution-Non-Commercial 3.0 Unported License"),
        License("ATTRIBUTION NON COMMERCIAL"),
        License("Attribution-Non\u2011Commercial"),
        License("CC BY-NC 4.0"),
        License("cc by-nc-sa 3.0"),
        License("CC BY NC"),
        License("CC-BY-NC-ND"),
        License("BY-NC 4.0"),
        License("", "https://creativecommons.org/licenses/by-nc/4.0/"),
        License("Custom", "HTTPS://CREATIVECOMMONS.ORG/LICENSES/BY-NC-SA/4.0"),
    ],
)
def test_a_non_commercial_licence_is_recognised(license_: License) -> None:
    terms = StandardPolicy().judge(license_)
    assert not terms.commercial
    assert "does not allow commercial use" in terms.notice


@pytest.mark.parametrize(
    "license_",
    [
        License(
            "Creative Commons Attribution 3.0 Unported License", "http://creativecommons.org/licenses/by/3.0/"
        ),
        License("CC BY 4.0"),
        License("CC0"),
        License("TCIA Restricted"),
        License("Concord, NC hospital licence"),
        License("CC BY-NCX"),
    ],
)
def test_any_other_licence_allows_commercial_use_without_a_notice(license_: License) -> None:
    terms = StandardPolicy().judge(license_)
    assert terms.commercial
    assert terms.notice == ""


@pytest.mark.parametrize("license_", [None, License(""), License(" ", " ")])
def test_a_series_without_a_licence_gets_a_notice(license_: License | None) -> None:
    terms = StandardPolicy().judge(license_)
    assert terms.commercial
    assert "no licence" in terms.notice


def test_a_licence_is_named_in_its_notice() -> None:
    assert StandardPolicy().judge(License("CC BY-NC\n4.0")).notice.startswith("The licence 'CC BY-NC 4.0'")
    assert "by-nc/4.0" in StandardPolicy().judge(License("", "https://example.org/by-nc/4.0")).notice


BY_ADDRESS = "https://creativecommons.org/licenses/"


@pytest.mark.parametrize(
    ("name", "uri", "short"),
    [
        ("Creative Commons Attribution 4.0 International License", f"{BY_ADDRESS}by/4.0/", "CC BY 4.0"),
        ("Creative Commons Attribution-NonCommercial 3.0 Unported License", "", "CC BY-NC 3.0"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike 4.0", "", "CC BY-NC-SA 4.0"),
        (
            "Creative Commons Attribution\u2011Non\u2011Commercial\u2011NoDerivatives 4.0",
            "",
            "CC BY-NC-ND 4.0",
        ),
        ("Creative Commons Attribution Share Alike 4.0", "", "CC BY-SA 4.0"),
        ("cc by 3.0", "", "CC BY 3.0"),
        ("CC-BY-NC-ND", "", "CC BY-NC-ND"),
        ("CC BY", "http://www.creativecommons.org/licenses/by/4.0/legalcode", "CC BY 4.0"),
        ("Creative Commons Attribution (CC BY 4.0)", "", "CC BY 4.0"),
        ("", f"{BY_ADDRESS}by-nc/3.0/", "CC BY-NC 3.0"),
        ("CC0 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/deed.en", "CC0 1.0"),
        ("Creative Commons Zero", "", "CC0"),
        ("CC BY 4.0", "https://archive.example/licences/7", "CC BY 4.0"),
    ],
)
def test_a_creative_commons_licence_goes_by_its_short_name(name: str, uri: str, short: str) -> None:
    terms = StandardPolicy().judge(License(name, uri))
    assert (terms.names, terms.contradictory) == ((short,), False)
    assert terms.commercial is ("NC" not in short)


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("TCIA Restricted", ""),
        ("TCIA Restricted", f"{BY_ADDRESS}by/4.0/"),
        ("Creative Commons Attribution, no commercial use, 4.0", ""),
        ("CC BY-NCX 4.0", ""),
        ("CC BY 4.0 with exceptions", ""),
        ("Creative Commons", ""),
        ("CC BY 4.0 " + "license " * 100, ""),
        ("", "https://creativecommons.org.evil.example/licenses/by/4.0/"),
        ("", "https://evil.example/?https://creativecommons.org/licenses/by/4.0/"),
        ("", f"{BY_ADDRESS}by-ncx/4.0/"),
    ],
)
def test_what_is_not_certain_gets_no_short_name(name: str, uri: str) -> None:
    assert StandardPolicy().judge(License(name, uri)).names == ()


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("CC BY 4.0", f"{BY_ADDRESS}by-nc/4.0/"),
        ("CC BY-NC 4.0", f"{BY_ADDRESS}by/4.0/"),
        ("CC BY 4.0", f"{BY_ADDRESS}by/3.0/"),
        ("CC BY 4.0 (CC BY-SA 4.0)", ""),
        ("Our non-commercial licence", f"{BY_ADDRESS}by/4.0/"),
    ],
)
def test_a_name_and_an_address_that_do_not_agree_are_told_and_trusted_neither(name: str, uri: str) -> None:
    terms = StandardPolicy().judge(License(name, uri))
    assert (terms.contradictory, terms.names) == (True, ())
    assert terms.notice.endswith("do not agree: ask the archive.")


@given(st.text(), st.text())
def test_no_licence_does_harm(name: str, uri: str) -> None:
    notice = StandardPolicy().judge(License(f"CC BY-NC {name}", uri)).notice
    assert len(notice) < 2000
    assert notice.isprintable()


def test_the_policy_is_offered_by_name() -> None:
    loaded = registry.load([registry.Source("licenses", cartload_plugins.licenses)])
    assert not loaded.failures
    assert isinstance(registry.make(loaded.license_policies, "standard", None, {}), LicensePolicy)
