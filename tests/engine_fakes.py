"""An archive in this process, and the smallest plugins around it: what the engine's tests drive.

A ``Scan`` is a series as the archive has it. ``FakeTransport`` sends scans, or plays what a test scripts for
the next fetches of a series. ``World`` holds transports, naming and storage, and makes sessions of them.
"""

from __future__ import annotations

import hashlib
import struct
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TypeVar

from attrs import evolve, field, frozen, mutable

from cartload import hooks, registry
from cartload.errors import CartloadError, TransportError
from cartload.events import (
    Answer,
    Asked,
    DeniedQuestion,
    Event,
    ExistingQuestion,
    PolicyQuestion,
    SessionChanged,
    TaskChanged,
)
from cartload.manifest import Manifest, ManifestSource
from cartload.model import (
    Denied,
    ImageHeader,
    License,
    Member,
    MemberKind,
    SeriesRecord,
    SeriesUID,
    SOPInstanceUID,
    StudyUID,
    Unknown,
    UsagePolicy,
)
from cartload.ports import (
    Authenticator,
    AuthenticatorContext,
    Cart,
    Factory,
    Holding,
    LicensePolicy,
    ManifestReader,
    Naming,
    NamingContext,
    ReaderContext,
    Request,
    StagedSeries,
    Stop,
    Storage,
    StorageContext,
    StoredFile,
    StoredSeries,
    Transport,
    TransportContext,
    Verdict,
)
from cartload.registry import Registry, Source
from cartload.retry import RetryPolicy
from cartload.session import Session
from cartload.settings import Existing, Settings
from cartload.staging import look_at, publish, verify_files
from cartload.state import SessionState, TaskState
from cartload.workers import Clock

PATIENCE = 60.0
"""Seconds after which a test that waits for ever is given up."""

E = TypeVar("E")

FROZEN_CLOCK = Clock(time=lambda: 1_700_000_000.0, monotonic=lambda: 1000.0)
AT_ONCE = RetryPolicy(random=lambda: 0.0)


# --- what the archive has -----------------------------------------------------------------------


def dicom(series_uid: str, sop_uid: str, instance: int, pixels: bytes = b"\0" * 64) -> bytes:
    """Make the smallest image that has an identity, a number and pixels (explicit VR, little endian)."""
    meta = _element(0x0002, 0x0010, b"UI", b"1.2.840.10008.1.2.1\0")
    return b"".join(
        [
            bytes(128),
            b"DICM",
            _element(0x0002, 0x0000, b"UL", struct.pack("<I", len(meta))),
            meta,
            _element(0x0008, 0x0018, b"UI", _padded(sop_uid, b"\0")),
            _element(0x0020, 0x000E, b"UI", _padded(series_uid, b"\0")),
            _element(0x0020, 0x0013, b"IS", _padded(str(instance), b" ")),
            struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OW", 0, len(pixels)),
            pixels,
        ]
    )


def _element(group: int, element: int, vr: bytes, value: bytes) -> bytes:
    return struct.pack("<HH2sH", group, element, vr, len(value)) + value


def _padded(text: str, pad: bytes) -> bytes:
    return text.encode() + pad * (len(text) % 2)


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@frozen(eq=False)
class Scan:
    """A series: its record, its images by UID in order, its annotations by name."""

    record: SeriesRecord
    images: Mapping[SOPInstanceUID, bytes]
    annotations: Mapping[str, bytes] = field(factory=dict)

    @property
    def uid(self) -> SeriesUID:
        return self.record.series_uid

    @property
    def uids(self) -> tuple[SOPInstanceUID, ...]:
        return tuple(self.images)

    @property
    def size(self) -> int:
        return sum(map(len, (*self.images.values(), *self.annotations.values())))

    @property
    def files(self) -> dict[str, bytes]:
        """Give what is to be on disk: the names that ``FakeNaming`` gives, and the contents."""
        images = {f"{number:03}.dcm": image for number, image in enumerate(self.images.values(), start=1)}
        return {**images, **self.annotations}

    def image(self, number: int, *, content: bytes | None = None) -> Member:
        """Send image *number* (from 1) under the name that the archive gives it."""
        uid = self.uids[number - 1]
        content = self.images[uid] if content is None else content
        return Member(f"i{number}.dcm", MemberKind.IMAGE, chunks(content), len(content), uid)

    def sums(self, numbers: Iterable[int] | None = None) -> Member:
        """Send the MD5 list of some images, or of all."""
        numbers = range(1, len(self.images) + 1) if numbers is None else numbers
        return sums_member({f"i{number}.dcm": md5(self.images[self.uids[number - 1]]) for number in numbers})

    def altered(self, number: int) -> Member:
        """Send image *number* with another pixel: its size and identity are right, its digest is not."""
        return self.image(number, content=self.images[self.uids[number - 1]][:-1] + b"\xff")


