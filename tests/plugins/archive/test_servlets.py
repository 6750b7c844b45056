from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pydicom
import pytest

from cartload.testing.catalogue import DEMO_USER, DEMO_USER_WITHOUT_RIGHTS, Access, Catalogue
from cartload_archive import ArchiveOptions, ArchiveServer, Order
from cartload_archive.passwords import encrypted
from plugins.archive.client import Client, tar_contents, tar_names

if TYPE_CHECKING:
    from cartload.testing.archive import ArchiveSeries

SECRET = encrypted(DEMO_USER.password, ArchiveOptions().password_key)


def annotated(catalogue: Catalogue) -> ArchiveSeries:
    return next(series for series in catalogue.series.values() if series.annotations)


def limited(catalogue: Catalogue) -> ArchiveSeries:
    return next(series for series in catalogue.series.values() if series.access is Access.LIMITED)


# --- the version check ------------------------------------------------------------------------


def test_the_version_check_answers_six_lines(client: Client) -> None:
    answer = client.servlet([("os", "ubuntu"), ("appVersion", "4.41")], "Version", None)
    assert answer.status == 200
    lines = answer.data.decode().splitlines()
    assert len(lines) == 6
    assert (lines[0], lines[2], lines[3]) == ("4.4", ArchiveOptions().password_key, "false")


def test_the_version_check_of_an_old_server_has_three_lines(catalogue: Catalogue) -> None:
    options = ArchiveOptions(servlets="V3", version_lines=3, newest_retriever="3.4")
    with ArchiveServer(catalogue, options) as server, Client(server) as client:
        assert len(client.servlet([("os", "ubuntu")], "Version", None).data.decode().splitlines()) == 3


def test_the_version_check_fails_without_an_operating_system(client: Client) -> None:
    assert client.servlet([("appVersion", "4.41")], "Version", None).status == 500


def test_a_server_can_demand_a_newer_retriever(catalogue: Catalogue) -> None:
    with ArchiveServer(catalogue, ArchiveOptions(force_upgrade=True)) as server, Client(server) as client:
        assert client.servlet([("os", "x")], "Version", None).data.decode().splitlines()[3] == "true"


# --- the list of a cart -----------------------------------------------------------------------


def test_the_list_has_a_line_of_24_fields_for_each_series(client: Client, catalogue: Catalogue) -> None:
    answer = client.cart(catalogue.public)
    lines = [line.split("|") for line in answer.data.decode().splitlines()]
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert {fields[3] for fields in lines} == set(catalogue.public)
    assert {len(fields) for fields in lines} == {24}


def test_a_line_says_what_the_archive_holds(client: Client, catalogue: Catalogue) -> None:
    series = annotated(catalogue)
    fields = client.cart([series.uid]).data.decode().strip("\n").split("|")
    record = series.record
    assert fields[:4] == [record.collection, record.patient_id, record.study_uid, record.series_uid]
    assert fields[4:8] == ["Yes", "84", str(sum(image.size for image in series.images)), "230"]
    assert fields[8:12] == ["url", "displayName", "true", "01-01-2000"]
    assert fields[12:16] == ["NA", "CT CHEST WO  W 2-phase", "3000566.000000", "AXIALTHIN 2.5mm"]
    assert fields[16:20] == ["NO", "https://doi.org/10.7937/demolung.2024", "PHANTOM MEDICAL INC.", "CT"]
    assert fields[20:] == [
        "1.2.840.10008.5.1.4.1.1.2",
        "CT Image Storage",
        "Creative Commons Attribution 4.0 International License",
        "https://creativecommons.org/licenses/by/4.0/",
    ]


def test_missing_values_are_na_null_or_nothing(client: Client, catalogue: Catalogue) -> None:
    bare = next(series for series in catalogue.series.values() if series.record.study_date is None)
    fields = client.cart([bare.uid]).data.decode().strip("\n").split("|")
    assert fields[11:16] == ["", "NA", "NA", "2.000000", "NA"]
    unnumbered = next(series for series in catalogue.series.values() if series.record.series_number is None)
    assert client.cart([unnumbered.uid]).data.decode().split("|")[14] == "null"
    unlicensed = next(uid for uid in catalogue.public if catalogue.series[uid].record.license is None)
    assert client.cart([unlicensed]).data.decode().strip("\n").split("|")[22:] == ["null", "null"]


