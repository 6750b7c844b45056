"""A user's own layout is checked before anything is downloaded, and can name nothing but its fields."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import NamingError
from cartload.model import ImageHeader, License, SeriesRecord, SeriesUID, SOPInstanceUID, StudyUID
from cartload.paths import checked, collision_key, component
from cartload_plugins.naming.fields import SERIES_FIELDS
from cartload_plugins.naming.template import Template, TemplateNaming

SERIES = SeriesRecord(
    series_uid=SeriesUID("1.2.3"),
    study_uid=StudyUID("1.2"),
    patient_id="P-1",
    collection="DEMO",
    image_count=2,
    image_bytes=10,
    study_date=date(2001, 2, 3),
    modality="CT",
    series_number="7",
    series_description="Thorax / native, 5 mm, soft kernel, very long",
    license=License("CC BY 4.0"),
)
IMAGE = ImageHeader(
    SOPInstanceUID("1.9"), SeriesUID("1.2.3"), {"InstanceNumber": "4", "PatientAge": "050Y"}, "im.dcm"
)


def directory(text: str, series: SeriesRecord = SERIES) -> str:
    return str(TemplateNaming(Template.parse(f"{text}/{{ordinal}}")).directory(series))


def file_name(text: str, image: ImageHeader = IMAGE) -> str:
    return TemplateNaming(Template.parse(f"x/{text}")).file_names(SERIES, [image])[0]


def test_a_layout_of_many_fields_is_filled() -> None:
    layout = (
        "{collection}/{patient_id}/{study_date:%Y%m%d}_{modality}/"
        "{series_number}_{series_description:.30}/{ordinal}.dcm"
    )
    naming = TemplateNaming(Template.parse(layout))
    assert str(naming.directory(SERIES)) == "DEMO/P-1/20010203_CT/7_Thorax _ native, 5 mm, soft ke"
    assert naming.file_names(SERIES, [IMAGE]) == ["1-1.dcm"]


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{study_date}", "2001-02-03"),
        ("{study_date:%d.%m.%y %j%%}", "03.02.01 034%"),
        ("{series_number:04}", "0007"),
        ("{modality:4}x", "CT  x"),
        ("{modality:5.1}x", "C    x"),
        ("{image_count:03}", "002"),
        ("{license}", "CC BY 4.0"),
        ("{has_annotations}", "no"),
        ("{{a}}{modality}", "{a}CT"),
    ],
)
def test_a_field_is_written_as_its_layout_says(text: str, filled: str) -> None:
    assert directory(text) == filled


@pytest.mark.parametrize("text", ["{study_id}", "{study_date:%Y}", "{manufacturer:.3}"])
def test_a_part_of_which_nothing_is_there_is_called_unnamed(text: str) -> None:
    assert directory(text, evolve(SERIES, study_date=None)) == "unnamed"


def test_a_missing_licence_is_empty() -> None:
    assert directory("x{license}", evolve(SERIES, license=None)) == "x"


@pytest.mark.parametrize("value", ["../..", "a/b", "con", ".hidden", "{modality}", "%s"])
def test_a_value_never_leaves_its_part(value: str) -> None:
    assert directory("a/{patient_id}/b", evolve(SERIES, patient_id=value)) == f"a/{component(value)}/b"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{ordinal}.dcm", "1-1.dcm"),
        ("{acquisition}_{instance}.dcm", "1_1.dcm"),
        ("{sop_uid}.dcm", "1.9.dcm"),
        ("{ordinal}-{server_name}", "1-1-im.dcm"),
        ("{ordinal} {dicom.PatientAge} {dicom.KVP}.dcm", "1-1 050Y .dcm"),
        ("{modality}-{ordinal}.dcm", "CT-1-1.dcm"),
    ],
)
def test_a_file_name_is_filled_from_series_and_image(text: str, name: str) -> None:
    assert file_name(text) == name


def test_the_keywords_of_a_template_are_asked_of_each_image() -> None:
    naming = TemplateNaming(Template.parse("x/{ordinal} {dicom.KVP}{dicom.EchoTime}"))
    assert naming.attributes == {"AcquisitionNumber", "InstanceNumber", "KVP", "EchoTime"}


@pytest.mark.parametrize(
    ("text", "position", "what"),
    [
        ("{sieres}/{ordinal}", 1, "unknown field 'sieres'"),
        ("{}/{ordinal}", 1, "unknown field ''"),
        ("{0}/{ordinal}", 1, "unknown field '0'"),
        ("{series_uid.upper}/{ordinal}", 1, "unknown field 'series_uid.upper'"),
        ("{license.__class__}/{ordinal}", 1, "unknown field"),
        ("{collection[0]}/{ordinal}", 1, "unknown field"),
        ("{collection!r}/{ordinal}", 1, "unknown field"),
        ("a/{dicom.NoSuchKeyword}{ordinal}", 3, "unknown field"),
        ("a/{dicom.}{ordinal}", 3, "unknown field"),
        ("{ordinal}/{ordinal}", 1, "differs from image to image"),
        ("a{dicom.KVP}/{ordinal}", 2, "differs from image to image"),
        ("{ordinal}", 1, "no directory"),
        ("a/{instance}", 3, "cannot tell two images apart"),
        ("a/{server_name}", 3, "cannot tell two images apart"),
        ("a/{sop_uid:.9}", 3, "cannot tell two images apart"),
        ("a/image.dcm", 3, "cannot tell two images apart"),
        ("a//{ordinal}", 3, "empty"),
        ("/a/{ordinal}", 1, "empty"),
        ("a/{ordinal}/", 3, "differs"),
        ("a/{modality:>4}{ordinal}", 3, "no way to write"),
        ("a/{modality:%Y}{ordinal}", 3, "no way to write"),
        ("{study_date:%B}/{ordinal}", 1, "no way to write"),
        ("{study_date:%Y/%m}/{ordinal}", 1, "no way to write"),
        ("{study_date:%}/{ordinal}", 1, "no way to write"),
        ("a/{{ordinal}", 12, "never opened"),
        ("a/{ordinal", 3, "never closed"),
        ("a/{modality:{image_count}}{ordinal}", 3, "never closed"),
        ("a\\{ordinal}", 2, "backslash"),
    ],
)
def test_a_template_that_cannot_work_is_refused_with_the_place(text: str, position: int, what: str) -> None:
    with pytest.raises(NamingError) as caught:
        Template.parse(text)
    assert f"at character {position} of {text!r}" in caught.value.what
    assert what in caught.value.what
    assert "series_description" in caught.value.advice
    assert "ordinal" in caught.value.advice


def test_every_field_of_a_series_can_be_used() -> None:
    for name in SERIES_FIELDS:
        assert directory(f"x{{{name}}}") != ""


templates = st.lists(
    st.one_of(
        st.sampled_from([f"{{{name}}}" for name in SERIES_FIELDS]),
        st.sampled_from(["/", "-", "..", "con", "{modality:.0}"]),
    ),
    max_size=8,
).map("".join)
values = st.text(max_size=60)


@given(templates, values, values, st.lists(st.integers(1, 3), max_size=8))
def test_a_template_that_is_accepted_gives_safe_and_distinct_names(
    text: str, patient: str, description: str, instances: list[int]
) -> None:
    try:
        template = Template.parse(f"{text}/x{{ordinal}}{{dicom.PatientName}}")
    except NamingError:
        return
    naming = TemplateNaming(template)
    series = evolve(SERIES, patient_id=patient, series_description=description)
    images = [
        ImageHeader(
            SOPInstanceUID(f"1.{at}"),
            SERIES.series_uid,
            {"InstanceNumber": str(number), "PatientName": description},
        )
        for at, number in enumerate(instances)
    ]
    checked(naming.directory(series))
    names = naming.file_names(series, images)
    assert len({collision_key(name) for name in names}) == len(images)
    assert all(component(name) == name for name in names)


@given(st.text(st.sampled_from("{}/:.%!ab[]\\") | st.characters(), max_size=30))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    try:
        Template.parse(text)
    except NamingError as error:
        assert error.advice  # noqa: PT017 - it need not be raised
