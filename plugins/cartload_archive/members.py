"""The members of one answer: which files of a series are sent, under which names, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cartload.testing.archive import ArchiveSeries
    from cartload_archive.faults import Fault
    from cartload_archive.naming import NamedImage


@frozen
class Entry:
    """One file of a TAR or ZIP answer."""

    name: str
    content: bytes = field(repr=False)


@frozen
class Listed:
    """An image to be sent: its place in the series, its member name, and its name in the MD5 list."""

    place: int
    member_name: str
    listed_name: str
    named: NamedImage


def listed(images: Iterable[NamedImage], member_name: str = "{name}") -> tuple[Listed, ...]:
    """Prepare images to be sent; *member_name* may use ``{name}``, ``{sop_uid}``, ``{number}``."""
    return tuple(
        Listed(place, _filled(member_name, place, one), _listed_name(member_name, place, one), one)
        for place, one in enumerate(images)
    )


def _filled(pattern: str, place: int, one: NamedImage) -> str:
    return pattern.format(name=one.name, sop_uid=one.image.sop_uid, number=place + 1)


def _listed_name(pattern: str, place: int, one: NamedImage) -> str:
    """Give what stands behind the circumflex: the MD5 list names the file, not its SOP Instance UID."""
    return _filled(pattern, place, one).rpartition("^")[2]


def image_entries(images: Iterable[Listed], fault: Fault, checksums: list[str]) -> Iterator[Entry]:
    """Give the images, and note a line of the MD5 list in *checksums* for each that is sent."""
    for image in images:
        if image.place != fault.drop:
            stored = image.named.image
            checksum = "0" * 32 if image.place == fault.wrong_md5 else stored.md5
            checksums.append(f"{image.listed_name},{checksum}\n")
            yield fault.spoiled(image.place, Entry(image.member_name, stored.read()))


def checksum_entry(checksums: Sequence[str], *, ordered: bool = True) -> Iterator[Entry]:
    """Give the MD5 list; to be asked for after the images that it lists. Some endpoints keep no order."""
    rows = checksums if ordered else sorted(checksums, key=lambda row: row[-4:])
    yield Entry("md5hashes.csv", "".join(("Filename,MD5Hash\n", *rows)).encode())


def annotation_entries(series: ArchiveSeries) -> Iterator[Entry]:
    """Give the annotation files under their stored names."""
    return (Entry(annotation.name, annotation.content) for annotation in series.annotations)
