from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from typing import TYPE_CHECKING

import pydicom
import pytest
from attrs import evolve
from pydicom.data import get_testdata_file

from cartload.model import SOPInstanceUID
from cartload.testing.catalogue import (
    CC_BY_NC,
    DEMO_USER,
    DEMO_USER_WITHOUT_RIGHTS,
    Access,
    ArchiveImage,
    ArchiveSeries,
    Catalogue,
    catalogue_of,
    demo_catalogue,
    manifest_text,
    synthetic_series,
)
from cartload.testing.images import Slice, Volume

if TYPE_CHECKING:
    from pathlib import Path


def test_every_image_of_the_demo_is_what_its_record_says(catalogue: Catalogue) -> None:
    for series in catalogue.series.values():
        for image in series.images:
            found = pydicom.dcmread(io.BytesIO(image.read()))
            assert len(image.read()) == image.size
            assert found.SOPInstanceUID == image.sop_uid
            assert found.SeriesInstanceUID == series.uid
            assert (found.AcquisitionNumber, found.InstanceNumber) == (image.acquisition, image.instance)
            assert found.PatientID == series.record.patient_id


def test_records_count_what_is_stored(catalogue: Catalogue) -> None:
    for series in catalogue.series.values():
        assert series.record.image_count == len(series.images)
        assert series.record.image_bytes == sum(len(image.read()) for image in series.images)
        assert series.record.annotation_bytes == sum(len(file.content) for file in series.annotations)


def test_the_demo_is_small_and_has_every_kind_of_series(catalogue: Catalogue) -> None:
    records = [series.record for series in catalogue.series.values()]
    assert len(records) == 12
    assert sum(record.image_count for record in records) == 274
    assert sum(record.image_bytes for record in records) < 15_000_000
    assert {record.modality for record in records} == {"CT", "MR", "SEG"}
    assert any(record.has_annotations for record in records)
    assert any(record.license == CC_BY_NC for record in records)
    assert any(record.license is None for record in records)


def test_the_demo_is_the_same_each_time(catalogue: Catalogue) -> None:
    again = demo_catalogue()
    assert list(again.series) == list(catalogue.series)
    uid = catalogue.public[0]
    assert [image.md5 for image in again.series[uid].images] == [
        image.md5 for image in catalogue.series[uid].images
    ]


def test_limited_series_are_for_accounts_that_list_their_collection(catalogue: Catalogue) -> None:
    limited = next(series for series in catalogue.series.values() if series.access is Access.LIMITED)
    readers = [None, DEMO_USER_WITHOUT_RIGHTS, DEMO_USER]
    assert [catalogue.may_read(limited, reader) for reader in readers] == [False, False, True]
    assert limited.uid not in catalogue.public


def test_a_series_cannot_be_in_a_catalogue_twice(catalogue: Catalogue) -> None:
    series = next(iter(catalogue.series.values()))
    with pytest.raises(ValueError, match="twice"):
        Catalogue([series, evolve(series)])


def test_two_slices_cannot_be_the_same_image(catalogue: Catalogue) -> None:
    record = catalogue.series[catalogue.public[0]].record
    with pytest.raises(ValueError, match="same image"):
        synthetic_series(record, [Slice(), Slice()], Volume())


def test_an_archive_can_lie(catalogue: Catalogue) -> None:
    series = catalogue.series[catalogue.public[0]]
    lying = Catalogue([evolve(series, record=evolve(series.record, image_count=1))])
    assert lying.series[series.uid].record.image_count == 1


def test_an_image_can_be_bytes_or_made_when_asked_for() -> None:
    kept = ArchiveImage(SOPInstanceUID("1.2"), 1, 1, b"abc")
    made = ArchiveImage(SOPInstanceUID("1.2"), 1, 1, lambda: b"abc", 3)
    assert (kept.size, kept.read(), kept.md5) == (made.size, made.read(), made.md5)
    assert kept.md5 == hashlib.md5(b"abc", usedforsecurity=False).hexdigest()


def test_a_manifest_is_written_as_the_portal_writes_it(catalogue: Catalogue) -> None:
    server = "https://nbia.example.org/nbia-download/servlet/DownloadServlet"
    assert manifest_text(catalogue, server, ["1.2.3", "1.2.4"]) == (
        f"downloadServerUrl={server}\n"
        "includeAnnotation=true\n"
        "noOfrRetry=4\n"
        "databasketId=manifest-1716902331457.tcia\n"
        "manifestVersion=3.0\n"
        "ListOfSeriesToDownload=\n"
        "1.2.3\n"
        "1.2.4\n"
    )


def test_a_manifest_lists_the_whole_catalogue_unless_told_otherwise(catalogue: Catalogue) -> None:
    lines = manifest_text(catalogue, "http://127.0.0.1/x", include_annotation=False).splitlines()
    assert lines[6:] == list(catalogue.series)
    assert lines[1] == "includeAnnotation=false"


def real_file(name: str, tmp_path: Path) -> Path:
    source = get_testdata_file(name, download=False)
    assert isinstance(source, str)
    copy = tmp_path / name
    with open(source, "rb") as stream:  # noqa: PTH123
        copy.write_bytes(stream.read())
    return copy


def test_real_files_are_grouped_by_series_and_served_untouched(tmp_path: Path) -> None:
    files = [real_file(name, tmp_path) for name in ("CT_small.dcm", "MR_small.dcm", "MR_small_implicit.dcm")]
    (tmp_path / "notes.txt").write_text("no image")
    found = catalogue_of(tmp_path)
    ct = pydicom.dcmread(files[0])
    series = found.series[ct.SeriesInstanceUID]
    assert len(found.series) == 2
    assert [image.read() for image in series.images] == [files[0].read_bytes()]
    assert series.record.image_bytes == files[0].stat().st_size
    assert (series.record.patient_id, series.record.modality) == (ct.PatientID, "CT")


@pytest.mark.parametrize("content", [b"no image", b""])
def test_a_file_that_is_named_must_be_an_image(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="not a DICOM file"):
        catalogue_of(path)


def test_a_named_file_must_belong_to_a_series(tmp_path: Path) -> None:
    path = real_file("CT_small.dcm", tmp_path)
    altered = pydicom.dcmread(path)
    del altered.SeriesInstanceUID
    altered.save_as(path)
    with pytest.raises(ValueError, match="names no series"):
        catalogue_of(path)
    assert not catalogue_of(tmp_path).series


def test_values_that_make_no_sense_are_left_out(tmp_path: Path) -> None:
    path = real_file("CT_small.dcm", tmp_path)
    altered = pydicom.dcmread(path)
    altered.StudyDate, altered.PatientID = "", ""
    del altered.InstanceNumber
    altered.save_as(path)
    (series,) = catalogue_of(path).series.values()
    assert (series.record.study_date, series.record.patient_id) == (None, "UNKNOWN")
    assert series.images[0].instance is None


def test_importing_the_testing_package_does_not_import_pydicom() -> None:
    code = "import cartload.testing.catalogue, cartload_archive, sys; sys.exit('pydicom' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603 - our own code
    assert ran.returncode == 0


def test_a_series_is_counted_when_it_is_stored(catalogue: Catalogue) -> None:
    record = catalogue.series[catalogue.public[0]].record
    stored = ArchiveSeries.of(record, [ArchiveImage(SOPInstanceUID("1.2"), 1, 1, b"abc")])
    assert (stored.record.image_count, stored.record.image_bytes, stored.record.has_annotations) == (
        1,
        3,
        False,
    )
