"""Everything a session tells: a closed set of frozen events, and the questions among them.

A frontend shows a session by listening to these, in order, and in the coordinator's thread. The set
is closed: ``match`` on ``Event`` with ``assert_never``, and a new event fails the type check until it
is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from attrs import frozen

from cartload.credentials import Credentials
from cartload.manifest import Manifest  # noqa: TC001 - cattrs reads the annotations
from cartload.model import Denied, Origin, SeriesUID, UsagePolicy  # noqa: TC001 - likewise
from cartload.plan import Plan  # noqa: TC001 - likewise
from cartload.ports import AcceptedBy
from cartload.settings import Existing
from cartload.state import SessionState, TaskState

if TYPE_CHECKING:
    from collections.abc import Mapping

# --- questions ----------------------------------------------------------------------------------


@frozen
class PolicyQuestion:
    """Does the user accept the archive's data usage policy? Answered by ``AcceptedBy``; by False for no.

    True is as good as ``AcceptedBy.PROMPT``. ``changed_since`` is when the user accepted another text of the
    same archive (UTC, ISO 8601), empty where that is not known.
    """

    policy: UsagePolicy
    changed_since: str = ""


@frozen
class DeniedQuestion:
    """Go on with the series one may have? Answered by a truth value."""

    denied: tuple[Denied, ...]
    allowed: int


@frozen
class ExistingQuestion:
    """Fetch only what is missing, or all again? Answered by ``Existing.MISSING`` or ``ALL``.

    Counts are series; sizes are announced bytes.
    """

    held: int
    held_bytes: int
    missing: int
    missing_bytes: int


@frozen
class SpaceQuestion:
    """Is there room now, or is it to begin, or go on, all the same? Answered by a truth value.

    ``needed`` bytes are still to come, ``free`` are left (None: not known). ``begun`` tells whether the
    session runs: it has paused then, and nothing is lost.
    """

    what: str
    needed: int
    free: int | None
    begun: bool


@frozen
class LoginQuestion:
    """Who are you, to *origin*? Answered by ``Credentials``; by False to go on as a guest.

    These *series* of the cart are refused to a guest. ``refusal`` says what is wrong with the login that
    was tried last, and is empty the first time.
    """

    origin: Origin
    series: tuple[SeriesUID, ...]
    refusal: str = ""


Question = PolicyQuestion | DeniedQuestion | ExistingQuestion | SpaceQuestion | LoginQuestion
Answer = bool | AcceptedBy | Existing | Credentials

# --- events -------------------------------------------------------------------------------------


@frozen
class SessionChanged:
    """The session went from one state to another."""

    old: SessionState
    new: SessionState


@frozen
class ManifestRead:
    """The cart was read and is valid."""

    manifest: Manifest


@frozen
class SeriesDescribed:
    """The archive described more series of the cart; counts are series, coalesced."""

    described: int
    total: int


@frozen
class Asked:
    """The session needs an answer: call ``session.answer``."""

    question: Question


@frozen
class Answered:
    """The question was answered; of a login and a policy only whether there was one, or it is accepted."""

    question: Question
    answer: bool | Existing

    @classmethod
    def by(cls, question: Question, answer: Answer) -> Self:
        """Tell an answer, of credentials only that they were given."""
        return cls(question, True if isinstance(answer, Credentials | AcceptedBy) else answer)


@frozen
class PolicyAccepted:
    """The archive's data usage policy is accepted: when (UTC, ISO 8601), and how, as ``AcceptedBy`` has it.

    ``earlier`` tells that nobody had to be asked: the cart's folder or the user's ledger knows of it.
    """

    archive: str
    sha256: str
    at: str
    by: str
    earlier: bool


@frozen
class LoggedIn:
    """The archive accepted a login; a frontend may offer to keep it."""

    origin: Origin
    user: str


@frozen
class PlanMade:
    """It is known what will be done for each series."""

    plan: Plan


@frozen
class TaskChanged:
    """One series went from one state to another; ``reason`` tells why, where that needs telling."""

    series_uid: SeriesUID
    old: TaskState
    new: TaskState
    reason: str = ""


@frozen
class Received:
    """How much has arrived of one series that is being fetched: images, and bytes in all."""

    series_uid: SeriesUID
    images: int
    bytes: int


@frozen
class BytesReceived:
    """More has arrived; coalesced over all series to about ten a second.

    ``total`` counts every byte that came in this session, also those that had to come twice.
    """

    series: tuple[Received, ...]
    total: int


@frozen
class AttemptFailed:
    """An attempt at one series failed; ``delay`` is the seconds to the next one, None for no more."""

    series_uid: SeriesUID
    attempt: int
    source: str
    error: str
    delay: float | None


@frozen
class SeriesStored:
    """One series is complete, verified and in its place; sizes in bytes."""

    series_uid: SeriesUID
    directory: str
    images: int
    size: int
    source: str


@frozen
class Warned:
    """Something the user should know; nothing is lost by it."""

    subject: str
    text: str


@frozen
class PluginFailed:
    """A plugin or a listener failed; the session goes on without it."""

    plugin: str
    reason: str


@frozen
class SessionEnded:
    """The run is over; the report has the details. Counts are series."""

    complete: int
    already_held: int
    failed: int
    denied: int
    removed: int
    unfinished: int
    left_out: int = 0

    @classmethod
    def counting(cls, counts: Mapping[TaskState, int]) -> Self:
        """Tell the ends from the counts of all states."""
        return cls(
            complete=counts.get(TaskState.COMPLETE, 0),
            already_held=counts.get(TaskState.ALREADY_HELD, 0),
            failed=counts.get(TaskState.FAILED, 0),
            denied=counts.get(TaskState.DENIED, 0),
            removed=counts.get(TaskState.REMOVED, 0),
            left_out=counts.get(TaskState.LEFT_OUT, 0),
            unfinished=sum(number for state, number in counts.items() if not state.is_final),
        )


Event = (
    SessionChanged
    | ManifestRead
    | SeriesDescribed
    | Asked
    | Answered
    | PolicyAccepted
    | LoggedIn
    | PlanMade
    | TaskChanged
    | BytesReceived
    | AttemptFailed
    | SeriesStored
    | Warned
    | PluginFailed
    | SessionEnded
)
