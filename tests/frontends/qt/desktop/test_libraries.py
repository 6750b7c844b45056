from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from cartload_qt.desktop import libraries
from cartload_qt.desktop.libraries import Library

if TYPE_CHECKING:
    from collections.abc import Callable

COMPLAINT = "libEGL.so.1: cannot open shared object file: No such file or directory"


def without(*files: str) -> Callable[[str], str]:
    return lambda file: f"{file}: no such file" if file in files else ""


def test_what_is_complained_of_comes_first_and_the_rest_with_it() -> None:
    lacking = libraries.missing("offscreen", COMPLAINT, without("libEGL.so.1", "libdbus-1.so.3"))
    assert [library.file for library in lacking] == ["libEGL.so.1", "libdbus-1.so.3"]


def test_a_library_that_nobody_knows_is_named_all_the_same() -> None:
    lacking = libraries.missing("xcb", "libnew-thing.so.7: cannot open shared object file", without())
    assert lacking == (Library("libnew-thing.so.7", "", ""),)
    assert libraries.advice(lacking) == "Install the package of your system that has it."


def test_a_complaint_without_a_library_names_none() -> None:
    assert libraries.missing("xcb", "DLL load failed while importing QtCore", without()) == ()


def test_packages_are_named_for_both_families_of_systems() -> None:
    lacking = libraries.missing(
        "xcb", "", without("libxcb-cursor.so.0", "libxcb-shm.so.0", "libxcb-xkb.so.1")
    )
    assert libraries.advice(lacking).splitlines() == [
        "On Debian and Ubuntu: sudo apt-get install libxcb-cursor0 libxcb-shm0 libxcb-xkb1",
        "On Fedora: sudo dnf install libxcb xcb-util-cursor",
    ]


def test_a_library_that_is_not_there_is_complained_of() -> None:
    assert "no-such-library" in libraries.why_not_loadable("no-such-library.so.1")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt brings all it needs")
def test_what_qt_draws_these_tests_with_is_all_there() -> None:
    assert libraries.missing("offscreen", "") == ()


@pytest.mark.parametrize("platform", ["wayland", "xcb"])
def test_qt_s_plugin_is_where_it_is_looked_for(platform: str) -> None:
    tried: list[str] = []

    def try_it(file: str) -> str:
        tried.append(file)
        return COMPLAINT

    complaint = libraries.complaint_of_plugin(platform, try_it)
    if sys.platform == "linux" and tried:  # PyQt6 of the system's packages has it elsewhere
        assert complaint == COMPLAINT
        assert platform in tried[0]


def test_no_library_is_listed_twice() -> None:
    for listed in libraries.OF_PLATFORM.values():
        assert len({library.file for library in listed}) == len(listed)
