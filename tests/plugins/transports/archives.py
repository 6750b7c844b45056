"""What the tests of the two NBIA transports share: transports on a server, and what they fetched."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from cartload.guest import Guest
from cartload.model import MemberKind, SeriesRecord, SOPInstanceUID
from cartload.ports import TransportContext
from plugins.network.scripted_server import Switch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cartload.model import Member
    from cartload.ports import Authenticator, Request, Stop, Transport
    from cartload.testing.archive import ArchiveSeries, Catalogue


def context(
    url: str,
    authenticator: Authenticator | None = None,
    *,
    annotations: bool = True,
    checksums: bool = True,
    stop: Stop | None = None,
) -> TransportContext:
    return TransportContext(url, authenticator or Guest(), stop or Switch(), annotations, checksums)


@frozen
class Login:
    """Signs as the servlet and the REST services want it, with a password that is hidden already."""

    user: str
    hidden: str = ""
    token: str = ""

    def sign(self, request: Request, stop: Stop) -> Request:
        assert not stop.requested
        if self.token:
            return evolve(request, headers={**request.headers, "Authorization": f"Bearer {self.token}"})
        rest = tuple((name, value) for name, value in request.form if name != "userId")
        headers = {**request.headers, "password": self.hidden}
        return evolve(request, headers=headers, form=(("userId", self.user), *rest))

    def renew(self, refused: Request, stop: Stop) -> bool:
        del refused, stop
        return False


@frozen
class Got:
    """A member that was read."""

    name: str
    kind: MemberKind
    content: bytes
    size: int | None
    sop_uid: SOPInstanceUID | None


def got(members: Iterable[Member]) -> list[Got]:
    return [
        Got(
            member.name,
            member.kind,
            b"".join(bytes(chunk) for chunk in member.content),
            member.size,
            member.sop_uid,
        )
        for member in members
    ]


def contents(found: Iterable[Got], kind: MemberKind = MemberKind.IMAGE) -> list[bytes]:
    return sorted(one.content for one in found if one.kind is kind)


def stored(series: ArchiveSeries) -> list[bytes]:
    return sorted(image.read() for image in series.images)


def checksums_of(found: Iterable[Got]) -> dict[str, str]:
    """Give the MD5 of every image by name, as the checksum lists tell."""
    told: dict[str, str] = {}
    for one in found:
        if one.kind is MemberKind.CHECKSUMS:
            heading, *lines = one.content.decode().splitlines()
            assert heading == "Filename,MD5Hash"
            for line in lines:
                name, _, md5 = line.partition(",")
                told[name] = md5
    return told


def computed(found: Iterable[Got]) -> dict[str, str]:
    return {
        one.name: hashlib.md5(one.content, usedforsecurity=False).hexdigest()
        for one in found
        if one.kind is MemberKind.IMAGE
    }


def described(transport: Transport, series: ArchiveSeries) -> SeriesRecord:
    (found,) = transport.describe([series.uid])
    assert isinstance(found, SeriesRecord)
    return found


def one_of(catalogue: Catalogue, **fields: object) -> ArchiveSeries:
    """Find the first series whose record has these values."""
    return next(
        series
        for series in catalogue.series.values()
        if all(getattr(series.record, name) == value for name, value in fields.items())
    )
