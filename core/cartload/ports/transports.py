"""Transports: what talks one archive protocol, and what some can do besides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from attrs import field, frozen

from cartload.network import Network

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from cartload.model import Denied, Member, SeriesRecord, SeriesUID, SOPInstanceUID, Unknown, UsagePolicy
    from cartload.network import Finding
    from cartload.ports.authenticators import Authenticator
    from cartload.ports.stopping import Stop


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