def a_scan(number: int = 1, images: int = 3, annotations: Mapping[str, bytes] | None = None) -> Scan:
    uid = SeriesUID(f"1.2.3.{number}")
    made = {
        SOPInstanceUID(f"{uid}.{image}"): dicom(uid, f"{uid}.{image}", image, bytes([number, image] * 40))
        for image in range(1, images + 1)
    }
    kept = dict(annotations or {})
    record = SeriesRecord(
        series_uid=uid,
        study_uid=StudyUID("1.2"),
        patient_id="P-1",
        collection="Kidney",
        series_description=f"Scan {number}",
        image_count=images,
        image_bytes=sum(map(len, made.values())),
        annotation_bytes=sum(map(len, kept.values())),
        has_annotations=bool(kept),
    )
    return Scan(record, made, kept)


def chunks(content: bytes, size: int = 50) -> Iterator[memoryview]:
    """Give *content* piece by piece in one buffer that is used over and over, as transports may."""
    buffer = bytearray(size)
    for start in range(0, len(content), size):
        piece = content[start : start + size]
        buffer[: len(piece)] = piece
        yield memoryview(buffer)[: len(piece)]


def sums_member(sums: Mapping[str, str]) -> Member:
    rows = "".join(f"{name},{digest}\n" for name, digest in sums.items())
    return Member("md5hashes.csv", MemberKind.CHECKSUMS, chunks(f"Filename,MD5Hash\n{rows}".encode()))


def annotation(name: str, content: bytes) -> Member:
    return Member(name, MemberKind.ANNOTATION, chunks(content), len(content))


# --- how it sends it ----------------------------------------------------------------------------


@frozen(eq=False)
class Fetching:
    """One fetch as it is played: what is sent, what need not be, and how it may be stopped."""

    scan: Scan
    held: frozenset[SOPInstanceUID]
    stop: Stop

    def wanted(self) -> list[int]:
        """Give the numbers of the images that are not held."""
        return [number for number, uid in enumerate(self.scan.uids, start=1) if uid not in self.held]


Play = Callable[[Fetching], Iterator[Member]]


def honestly(fetching: Fetching) -> Iterator[Member]:
    """Send annotations, what is not held, and the MD5 list of what was sent."""
    for name, content in fetching.scan.annotations.items():
        yield annotation(name, content)
    for number in fetching.wanted():
        yield fetching.scan.image(number)
    yield fetching.scan.sums(fetching.wanted())


def failing(error: BaseException, after: int = 0) -> Play:
    """Send so many images, then raise."""

    def play(fetching: Fetching) -> Iterator[Member]:
        for number in fetching.wanted()[:after]:
            yield fetching.scan.image(number)
        raise error

    return play


def sending(*members: Member) -> Play:
    """Send exactly these, whatever is held."""
    return lambda _: iter(members)


def stalling(then: Callable[[], object], after: int = 0) -> Play:
    """Send so many images, do *then* (command something), and hang until the stop closes the connection."""

    def play(fetching: Fetching) -> Iterator[Member]:
        for number in fetching.wanted()[:after]:
            yield fetching.scan.image(number)
        closed = threading.Event()
        with fetching.stop.closing(closed.set):
            then()
            if not closed.wait(PATIENCE):
                raise AssertionError("nobody closed the connection")
        raise TransportError("the connection was closed.", subject=fetching.scan.uid, retryable=True)

    return play


