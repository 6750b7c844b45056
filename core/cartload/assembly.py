"""Which members of a series have come, which are missing or damaged, and whether it is whole.

Sums and counts, no files: the parts are told apart by number, and whoever holds them deletes what is
told to be of no use. What was verified stays over any number of attempts, and of sources: each calls
the same image by a name of its own, by which its MD5 list speaks of it.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from attrs import frozen

from cartload import paths
from cartload.errors import DamagedError, NamingError
from cartload.model import MemberKind  # noqa: TC001 - attrs reads the annotations

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cartload.model import ImageHeader, SeriesRecord, SOPInstanceUID
    from cartload.ports import Naming

MD5_LENGTH = 32
MOST_ANNOTATIONS = 100_000
_SLACK = 1 << 20
_EXAMPLES = 3


@frozen
class Part:
    """One received file as the assembly knows it; ``name`` is the server's."""

    number: int
    name: str
    size: int
    md5: str
    kind: MemberKind
    header: ImageHeader | None = None

    @property
    def sop_uid(self) -> SOPInstanceUID | None:
        """Give the UID of an image, None for any other file."""
        return self.header.sop_uid if self.header else None


@frozen
class Named:
    """A part of a whole series, and the name it gets."""

    part: Part
    name: str


class Assembly:
    """The growing whole of one series."""

    def __init__(self, record: SeriesRecord, *, annotations: bool, check: bool = True) -> None:
        self.record = record
        self._check = check
        self._annotations_wanted = annotations and record.has_annotations
        self._images: dict[SOPInstanceUID, Part] = {}
        self._annotations: dict[str, Part] = {}
        self._size = 0
        self._source = ""
        self._sent: dict[tuple[str, str], SOPInstanceUID] = {}
        self._sums: dict[tuple[str, str], str] = {}
        self._listed: set[tuple[str, str]] = set()
        self._told: dict[SOPInstanceUID, str] = {}
        self._refused: dict[SOPInstanceUID | None, str] = {}
        self._answered = 0

    def begin(self, source: str) -> Sequence[Part]:
        """Take note that what comes from now on comes from *source*, as an answer of its own.

        Gives the annotations of an earlier answer, for the caller to delete: each answer has them all, and
        one that came under a damaged name would stay for ever.
        """
        self._source = source
        self._listed = set()
        self._answered = 0
        annotations, self._annotations = list(self._annotations.values()), {}
        self._size -= sum(part.size for part in annotations)
        return annotations

    @property
    def held(self) -> Collection[SOPInstanceUID]:
        """Give the images that are here and need not be sent again."""
        return frozenset(self._images)

    @property
    def images(self) -> int:
        """Count the images that are here."""
        return len(self._images)

    @property
    def size(self) -> int:
        """Sum the bytes that are here."""
        return self._size

    @property
    def room(self) -> int:
        """Say how many bytes more may come before the archive has sent more than it announced."""
        record = self.record
        return record.image_bytes + record.annotation_bytes + _SLACK - self.size

    def add_image(self, part: Part, header: ImageHeader, announced: SOPInstanceUID | None) -> bool:
        """Take an image in; False when the same one is here already and this copy is of no use.

        Raises DamagedError when it is not of this series, not the image that its name announced, differs
        from an image of the same UID, or is one more than the archive announced.
        """
        if header.series_uid != self.record.series_uid:
            raise DamagedError(
                f"the archive sent an image of another series ({header.series_uid}).", subject=part.name
            )
        if announced is not None and header.sop_uid != announced:
            raise DamagedError(
                f"the image calls itself {header.sop_uid}, the archive announced {announced}.",
                subject=part.name,
            )
        held = self._images.get(header.sop_uid)
        self._sent[self._source, part.name] = header.sop_uid
        self._answered += 1
        if held is None:
            if self.images >= self.record.image_count:
                raise DamagedError(
                    f"the archive sent more than the {self.record.image_count} images it announced.",
                    subject=self.record.series_uid,
                )
            self._images[header.sop_uid] = part
            self._size += part.size
            return True
        if held.md5 != part.md5:
            raise DamagedError(
                f"the archive sent two different images as {header.sop_uid}.", subject=part.name
            )
        return False

    def add_annotation(self, part: Part) -> Part | None:
        """Take an annotation in; gives the earlier one of the same name, which it replaces.

        Raises DamagedError beyond what any series can have.
        """
        if len(self._annotations) >= MOST_ANNOTATIONS:
            raise DamagedError("the archive sent annotations without end.", subject=part.name)
        replaced = self._annotations.get(part.name)
        self._annotations[part.name] = part
        self._size += part.size - (replaced.size if replaced else 0)
        return replaced

    def add_sums(self, content: bytes) -> None:
        """Take in the archive's MD5 list (``Filename,MD5Hash``); a missing digest (``null``) says nothing.

        Raises DamagedError when it is no such list.
        """
        try:
            for row in csv.reader(io.StringIO(content.decode("utf-8", errors="replace"), newline="")):
                if len(row) == 2 and len(row[1].strip()) == MD5_LENGTH:  # noqa: PLR2004 - name and digest
                    key = self._source, row[0].strip()
                    self._sums[key] = row[1].strip().lower()
                    self._listed.add(key)
        except csv.Error as error:
            raise DamagedError(
                f"the archive's MD5 list cannot be read: {error}.", subject=self.record.series_uid
            ) from error

    @property
    def unconfirmed(self) -> Sequence[SOPInstanceUID]:
        """Name the images of which no digest of the archive was heard: those of answers that were cut.

        None are named where the last answer had images and no list: then the archive has none.
        """
        if not self._check or (self._answered and not self._listed):
            return ()
        expected = self._expected()
        return [uid for uid in self._images if uid not in expected]

    def confirm(self, sop_uid: SOPInstanceUID, md5: str) -> None:
        """Take in the archive's digest of one image."""
        self._told[sop_uid] = md5.lower()

    def judge(self) -> Sequence[Part]:
        """Take out the images whose digest is not the archive's, for the caller to delete.

        So are, where as many as announced have not the size announced, those of which it told none: they came
        in an answer that was cut.
        All are asked for again by the next attempt. Follow with ``demand_whole``.
        """
        expected = self._expected()
        damaged = {uid: part for uid, part in self._images.items() if expected.get(uid, part.md5) != part.md5}
        if not damaged and (self._listed or not self._answered) and self._is_of_wrong_size():
            damaged = {uid: self._images[uid] for uid in self.unconfirmed}
        self._images = {uid: part for uid, part in self._images.items() if uid not in damaged}
        self._size -= sum(part.size for part in damaged.values())
        return list(damaged.values())

    def demand_whole(self, damaged: Sequence[Part]) -> None:
        """Raise DamagedError, saying all that is wrong, unless the series is whole."""
        faults = [*self._wrong_digests(damaged), *self._wrong_counts()]
        if not (faults or damaged):
            faults = list(self._wrong_sizes())
        if faults:
            raise DamagedError(
                f"{'; '.join(faults)}.",
                subject=self.record.series_uid,
                advice=f"{self.images} verified images are kept.",
                retryable=not self._is_lasting(damaged),
            )

    def _is_lasting(self, damaged: Sequence[Part]) -> bool:
        """Tell whether an image was wrong twice, and each time the same: it is so in the archive."""
        again = any(part.sop_uid and self._refused.get(part.sop_uid) == part.md5 for part in damaged)
        self._refused |= {part.sop_uid: part.md5 for part in damaged if part.sop_uid in self._expected()}
        return again

    def name(self, naming: Naming) -> tuple[Named, ...]:
        """Name every file: images by the naming, annotations as the server called them, made safe.

        Raises NamingError unless the naming gives each image a safe name that is no other's.
        """
        images = list(self._images.values())
        headers = [part.header for part in images if part.header is not None]
        names = list(naming.file_names(self.record, headers))
        taken = self._demand_safe(names)
        named = [Named(part, name) for part, name in zip(images, names, strict=True)]
        again: Counter[str] = Counter()
        annotations = sorted(self._annotations.values(), key=lambda part: part.name)
        named.extend(Named(part, _free(paths.component(part.name), taken, again)) for part in annotations)
        return tuple(named)

    def _demand_safe(self, names: Sequence[str]) -> set[str]:
        if len(names) != self.images:
            raise NamingError(
                f"the naming gave {len(names)} names for {self.images} images.",
                subject=f"series {self.record.series_uid}",
            )
        taken: set[str] = set()
        for name in names:
            key = paths.collision_key(name)
            if paths.component(name) != name or key in taken:
                fault = "two images have it" if key in taken else f"{paths.component(name)!r} would be safe"
                raise NamingError(
                    f"the naming gave the file name {name!r}: {fault}.",
                    subject=f"series {self.record.series_uid}",
                )
            taken.add(key)
        return taken

    def _expected(self) -> Mapping[SOPInstanceUID, str]:
        """Give the archive's digest of each image that is on a list, by whatever name, or that was told."""
        return {
            **self._told,
            **{self._sent[key]: md5 for key, md5 in self._sums.items() if key in self._sent},
        }

    def _wrong_digests(self, damaged: Sequence[Part]) -> list[str]:
        expected = self._expected()
        wrong = [part for part in damaged if part.sop_uid in expected]
        faults = [
            f"{part.name} has the MD5 {part.md5}, the archive says {expected[part.sop_uid]}"
            for part in wrong[:_EXAMPLES]
            if part.sop_uid is not None
        ]
        if len(wrong) > _EXAMPLES:
            faults.append(f"{len(wrong)} images differ from the archive's MD5 list")
        if len(damaged) > len(wrong):
            faults.append("the sizes do not add up, and some images came in an answer that was cut")
        return faults

    def _wrong_counts(self) -> list[str]:
        faults = []
        if self.images != self.record.image_count:
            faults.append(
                f"{self.images} of the {self.record.image_count} images that were announced are here"
            )
        unseen = self._unseen()
        if unseen and self.images == self.record.image_count:
            faults.append(f"{unseen} images of the archive's MD5 list are missing")
        return faults

    def _unseen(self) -> int:
        """Count the listed images that are not here, neither by name nor, where it never came, by digest."""
        unseen = self._listed - self._sent.keys()
        here = {part.md5 for part in self._images.values()} if unseen else set()
        return sum(self._sums[key] not in here for key in unseen)

    def _is_of_wrong_size(self) -> bool:
        """Tell whether the images have not the size announced, which says nothing while some lack."""
        announced = self.record.image_bytes
        return bool(announced) and self.images >= self.record.image_count and self._image_bytes() != announced

    def _image_bytes(self) -> int:
        return sum(part.size for part in self._images.values())

    def _wrong_sizes(self) -> list[str]:
        faults = []
        if self.record.image_bytes and self._image_bytes() != self.record.image_bytes:
            faults.append(
                f"the images have {self._image_bytes()} bytes, {self.record.image_bytes} were announced"
            )
        annotations = sum(part.size for part in self._annotations.values())
        announced = self.record.annotation_bytes
        if self._annotations_wanted and announced and annotations != announced:
            faults.append(f"the annotations have {annotations} bytes, {announced} were announced")
        return faults


def _free(name: str, taken: set[str], again: Counter[str]) -> str:
    """Take *name*, or what a number makes free of it; *again* counts on, so that none is tried twice."""
    place, wish, free = PurePosixPath(name), paths.collision_key(name), name
    while (key := paths.collision_key(free)) in taken:
        again[wish] += 1
        free = f"{place.stem}-{again[wish] + 1}{place.suffix}"
    taken.add(key)
    return free
