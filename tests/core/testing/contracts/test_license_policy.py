from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import pytest

from cartload.ports import LicenseTerms
from cartload.testing.contracts import LicensePolicyContract

if TYPE_CHECKING:
    from cartload.model import License
    from cartload.ports import LicensePolicy


class ByName:
    """A policy that keeps every promise."""

    def judge(self, license: License | None) -> LicenseTerms:  # noqa: A002 - the field's word
        return LicenseTerms(license is not None and "NonCommercial" not in license.name)


class TestByName(LicensePolicyContract):
    @pytest.fixture
    def policy(self) -> LicensePolicy:
        return ByName()


class Moody(ByName):
    def __init__(self) -> None:
        self._moods = cycle([True, False, False])

    def judge(self, license: License | None) -> LicenseTerms:  # noqa: A002 - the field's word
        del license
        return LicenseTerms(next(self._moods))


class SaysNothing(ByName):
    def judge(self, license: License | None) -> LicenseTerms:  # noqa: A002 - the field's word
        return super().judge(license) if license else None  # type: ignore[return-value]  # the fault to find


def test_the_contract_finds_a_policy_that_changes_its_mind() -> None:
    with pytest.raises(AssertionError):
        LicensePolicyContract().test_a_licence_is_always_judged_alike(Moody())


def test_the_contract_finds_a_policy_that_does_not_judge_everything() -> None:
    with pytest.raises(AssertionError):
        LicensePolicyContract().test_every_licence_is_judged(SaysNothing())