def meanwhile(then: Callable[[], object], play: Play = honestly, after: int = 0) -> Play:
    """Do *then* once so many members were taken, and go on."""

    def played(fetching: Fetching) -> Iterator[Member]:
        members = play(fetching)
        for number, member in enumerate(members):
            if number == after:
                then()
            yield member

    return played


@mutable(eq=False)
class FakeTransport:
    """Sends what its scans hold; ``plays`` are the next fetches of a series, then all is as it should be."""

    scans: dict[SeriesUID, Scan] = field(factory=dict)
    name: str = "fake"
    policies: deque[UsagePolicy | Exception | None] = field(factory=deque)
    says: dict[SeriesUID, Denied | Unknown | BaseException] = field(factory=dict)
    describing: Callable[[Stop], None] | None = None
    plays: defaultdict[SeriesUID, deque[Play]] = field(factory=lambda: defaultdict(deque))
    fetches: list[tuple[SeriesUID, frozenset[SOPInstanceUID]]] = field(factory=list)
    closed: int = 0
    sent: Counter[str] = field(factory=Counter)
    context: TransportContext | None = None

    @classmethod
    def of(cls, *scans: Scan, name: str = "fake") -> FakeTransport:
        return cls({scan.uid: scan for scan in scans}, name)

    def plan(self, scan: Scan, *plays: Play) -> None:
        """Play these for the next fetches of a scan."""
        self.plays[scan.uid].extend(plays)

    def held(self, scan: Scan) -> list[set[SOPInstanceUID]]:
        """Give what each fetch of a scan said it held."""
        return [set(held) for uid, held in self.fetches if uid == scan.uid]

    def policy(self) -> UsagePolicy | None:
        said = self.policies.popleft() if self.policies else None
        if isinstance(said, Exception):
            raise said
        return said

    def describe(self, uids: Sequence[SeriesUID]) -> Iterator[SeriesRecord | Denied | Unknown]:
        if self.describing is not None and self.context is not None:
            self.describing(self.context.stop)
        for uid in uids:
            said = self.says.get(uid)
            if isinstance(said, BaseException):
                raise said
            yield said or self.scans[uid].record

    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        uid = series.series_uid
        self.fetches.append((uid, frozenset(held)))
        waiting = self.plays[uid]
        play = waiting.popleft() if waiting else honestly
        try:
            for member in play(Fetching(self.scans[uid], frozenset(held), stop)):
                if member.kind is MemberKind.IMAGE and member.sop_uid is not None:
                    self.sent[member.sop_uid] += 1
                yield member
        finally:
            self.closed += 1


# --- the plugins around it ----------------------------------------------------------------------


@mutable(eq=False)
class FakeNaming:
    """Names directories by UID and images by their instance number."""

    attributes: frozenset[str] = frozenset({"InstanceNumber"})
    root: str = "Kidney"
    faults: deque[BaseException] = field(factory=deque)

    def directory(self, series: SeriesRecord) -> PurePosixPath:
        return PurePosixPath(self.root, series.series_uid)

    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        del series
        if self.faults:
            raise self.faults.popleft()
        return [f"{int(image.attributes['InstanceNumber']):03}.dcm" for image in images]


@mutable(eq=False)
class FakeStorage:
    """A directory tree and nothing else; what fails it is scripted."""

    root: Path
    faults: deque[BaseException] = field(factory=deque)
    begin_fault: BaseException | None = None
    finish_fault: BaseException | None = None
    holds_fault: BaseException | None = None
    stored_hook: Callable[[StagedSeries], object] | None = None
    cart: Cart | None = None
    held: tuple[SeriesUID, ...] = ()
    begun: int = 0
    finished: int = 0
    verified: list[SeriesUID] = field(factory=list)

    def begin(self, cart: Cart, held: Iterable[tuple[SeriesRecord, StoredSeries]]) -> None:
        self.begun += 1
        self.cart, self.held = cart, tuple(stored.series_uid for _, stored in held)
        if self.begin_fault is not None:
            raise self.begin_fault

    def holds(self, series: SeriesRecord, directory: PurePosixPath, recorded: StoredSeries | None) -> Holding:
        del series
        if self.holds_fault is not None:
            raise self.holds_fault
        return look_at(self.root, directory, recorded)

    def store(self, staged: StagedSeries) -> StoredSeries:
        if self.faults:
            raise self.faults.popleft()
        publish(staged, self.root)
        if self.stored_hook is not None:
            self.stored_hook(staged)
        files = tuple(StoredFile(f.name, f.size, f.md5, f.kind, f.sop_uid) for f in staged.files)
        return StoredSeries(staged.series.series_uid, str(staged.directory), files)

    def verify(self, stored: StoredSeries) -> Verdict:
        self.verified.append(stored.series_uid)
        return verify_files(self.root, stored)

    def finish(self) -> None:
        self.finished += 1
        if self.finish_fault is not None:
            raise self.finish_fault


