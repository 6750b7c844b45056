"""A whole engine in this process: the smallest plugins, and the sessions that a test drives with them.

``World`` holds the transports, the naming and the destination, offers them as one plugin, and makes sessions;
``Watched`` remembers what a session told.
"""

from __future__ import annotations

from collections import deque
from itertools import count
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Self, TypeVar

from attrs import field, frozen, mutable

from cartload import hooks, registry
from cartload.errors import LoginError
from cartload.events import (
    Answer,
    Asked,
    DeniedQuestion,
    Event,
    ExistingQuestion,
    PolicyQuestion,
    SessionChanged,
    SpaceQuestion,
    TaskChanged,
)
from cartload.guest import Guest
from cartload.manifest import Manifest, ManifestSource
from cartload.model import ImageHeader, SeriesRecord, SeriesUID
from cartload.ports import (
    Authenticator,
    AuthenticatorContext,
    Cart,
    Factory,
    Holding,
    LicensePolicy,
    Login,
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
from cartload.workers import Clock
from fake_archive import FakeTransport, Scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cartload.state import SessionState, TaskState

E = TypeVar("E")
P = TypeVar("P")

NOW = 1_700_000_000.0
FROZEN_CLOCK = Clock(time=lambda: NOW, monotonic=lambda: 1000.0)
AT_ONCE = RetryPolicy(random=lambda: 0.0)
SETTINGS = Settings(naming="fake", storage="fake", authenticator="fake", jobs=1, existing=Existing.MISSING)


@mutable(eq=False)
class FakeNaming:
    """Names directories by UID and images by their instance number."""

    attributes: frozenset[str] = frozenset({"InstanceNumber"})
    root: str = "Kidney"
    faults: deque[BaseException] = field(factory=deque)
    meanwhile: Callable[[SeriesRecord], object] = lambda _: None

    def directory(self, series: SeriesRecord) -> PurePosixPath:
        return PurePosixPath(self.root, series.series_uid)

    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        self.meanwhile(series)
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
    before_hook: Callable[[StagedSeries], object] = lambda _: None
    stored_hook: Callable[[StagedSeries], object] = lambda _: None
    cart: Cart | None = None
    held: tuple[SeriesUID, ...] = ()
    begun: int = 0
    finished: int = 0
    verified: list[SeriesUID] = field(factory=list)
    free: Callable[[], int | None] = lambda: None
    elsewhere: Callable[[], Mapping[SeriesUID, PurePosixPath]] = dict

    def others(self) -> Mapping[SeriesUID, PurePosixPath]:
        return self.elsewhere()

    def room(self) -> int | None:
        return self.free()

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
        self.before_hook(staged)
        publish(staged, self.root)
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
        plain = Manifest(
            source=source,
            server_url=self.server or "https://archive.example/servlet",
            series=tuple(SeriesUID(line) for line in source.text().split()),
            transports=tuple(self.world.transports),
            include_annotations=True,
            attempts=2,
        )
        return self.world.manifest(plain)


@frozen
class FakeUser:
    """Signs nothing, but knows who is right."""

    users: Mapping[str, str]
    login: Login

    @property
    def user(self) -> str | None:
        given = self.login.credentials()
        if given is None:
            raise LoginError("there is no login any more.")
        if self.users.get(given.user) != given.password.reveal():
            self.login.refused(given)
            raise LoginError("the archive does not accept it.")
        self.login.accepted(given)
        return given.user

    def sign(self, request: Request, stop: Stop) -> Request:
        del stop
        return request

    def renew(self, refused: Request, stop: Stop) -> bool:
        del refused, stop
        return False


@mutable(eq=False)
class World:
    """A destination and an archive, and the sessions between them."""

    directory: Path
    transports: dict[str, FakeTransport] = field(factory=dict)
    naming: FakeNaming = field(factory=FakeNaming)
    policies: dict[str, LicensePolicy] = field(factory=dict)
    readers: dict[str, ManifestReader] = field(factory=dict)
    manifest: Callable[[Manifest], Manifest] = lambda plain: plain
    settings: Settings = SETTINGS
    prepare_storage: Callable[[FakeStorage], object] | None = None
    storages: list[FakeStorage] = field(factory=list)
    room: int | None = None
    others: Mapping[SeriesUID, PurePosixPath] = field(factory=dict)
    users: Mapping[str, str] = field(factory=dict)
    carts: tuple[SeriesUID, ...] = ()
    moments: Iterator[float] = field(factory=lambda: count(NOW, 60.0))

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
        clock: Clock | None = None,
        server: str | None = None,
        asks_again: bool = False,
    ) -> Session:
        """Make a session, which nobody listens to yet; the clock stands still during each."""
        now = next(self.moments)
        return Session(
            self.source,
            self.directory,
            self.settings,
            self.registry(),
            server=server,
            clock=clock or Clock(time=lambda: now, monotonic=lambda: now),
            retry=retry,
            asks_again=asks_again,
        )

    def watched(self) -> Watched:
        """Make a session that is listened to, and told "go on" to every question."""
        made = Watched.of(self.session())
        made.session.subscribe(answering(made.session))
        return made

    def run(self) -> Watched:
        """Prepare and run a session from start to end, and close it."""
        with self.watched() as watched:
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
        return {
            name: Factory(self._transport(made), authenticator="own")
            for name, made in self.transports.items()
        }

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
        return {
            "fake": Factory(lambda _, __: Guest()),
            "guest": Factory(lambda _, __: Guest()),
            "own": Factory(lambda context, _: FakeUser(self.users, context.login)),
        }

    @hooks.hookimpl
    def cartload_license_policies(self) -> dict[str, Factory[LicensePolicy, None]]:
        return {name: Factory(_giving(policy)) for name, policy in self.policies.items()}

    def _transport(self, made: FakeTransport) -> Callable[[TransportContext, object], Transport]:
        def make(context: TransportContext, _: object) -> Transport:
            made.context = context
            return made

        return make

    def _storage(self, context: StorageContext, _: object) -> Storage:
        storage = FakeStorage(context.root, free=lambda: self.room, elsewhere=lambda: self.others)
        if self.prepare_storage is not None:
            self.prepare_storage(storage)
        self.storages.append(storage)
        return storage


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

    def __enter__(self) -> Self:
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
    session: Session,
    *,
    policy: Answer = True,
    denied: Answer = True,
    existing: Answer = Existing.MISSING,
    room: Answer = False,
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
            case Asked(SpaceQuestion() as question):
                session.answer(question, room)
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
