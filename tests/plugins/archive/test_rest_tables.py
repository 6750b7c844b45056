from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.testing.catalogue import DEMO_USER, DEMO_USER_WITHOUT_RIGHTS, Access, Catalogue
from cartload_archive import ArchiveOptions, ArchiveServer
from plugins.archive.client import Client, rows

if TYPE_CHECKING:
    from cartload.model import SeriesUID


def limited(catalogue: Catalogue) -> SeriesUID:
    return next(uid for uid, series in catalogue.series.items() if series.access is Access.LIMITED)


def test_the_policy_is_a_text_to_be_saved(client: Client, catalogue: Catalogue) -> None:
    answer = client.rest("v1/getUserAgreementTxt")
    assert answer.data.decode() == catalogue.policy
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(("policy", "status"), [(None, 404), ("", 200)])
def test_an_archive_may_have_no_policy_or_an_empty_one(
    catalogue: Catalogue, policy: str | None, status: int
) -> None:
    with ArchiveServer(evolve(catalogue, policy=policy)) as server, Client(server) as client:
        assert client.rest("v1/getUserAgreementTxt").status == status


def test_the_api_answers_without_the_middle_of_the_path_too(client: Client) -> None:
    assert client.pool.request("GET", f"{client.server.api_url}/v1/getUserAgreementTxt").status == 200


def test_sop_classes_are_a_properties_file(client: Client) -> None:
    assert b"1.2.840.10008.5.1.4.1.1.2=CT Image Storage\n" in client.rest("v1/getAllSOPClassDefinition").data


def test_metadata_of_v1_has_27_quoted_columns(client: Client, catalogue: Catalogue) -> None:
    series = catalogue.series[catalogue.public[0]]
    answer = client.rest("v1/getSeriesMetaData", SeriesInstanceUID=series.uid, format="csv")
    heading, values = csv.reader(io.StringIO(answer.data.decode()))
    found = dict(zip(heading, values, strict=True))
    assert len(heading) == 27
    assert answer.data.startswith(b'"Series UID","Collection","3rd Party Analysis",')
    assert found["Study Description"] == "CT CHEST WO  W 2-phase"
    assert found["Manufacturer"] == "PHANTOM MEDICAL  INC."
    assert found["Study Date"] == "01-01-2000"
    assert (found["Number of Images"], found["Annotation Size"]) == ("84", "230")


def test_the_file_location_of_v1_is_the_id_of_the_study(client: Client, catalogue: Catalogue) -> None:
    uid = next(uid for uid, series in catalogue.series.items() if series.record.study_id == "A17")
    (found,) = rows(client.rest("v1/getSeriesMetaData", SeriesInstanceUID=uid))
    assert found["File Location"] == "A17"


def test_json_leaves_missing_values_out_and_escapes_slashes(client: Client, catalogue: Catalogue) -> None:
    uid = next(uid for uid, series in catalogue.series.items() if series.record.study_date is None)
    answer = client.rest("v1/getSeriesMetaData", SeriesInstanceUID=uid)
    assert "Study Date" not in rows(answer)[0]
    assert b"https:\\/\\/" in answer.data


def test_metadata_that_a_guest_may_not_see_is_no_content(client: Client, catalogue: Catalogue) -> None:
    for uid in (limited(catalogue), "1.2.3"):
        answer = client.rest("v1/getSeriesMetaData", SeriesInstanceUID=uid)
        assert (answer.status, answer.data) == (204, b"")


@pytest.mark.parametrize(
    "call", ["v1/getSeriesMetaData", "v1/getImage", "v4/getSeriesSize", "v1/getDeniedSeries"]
)
def test_a_missing_parameter_is_refused_with_a_sentence(client: Client, call: str) -> None:
    answer = client.rest(call)
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/json")
    assert b"is required" in answer.data


def test_metadata_of_v4_is_a_csv_file_of_40_columns(client: Client, catalogue: Catalogue) -> None:
    answer = client.metadata([("list", uid) for uid in catalogue.public])
    heading, *found = csv.reader(io.StringIO(answer.data.decode()))
    assert (len(heading), len(set(heading)), len(found)) == (40, 40, len(catalogue.public))
    assert [values[heading.index("SeriesInstanceUID")] for values in found] == list(catalogue.public)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="SeriesMetaData.csv"'
    assert heading[-1] == "Authorized"


def test_metadata_of_v4_takes_a_list_joined_by_commas(client: Client, catalogue: Catalogue) -> None:
    found = rows(client.metadata([("list", ",".join(catalogue.public[:3])), ("format", "json")]))
    assert [row["SeriesInstanceUID"] for row in found] == list(catalogue.public[:3])


def test_metadata_of_v4_is_not_cleaned(client: Client, catalogue: Catalogue) -> None:
    told = next(
        series for series in catalogue.series.values() if "\u2013" in (series.record.study_description or "")
    )
    (found,) = rows(client.metadata([("list", told.uid), ("format", "JSON")]))
    assert found["StudyDesc"] == told.record.study_description
    assert found["FileSize"] == told.record.image_bytes