@mutable(eq=False)
class FakeReader:
    """Reads a cart of one UID a line; the world says which transports may serve it."""

    world: World
    server: str | None = None

    def recognises(self, source: ManifestSource) -> bool:
        return source.content.startswith(b"1.")

    def read(self, source: ManifestSource) -> Manifest:
        return evolve(
            Manifest(
                source=source,
                server_url=self.server or self.world.server,
                series=tuple(SeriesUID(line) for line in source.text().split()),
                transports=tuple(self.world.transports),
                include_annotations=True,
                attempts=2,
            ),
            **self.world.manifest,
        )


@frozen
class FakeGuest:
    """Signs nothing."""

    @property
    def user(self) -> str | None:
        return None

    def sign(self, request: Request) -> Request:
        return request

    def renew(self, refused: Request) -> bool:
        del refused
        return False


# --- all together -------------------------------------------------------------------------------


@mutable(eq=False)
class World:
    """A destination and an archive, and the sessions between them."""

    directory: Path
    transports: dict[str, FakeTransport] = field(factory=dict)
    naming: Naming = field(factory=FakeNaming)
    policies: dict[str, LicensePolicy] = field(factory=dict)
    readers: dict[str, ManifestReader] = field(factory=dict)
    manifest: dict[str, object] = field(factory=dict)
    server: str = "https://archive.example/servlet"
    prepare_storage: Callable[[FakeStorage], object] | None = None
    storages: list[FakeStorage] = field(factory=list)
    carts: tuple[SeriesUID, ...] = ()

    @classmethod
    def of(cls, directory: Path, *scans: Scan) -> World:
        """Make a world of one transport that has these scans, all of them in the cart."""
        return cls(directory, {"fake": FakeTransport.of(*scans)}, carts=tuple(scan.uid for scan in scans))

    @property
    def transport(self) -> FakeTransport:
        return self.transports["fake"]

    @property
    def storage(self) -> FakeStorage:
        """Give the storage of the last session."""
        return self.storages[-1]

    @property
    def root(self) -> Path:
        return self.directory / "cart"

    @property
    def source(self) -> ManifestSource:
        return ManifestSource("cart.txt", "\n".join(self.carts).encode())

    def session(
        self,
        *,
        retry: RetryPolicy = AT_ONCE,
        clock: Clock = FROZEN_CLOCK,
        answers: bool = True,
        **settings: object,
    ) -> Session:
        """Make a session; unless *answers* is off, it is told "go on" to every question."""
        chosen = Settings(
            **{"naming": "fake", "storage": "fake", "authenticator": "fake", "jobs": 1, **settings}  # type: ignore[arg-type] - the names are those of the settings
        )
        made = Session(self.source, self.directory, chosen, self.registry(), clock=clock, retry=retry)
        if answers:
            made.subscribe(answering(made))
        return made

    def run(self, **settings: object) -> Watched:
        """Prepare and run a session from start to end, and close it."""
        with Watched.of(self.session(**settings)) as watched:  # type: ignore[arg-type] - as above
            watched.session.prepare()
            watched.session.run()
        return watched

    def registry(self) -> Registry:
        loaded = registry.load([Source("fakes", self)])
        if loaded.failures:
            raise AssertionError(loaded.failures)
        return loaded

    def tree(self) -> dict[str, bytes]:
        """Give every file below the cart's folder but those in ``.cartload``, by relative path."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_file() and ".cartload" not in path.parts
        }

    def staged(self) -> list[Path]:
        """Give what is left in staging."""
        return list((self.root / ".cartload").glob("staging/**/*"))

    # the hooks

    @hooks.hookimpl
    def cartload_transports(self) -> dict[str, Factory[Transport, TransportContext]]:
        return {name: Factory(self._transport(made)) for name, made in self.transports.items()}

    @hooks.hookimpl
    def cartload_namings(self) -> dict[str, Factory[Naming, NamingContext]]:
        return {"fake": Factory(lambda _, __: self.naming)}

    @hooks.hookimpl
    def cartload_storages(self) -> dict[str, Factory[Storage, StorageContext]]:
        return {"fake": Factory(self._storage)}

    @hooks.hookimpl
    def cartload_manifest_readers(self) -> dict[str, Factory[ManifestReader, ReaderContext]]:
        made: dict[str, Factory[ManifestReader, ReaderContext]] = {
            "fake": Factory(lambda context, _: FakeReader(self, context.server_url))
        }
        return {**made, **{name: Factory(_giving(reader)) for name, reader in self.readers.items()}}

    @hooks.hookimpl
    def cartload_authenticators(self) -> dict[str, Factory[Authenticator, AuthenticatorContext]]:
        return {"fake": Factory(lambda _, __: FakeGuest())}

    @hooks.hookimpl
    def cartload_license_policies(self) -> dict[str, Factory[LicensePolicy, None]]:
        return {name: Factory(_giving(policy)) for name, policy in self.policies.items()}

    def _transport(self, made: FakeTransport) -> Callable[[TransportContext, object], Transport]:
        def make(context: TransportContext, _: object) -> Transport:
            made.context = context
            return made

        return make

    def _storage(self, context: StorageContext, _: object) -> Storage:
        storage = FakeStorage(context.root)
        if self.prepare_storage is not None:
            self.prepare_storage(storage)
        self.storages.append(storage)
        return storage


P = TypeVar("P")


def _giving(made: P) -> Callable[[object, object], P]:
    return lambda _, __: made


@mutable(eq=False)
class Watched:
    """A session and everything it told."""

    session: Session
    events: list[Event] = field(factory=list)

    @classmethod
    def of(cls, session: Session) -> Watched:
        made = cls(session)
        session.subscribe(made.events.append)
        return made

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def heard(self, kind: type[E]) -> list[E]:
        """Give all events of a kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]

    def states(self) -> list[SessionState]:
        """Give the states that the session went through."""
        return [event.new for event in self.heard(SessionChanged)]

    def path(self, scan: Scan) -> list[TaskState]:
        """Give the states that a series went through."""
        return [event.new for event in self.heard(TaskChanged) if event.series_uid == scan.uid]