def test_servlet_v3_has_16_fields_and_cleans_in_its_own_way(client: Client, catalogue: Catalogue) -> None:
    fields = client.cart([annotated(catalogue).uid], version="V3").data.decode().strip("\n").split("|")
    assert fields[12:] == ["null", "CT CHEST W/O  W 2phase", "3000566.000000", "AXIALTHIN 2.5mm"]


def test_the_list_can_be_had_by_get(client: Client, catalogue: Catalogue) -> None:
    fields = {"numberOfSeries": "1", "series1": catalogue.public[0]}
    answer = client.pool.request("GET", f"{client.server.servlet_url}V4", fields=fields)
    assert answer.status == 200
    assert answer.data.count(b"\n") == 1


@pytest.mark.parametrize(("count", "status"), [("0", 400), ("-1", 400), ("many", 500)])
def test_a_cart_of_no_series_is_refused(client: Client, count: str, status: int) -> None:
    assert client.servlet([("numberOfSeries", count)]).status == status


def test_one_unknown_series_refuses_the_whole_cart(client: Client, catalogue: Catalogue) -> None:
    answer = client.cart([*catalogue.public, "1.2.3"])
    assert answer.status == 460
    assert b"<title>HTTP Status 460 - Unknown Reason</title>" in answer.data
    assert b"Login needed." in answer.data
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_series_asked_for_twice_refuses_the_whole_cart(client: Client, catalogue: Catalogue) -> None:
    assert client.cart([catalogue.public[0]] * 2).status == 460


def test_a_guest_may_not_list_a_limited_series(client: Client, catalogue: Catalogue) -> None:
    assert client.cart([limited(catalogue).uid]).status == 460


def test_a_user_may_list_the_series_of_the_account(client: Client, catalogue: Catalogue) -> None:
    assert client.cart(tuple(catalogue.series), DEMO_USER.name, SECRET).status == 200


def test_a_user_without_the_right_is_told_so(client: Client, catalogue: Catalogue) -> None:
    secret = encrypted(DEMO_USER_WITHOUT_RIGHTS.password, ArchiveOptions().password_key)
    answer = client.cart([limited(catalogue).uid], DEMO_USER_WITHOUT_RIGHTS.name, secret)
    assert answer.status == 462
    assert b"Insufficient privilege." in answer.data


@pytest.mark.parametrize("password", ["", "00", SECRET.lower()])
def test_a_wrong_password_is_told_so(client: Client, catalogue: Catalogue, password: str) -> None:
    assert client.cart(catalogue.public, DEMO_USER.name, password).status == 461


def test_a_user_without_a_password_header_breaks_the_server(client: Client, catalogue: Catalogue) -> None:
    assert client.cart(catalogue.public, DEMO_USER.name, None).status == 500


# --- one series -------------------------------------------------------------------------------


def test_a_series_has_annotations_first_and_the_md5_list_last(client: Client, catalogue: Catalogue) -> None:
    names = tar_names(client.series(annotated(catalogue).uid))
    assert names[:2] == ["069.xml", "070.xml"]
    assert names[-1] == "md5hashes.csv"
    assert len(names) == 84 + 3


def test_the_answer_is_chunked_and_says_neither_type_nor_length(client: Client, catalogue: Catalogue) -> None:
    answer = client.series(catalogue.public[0])
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert not {"Content-Type", "Content-Length"} & set(answer.headers)


def test_images_are_named_by_uid_and_ordinals(client: Client, catalogue: Catalogue) -> None:
    series = annotated(catalogue)
    names = [name for name in tar_names(client.series(series.uid)) if "^" in name]
    assert [name.partition("^")[2] for name in names] == [f"{a:02d}-01.dcm" for a in range(1, 85)]
    assert {name.partition("^")[0] for name in names} == {image.sop_uid for image in series.images}


def test_a_server_can_order_as_documented(catalogue: Catalogue) -> None:
    with ArchiveServer(catalogue, ArchiveOptions(order=Order.DOCUMENTED)) as server, Client(server) as client:
        names = [name for name in tar_names(client.series(annotated(catalogue).uid)) if "^" in name]
    assert [name.partition("^")[2] for name in names] == [
        f"{a}-{i:02d}.dcm" for a in (1, 2) for i in range(1, 43)
    ]


def test_images_are_named_by_uid_alone_when_no_new_names_are_asked_for(
    client: Client, catalogue: Catalogue
) -> None:
    names = tar_names(client.series(catalogue.public[1], newFileNames="", getMD5Hash="No"))
    assert names == [f"{image.sop_uid}.dcm" for image in catalogue.series[catalogue.public[1]].images]


