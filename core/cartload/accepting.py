"""The archive's policy: accepted beside the data, in the user's ledger, or now; asked again if it changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.errors import CartloadError, PolicyError
from cartload.events import PolicyAccepted, PolicyQuestion, Warned
from cartload.ports import Acceptance, AcceptedBy

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.events import Answer, Event, Question
    from cartload.ledger import Accepted, Ledger
    from cartload.model import UsagePolicy


@frozen(eq=False, kw_only=True)
class Accepting:
    """Settles whether the user accepts a policy, and has it remembered; *time* is in seconds since 1970.

    *asks_again* asks also for what is accepted already.
    """

    ledger: Ledger
    time: Callable[[], float]
    ask: Callable[[Question], Answer]
    publish: Callable[[Event], None]
    asks_again: bool = False

    def settle(self, policy: UsagePolicy, beside: Acceptance | None) -> Acceptance:
        """Give the acceptance of *policy*, of which *beside* is what the cart's folder knows.

        Raises PolicyError where the user does not accept it.
        """
        here = beside if beside is not None and beside.policy == policy else None
        acceptance, changed_since = (here, "") if here else self._remembered(policy, beside)
        earlier = acceptance is not None and not self.asks_again
        if acceptance is None or self.asks_again:
            # What holds since then beside the data is not accepted anew, and stands in no file twice.
            asked = self._asked(policy, changed_since)
            acceptance = here or asked
        given = acceptance.at, acceptance.given_by
        self.publish(PolicyAccepted(policy.archive, policy.digest, *given, earlier))
        return acceptance

    def _remembered(self, policy: UsagePolicy, beside: Acceptance | None) -> tuple[Acceptance | None, str]:
        """Give what the ledger knows of this text; if nothing, since when there has been another one."""
        found = self._find(policy)
        if found is not None and found.sha256 == policy.digest:
            return Acceptance.known(policy, found.at, found.by), ""
        since = "" if found is None else found.at
        if beside is not None and beside.policy.archive == policy.archive:
            since = max(since, beside.at)  # both in ISO 8601, UTC
        return None, since

    def _asked(self, policy: UsagePolicy, changed_since: str) -> Acceptance:
        answer = self.ask(PolicyQuestion(policy, changed_since))
        by = AcceptedBy.PROMPT if answer is True else answer
        if not isinstance(by, AcceptedBy):
            raise PolicyError(
                "its data usage policy was not accepted; nothing was downloaded.",
                subject=policy.archive,
                advice="Read it with 'cartload download' at a terminal, or accept it with --accept-policy.",
            )
        moment = datetime.fromtimestamp(self.time(), UTC).isoformat(timespec="seconds")
        acceptance = Acceptance(policy, moment, by.value)
        self._remember(acceptance)
        return acceptance

    def _find(self, policy: UsagePolicy) -> Accepted | None:
        try:
            return self.ledger.find(policy.archive)
        except CartloadError as error:  # then the user is asked
            self.publish(Warned(error.subject, f"{error.what} {error.advice}".rstrip()))
            return None

    def _remember(self, acceptance: Acceptance) -> None:
        try:
            self.ledger.remember(acceptance)
        except CartloadError as error:  # it is kept beside the data all the same
            text = f"{error.what} The policy will be asked for again with the next cart. {error.advice}"
            self.publish(Warned(error.subject, text.rstrip()))
