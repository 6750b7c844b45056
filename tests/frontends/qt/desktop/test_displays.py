from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from cartload_qt.desktop import displays

if TYPE_CHECKING:
    from collections.abc import Mapping

X11 = {"DISPLAY": ":7"}
WAYLAND = {"WAYLAND_DISPLAY": "wayland-7"}


def obstacle(
    environment: Mapping[str, str], lacking: Mapping[str, str] | None = None, *, answering: str = ""
) -> str:
    return displays.obstacle(
        environment,
        "linux",
        complaint_of=lambda platform: (lacking or {}).get(platform, ""),
        answers=lambda platform: platform == answering,
    )


def test_without_a_display_it_is_said() -> None:
    assert "neither DISPLAY nor WAYLAND_DISPLAY is set" in obstacle({})
    assert not displays.named({}, "linux")


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_macos_and_windows_always_have_one(system: str) -> None:
    assert displays.obstacle({}, system) == ""
    assert displays.named({}, system)


def test_who_chooses_how_to_draw_is_trusted() -> None:
    assert obstacle({"QT_QPA_PLATFORM": "offscreen"}, {"xcb": "x"}) == ""


@pytest.mark.parametrize(
    ("environment", "answering"), [(X11, "xcb"), (WAYLAND, "wayland"), (X11 | WAYLAND, "xcb")]
)
def test_one_display_that_answers_is_enough(environment: Mapping[str, str], answering: str) -> None:
    assert obstacle(environment, answering=answering) == ""


def test_a_display_that_does_not_answer_is_named() -> None:
    assert "does not answer, or does not let you in (DISPLAY=:7)" in obstacle(X11)


def test_a_library_that_the_display_needs_is_named_with_its_package() -> None:
    said = obstacle(X11, {"xcb": "libxcb-cursor.so.0: cannot open shared object file"}, answering="xcb")
    assert "the system lacks what Qt needs: libxcb-cursor.so.0" in said
    assert "apt-get install" in said
    assert "libxcb-cursor0" in said


def test_a_display_that_could_do_is_not_given_up_for_one_that_lacks_a_library() -> None:
    both = WAYLAND | X11
    assert obstacle(both, {"wayland": "libwayland-client.so.0: no"}, answering="xcb") == ""
    assert "DISPLAY=:7" in obstacle(both, {"wayland": "libwayland-client.so.0: no"})


def test_a_complaint_that_names_no_library_is_repeated() -> None:
    assert "cannot be loaded: DLL load failed" in displays.lacking_text((), "DLL load failed")


@pytest.mark.skipif(sys.platform != "linux", reason="the others have none of these")
@pytest.mark.parametrize("environment", [{"DISPLAY": ":4711"}, {"WAYLAND_DISPLAY": "nowhere-4711"}])
def test_a_display_that_is_not_there_is_found_out(
    environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert "does not answer" in displays.obstacle(environment, complaint_of=lambda _: "")