def test_the_stored_bytes_arrive_and_are_dicom(client: Client, catalogue: Catalogue) -> None:
    series = annotated(catalogue)
    stored = {str(image.sop_uid): image.read() for image in series.images}
    for name, content in tar_contents(client.series(series.uid)).items():
        uid, circumflex, _ = name.partition("^")
        if circumflex:
            assert content == stored[uid]
            assert pydicom.dcmread(io.BytesIO(content)).SOPInstanceUID == uid


def test_the_md5_list_is_true_for_every_image_and_no_annotation(client: Client, catalogue: Catalogue) -> None:
    contents = tar_contents(client.series(annotated(catalogue).uid))
    lines = contents.pop("md5hashes.csv").decode().splitlines()
    images = {name.partition("^")[2]: content for name, content in contents.items() if "^" in name}
    assert lines[0] == "Filename,MD5Hash"
    assert dict(line.split(",") for line in lines[1:]) == {
        name: hashlib.md5(content, usedforsecurity=False).hexdigest() for name, content in images.items()
    }


@pytest.mark.parametrize("flag", ["includeAnnotation", "hasAnnotation"])
def test_annotations_must_be_wanted_and_known(client: Client, catalogue: Catalogue, flag: str) -> None:
    answer = client.series(annotated(catalogue).uid, **{flag: "false"})
    assert not any(name.endswith(".xml") for name in tar_names(answer))


def test_servlet_v3_has_no_md5_list(client: Client, catalogue: Catalogue) -> None:
    assert "md5hashes.csv" not in tar_names(client.series(catalogue.public[0], version="V3"))


def test_held_images_are_left_out_and_the_rest_keep_their_names(client: Client, catalogue: Catalogue) -> None:
    whole = [name for name in tar_names(client.series(catalogue.public[0])) if "^" in name]
    held = ",".join(f"'{name.partition('^')[0]}'" for name in whole[::2])
    rest = [name for name in tar_names(client.series(catalogue.public[0], sopUids=held)) if "^" in name]
    assert rest == whole[1::2]


def test_exclusion_is_a_search_in_the_text(client: Client, catalogue: Catalogue) -> None:
    series = catalogue.series[catalogue.public[0]]
    longer = f"'{series.images[0].sop_uid}77'"
    assert series.images[0].sop_uid not in "".join(tar_names(client.series(series.uid, sopUids=longer)))


def test_a_series_of_which_all_is_held_is_refused(client: Client, catalogue: Catalogue) -> None:
    series = catalogue.series[catalogue.public[0]]
    held = ",".join(f"'{image.sop_uid}'" for image in series.images)
    assert client.series(series.uid, sopUids=held).status == 403


@pytest.mark.parametrize("uid", ["1.2.3", "", "limited"])
def test_a_series_that_one_may_not_have_is_refused(client: Client, catalogue: Catalogue, uid: str) -> None:
    answer = client.series(limited(catalogue).uid if uid == "limited" else uid)
    assert answer.status == 403
    assert b"Access Denied" in answer.data


def test_a_series_request_without_the_password_header_breaks_the_server(
    client: Client, catalogue: Catalogue
) -> None:
    assert client.series(catalogue.public[0], password=None).status == 500


def test_a_user_gets_a_limited_series(client: Client, catalogue: Catalogue) -> None:
    answer = client.series(limited(catalogue).uid, userId=DEMO_USER.name, password=SECRET)
    assert answer.status == 200


def test_a_wrong_password_gets_no_series(client: Client, catalogue: Catalogue) -> None:
    assert client.series(catalogue.public[0], userId=DEMO_USER.name, password="00").status == 403


# --- which servlets there are -----------------------------------------------------------------


@pytest.mark.parametrize("version", ["", "V2", "V5", "x"])
def test_servlets_that_keep_baskets_are_not_there(client: Client, catalogue: Catalogue, version: str) -> None:
    assert client.cart(catalogue.public, version=version).status == 404


def test_an_older_server_has_no_v4(catalogue: Catalogue) -> None:
    with ArchiveServer(catalogue, ArchiveOptions(servlets="V3")) as server, Client(server) as client:
        assert client.cart(catalogue.public).status == 404
        assert client.cart(catalogue.public, version="V3").status == 200


@pytest.mark.parametrize("version", ["", "Version", "V3", "V4"])
def test_a_server_may_have_no_servlets(catalogue: Catalogue, version: str) -> None:
    with ArchiveServer(catalogue, ArchiveOptions(servlets=None)) as server, Client(server) as client:
        assert client.cart(catalogue.public, version=version).status == 404
