"""What is said of each event: one place for the words, whether they go to a live display or to a log."""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import TYPE_CHECKING, assert_never

from attrs import frozen

from cartload.events import (
    Answered,
    Asked,
    AttemptFailed,
    BytesReceived,
    DeniedQuestion,
    ExistingQuestion,
    LoggedIn,
    LoginQuestion,
    ManifestRead,
    PlanMade,
    PluginFailed,
    PolicyAccepted,
    PolicyQuestion,
    SeriesDescribed,
    SeriesStored,
    SessionChanged,
    SessionEnded,
    SpaceQuestion,
    TaskChanged,
    Warned,
)
from cartload.plan import Need
from cartload.settings import Existing
from cartload.state import SessionState, TaskState
from cartload_common import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cartload.events import Event, Question
    from cartload.model import SeriesUID
    from cartload.plan import LicenseGroup, Plan, Task


class Loudness(IntEnum):
    """How much the user wants to hear."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


class Tone(Enum):
    """What kind of thing is said; each view has its own colour for it."""

    PLAIN = "plain"
    GOOD = "good"
    FAINT = "faint"
    NOTICE = "notice"
    BAD = "bad"


@frozen
class Message:
    """One line for the user, already safe for a terminal.

    ``routine`` lines tell of what a live display shows anyway.
    """

    text: str
    tone: Tone = Tone.PLAIN
    least: Loudness = Loudness.NORMAL
    routine: bool = False


def messages(event: Event, task: Callable[[SeriesUID], Task]) -> tuple[Message, ...]:  # noqa: PLR0911 - one a kind
    """Say what there is to say of *event*; *task* gives the plan's task of a series."""
    match event:
        case SessionChanged():
            return _of_state(event)
        case ManifestRead(manifest):
            number = texts.count(len(manifest.series), "series")
            text = f"{manifest.source.name}: {number}, from {manifest.server_url or 'no named server'}"
            return (Message(texts.safe(text)),)
        case PlanMade(plan):
            return (Message(plan_line(plan)), *license_notices(plan.licenses()), *left_out_lines(plan))
        case TaskChanged():
            return _of_task(event, task(event.series_uid))
        case AttemptFailed():
            return (_of_attempt(event, task(event.series_uid)),)
        case SeriesStored():
            return (_of_stored(event),)
        case Warned() | PluginFailed():
            return (_of_trouble(event),)
        case LoggedIn() | PolicyAccepted() | SeriesDescribed() | Asked() | Answered():
            return (Message(_detail(event), Tone.FAINT, _loudness(event)),)
        case BytesReceived() | SessionEnded():
            return ()
        case _:
            assert_never(event)


_Detail = LoggedIn | PolicyAccepted | SeriesDescribed | Asked | Answered


def _loudness(event: _Detail) -> Loudness:
    """Tell of each question only who wants to hear of it, and aloud what was settled without asking."""
    is_told = isinstance(event, LoggedIn) or (isinstance(event, PolicyAccepted) and event.earlier)
    return Loudness.NORMAL if is_told else Loudness.VERBOSE


def _detail(event: _Detail) -> str:
    match event:
        case PolicyAccepted(archive, digest, at, by, earlier):
            since = "unchanged since" if earlier else f"SHA-256 of its text: {digest}"
            return texts.safe(f"data usage policy of {archive}: accepted on {at} by {by}; {since}")
        case LoggedIn(origin, user):
            return texts.safe(f"logged in to {origin} as {user}")
        case SeriesDescribed(described, total):
            return f"described: {described:,} of {texts.count(total, 'series')}"
        case Asked(question):
            return f"asked: {_question_word(question)}"
        case Answered(question, answer):
            return f"answered: {_question_word(question)}: {_answer_word(answer)}"
        case _:
            assert_never(event)


def _question_word(question: Question) -> str:
    match question:
        case PolicyQuestion(policy, changed_since):
            changed = " as it is now" if changed_since else ""
            return texts.safe(f"is the data usage policy of {policy.archive} accepted{changed}?")
        case DeniedQuestion(denied, _):
            return f"go on without the {len(denied):,} that are denied?"
        case ExistingQuestion(held, _, missing, _):
            return f"with {held:,} here and {missing:,} missing, fetch what is missing, or all?"
        case LoginQuestion(origin, series, _):
            return f"a login to {origin}, for {texts.count(len(series), 'series')} that a guest may not have?"
        case SpaceQuestion(_, _, _, begun):
            return "is there room now to go on?" if begun else "begin without enough room?"
        case _:
            assert_never(question)


def _answer_word(answer: object) -> str:
    return str(answer.value) if isinstance(answer, Existing) else "yes" if answer else "no"