def answering(
    session: Session, *, policy: Answer = True, denied: Answer = True, existing: Answer = Existing.MISSING
) -> Callable[[Event], None]:
    """Answer every question at once, as a frontend's prompt does."""

    def listen(event: Event) -> None:
        match event:
            case Asked(PolicyQuestion() as question):
                session.answer(question, policy)
            case Asked(DeniedQuestion() as question):
                session.answer(question, denied)
            case Asked(ExistingQuestion() as question):
                session.answer(question, existing)
            case _:
                pass

    return listen


def when(condition: Callable[[Event], bool], then: Callable[[], object]) -> Callable[[Event], None]:
    """Do *then* at the first event for which *condition* holds."""
    done = False

    def listen(event: Event) -> None:
        nonlocal done
        if not done and condition(event):
            done = True
            then()

    return listen


def reaching(state: SessionState | TaskState, uid: SeriesUID | None = None) -> Callable[[Event], bool]:
    """Hold for the event that a session, or a series, has come to *state*."""

    def holds(event: Event) -> bool:
        if isinstance(event, TaskChanged):
            return event.new is state and uid in {None, event.series_uid}
        return isinstance(event, SessionChanged) and event.new is state

    return holds


def broken(text: str = "the server said 503.", *, retryable: bool = True) -> CartloadError:
    return TransportError(text, retryable=retryable)


def licence(name: str) -> License:
    return License(name)
