"""What every licence policy promises: a judgement of any licence, always the same."""

from __future__ import annotations

import pytest

from cartload.ports import LicensePolicy, LicenseTerms
from cartload.testing.contracts.examples import licenses


class LicensePolicyContract:
    """The tests of a licence policy. Give the fixture ``policy``."""

    @pytest.fixture
    def policy(self) -> LicensePolicy:
        """Give the policy."""
        raise NotImplementedError

    def test_it_has_what_the_port_asks_for(self, policy: LicensePolicy) -> None:
        """``judge`` is there."""
        assert isinstance(policy, LicensePolicy)

    def test_every_licence_is_judged(self, policy: LicensePolicy) -> None:
        """Whatever an archive calls a licence, and a series without one, has terms."""
        for license_ in licenses():
            terms = policy.judge(license_)
            assert isinstance(terms, LicenseTerms)
            assert terms.commercial in {True, False}

    def test_a_licence_is_always_judged_alike(self, policy: LicensePolicy) -> None:
        """The judgement depends on the licence alone: it is asked once for all series of a licence."""
        assert [policy.judge(license_) for license_ in licenses()] == [
            policy.judge(license_) for license_ in licenses()
        ]
