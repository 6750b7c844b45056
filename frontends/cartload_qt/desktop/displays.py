"""The display that a window needs: Qt ends the process where it finds none, so it is looked for before."""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING

from cartload_qt.desktop import libraries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OWN_CHOICE = "QT_QPA_PLATFORM"
"""Names the way to draw; who sets it knows what is there."""

_VARIABLES: Mapping[str, str] = {"wayland": "WAYLAND_DISPLAY", "xcb": "DISPLAY"}


def named(environment: Mapping[str, str], system: str = sys.platform) -> bool:
    """Tell whether there should be a display: cheap, and true wherever one cannot be without."""
    if system in {"darwin", "win32"}:
        return True
    return any(environment.get(name) for name in (OWN_CHOICE, *_VARIABLES.values()))


def obstacle(
    environment: Mapping[str, str],
    system: str = sys.platform,
    *,
    complaint_of: Callable[[str], str] = libraries.complaint_of_plugin,
    answers: Callable[[str], bool] | None = None,
) -> str:
    """Say why no window can be shown, and what to do; nothing when one can."""
    if not named(environment, system):
        return (
            "there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set.\n"
            "On another computer's terminal, log in with 'ssh -X', or do without the window."
        )
    if environment.get(OWN_CHOICE) or system in {"darwin", "win32"}:
        return ""
    answers = answers or _answers
    complaints = {}
    for platform in (name for name, variable in _VARIABLES.items() if environment.get(variable)):
        complaints[platform] = complaint_of(platform)
        if not complaints[platform] and answers(platform):
            return ""
    return _said(complaints, environment)


def _said(complaints: Mapping[str, str], environment: Mapping[str, str]) -> str:
    """Speak of the display that does not answer, else of the libraries that the first way lacks."""
    silent = [platform for platform, complaint in complaints.items() if not complaint]
    if silent:
        where = ", ".join(f"{_VARIABLES[name]}={environment[_VARIABLES[name]]}" for name in silent)
        return f"the display does not answer, or does not let you in ({where})."
    platform, complaint = next(iter(complaints.items()))
    return lacking_text(libraries.missing(platform, complaint), complaint)


def lacking_text(lacking: tuple[libraries.Library, ...], complaint: str) -> str:
    """Name the libraries that the system lacks, and their packages; else repeat the *complaint*."""
    if not lacking:
        return f"PyQt6 is installed, but cannot be loaded: {complaint}"
    files = ", ".join(library.file for library in lacking)
    return f"the system lacks what Qt needs: {files}.\n{libraries.advice(lacking)}"


def _answers(platform: str) -> bool:
    return _wayland_answers() if platform == "wayland" else _x_server_answers()


def _x_server_answers() -> bool:
    """Connect as Qt does, and let go again."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:  # it has another name here, and Qt finds out
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not failed


def _wayland_answers() -> bool:
    """Connect as Qt does, and let go again."""
    try:
        wayland = ctypes.CDLL("libwayland-client.so.0")
    except OSError:  # likewise
        return True
    wayland.wl_display_connect.restype = ctypes.c_void_p
    display = wayland.wl_display_connect(None)
    if display:
        wayland.wl_display_disconnect(ctypes.c_void_p(display))
    return bool(display)