def plan_line(plan: Plan) -> str:
    """Sum up a plan: how many series, how much, and what is done with them."""
    fetch, held = plan.having(Need.FETCH), plan.having(Need.HELD)
    parts = [f"{len(fetch):,} to fetch ({texts.size(plan.bytes_of(Need.FETCH))})"]
    if held:
        parts.append(f"{len(held):,} already here ({texts.size(plan.bytes_of(Need.HELD))})")
    if denied := plan.having(Need.DENIED):
        parts.append(f"{len(denied):,} denied")
    if unknown := plan.having(Need.UNKNOWN):
        parts.append(f"{len(unknown):,} not known to the archive")
    if left_out := plan.having(Need.LEFT_OUT):
        parts.append(f"{len(left_out):,} left out ({texts.size(plan.bytes_of(Need.LEFT_OUT))})")
    return f"{texts.count(len(plan.tasks), 'series')}: {', '.join(parts)}."


def license_notices(groups: Iterable[LicenseGroup]) -> tuple[Message, ...]:
    """Name the licences that forbid commercial use, to be seen before anything is fetched."""
    return tuple(license_message(group) for group in groups if not group.terms.commercial)


def license_message(group: LicenseGroup) -> Message:
    """Name a licence as ``license_line`` does; one that forbids commercial use stands out."""
    if group.terms.commercial:
        return Message(f"licence: {license_line(group)}", Tone.FAINT)
    return Message(f"NOT FOR COMMERCIAL USE: {license_line(group)}", Tone.NOTICE, Loudness.QUIET)


def left_out_lines(plan: Plan) -> Iterator[Message]:
    """Say licence by licence what a plan leaves out, and why."""
    reasons = {
        (task.record.license, task.terms): task.reason
        for task in plan.having(Need.LEFT_OUT)
        if task.record is not None
    }
    for group in plan.left_out():
        reason = reasons[group.license, group.terms]
        text = f"left out: {texts.count(group.series, 'series')}: {reason}"
        yield Message(texts.safe(text), Tone.NOTICE, Loudness.QUIET)


def license_line(group: LicenseGroup) -> str:
    """Name a licence, where to read it, and how many series it covers."""
    covered, notice = texts.count(group.series, "series"), group.terms.notice
    if group.license is None:
        return texts.safe(f"{covered} without a licence. {notice}".rstrip())
    name, uri = group.license.name, group.license.uri
    where = f" ({uri})" if uri else ""
    return texts.safe(f"{covered} under {name}{where}. {'' if name in notice else notice}".rstrip())


_STATE_TEXTS: Mapping[SessionState, str] = {
    SessionState.PAUSING: "pausing ...",
    SessionState.PAUSED: "paused; what was received is kept.",
    SessionState.CANCELLING: "stopping; what was received is kept. Once more leaves at once.",
}


def _of_state(event: SessionChanged) -> tuple[Message, ...]:
    text = _STATE_TEXTS.get(event.new)
    return (Message(text, Tone.NOTICE),) if text else ()


def _of_task(event: TaskChanged, task: Task) -> tuple[Message, ...]:
    name, reason = texts.series_name(task), texts.reason(event.reason, event.series_uid)
    if event.new is TaskState.FETCHING:
        text = f"fetching: {name} ({texts.size(task.size)}, {task.series_uid})"
        return (Message(text, Tone.FAINT, Loudness.VERBOSE),)
    if event.new is TaskState.FAILED:
        return (Message(f"failed: {name}: {reason or 'no reason was given.'}", Tone.BAD),)
    if event.new in {TaskState.DENIED, TaskState.REMOVED}:
        return (Message(f"{event.new.value}: {name}" + (f": {reason}" if reason else ""), Tone.NOTICE),)
    return ()


def _of_attempt(event: AttemptFailed, task: Task) -> Message:
    following = "" if event.delay is None else f" Again in {texts.duration(event.delay)}."
    text = f"attempt {event.attempt} by {event.source} failed: {texts.series_name(task)}: {event.error}"
    return Message(texts.safe(text) + following, Tone.NOTICE, Loudness.VERBOSE)


def _of_trouble(event: Warned | PluginFailed) -> Message:
    if isinstance(event, PluginFailed):
        text = f"plugin {event.plugin} failed: {event.reason}"
        return Message(texts.safe(text), Tone.BAD, Loudness.QUIET)
    said = f"{event.subject}: {event.text}" if event.subject else event.text
    return Message(f"note: {texts.safe(said)}", Tone.NOTICE)


def _of_stored(event: SeriesStored) -> Message:
    images = texts.count(event.images, "image")
    text = f"stored: {event.directory} ({images}, {texts.size(event.size)})"
    return Message(texts.safe(text), Tone.GOOD, routine=True)
