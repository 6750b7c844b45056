"""Builders for tests of storages: records, carts, and staged series made of bytes."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cartload.manifest import Manifest, ManifestSource
from cartload.model import (
    License,
    MemberKind,
    SeriesRecord,
    SeriesUID,
    SOPInstanceUID,
    StudyUID,
    UsagePolicy,
)
from cartload.ports import Acceptance, Cart, StagedFile, StagedSeries, StoredFile, StoredSeries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

IMAGES: Mapping[str, bytes] = {
    "1-1.dcm": b"first image",
    "1-2.dcm": bytes(range(256)) * 1200,
    "1-3.dcm": b"",
}
"""The files of a staged series unless a test gives others: short, longer than any buffer, empty."""


def series_record(
    number: int = 1, *, patient_id: str = "PATIENT-1", collection: str = "TEST"
) -> SeriesRecord:
    """Make the record of a series of three images; *number* tells series apart.

    ``attrs.evolve`` makes any other record of it.
    """
    return SeriesRecord(
        series_uid=SeriesUID(f"1.2.826.0.1.3680043.10.1.{number}"),
        study_uid=StudyUID("1.2.826.0.1.3680043.10.2"),
        patient_id=patient_id,
        collection=collection,
        image_count=len(IMAGES),
        image_bytes=sum(map(len, IMAGES.values())),
        study_date=date(2000, 12, 5),
        study_id="A17",
        study_description="CT CHEST",
        series_number=str(number),
        series_description="AXIAL",
        modality="CT",
        manufacturer="PHANTOM MEDICAL",
        license=License("Creative Commons Attribution 4.0 International License"),
    )


def cart(content: bytes = b"made for a test\n", *, accepted: bool = True) -> Cart:
    """Make what a storage is told of the cart: a manifest, and an accepted policy."""
    source = ManifestSource("cart.tcia", content)
    manifest = Manifest(source=source, server_url="https://archive.invalid", series=(), transports=("fake",))
    policy = UsagePolicy("https://archive.invalid", "Be kind.\n")
    return Cart(manifest, Acceptance(policy, "2000-12-05T00:00:00+00:00", "a test") if accepted else None)


def stage(
    folder: Path,
    files: Mapping[str, bytes] = IMAGES,
    *,
    series: SeriesRecord | None = None,
    directory: str | None = None,
    replaces: Iterable[str] = (),
) -> StagedSeries:
    """Write *files* into the new *folder* and give them as a series that waits to be stored.

    *directory* is relative to the cart's folder and defaults to collection, patient, study and series.
    Names that end in ``.xml`` are annotations, all others images.
    """
    series = series or series_record()
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return StagedSeries(
        series,
        PurePosixPath(directory or _directory(series)),
        folder,
        tuple(_file(series, folder / name, content) for name, content in files.items()),
        frozenset(replaces),
    )


def recorded(staged: StagedSeries) -> StoredSeries:
    """Give what the journal says of a series once it is stored."""
    return StoredSeries(
        staged.series.series_uid,
        str(staged.directory),
        tuple(StoredFile(file.name, file.size, file.md5, file.kind, file.sop_uid) for file in staged.files),
    )


def _directory(series: SeriesRecord) -> str:
    return f"{series.collection}/{series.patient_id}/study/{series.series_number}"


def _file(series: SeriesRecord, path: Path, content: bytes) -> StagedFile:
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    if path.name.endswith(".xml"):
        return StagedFile(path.name, path, len(content), digest, MemberKind.ANNOTATION)
    number = int(hashlib.sha256(path.name.encode()).hexdigest()[:12], 16)
    uid = SOPInstanceUID(f"{series.series_uid}.{number}")
    return StagedFile(path.name, path, len(content), digest, MemberKind.IMAGE, uid)
