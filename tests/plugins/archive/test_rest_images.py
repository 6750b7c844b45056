from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.testing.catalogue import DEMO_USER, Access, ArchiveSeries, Catalogue
from cartload_archive import ArchiveOptions, ArchiveServer, Compression, Order
from plugins.archive.client import Client, zip_contents

if TYPE_CHECKING:
    from collections.abc import Mapping


def annotated(catalogue: Catalogue) -> ArchiveSeries:
    return next(series for series in catalogue.series.values() if series.annotations)


def limited(catalogue: Catalogue) -> ArchiveSeries:
    return next(series for series in catalogue.series.values() if series.access is Access.LIMITED)


def digests(contents: Mapping[str, bytes]) -> dict[str, str]:
    return {
        name: hashlib.md5(content, usedforsecurity=False).hexdigest()
        for name, content in contents.items()
        if name.endswith(".dcm")
    }


def listed(contents: Mapping[str, bytes]) -> dict[str, str]:
    heading, *lines = contents["md5hashes.csv"].decode().splitlines()
    assert heading == "Filename,MD5Hash"
    return dict(line.split(",") for line in lines)


@pytest.mark.parametrize("compression", Compression)
def test_a_series_is_a_licence_and_numbered_images(catalogue: Catalogue, compression: Compression) -> None:
    series = annotated(catalogue)
    options = ArchiveOptions(compression=compression)
    with ArchiveServer(catalogue, options) as server, Client(server) as client:
        answer = client.rest("v1/getImage", SeriesInstanceUID=series.uid)
    contents = zip_contents(answer)
    assert list(contents) == ["LICENSE", *(f"{number:08d}.dcm" for number in range(1, 85))]
    assert sorted(digests(contents).values()) == sorted(image.md5 for image in series.images)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{series.uid}.zip"'
    assert answer.headers["Transfer-Encoding"] == "chunked"


def test_numbered_images_are_in_no_order_of_anatomy(client: Client, catalogue: Catalogue) -> None:
    series = annotated(catalogue)
    contents = zip_contents(client.rest("v1/getImage", SeriesInstanceUID=series.uid))
    assert list(digests(contents).values()) != [image.md5 for image in series.images]


def test_the_licence_text_has_the_short_name_and_the_policy(client: Client, catalogue: Catalogue) -> None:
    license_text = zip_contents(client.rest("v1/getImage", SeriesInstanceUID=annotated(catalogue).uid))[
        "LICENSE"
    ]
    assert b"CC BY 4.0" in license_text
    assert license_text.decode().endswith(str(catalogue.policy))


def test_without_licence_and_policy_the_zip_is_empty(catalogue: Catalogue) -> None:
    bare = evolve(catalogue, policy=None)
    uid = next(uid for uid in bare.public if bare.series[uid].record.license is None)
    with ArchiveServer(bare) as server, Client(server) as client:
        assert zip_contents(client.rest("v4/getImage", SeriesInstanceUID=uid)) == {}


def test_new_file_names_are_ordinals(catalogue: Catalogue) -> None:
    with ArchiveServer(catalogue, ArchiveOptions(order=Order.DOCUMENTED)) as server, Client(server) as client:
        answer = client.rest(
            "v2/getImage",
            client.token("nbia_guest", ""),
            SeriesInstanceUID=annotated(catalogue).uid,
            NewFileNames="Yes",
        )
    assert list(zip_contents(answer)) == [
        "LICENSE",
        *(f"{a}-{i:02d}.dcm" for a in (1, 2) for i in range(1, 43)),
    ]


def test_v4_can_add_the_md5_list(client: Client, catalogue: Catalogue) -> None:
    uid = annotated(catalogue).uid
    contents = zip_contents(
        client.rest("v4/getImage", SeriesInstanceUID=uid, NewFileNames="Yes", IncludeMD5="yes")
    )
    assert list(contents)[-1] == "md5hashes.csv"
    assert listed(contents) == digests(contents)
    assert list(listed(contents)) != list(digests(contents))


def test_images_with_md5_have_no_licence(client: Client, catalogue: Catalogue) -> None:
    contents = zip_contents(client.rest("v1/getImageWithMD5Hash", SeriesInstanceUID=annotated(catalogue).uid))
    assert next(iter(contents)) == "00000001.dcm"
    assert listed(contents) == digests(contents)


def test_dcm_images_are_followed_by_md5_list_and_annotations(client: Client, catalogue: Catalogue) -> None:
    answer = client.rest(
        "v1/getDCMImage",
        SeriesInstanceUID=annotated(catalogue).uid,
        IncludeAnnotation="true",
        MD5Verification="true",
    )
    contents = zip_contents(answer)
    assert next(iter(contents)) == "01-01.dcm"
    assert list(contents)[-3:] == ["md5hashes.csv", "069.xml", "070.xml"]
    assert listed(contents) == digests(contents)


def test_dcm_images_alone_are_images_alone(client: Client, catalogue: Catalogue) -> None:
    answer = client.rest(
        "v1/getDCMImage", SeriesInstanceUID=annotated(catalogue).uid, IncludeAnnotation="false"
    )
    assert len(zip_contents(answer)) == 84


def test_one_image_can_be_had(client: Client, catalogue: Catalogue) -> None:
    series = annotated(catalogue)
    image = series.images[5]
    answer = client.rest("v4/getSingleImage", SeriesInstanceUID=series.uid, SOPInstanceUID=image.sop_uid)
    assert answer.data == image.read()
    assert answer.headers["Content-Type"] == "application/dicom"


def test_one_image_of_another_series_is_refused(client: Client, catalogue: Catalogue) -> None:
    image = annotated(catalogue).images[5]
    answer = client.rest(
        "v4/getSingleImage", SeriesInstanceUID=catalogue.public[1], SOPInstanceUID=image.sop_uid
    )
    assert answer.status == 400


@pytest.mark.parametrize("call", ["v1/getImage", "v1/getDCMImage", "v4/getImage", "v4/getImageWithMD5Hash"])
def test_images_that_a_guest_may_not_have_are_refused(
    client: Client, catalogue: Catalogue, call: str
) -> None:
    answer = client.rest(call, SeriesInstanceUID=limited(catalogue).uid)
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/json")


@pytest.mark.parametrize("version", ["v2", "v4"])
def test_a_token_opens_a_limited_series(client: Client, catalogue: Catalogue, version: str) -> None:
    series = limited(catalogue)
    token = client.token(DEMO_USER.name, DEMO_USER.password)
    answer = client.rest(f"{version}/getDCMImage", token, SeriesInstanceUID=series.uid)
    assert len(zip_contents(answer)) == series.record.image_count
