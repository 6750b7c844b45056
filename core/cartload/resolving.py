"""From a manifest to a settled plan: read, ask, describe, look at what is held. Writes nothing."""

from __future__ import annotations

import hashlib
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from attrs import field, frozen

from cartload import journal
from cartload.accepting import Accepting
from cartload.errors import AccessDeniedError, CartloadError
from cartload.events import (
    Answer,
    DeniedQuestion,
    Event,
    ExistingQuestion,
    ManifestRead,
    Question,
    SeriesDescribed,
    SpaceQuestion,
    Warned,
)
from cartload.ledger import Ledger, NoLedger
from cartload.logging_in import LoggingIn, LoginBeforehand, manifest_origin
from cartload.model import Denied
from cartload.origins import Trust
from cartload.plan import Need
from cartload.room import needed_by, room_of
from cartload.settings import Existing
from cartload.staging import CartFolder, disk_full

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cartload.credentials import Credentials
    from cartload.journal import Replay
    from cartload.manifest import Manifest, ManifestSource
    from cartload.model import Origin, SeriesUID, UsagePolicy
    from cartload.plan import Description, Plan, Task
    from cartload.ports import Acceptance, Login, Naming, Storage
    from cartload.repair import Repair
    from cartload.retry import RetryPolicy
    from cartload.selection import Selection
    from cartload.sources import Sources
    from cartload.workers import StopSignal

T = TypeVar("T")


class Conversation(Protocol):
    """How resolving speaks with whoever listens to the session."""

    def ask(self, question: Question) -> Answer:
        """Wait for the answer; raises StoppedError when the session is cancelled instead."""
        ...

    def publish(self, event: Event) -> None:
        """Tell something."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let time pass; raises StoppedError when the session is cancelled meanwhile."""
        ...


@frozen(eq=False)
class Resolved:
    """A cart that is ready to run."""

    manifest: Manifest
    plan: Plan
    naming: Naming
    storage: Storage
    sources: Sources
    acceptance: Acceptance | None


