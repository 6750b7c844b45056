"""The system's libraries that Qt needs on Linux, and the packages that bring them.

PyQt6's wheels bring Qt, but not these. Most are named when PyQt6 is imported, one at a time; those of the X11
and Wayland plugins only when a window opens, and then Qt ends the process. So they are tried here beforehand.
"""

from __future__ import annotations

import ctypes
import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_FILE = re.compile(r"\b(lib[\w.+-]+\.so(?:\.\d+)*)")


@frozen
class Library:
    """A library's file, and its package on Debian (with Ubuntu) and on Fedora."""

    file: str
    debian: str
    fedora: str


EVERYWHERE = (
    Library("libEGL.so.1", "libegl1", "libglvnd-egl"),
    Library("libGL.so.1", "libgl1", "libglvnd-glx"),
    Library("libX11.so.6", "libx11-6", "libX11"),
    Library("libbrotlidec.so.1", "libbrotli1", "libbrotli"),
    Library("libdbus-1.so.3", "libdbus-1-3", "dbus-libs"),
    Library("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    Library("libfreetype.so.6", "libfreetype6", "freetype"),
    Library("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    Library("libgssapi_krb5.so.2", "libgssapi-krb5-2", "krb5-libs"),
    Library("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
    Library("libzstd.so.1", "libzstd1", "libzstd"),
)
"""What Qt needs wherever it draws, even into memory."""

X11 = (
    Library("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb"),
    Library("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    Library("libxcb-image.so.0", "libxcb-image0", "xcb-util-image"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    Library("libxcb-randr.so.0", "libxcb-randr0", "libxcb"),
    Library("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil"),
    Library("libxcb-render.so.0", "libxcb-render0", "libxcb"),
    Library("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
    Library("libxcb-shm.so.0", "libxcb-shm0", "libxcb"),
    Library("libxcb-sync.so.1", "libxcb-sync1", "libxcb"),
    Library("libxcb-util.so.1", "libxcb-util1", "xcb-util"),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
)

WAYLAND = (
    Library("libwayland-client.so.0", "libwayland-client0", "libwayland-client"),
    Library("libwayland-cursor.so.0", "libwayland-cursor0", "libwayland-cursor"),
)

OF_PLATFORM: Mapping[str, tuple[Library, ...]] = {
    "offscreen": EVERYWHERE,
    "wayland": EVERYWHERE + WAYLAND,
    "xcb": EVERYWHERE + X11,
}
"""What Qt needs for each way to draw, called as ``QT_QPA_PLATFORM`` does."""

_PLUGINS: Mapping[str, str] = {"wayland": "libqwayland.so", "xcb": "libqxcb.so"}


def why_not_loadable(file: str) -> str:
    """Load a library, as Qt will; gives the system's complaint, or nothing."""
    try:
        ctypes.CDLL(file)
    except OSError as error:
        return str(error)
    return ""


def missing(
    platform: str, complaint: str, try_to_load: Callable[[str], str] = why_not_loadable
) -> tuple[Library, ...]:
    """Give all libraries that are not there, the one that *complaint* names first.

    A library that is none of those known has no packages; it is named all the same.
    """
    named = _FILE.search(complaint)
    first = named.group(1) if named else ""
    known = {library.file: library for library in OF_PLATFORM[platform]}
    found = {file: library for file, library in known.items() if file == first or try_to_load(file)}
    if first and first not in found:
        found = {first: Library(first, "", ""), **found}
    return tuple(sorted(found.values(), key=lambda library: library.file != first))


def complaint_of_plugin(platform: str, try_to_load: Callable[[str], str] = why_not_loadable) -> str:
    """Load Qt's plugin for *platform*; gives what it lacks, or nothing.

    Where PyQt6 came from the system's packages it is elsewhere, and they saw to it that nothing is lacking.
    """
    found = find_spec("PyQt6")
    for folder in (found.submodule_search_locations or []) if found else []:
        plugin = Path(folder) / "Qt6" / "plugins" / "platforms" / _PLUGINS[platform]
        if plugin.is_file():
            return try_to_load(str(plugin))
    return ""


def advice(lacking: Iterable[Library]) -> str:
    """Say what to install, on the systems that most have."""
    known = [library for library in lacking if library.debian]
    if not known:
        return "Install the package of your system that has it."
    debian = " ".join(sorted({library.debian for library in known}))
    fedora = " ".join(sorted({library.fedora for library in known}))
    return f"On Debian and Ubuntu: sudo apt-get install {debian}\nOn Fedora: sudo dnf install {fedora}"
