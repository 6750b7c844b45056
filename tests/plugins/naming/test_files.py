"""Image files are called by their order, by the server's name, or by UID; always distinct and safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.model import ImageHeader, SeriesUID, SOPInstanceUID
from cartload.paths import collision_key, component
from cartload.settings import FileNames
from cartload_plugins.naming.files import FileNaming

if TYPE_CHECKING:
    from random import Random


def image(sop: str, server_name: str = "", **attributes: str) -> ImageHeader:
    return ImageHeader(SOPInstanceUID(sop), SeriesUID("1.2"), attributes, server_name)


def server_names(*names: str) -> list[str]:
    images = [image(f"1.{at}", name, InstanceNumber=str(at)) for at, name in enumerate(names, start=1)]
    return FileNaming(FileNames.SERVER).names(images)


def test_ordinals_are_the_default() -> None:
    assert FileNaming().names([image("1.2", InstanceNumber="7"), image("1.1", InstanceNumber="3")]) == [
        "1-2.dcm",
        "1-1.dcm",
    ]


def test_uids_become_names() -> None:
    assert FileNaming(FileNames.UID).names([image("1.2.3")]) == ["1.2.3.dcm"]


def test_the_servers_names_are_kept() -> None:
    assert server_names("1-001.dcm", "IM2.DCM", "1.2.3") == ["1-001.dcm", "IM2.DCM", "1.2.3.dcm"]


def test_the_uid_that_a_servlet_puts_before_the_name_is_taken_off() -> None:
    assert server_names("1.1^1-001.dcm") == ["1-001.dcm"]


@pytest.mark.parametrize("name", ["", ".dcm", " ", "a/", "..", ".", "\u00ad", "\u00ad.dcm"])
def test_an_image_that_the_server_does_not_name_is_called_by_its_order(name: str) -> None:
    assert server_names(name) == ["1-1.dcm"]


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("../../etc/passwd", "passwd.dcm"),
        ("C:\\x\\y.dcm", "y.dcm"),
        ("con", "_con.dcm"),
        ("a\0b.dcm", "a_b.dcm"),
    ],
)
def test_the_servers_names_are_made_safe(sent: str, name: str) -> None:
    assert server_names(sent) == [component(name)]


def test_names_that_clash_are_told_apart_by_order() -> None:
    assert server_names("x.dcm", "X.dcm", "y.dcm") == ["x-1-1.dcm", "X-1-2.dcm", "y.dcm"]


def test_a_name_met_by_anothers_new_name_is_told_apart_too() -> None:
    assert server_names("x.dcm", "x.dcm", "x-1-1.dcm") == ["x-1-1-1-1.dcm", "x-1-2.dcm", "x-1-1-1-3.dcm"]


def test_names_made_to_clash_for_ever_give_way_to_the_order() -> None:
    planted = ["x.dcm", "x.dcm", "x-1-1.dcm", "x-1-1-1-1.dcm"]
    assert server_names(*planted) == ["1-1.dcm", "1-2.dcm", "1-3.dcm", "1-4.dcm"]


def test_two_images_of_one_uid_both_keep_a_name() -> None:
    images = [image("1.1", "b", InstanceNumber="1"), image("1.1", "a", InstanceNumber="1")]
    assert FileNaming(FileNames.UID).names(images) == ["1.1-1-2.dcm", "1.1-1-1.dcm"]


names = st.one_of(
    st.text(max_size=20), st.sampled_from(["a", "A", "a.dcm", "A-1-1.dcm", "é", "e\u0301", "x" * 300])
)
images = st.lists(
    st.builds(image, st.from_regex(r"1\.[1-9][0-9]?", fullmatch=True), names),
    max_size=20,
    unique_by=lambda each: (each.sop_uid, each.server_name),
)


@given(images, st.sampled_from(FileNames), st.randoms())
def test_names_are_safe_and_distinct_whatever_the_order(
    given_images: list[ImageHeader], kind: FileNames, random: Random
) -> None:
    naming = FileNaming(kind)
    found = naming.names(given_images)
    assert len({collision_key(name) for name in found}) == len(given_images)
    assert all(component(name) == name for name in found)
    assert all(name.lower().endswith(".dcm") for name in found)
    order = list(range(len(found)))
    random.shuffle(order)
    assert naming.names([given_images[at] for at in order]) == [found[at] for at in order]