@frozen(eq=False, kw_only=True)
class Resolving:
    """Makes a cart ready; with *asking* off it asks nothing and settles nothing (``inspect``)."""

    selection: Selection
    existing: Existing
    root: Path
    retry: RetryPolicy
    stop: StopSignal
    time: Callable[[], float]
    conversation: Conversation
    asking: bool
    trust: Trust = field(factory=Trust)
    beforehand: Callable[[Origin], Credentials | None] = lambda _: None
    repair: Repair | None = None
    ledger: Ledger = field(factory=NoLedger)
    asks_again: bool = False

    def resolve(self, source: ManifestSource, server: str | None) -> Resolved:
        """Read, describe and plan; raises as ``Session.prepare`` says."""
        manifest = self.selection.read(source, server)
        if self.repair is not None:
            manifest = self.repair.limited(manifest)
        self.conversation.publish(ManifestRead(manifest))
        for warning in manifest.warnings:
            self.conversation.publish(Warned(source.name, warning))
        naming = self.selection.naming()
        storage = self.selection.storage(self.root)
        sources = self.selection.sources(manifest, self.stop, self._login(manifest))
        journals = CartFolder(self.root).journals()
        try:
            replay = journal.replay(journals.lines(), journals.read, manifest.series)
            self._tell_changes(manifest, replay)
            acceptance = self._accepted(sources, replay) if self.asking else None
            sources, descriptions = self._described(manifest, sources)
            suspects = self.repair.suspects if self.repair is not None else frozenset()
            planner = self.selection.planner(naming, storage, replay, suspects)
            plan = planner.plan(manifest.series, descriptions).allowing(self.selection.allowed.refusal)
        finally:
            journals.close()
        self._tell_none_allowed(plan)
        if self.asking:
            plan = self._settled(plan, source.name, storage)
        return Resolved(manifest, plan, naming, storage, sources, acceptance)

    def _login(self, manifest: Manifest) -> Login | None:
        """Give a chosen authenticator what was given beforehand; without one all begins as a guest."""
        origin = None if self.selection.logs_in else manifest_origin(manifest)
        return None if origin is None else LoginBeforehand(origin, self.trust, self.beforehand)

    def _tell_changes(self, manifest: Manifest, replay: Replay[int]) -> None:
        """Say what is different where another cart was brought to this folder before."""
        digest = hashlib.sha256(manifest.source.content).hexdigest()
        if not replay.opened or replay.opened[-1].manifest_sha256 == digest or self.repair is not None:
            return
        cart = frozenset(manifest.series)
        gone, new = sum(uid not in cart for uid in replay), sum(uid not in replay for uid in cart)
        text = (
            f"This cart is another one than the last that came here: {new:,} of its series were not in that, "
            f"or did not come. {gone:,} series of that are not in this one; they stay where they are."
        )
        self.conversation.publish(Warned(manifest.source.name, text))

    def _tell_none_allowed(self, plan: Plan) -> None:
        """Say that no series is left, which may well come of a pattern that is not meant so."""
        if plan.having(Need.LEFT_OUT) and not (plan.having(Need.FETCH) or plan.having(Need.HELD)):
            text = "No series of this cart has a licence that license_allow allows: nothing is fetched."
            self.conversation.publish(Warned(", ".join(self.selection.allowed.patterns), text))

    def _tell_found(self, plan: Plan) -> None:
        """Say that another program's series will be looked at, and go on from there."""
        found = sum(task.found and not task.anew for task in plan.tasks)
        if found:
            text = (
                f"{found:,} series that another program brought stand here. Each is compared with the "
                "archive's counts, sizes and digests; what is good is taken over, the rest is fetched."
            )
            self.conversation.publish(Warned(str(self.root), text))

    def _accepted(self, sources: Sources, replay: Replay[int]) -> Acceptance | None:
        policy: UsagePolicy | None = self._patiently(sources.policy)
        if policy is None:
            return None
        talk = self.conversation
        accepting = Accepting(
            ledger=self.ledger, time=self.time, ask=talk.ask, publish=talk.publish, asks_again=self.asks_again
        )
        return accepting.settle(policy, replay.acceptance)

    def _described(self, manifest: Manifest, sources: Sources) -> tuple[Sources, deque[Description | None]]:
        """Give what the archive says of each series, in the cart's order, and whom to go on with."""
        described: dict[SeriesUID, Description] = {}
        describe = partial(self._describe, len(manifest.series))
        describe(sources, manifest.series, described)
        if self.selection.logs_in:
            logging_in = LoggingIn(
                trust=self.trust,
                beforehand=self.beforehand,
                ask=self.conversation.ask if self.asking else None,
                publish=self.conversation.publish,
                sources=lambda login: self.selection.sources(manifest, self.stop, login),
                describe=describe,
            )
            sources = logging_in.go_on(manifest, sources, described)
        return sources, deque(described.get(uid) for uid in manifest.series)

    def _describe(
        self,
        total: int,
        sources: Sources,
        asked: Sequence[SeriesUID],
        described: dict[SeriesUID, Description],
    ) -> None:
        """Ask about some series; the others of the cart's *total* are described already."""

        def heard(count: int) -> None:
            self.conversation.publish(SeriesDescribed(total - len(asked) + count, total))

        self._patiently(lambda: sources.describe(asked, described, heard))

    def _settled(self, plan: Plan, name: str, storage: Storage) -> Plan:
        """Settle with the user what is denied and what is there already."""
        denied, held = plan.having(Need.DENIED), plan.having(Need.HELD)
        missing = plan.having(Need.FETCH)
        if denied:
            self._settle_denied(denied, len(held) + len(missing), name)
        choice: Answer = self.existing
        if choice is Existing.ASK and self._is_to_ask(plan):
            sizes = plan.bytes_of(Need.HELD), plan.bytes_of(Need.FETCH)
            choice = self.conversation.ask(ExistingQuestion(len(held), sizes[0], len(missing), sizes[1]))
        plan = plan.refetching(self.selection.allowed.refusal) if choice is Existing.ALL else plan
        self._settle_room(plan, storage)
        self._tell_found(plan)
        return plan

    def _is_to_ask(self, plan: Plan) -> bool:
        """Tell whether to ask what becomes of what is there."""
        if self.asks_again:
            return any(task.need is Need.HELD or task.found for task in plan.tasks)
        return bool(plan.having(Need.HELD) and plan.having(Need.FETCH))

    def _settle_room(self, plan: Plan, storage: Storage) -> None:
        """Ask before the start where the cart will not fit; what is staged already takes no more room."""
        free = room_of(storage, self.selection.storage_plugin)
        if free is None:
            return
        needed = needed_by(plan) - CartFolder(self.root).staged_bytes()
        if needed <= free:
            return
        what = f"there is no room for this cart: {needed:,} bytes are to come, {free:,} are free."
        if self.conversation.ask(SpaceQuestion(what, needed, free, begun=False)) is not True:
            raise disk_full(what, self.root)

    def _settle_denied(self, tasks: tuple[Task, ...], allowed: int, name: str) -> None:
        denied = tuple(Denied(task.series_uid, task.reason) for task in tasks)
        if allowed and self.conversation.ask(DeniedQuestion(denied, allowed)) is True:
            return
        way_on = " --allowed-only goes on without them." if allowed else ""
        raise AccessDeniedError(
            f"the archive refuses {len(denied)} of the {len(denied) + allowed} series; "
            f"the first is {denied[0].series_uid}: {denied[0].reason}",
            subject=name,
            advice=f"Nothing was downloaded.{way_on}",
        )

    def _patiently(self, ask: Callable[[], T]) -> T:
        """Ask an archive again, with pauses, as long as the error says that it may help."""
        attempt = 1
        while True:
            try:
                return ask()
            except CartloadError as error:
                delay = self.retry.after(error, attempt)
                if delay is None or self.stop.requested:
                    raise
                when = "now" if delay < 1 else f"in {delay:.0f} s"
                text = f"{error.what} Trying again {when}."
                self.conversation.publish(Warned(error.subject, text))
                self.conversation.sleep(delay)
                attempt += 1
