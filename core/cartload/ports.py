"""The ports: what each kind of plugin is asked to do, and what it is given to do it with."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, runtime_checkable

from attrs import field, frozen

from cartload.credentials import NoLogin
from cartload.holdings import (
    Acceptance,
    Cart,
    Holding,
    StagedFile,
    StagedSeries,
    StoredFile,
    StoredSeries,
    Verdict,
)
from cartload.network import Finding, Network
from cartload.settings import FileNames

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path, PurePosixPath

    from cartload.credentials import Credentials
    from cartload.manifest import Manifest, ManifestSource
    from cartload.model import (
        Denied,
        ImageHeader,
        License,
        Member,
        Origin,
        SeriesRecord,
        SeriesUID,
        SOPInstanceUID,
        Unknown,
        UsagePolicy,
    )

__all__ = [
    "Acceptance",
    "Authenticator",
    "AuthenticatorContext",
    "AuthenticatorFactory",
    "Cart",
    "Diagnoses",
    "Factory",
    "Finding",
    "Holding",
    "LicensePolicy",
    "LicensePolicyFactory",
    "LicenseTerms",
    "Login",
    "ManifestReader",
    "ManifestReaderFactory",
    "Naming",
    "NamingContext",
    "NamingFactory",
    "Network",
    "NoOptions",
    "ReaderContext",
    "Request",
    "StagedFile",
    "StagedSeries",
    "Stop",
    "Storage",
    "StorageContext",
    "StorageFactory",
    "StoredFile",
    "StoredSeries",
    "Transport",
    "TransportContext",
    "TransportFactory",
    "Verdict",
]


class Stop(Protocol):
    """Somebody's wish that the work end now; shared between threads."""

    @property
    def requested(self) -> bool:
        """Tell whether the work should end."""
        ...

    def closing(self, close: Callable[[], object]) -> AbstractContextManager[None]:
        """Call *close* (from another thread) if the stop is requested while the block runs.

        It lets a transport that waits for a stalled server be woken at once.
        """
        ...


# --- manifest readers ---------------------------------------------------------------------------


@frozen
class ReaderContext:
    """What a manifest reader is made with: the server that the user named, if any, and the network."""

    server_url: str | None = None
    network: Network = field(factory=Network)


@runtime_checkable
class ManifestReader(Protocol):
    """Turns a manifest's text into a cart."""

    def recognises(self, source: ManifestSource) -> bool:
        """Tell, from the name and the first lines, whether this is the reader's format."""
        ...

    def read(self, source: ManifestSource) -> Manifest:
        """Read all of it; raises ManifestError that lists every fault with its line."""
        ...


# --- authenticators -----------------------------------------------------------------------------


@frozen
class Request:
    """A request as a transport is about to send it, for an authenticator to sign."""

    method: str
    url: str
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    form: tuple[tuple[str, str], ...] = field(default=(), repr=False)


class Login(Protocol):
    """Where an authenticator gets the credentials for its one origin, if it needs any.

    All methods may be called from several threads at once. Any may raise StoppedError.
    """

    def credentials(self) -> Credentials | None:
        """Give the user's name and password, or None if nobody gives any.

        The same ones each time, until they are refused; then others, or None. It may ask a person, and
        wait for the answer: call it only when the archive cannot be asked without.
        """
        ...

    def refused(self, credentials: Credentials) -> None:
        """Hear that the archive does not accept *credentials*: they are not given again."""
        ...

    def accepted(self, credentials: Credentials) -> None:
        """Hear that the archive accepted *credentials*: they may be kept for another time."""
        ...


@frozen
class AuthenticatorContext:
    """What an authenticator is made with: the one origin that its credentials are for.

    ``login`` has the credentials, ``clock`` gives seconds since 1970, ``network`` says how to reach it.
    """

    origin: Origin
    login: Login = field(factory=NoLogin)
    clock: Callable[[], float] = time.time
    network: Network = field(factory=Network)