def test_v4_tells_of_limited_series_that_they_are(client: Client, catalogue: Catalogue) -> None:
    form = [("list", limited(catalogue)), ("format", "json")]
    token = client.token(DEMO_USER.name, DEMO_USER.password)
    assert rows(client.metadata(form))[0]["Authorized"] == "0"
    assert rows(client.metadata(form, token))[0]["Authorized"] == "1"


def test_no_rows_are_an_empty_body_without_a_type(client: Client) -> None:
    answer = client.metadata([("list", "1.2.3"), ("format", "json")])
    assert (answer.status, answer.data) == (200, b"")
    assert "Content-Type" not in answer.headers


def test_v4_refuses_parameters_that_it_does_not_know(client: Client, catalogue: Catalogue) -> None:
    answer = client.metadata([("list", catalogue.public[0]), ("colour", "red")])
    assert answer.status == 400
    assert b"colour" in answer.data
    assert b"format, list" in answer.data


def test_v1_does_not_mind_parameters_that_it_does_not_know(client: Client, catalogue: Catalogue) -> None:
    assert client.rest("v1/getSeriesSize", SeriesInstanceUID=catalogue.public[0], colour="red").status == 200


def test_an_unknown_format_is_an_error_of_the_server(client: Client) -> None:
    assert client.rest("v1/getCollectionValues", format="yaml").status == 500


def test_a_single_column_is_not_quoted(client: Client) -> None:
    lines = client.rest("v1/getCollectionValues", format="csv").data.decode().splitlines()
    assert lines[0] == "Collection"
    assert "DEMO-LUNG" in lines
    assert "DEMO-LIMITED" not in lines


@pytest.mark.parametrize(("version", "columns"), [("v1", 24), ("v4", 30)])
def test_series_can_be_searched(client: Client, version: str, columns: int) -> None:
    answer = client.rest(f"{version}/getSeries", Collection="DEMO-LUNG", Modality="CT", format="csv")
    heading, *found = csv.reader(io.StringIO(answer.data.decode()))
    assert (len(heading), len(found)) == (columns, 3)


def test_only_v4_lists_series_that_one_may_not_have(client: Client) -> None:
    assert client.rest("v1/getSeries", Collection="DEMO-LIMITED").data == b""
    assert {row["Authorized"] for row in rows(client.rest("v4/getSeries", Collection="DEMO-LIMITED"))} == {
        "0"
    }


def test_the_size_of_a_series_can_be_had(client: Client, catalogue: Catalogue) -> None:
    record = catalogue.series[catalogue.public[0]].record
    (found,) = rows(client.rest("v4/getSeriesSize", SeriesInstanceUID=record.series_uid))
    assert found == {"TotalSizeInBytes": record.image_bytes, "ObjectCount": record.image_count}


def test_the_images_of_a_series_can_be_listed(client: Client, catalogue: Catalogue) -> None:
    series = catalogue.series[catalogue.public[0]]
    found = rows(client.rest("v1/getSOPInstanceUIDs", SeriesInstanceUID=series.uid))
    assert [row["SOPInstanceUID"] for row in found] == [image.sop_uid for image in series.images]
    assert client.rest("v1/getSOPInstanceUIDs", SeriesInstanceUID=limited(catalogue)).data == b""


def test_denied_series_are_listed(client: Client, catalogue: Catalogue) -> None:
    wanted = f"{catalogue.public[0]},{limited(catalogue)},1.2.3"
    answer = client.rest("v1/getDeniedSeries", seriesList=wanted, userName="null", format="csv")
    assert answer.data.decode().splitlines() == ["SeriesInstanceUID", limited(catalogue), "1.2.3"]


def test_nothing_denied_is_no_content_or_nothing(client: Client, catalogue: Catalogue) -> None:
    uid = limited(catalogue)
    once = client.rest("v1/getDeniedSeries", seriesList=uid, userName=DEMO_USER.name)
    twice = client.rest("v1/getDeniedSeries", seriesList=f"{uid},{uid}", userName=DEMO_USER.name)
    assert (once.status, twice.status, twice.data) == (204, 200, b"")
    denied = client.rest("v1/getDeniedSeries", seriesList=uid, userName=DEMO_USER_WITHOUT_RIGHTS.name)
    assert denied.status == 200


@pytest.mark.parametrize(
    "call", ["v2/getSeriesMetadata", "v4/getSeriesMetaData", "v3/getImage", "v1/getNothing", "x"]
)
def test_what_a_version_does_not_have_is_not_found(client: Client, call: str) -> None:
    assert client.rest(call).status == 404


def test_versions_of_the_api_can_be_absent(catalogue: Catalogue) -> None:
    options = ArchiveOptions(rest=frozenset({"v4"}))
    with ArchiveServer(catalogue, options) as server, Client(server) as client:
        assert client.rest("v1/getCollectionValues").status == 404
        assert client.rest("v4/getCollectionValues").status == 200


def test_an_endpoint_has_one_method(client: Client) -> None:
    assert client.rest("v4/getSeriesMetadata", list="1.2.3").status == 405
