"""Where a series goes: descriptive and classic."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cartload.model import SeriesRecord, SeriesUID, StudyUID
from cartload.paths import checked
from cartload_plugins.naming.classic import ClassicNaming
from cartload_plugins.naming.descriptive import DescriptiveNaming
from cartload_plugins.naming.files import FileNaming
from cartload_plugins.naming.options import DescriptiveOptions

LUNG = SeriesRecord(
    series_uid=SeriesUID("1.3.6.1.4.1.14519.5.2.1.9999.4.03192"),
    study_uid=StudyUID("1.3.6.1.4.1.14519.5.2.1.9999.3.30178"),
    patient_id="DEMO-LUNG-0001",
    collection="DEMO-LUNG",
    image_count=133,
    image_bytes=70_021_362,
    study_date=date(2000, 1, 1),
    series_number="3000566",
)
HEAD = evolve(
    LUNG,
    patient_id="DEMO-HEAD-01",
    collection="DEMO-HEAD",
    study_date=date(1998, 12, 5),
    study_description="PETCT HEAD & NECK CA",
    series_number="5",
    series_description="PET NO AC",
)


def descriptive(series: SeriesRecord, missing: str = "") -> str:
    return str(DescriptiveNaming(FileNaming(), DescriptiveOptions(missing)).directory(series))


def test_missing_parts_are_left_out() -> None:
    assert descriptive(LUNG) == "DEMO-LUNG/DEMO-LUNG-0001/01-01-2000-30178/3000566.000000-03192"


def test_missing_parts_are_written_na_where_that_is_chosen() -> None:
    assert (
        descriptive(LUNG, "NA") == "DEMO-LUNG/DEMO-LUNG-0001/01-01-2000-NA-NA-30178/3000566.000000-NA-03192"
    )


def test_descriptions_keep_both_blanks_around_what_is_removed() -> None:
    assert (
        descriptive(HEAD)
        == "DEMO-HEAD/DEMO-HEAD-01/12-05-1998-PETCT HEAD  NECK CA-30178/5.000000-PET NO AC-03192"
    )


def test_a_missing_number_or_date_is_left_out_even_where_na_is_chosen() -> None:
    series = evolve(LUNG, study_date=None, series_number=None)
    assert descriptive(series, "NA") == "DEMO-LUNG/DEMO-LUNG-0001/NA-NA-30178/NA-03192"


def series_part(description: str) -> str:
    series = evolve(LUNG, series_number=None, series_description=description)
    return PurePosixPath(descriptive(series)).name


@pytest.mark.parametrize(
    ("description", "part"),
    [
        ("AXIAL_T2/FLAIR", "AXIALT2FLAIR-03192"),
        ("-", "03192"),
        ("/-", "03192"),
        ("--", "---03192"),
        ("___", "03192"),
        ("  ", "03192"),
        ("患者", "03192"),
        ("x" * 60, "x" * 53 + "-03192"),
        ("_" * 60 + "y" * 53, "y" * 53 + "-03192"),
    ],
)
def test_a_description_is_reduced_then_dropped_or_cut(description: str, part: str) -> None:
    assert series_part(description) == part


@pytest.mark.parametrize(
    ("number", "part"),
    [
        ("5", "5.000000-03192"),
        ("-2.5", "-2.500000-03192"),
        ("0", "0.000000-03192"),
        ("1e9999999", "1e9999999-03192"),
        ("3000566.000000", "3000566.000000-03192"),
        ("x/../y", "x..y-03192"),
    ],
)
def test_a_series_number_has_six_decimals(number: str, part: str) -> None:
    assert PurePosixPath(descriptive(evolve(LUNG, series_number=number))).name == part


def test_a_study_id_is_reduced_and_never_cut() -> None:
    study = PurePosixPath(descriptive(evolve(LUNG, study_id="A_1" * 30))).parent.name
    assert study == "01-01-2000-" + "A1" * 30 + "-30178"


def test_classic_directories_are_the_identifiers() -> None:
    assert ClassicNaming(FileNaming()).directory(LUNG) == PurePosixPath(
        "DEMO-LUNG", "DEMO-LUNG-0001", LUNG.study_uid, LUNG.series_uid
    )


def test_both_need_the_numbers_of_each_image() -> None:
    needed = {"AcquisitionNumber", "InstanceNumber"}
    assert ClassicNaming(FileNaming()).attributes == needed
    assert DescriptiveNaming(FileNaming(), DescriptiveOptions()).attributes == needed


def test_both_call_files_by_their_order() -> None:
    assert list(ClassicNaming(FileNaming()).file_names(LUNG, [])) == []
    assert list(DescriptiveNaming(FileNaming(), DescriptiveOptions()).file_names(LUNG, [])) == []


texts = st.none() | st.text(max_size=80) | st.sampled_from(["..", "con", "a/b", "\0", "."])
records = st.builds(
    SeriesRecord,
    series_uid=st.from_regex(r"[0-9](\.[0-9]{1,12}){0,4}", fullmatch=True).map(SeriesUID),
    study_uid=st.from_regex(r"[0-9](\.[0-9]{1,12}){0,4}", fullmatch=True).map(StudyUID),
    patient_id=st.text(max_size=80),
    collection=st.text(max_size=80),
    image_count=st.just(1),
    image_bytes=st.just(1),
    study_date=st.none() | st.dates(),
    study_id=texts,
    study_description=texts,
    series_number=texts,
    series_description=texts,
)


@given(records, st.sampled_from(["", "NA"]))
def test_every_directory_is_safe_and_four_deep(series: SeriesRecord, missing: str) -> None:
    for naming in (ClassicNaming(FileNaming()), DescriptiveNaming(FileNaming(), DescriptiveOptions(missing))):
        assert len(checked(naming.directory(series)).parts) == 4