@runtime_checkable
class Authenticator(Protocol):
    """Proves to one origin who is asking; called from several threads at once.

    Nothing is asked of anybody when it is made. A request to another origin is never signed.
    """

    @property
    def user(self) -> str | None:
        """Name the user, or None for a guest; it may have to ask its login."""
        ...

    def sign(self, request: Request, stop: Stop) -> Request:
        """Give the request with what proves the user's identity added; a guest's is unchanged.

        What is empty in it (the servlet's ``userId``) may be filled. It may have to log in first, or to
        renew what is about to expire. Raises LoginError when the archive accepts no login,
        TransportError, StoppedError once *stop* is requested.
        """
        ...

    def renew(self, refused: Request, stop: Stop) -> bool:
        """Get fresh proof after *refused* was answered 401; False when there is none to get.

        However many threads come with the same refused proof, it is got once. Raises as ``sign`` does.
        """
        ...


# --- transports ---------------------------------------------------------------------------------


@frozen
class TransportContext:
    """What a transport is made with.

    ``annotations``: whether annotation files are wanted; ``checksums``: whether to ask for the
    archive's MD5 list. The stop ends ``policy`` and ``describe``; each fetch has its own. ``network``
    says how to reach the server.
    """

    server_url: str
    authenticator: Authenticator
    stop: Stop
    annotations: bool = True
    checksums: bool = True
    network: Network = field(factory=Network)


@runtime_checkable
class Transport(Protocol):
    """Talks one archive protocol. ``fetch`` is called from several threads at once."""

    def policy(self) -> UsagePolicy | None:
        """Give the policy that a user must accept before any download, if the archive has one."""
        ...

    def describe(self, uids: Sequence[SeriesUID]) -> Iterator[SeriesRecord | Denied | Unknown]:
        """Say of each series, in any order and as soon as it is known, what the archive says of it.

        Raises UnsupportedError when the server does not speak this protocol, UnreachableError when it does
        not answer, LoginError when it does not accept the login.
        """
        ...

    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        """Stream the members of one series, without the images in *held* where the protocol can.

        Each member's content must be used up before the next member is asked for. Raises
        TransportError, at any point; StoppedError once *stop* is requested. An archive that ends
        before its own end marker raises DamagedError: an ended iterator means a whole answer.
        """
        ...


@runtime_checkable
class TellsDigests(Protocol):
    """What a transport may be able to do besides: tell the MD5 of single images without sending them.

    Asked for images that came in an answer that was cut, before its MD5 list.
    """

    def digests(
        self, series: SeriesRecord, images: Sequence[SOPInstanceUID], stop: Stop
    ) -> Iterator[tuple[SOPInstanceUID, str]]:
        """Tell the MD5 (hex) of each of *images* that the archive knows one of; raises as ``fetch`` does."""
        ...


@runtime_checkable
class Diagnoses(Protocol):
    """What a transport may be able to do besides: tell ``cartload doctor`` why its server is not reached.

    Nothing is asked with a login, and what goes wrong is a finding, not an error. Both may take as long as
    the transport waits for a server; StoppedError is raised once *stop* is requested.
    """

    def way(self, stop: Stop) -> Iterator[Finding]:
        """Look at each step of the way to the server, as soon as the one before is told.

        The last one is bad if the server is not reached. What is found holds for any protocol.
        """
        ...

    def protocol(self, stop: Stop) -> Finding:
        """Tell whether the server speaks this transport's protocol, and which version."""
        ...


# --- namings ------------------------------------------------------------------------------------


@frozen
class NamingContext:
    """What a naming is made with: the kind of file names, and the user's template, if any."""

    file_names: FileNames = FileNames.ORDINAL
    template: str | None = None


