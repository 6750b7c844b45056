"""What a synthetic archive holds, as values: series with their images, users, and the usage policy."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, cast

from attrs import Factory, evolve, field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cartload.model import SeriesRecord, SeriesUID, SOPInstanceUID


class Access(Enum):
    """Who may have a series: everybody, or only those whose account lists its collection."""

    PUBLIC = "public"
    LIMITED = "limited"


@frozen
class ArchiveImage:
    """One stored image; ``content`` is its bytes, or makes them, the same ones each time.

    A producer's ``size`` in bytes must be given, so that an archive need not be in memory to be described.
    """

    sop_uid: SOPInstanceUID
    acquisition: int | None
    instance: int | None
    content: bytes | Callable[[], bytes] = field(repr=False)
    size: int = field(default=Factory(lambda self: len(self.read()), takes_self=True))

    def read(self) -> bytes:
        """Give the stored bytes."""
        return self.content if isinstance(self.content, bytes) else self.content()

    @cached_property
    def md5(self) -> str:
        """Give the MD5 of the stored bytes in hex, computed when first asked for."""
        return hashlib.md5(self.read(), usedforsecurity=False).hexdigest()


@frozen
class Annotation:
    """A file that belongs to a series and is no image, such as the readers' marks in XML."""

    name: str
    content: bytes = field(repr=False)


@frozen
class ArchiveSeries:
    """One series as the archive stores it.

    ``record`` is what the archive says of it, before the server's cleaning; ``of`` makes its counts and
    sizes true, and only an archive that lies needs others. ``images`` are in the database's order.
    ``details`` are further columns of the series metadata by REST name, such as ``BodyPartExamined``.
    """

    record: SeriesRecord
    images: tuple[ArchiveImage, ...]
    annotations: tuple[Annotation, ...] = ()
    access: Access = Access.PUBLIC
    details: Mapping[str, str] = field(factory=dict)

    @classmethod
    def of(
        cls,
        record: SeriesRecord,
        images: Iterable[ArchiveImage],
        annotations: Iterable[Annotation] = (),
        access: Access = Access.PUBLIC,
        details: Mapping[str, str] | None = None,
    ) -> ArchiveSeries:
        """Store a series, with the record's counts and sizes taken from what is stored."""
        images, annotations = tuple(images), tuple(annotations)
        counted = evolve(
            record,
            image_count=len(images),
            image_bytes=sum(image.size for image in images),
            annotation_bytes=sum(len(annotation.content) for annotation in annotations),
            has_annotations=bool(annotations),
        )
        return cls(counted, images, annotations, access, details or {})

    @property
    def uid(self) -> SeriesUID:
        """Give the Series Instance UID."""
        return self.record.series_uid


@frozen
class User:
    """An account; ``collections`` are the limited ones that it may read."""

    name: str
    password: str = field(repr=False)
    collections: frozenset[str] = frozenset()


def _by_uid(
    series: Iterable[ArchiveSeries] | Mapping[SeriesUID, ArchiveSeries],
) -> Mapping[SeriesUID, ArchiveSeries]:
    if isinstance(series, Mapping):
        return cast("Mapping[SeriesUID, ArchiveSeries]", series)
    held: dict[SeriesUID, ArchiveSeries] = {}
    for one in series:
        if held.setdefault(one.uid, one) is not one:
            raise ValueError(f"series {one.uid} is in the catalogue twice")
    return held


@frozen
class Catalogue:
    """All that a synthetic archive holds; series may be given as any iterable, and keep its order."""

    series: Mapping[SeriesUID, ArchiveSeries] = field(converter=_by_uid)
    policy: str | None = None
    users: tuple[User, ...] = ()

    def user(self, name: str, password: str) -> User | None:
        """Find the account with this name and password."""
        return next((user for user in self.users if (user.name, user.password) == (name, password)), None)

    def may_read(self, series: ArchiveSeries, user: User | None) -> bool:
        """Tell whether *user* (None: a guest) may see and have this series."""
        if series.access is Access.PUBLIC:
            return True
        return user is not None and series.record.collection in user.collections

    @property
    def public(self) -> tuple[SeriesUID, ...]:
        """Name the series that a guest may have."""
        return tuple(uid for uid, series in self.series.items() if self.may_read(series, None))


def manifest_text(
    catalogue: Catalogue,
    server_url: str,
    uids: Iterable[str] | None = None,
    *,
    include_annotation: bool = True,
    basket: str = "manifest-1716902331457.tcia",
) -> str:
    """Write a version 3 manifest as the archive's portal does; *server_url* is the download servlet's.

    Without *uids* it lists every series of the catalogue; *uids* are listed as they come, known or not.
    """
    listed = tuple(catalogue.series) if uids is None else tuple(uids)
    head = (
        f"downloadServerUrl={server_url}",
        f"includeAnnotation={'true' if include_annotation else 'false'}",
        "noOfrRetry=4",
        f"databasketId={basket}",
        "manifestVersion=3.0",
        "ListOfSeriesToDownload=",
    )
    return "".join(f"{line}\n" for line in (*head, *listed))
