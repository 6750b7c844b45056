"""Whatever happens to a session, and however often, the next ones bring everything home, once."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cartload.errors import StorageError, TransportError
from cartload.events import SessionEnded
from cartload.journal import Confirmed, from_line
from cartload.model import Member, MemberKind
from cartload.settings import Existing
from cartload.state import SessionState, TaskState
from engine_world import Watched, World, reaching
from fake_archive import Scan, a_scan, failing, sending, stalling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cartload.events import Event
    from cartload.ports import StagedSeries
    from cartload.session import Session
    from engine_world import FakeStorage
    from fake_archive import Fetching, Play

SCANS = (a_scan(1, images=2), a_scan(2, images=3, annotations={"a.xml": b"<a/>"}), a_scan(3, images=1))


class Fault(Enum):
    """What may befall one fetch of a series."""

    FAILS = auto()
    FAILS_FOR_GOOD = auto()
    CUT_IN_AN_IMAGE = auto()
    ALTERED = auto()
    FORGOTTEN = auto()
    PAUSED = auto()
    CANCELLED = auto()
    REMOVED = auto()
    KILLED = auto()


class Trouble(Enum):
    """What may befall the storage of a series."""

    NONE = auto()
    FAILS = auto()
    FAILS_FOR_GOOD = auto()
    KILLED_BEFORE = auto()
    KILLED_AFTER = auto()


NUMBERS = st.integers(0, len(SCANS) - 1)
TROUBLES = st.one_of(st.just(Trouble.NONE), st.just(Trouble.NONE), st.sampled_from(Trouble))
FAULTS = st.lists(st.tuples(NUMBERS, st.sampled_from(Fault), st.integers(0, 2)), max_size=4)


class SessionMachine(RuleBasedStateMachine):
    """One destination, and one session after the other; a kill is a copy of the disk at that moment."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp())
        self.world = World.of(self.directory / "destination", *SCANS)
        self.world.directory.mkdir()
        self.watched: Watched | None = None
        self.snapshot: Path | None = None
        self.spoiled: set[str] = set()
        self.spoiled_then: set[str] = set()
        self.lenient = False

    def teardown(self) -> None:
        """Whatever went before: one more session, to which nothing happens, has everything home."""
        self.leave()
        self.run([], Trouble.NONE, Existing.MISSING, resuming=True, tear=0)
        assert self.world.tree() == {
            f"Kidney/{scan.uid}/{name}": content for scan in SCANS for name, content in scan.files.items()
        }
        self.leave()
        assert not (self.world.root / ".cartload" / "staging").exists()
        shutil.rmtree(self.directory)

    # --- between sessions

    @precondition(lambda self: self.watched is None)
    @rule(number=NUMBERS, cut=st.booleans())
    def somebody_spoils_a_stored_image(self, number: int, *, cut: bool) -> None:
        path = self.world.root / "Kidney" / SCANS[number].uid / "001.dcm"
        if path.exists():
            self.spoiled.add(SCANS[number].uid)
            del self.world.transport.sent[SCANS[number].uids[0]]
            path.unlink() if not cut else path.write_bytes(b"short")

    # --- sessions

    @precondition(lambda self: self.watched is None)
    @rule(
        faults=FAULTS,
        trouble=TROUBLES,
        existing=st.sampled_from([Existing.MISSING, Existing.MISSING, Existing.ALL]),
        resuming=st.booleans(),
        tear=st.integers(0, 40),
    )
    def run(
        self,
        faults: list[tuple[int, Fault, int]],
        trouble: Trouble,
        existing: Existing,
        *,
        resuming: bool,
        tear: int,
    ) -> None:
        """Run a session; what befalls it may end it, and a copy taken by a kill takes its place."""
        self.plan(faults)
        is_quiet = not faults and trouble is Trouble.NONE
        self.world.settings = evolve(self.world.settings, jobs=2 if is_quiet else 1, existing=existing)
        self.world.prepare_storage = partial(self.trouble, trouble)
        if existing is Existing.ALL or trouble is not Trouble.NONE:
            self.world.transport.sent.clear()
        self.lenient = trouble is not Trouble.NONE
        self.watched = Watched.of(self.world.session())
        self.watched.session.subscribe(self.go_on_or_end(self.watched, resuming=resuming))
        self.watched.session.prepare()
        self.conclude(tear)

    @precondition(lambda self: self.watched is not None)
    @rule(faults=FAULTS, tear=st.integers(0, 40))
    def try_the_failed_ones_again(self, faults: list[tuple[int, Fault, int]], tear: int) -> None:
        self.plan(faults)
        self.session.retry_failed()
        self.conclude(tear)

    @rule()
    def leave(self) -> None:
        if self.watched is not None:
            self.watched.session.close()
            self.watched = None

    @invariant()
    def a_series_is_visible_only_whole(self) -> None:
        tree = self.world.tree()
        for scan in SCANS:
            prefix = f"Kidney/{scan.uid}/"
            there = {name.removeprefix(prefix): tree.pop(name) for name in [*tree] if name.startswith(prefix)}
            assert not there or scan.uid in self.spoiled or there == scan.files
        assert tree == {}

    # --- the machinery

    def conclude(self, tear: int) -> None:
        assert self.watched is not None
        watched, session = self.watched, self.watched.session
        session.run()
        self.check(watched)
        if session.state is not SessionState.FINISHED or not session.report().shortfalls:
            self.leave()
        if self.snapshot is not None:
            self.leave()
            shutil.rmtree(self.world.root)
            self.snapshot.rename(self.world.root)
            self.snapshot, self.spoiled = None, self.spoiled_then
            self.tear_the_journal(tear)

    def check(self, watched: Watched) -> None:
        report = watched.session.report()
        short = {shortfall.series_uid for shortfall in report.shortfalls}
        ended = watched.heard(SessionEnded)[-1]
        counted = ended.complete + ended.already_held + ended.removed + len(short)
        assert counted == len(SCANS)
        tree = self.world.tree()
        for scan in SCANS:
            states = watched.path(scan)
            if TaskState.COMPLETE in states:
                self.spoiled.discard(scan.uid)
            if scan.uid not in short and TaskState.REMOVED not in states:
                there = {name: tree.get(f"Kidney/{scan.uid}/{name}") for name in scan.files}
                assert there == scan.files
        self.check_that_nothing_came_twice(watched)

    def check_that_nothing_came_twice(self, watched: Watched) -> None:
        """No image is sent again that came whole before, in whatever session that was."""
        sent = self.world.transport.sent
        if self.lenient:
            sent.clear()  # what a storage had its hands on is fetched anew
        assert Counter(sent.values()).keys() <= {1}
        for scan in SCANS:
            if TaskState.REMOVED in watched.path(scan):
                for uid in scan.uids:
                    del sent[uid]

    def plan(self, faults: list[tuple[int, Fault, int]]) -> None:
        self.world.transport.plays.clear()
        for number, fault, after in faults:
            self.world.transport.plan(SCANS[number], self.play(fault, SCANS[number], after))

    def trouble(self, trouble: Trouble, storage: FakeStorage) -> None:
        match trouble:
            case Trouble.FAILS | Trouble.FAILS_FOR_GOOD:
                storage.faults.append(StorageError("odd.", retryable=trouble is Trouble.FAILS))
            case Trouble.KILLED_BEFORE:
                storage.before_hook = self.kill
            case Trouble.KILLED_AFTER:
                storage.stored_hook = self.kill
            case Trouble.NONE:
                pass

    def play(self, fault: Fault, scan: Scan, after: int) -> Play:
        plays: dict[Fault, Play] = {
            Fault.FAILS: failing(TransportError("cut.", retryable=True), after),
            Fault.FAILS_FOR_GOOD: failing(TransportError("gone."), after),
            Fault.CUT_IN_AN_IMAGE: cut_in_an_image,
            Fault.ALTERED: altered,
            Fault.FORGOTTEN: sending(),
            Fault.PAUSED: stalling(self.pause, after),
            Fault.CANCELLED: stalling(self.cancel, after),
            Fault.REMOVED: stalling(lambda: self.session.remove([scan.uid]), after),
            Fault.KILLED: stalling(self.kill, after),
        }
        return plays[fault]

    @property
    def session(self) -> Session:
        assert self.watched is not None
        return self.watched.session

    def pause(self) -> None:
        self.session.pause()

    def cancel(self) -> None:
        self.session.cancel()

    def kill(self, _: StagedSeries | None = None) -> None:
        """Keep the disk as it is now, and end what still runs: nothing of it counts."""
        if self.snapshot is None:
            self.snapshot, self.spoiled_then = self.directory / "snapshot", {*self.spoiled}
            shutil.copytree(self.world.root, self.snapshot)
        self.session.cancel()

    def tear_the_journal(self, tear: int) -> None:
        """Take some bytes from the last line, as a power cut does to what was not synced."""
        journals = sorted((self.world.root / ".cartload" / "journal").glob("*.jsonl"))
        if journals:
            lines = journals[-1].read_bytes().splitlines(keepends=True)
            if isinstance(from_line(lines[-1].decode()), Confirmed):
                lines[-1] = lines[-1][: max(0, len(lines[-1]) - tear)]
                journals[-1].write_bytes(b"".join(lines))

    def go_on_or_end(self, watched: Watched, *, resuming: bool) -> Callable[[Event], None]:
        def listen(event: Event) -> None:
            if reaching(SessionState.PAUSED)(event):
                if resuming:
                    watched.session.resume()
                else:
                    watched.session.cancel()

        return listen


def cut_in_an_image(fetching: Fetching) -> Iterator[Member]:
    def torn(content: bytes) -> Iterator[bytes]:
        yield content[:100]
        raise ConnectionResetError("reset by peer")

    for number in fetching.wanted()[:1]:
        uid = fetching.scan.uids[number - 1]
        content = fetching.scan.images[uid]
        yield Member(f"i{number}.dcm", MemberKind.IMAGE, torn(content), len(content), uid)
    yield fetching.scan.sums(())


def altered(fetching: Fetching) -> Iterator[Member]:
    first, *rest = [*fetching.wanted(), 0]
    if first:
        yield fetching.scan.altered(first)
    for number in rest[:-1]:
        yield fetching.scan.image(number)
    yield fetching.scan.sums(fetching.wanted())


TestSessionMachine = SessionMachine.TestCase
TestSessionMachine.settings = settings(
    max_examples=25,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