@runtime_checkable
class Naming(Protocol):
    """Decides where a series goes and what its files are called; pure."""

    @property
    def attributes(self) -> frozenset[str]:
        """Name the DICOM keywords needed of each image, such as ``InstanceNumber``."""
        ...

    def directory(self, series: SeriesRecord) -> PurePosixPath:
        """Give the series' directory, relative to the cart's folder."""
        ...

    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        """Give one file name for each image, in the order given, distinct even without case."""
        ...


# --- storages -----------------------------------------------------------------------------------


@frozen
class StorageContext:
    """What a storage is made with: the cart's folder and a clock (seconds since 1970).

    The folder exists from ``begin`` on; ``holds`` and ``verify`` may be called before.
    """

    root: Path
    clock: Callable[[], float]


@runtime_checkable
class Storage(Protocol):
    """Keeps finished series. ``store`` is called from several threads at once."""

    def begin(self, cart: Cart, held: Iterable[tuple[SeriesRecord, StoredSeries]]) -> None:
        """Make ready for a run; *held* are the series of this cart that are already stored."""
        ...

    def holds(self, series: SeriesRecord, directory: PurePosixPath, recorded: StoredSeries | None) -> Holding:
        """Tell what stands where the series belongs, without reading any file's content.

        *recorded* is what the journal says was stored there, or None.
        """
        ...

    def store(self, staged: StagedSeries) -> StoredSeries:
        """Keep all of it, or raise StorageError and keep nothing of it.

        The staged folder lies below the cart's folder, on its file system; it is discarded afterwards.
        """
        ...

    def verify(self, stored: StoredSeries) -> Verdict:
        """Read every file and compare its digest with what was recorded."""
        ...

    def finish(self) -> None:
        """End the run; called once however it ended."""
        ...


@runtime_checkable
class TellsRoom(Protocol):
    """What a storage may be able to do besides: tell how many bytes more it can store."""

    def room(self) -> int | None:
        """Give the bytes that are free; None where nobody knows, or there is no limit."""
        ...


@runtime_checkable
class TellsOthers(Protocol):
    """What a storage may be able to do besides: tell what another program stored in the same place."""

    def others(self) -> Mapping[SeriesUID, PurePosixPath]:
        """Give the directory of each series that another program says it stored; none is believed yet."""
        ...


# --- licence policies ---------------------------------------------------------------------------


@frozen
class LicenseTerms:
    """What a licence policy says of a licence: whether commercial use is allowed, and a notice."""

    commercial: bool
    notice: str = ""


@runtime_checkable
class LicensePolicy(Protocol):
    """Judges licences."""

    def judge(self, license: License | None) -> LicenseTerms:  # noqa: A002 - the field's word
        """Say what the licence of a series means for its user; None is a series without one."""
        ...


# --- factories ----------------------------------------------------------------------------------


@frozen
class NoOptions:
    """For a plugin that has no options."""


Port_co = TypeVar("Port_co", covariant=True)
Context_contra = TypeVar("Context_contra", contravariant=True)


@frozen
class Factory(Generic[Port_co, Context_contra]):
    """How to make one plugin: what a registration hook returns under each name.

    ``options`` is the plugin's own attrs class, filled from ``[plugins.<name>]`` of the settings
    and given to ``make`` as its second argument; ``summary`` is one line for ``cartload plugins``.
    ``authenticator`` is for transports: the name of the one by which users log in to such archives.
    Import what is heavy inside ``make``, so that a plugin that is not used costs nothing.
    """

    make: Callable[[Context_contra, object], Port_co]
    options: type[object] = NoOptions
    summary: str = ""
    authenticator: str = "guest"


ManifestReaderFactory = Factory[ManifestReader, ReaderContext]
AuthenticatorFactory = Factory[Authenticator, AuthenticatorContext]
TransportFactory = Factory[Transport, TransportContext]
NamingFactory = Factory[Naming, NamingContext]
StorageFactory = Factory[Storage, StorageContext]
LicensePolicyFactory = Factory[LicensePolicy, None]
