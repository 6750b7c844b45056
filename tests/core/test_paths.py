"""Names become safe path components, and no two directories clash."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import NamingError
from cartload.model import SeriesUID
from cartload.paths import (
    MOST_COMPONENT_BYTES,
    checked,
    collision_key,
    component,
    relative,
    surely_apart,
    tell_apart,
    with_more_digits,
)

if TYPE_CHECKING:
    from random import Random

any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=300)
names = ("CON", "nul", "com1", "LPT\u00b9", "license", "metadata", ".csv", ".dcm", "a", "e", "\u00df")
marks = ("\u0301", "\u200b", "\u202e", "\0", "\n", "\ud800", "\ue000", "\uffff", "\U0001f600")
nasty_text = st.lists(st.sampled_from([*'.. /\\:*?"<>|~1^()-_', *names, *marks]), max_size=12).map("".join)
texts = any_text | nasty_text

# Written from Microsoft's "Naming Files, Paths, and Namespaces", not from the code under test.
WINDOWS_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]) *(\..*)?",
    re.IGNORECASE | re.DOTALL,
)


def is_valid_on_windows(name: str) -> bool:
    return (
        name != ""
        and not any(character < " " or character in '<>:"/\\|?*' for character in name)
        and not name.endswith((" ", "."))
        and WINDOWS_DEVICE.fullmatch(name) is None
        and len(name.encode("utf-16-le")) // 2 <= 255
    )


def is_valid_on_posix(name: str) -> bool:
    return name not in {"", ".", ".."} and "/" not in name and "\0" not in name and len(name.encode()) <= 255


@given(texts)
def test_any_text_becomes_a_name_that_is_valid_everywhere(text: str) -> None:
    name = component(text)
    assert is_valid_on_windows(name)
    assert is_valid_on_posix(name)
    assert len(name.encode()) <= MOST_COMPONENT_BYTES
    assert PurePosixPath(name).parts == PureWindowsPath(name).parts == (name,)


@given(texts)
def test_a_name_is_its_own_name(text: str) -> None:
    name = component(text)
    assert component(name) == name


@given(texts)
def test_a_name_is_composed_and_shows_all_it_holds(text: str) -> None:
    name = component(text)
    assert unicodedata.is_normalized("NFC", name)
    assert not {unicodedata.category(each) for each in name} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(texts)
def test_a_name_never_hides_and_never_is_one_of_cartloads_own(text: str) -> None:
    name = component(text)
    assert not name.startswith((".", " "))
    assert name.casefold() not in {"license", "citation", "metadata.csv"}


@pytest.mark.parametrize(
    "name",
    [
        "LIDC-IDRI-0001",
        "01-01-2000-NA-PETCT HEAD  NECK CA-59359",
        "3000566.000000-03192",
        "1.3.6.1.4.1.14519^(2)_x.dcm",
        "患者-一",
        "Ærø-ñandú",
        "конец",
        "con1",
        "COM",
        "licenses",
    ],
)
def test_an_ordinary_name_is_unchanged(name: str) -> None:
    assert component(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("..", "unnamed"),
        ("", "unnamed"),
        (" . ", "unnamed"),
        ("../../etc/passwd", "_._.._etc_passwd"),
        (".cartload", "_cartload"),
        ("a\u200b\u202eb", "ab"),
        ("a\u200d\u0301", "\u00e1"),
        ("a\0b\nc", "a_b_c"),
        ("\ud800", "_"),
        ("a\u00a0b", "a b"),
        ("e\u0301", "\u00e9"),
        ("C:\\x", "C__x"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("aux .x", "_aux .x"),
        ("com\u00b2", "_com\u00b2"),
        ("com1", "_com1"),
        ("LPT9.x", "_LPT9.x"),
        ("prn", "_prn"),
        ("Citation", "_Citation"),
        ("CONOUT$", "_CONOUT$"),
        ("License", "_License"),
        ("METADATA.CSV", "_METADATA.CSV"),
        ("CARTLO~1", "CARTLO_1"),
        ("name. . ", "name"),
    ],
)
def test_a_dangerous_name_is_made_harmless(text: str, name: str) -> None:
    assert component(text) == name


def test_a_missing_name_becomes_the_fallback_made_safe() -> None:
    assert component("...", fallback="no/patient") == "no_patient"
    assert component("...", fallback="") == "unnamed"


def test_a_long_name_is_cut_on_a_character_and_keeps_its_suffix() -> None:
    name = component("é" * 200 + ".dcm")
    assert name.endswith(".dcm")
    assert name.startswith("é" * 60)
    assert MOST_COMPONENT_BYTES - 1 <= len(name.encode()) <= MOST_COMPONENT_BYTES


def test_long_names_that_differ_at_the_end_stay_different() -> None:
    assert component("x" * 300 + "1") != component("x" * 300 + "2")


@given(st.lists(texts, min_size=1, max_size=5))
def test_joined_parts_are_a_checked_path(parts: list[str]) -> None:
    path = relative(*parts)
    assert len(path.parts) == len(parts)
    assert checked(path) is path


@pytest.mark.parametrize(
    "path", ["", ".", "/a", "a/..", "../a", "a/.hidden", "a/con", "a/b ", "a\\b", "a/LICENSE"]
)
def test_an_unsafe_path_is_refused(path: str) -> None:
    with pytest.raises(NamingError):
        checked(PurePosixPath(path))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A/B", "a/b"),
        ("caf\u00e9", "cafe\u0301"),
        ("CAFE\u0301/x", "caf\u00e9/X"),
        ("stra\u00dfe", "STRASSE"),
        ("a./b", "a/b. "),
        ("\u0345\u0301", "\u0301\u03b9"),
    ],
)
def test_paths_that_some_file_system_takes_for_one_have_one_key(one: str, other: str) -> None:
    assert collision_key(PurePosixPath(one)) == collision_key(PurePosixPath(other))


@pytest.mark.parametrize(("one", "other"), [("a/b", "ab"), ("a b", "ab"), ("a.b", "ab"), ("é", "e")])
def test_paths_that_differ_have_different_keys(one: str, other: str) -> None:
    assert collision_key(PurePosixPath(one)) != collision_key(PurePosixPath(other))


@given(any_text)
def test_the_key_ignores_case_and_composition(text: str) -> None:
    safe = component(text)
    assert collision_key(safe) == collision_key(unicodedata.normalize("NFD", safe))
    assert collision_key(safe) == collision_key(safe.casefold())


def uid(text: str) -> SeriesUID:
    return SeriesUID(text)


def directories(paths: dict[str, str]) -> dict[SeriesUID, str]:
    return {uid(name): path for name, path in paths.items()}


def test_series_that_share_a_directory_get_more_digits_of_their_uids() -> None:
    told = tell_apart(directories({"1.2.1234567890": "c/p/x-67890", "1.2.9994567890": "C/P/X-67890"}))
    assert told == directories(
        {"1.2.1234567890": "c/p/x-67890-1234567890", "1.2.9994567890": "C/P/X-67890-9994567890"}
    )


def test_as_many_digits_are_added_as_tell_the_series_apart() -> None:
    told = tell_apart(directories({"1.5551234567890": "x", "1.6661234567890": "x"}))
    assert list(told.values()) == ["x-1.5551234567890", "x-1.6661234567890"]


def test_a_directory_that_clashes_with_none_stays_the_same_object() -> None:
    alone = "c/p/s"
    told = tell_apart({uid("1.1"): alone, uid("1.2"): "x", uid("1.3"): "X"})
    assert told[uid("1.1")] is alone


def test_series_inside_one_another_are_told_apart() -> None:
    told = tell_apart(directories({"1.1": "a/b", "1.2": "A/B/c/d", "1.3": "a/bc"}))
    assert told == directories({"1.1": "a/b-1.1", "1.2": "A/B/c/d-1.2", "1.3": "a/bc"})


def test_a_directory_met_by_anothers_new_name_is_told_apart_too() -> None:
    told = tell_apart(directories({"1.1": "a", "1.2": "a", "1.3": "a-1.1"}))
    assert told == directories({"1.1": "a-1.1", "1.2": "a-1.2", "1.3": "a-1.1-1.3"})


def test_a_directory_can_be_called_by_more_and_more_digits() -> None:
    series = "1.2.840.99999.1.2.3.4.5.6.7.8.9"
    found = list(with_more_digits("c/s", uid(series)))
    assert found[:2] == [f"c/s-{series[-10:]}", f"c/s-{series[-16:]}"]
    assert found[-1] == f"c/s-{series}"


def test_directories_planted_to_clash_with_every_new_name_end_up_apart() -> None:
    one, other = "1.1" + "0" * 40, "1.2" + "0" * 40
    planted = {one: "a", other: "a", "1.3": f"a-{one}", "1.4": f"a-{one}-1.3"}
    assert_apart(tell_apart(directories(planted)))


def test_directories_that_stay_inside_one_another_are_refused() -> None:
    planted = {"1.1": "a", "1.2": "a", "1.3": "a-1.1/x", "1.4": "a-1.1/x-1.3/y"}
    with pytest.raises(NamingError, match=r"series 1\.1: its directory clashes"):
        tell_apart(directories(planted))


def assert_apart(told: dict[SeriesUID, str]) -> None:
    keys = [collision_key(path) for path in told.values()]
    assert len(set(keys)) == len(keys)
    assert not any(one != other and other.startswith(f"{one}/") for one in keys for other in keys)
    for path in told.values():
        checked(PurePosixPath(path))


uids = st.from_regex(r"1\.2\.[0-9]{1,12}(\.[1-9][0-9]{9,14})?", fullmatch=True).map(SeriesUID)
few_names = st.sampled_from(["a", "A", "b", "é", "E\u0301", "x" * MOST_COMPONENT_BYTES, "p-1"])
few_paths = st.lists(few_names, min_size=1, max_size=4).map(lambda parts: str(relative(*parts)))


@given(st.dictionaries(uids, few_paths, max_size=20), st.randoms())
def test_directories_end_up_apart_whatever_their_order(
    given_paths: dict[SeriesUID, str], random: Random
) -> None:
    told = tell_apart(given_paths)
    assert_apart(told)
    shuffled = list(given_paths.items())
    random.shuffle(shuffled)
    assert tell_apart(dict(shuffled)) == told


@given(st.dictionaries(uids, few_paths, max_size=6))
def test_directories_that_are_surely_apart_are_left_as_they_are(given_paths: dict[SeriesUID, str]) -> None:
    if surely_apart(given_paths.values()):
        assert tell_apart(given_paths) == given_paths


@pytest.mark.parametrize(
    ("paths", "apart"),
    [(["a/b", "a/c"], True), (["a"], True), (["a/b", "A/B"], False), (["a", "a/b"], False)],
)
def test_it_is_told_cheaply_that_directories_are_apart(paths: list[str], apart: bool) -> None:  # noqa: FBT001 - a case
    assert surely_apart(paths) is apart
