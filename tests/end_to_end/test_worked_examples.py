"""The directories and names that the original retriever is known to give, from the archive to the disk."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from archive_carts import images_below, write_cart
from cartload.model import SeriesRecord, SeriesUID, StudyUID
from cartload.testing.archive import Catalogue
from cartload.testing.catalogue import synthetic_series
from cartload.testing.images import Slice, Volume
from cartload_archive import ArchiveServer

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.testing.archive import ArchiveSeries
    from command_line import CommandLine

ROOT = "1.3.6.1.4.1.14519.5.2.1.9203.8273"
TINY = Volume(rows=8, columns=8, slices=2)


def series(  # noqa: PLR0917 - the columns of the table
    collection: str,
    patient: str,
    day: date,
    study: str,
    end: str,
    study_description: str | None = None,
    number: str | None = None,
    description: str | None = None,
    images: int = 1,
) -> ArchiveSeries:
    record = SeriesRecord(
        series_uid=SeriesUID(f"{ROOT}.2.1{end}"),
        study_uid=StudyUID(f"{ROOT}.1.1{study}"),
        patient_id=patient,
        collection=collection,
        image_count=0,
        image_bytes=0,
        study_date=day,
        study_description=study_description,
        series_number=number,
        series_description=description,
        modality="CT",
    )
    return synthetic_series(record, [Slice(instance=place + 1) for place in range(images)], TINY)


LIDC = series("LIDC-IDRI", "LIDC-IDRI-0001", date(2000, 1, 1), "30178", "03192", number="3000566", images=133)
PET = series(
    "HNSCC", "HNSCC-01-0001", date(1998, 12, 1), "59359", "52932", "PETCT HEAD & NECK CA", "5", "PET NO AC"
)
PLAN = series("HNSCC", "HNSCC-01-0001", date(1998, 12, 5), "43582", "28768", "RT SIMULATION")
SLASH = series("MIXED", "M-1", date(2001, 2, 3), "11111", "22222", number="1", description="AXIAL_T2/FLAIR")
LONG = series("MIXED", "M-1", date(2001, 2, 3), "11111", "33333", number="2", description="x" * 60)
CATALOGUE = Catalogue((LIDC, PET, PLAN, SLASH, LONG))

LEFT_OUT = {
    "LIDC-IDRI/LIDC-IDRI-0001/01-01-2000-30178/3000566.000000-03192/1-001.dcm",
    "HNSCC/HNSCC-01-0001/12-01-1998-PETCT HEAD  NECK CA-59359/5.000000-PET NO AC-52932/1-1.dcm",
    "HNSCC/HNSCC-01-0001/12-05-1998-RT SIMULATION-43582/28768/1-1.dcm",
    "MIXED/M-1/02-03-2001-11111/1.000000-AXIALT2FLAIR-22222/1-1.dcm",
    f"MIXED/M-1/02-03-2001-11111/2.000000-{'x' * 53}-33333/1-1.dcm",
}
WRITTEN_NA = {
    "LIDC-IDRI/LIDC-IDRI-0001/01-01-2000-NA-NA-30178/3000566.000000-NA-03192/1-001.dcm",
    "HNSCC/HNSCC-01-0001/12-01-1998-NA-PETCT HEAD  NECK CA-59359/5.000000-PET NO AC-52932/1-1.dcm",
    "HNSCC/HNSCC-01-0001/12-05-1998-NA-RT SIMULATION-43582/NA-28768/1-1.dcm",
    "MIXED/M-1/02-03-2001-NA-NA-11111/1.000000-AXIALT2FLAIR-22222/1-1.dcm",
    f"MIXED/M-1/02-03-2001-NA-NA-11111/2.000000-{'x' * 53}-33333/1-1.dcm",
}
CLASSIC = {
    f"{one.record.collection}/{one.record.patient_id}/{one.record.study_uid}/{one.uid}/"
    + ("1-001.dcm" if one is LIDC else "1-1.dcm")
    for one in CATALOGUE.series.values()
}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), LEFT_OUT),
        (("--set", "descriptive.missing=NA"), WRITTEN_NA),
        (("--naming", "classic"), CLASSIC),
    ],
    ids=["as its command line", "as its window", "classic"],
)
def test_series_land_where_the_original_retriever_puts_them(
    cartload: CommandLine, tmp_path: Path, options: tuple[str, ...], expected: set[str]
) -> None:
    with ArchiveServer(CATALOGUE) as server:
        cart = write_cart(tmp_path, server, CATALOGUE)
        result = cartload("download", cart, "-d", tmp_path, *options)
    assert result.exit_code == 0, result.err
    names = images_below(tmp_path / "cart").keys()
    assert expected <= names
    folders = {name.rpartition("/")[0] for name in names}
    assert folders == {name.rpartition("/")[0] for name in expected}
    assert sum("03192" in name.rpartition("/")[0] for name in names) == 133
