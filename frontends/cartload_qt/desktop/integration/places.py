"""Where the desktop looks for what a user has installed.

XDG Base Directory Specification, https://specifications.freedesktop.org/basedir-spec/
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from cartload_qt.desktop.identity import APPLICATION, MANIFEST_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping


@frozen
class Places:
    """A user's data folder and configuration folder."""

    data: Path
    configuration: Path

    @classmethod
    def of(cls, environment: Mapping[str, str], home: Path) -> Places:
        """Read the environment; a path that is not whole counts as none, as the specification wants it."""
        return cls(
            _named(environment.get("XDG_DATA_HOME"), home / ".local" / "share"),
            _named(environment.get("XDG_CONFIG_HOME"), home / ".config"),
        )

    @property
    def applications(self) -> Path:
        """The folder of the desktop entries."""
        return self.data / "applications"

    @property
    def mime(self) -> Path:
        """The folder of the media types."""
        return self.data / "mime"

    @property
    def icons(self) -> Path:
        """The folder of the theme that all others fall back to."""
        return self.data / "icons" / "hicolor"

    @property
    def entry(self) -> Path:
        """The desktop entry."""
        return self.applications / f"{APPLICATION}.desktop"

    @property
    def media_type(self) -> Path:
        """The description of the manifests' media type."""
        return self.mime / "packages" / f"{APPLICATION}.xml"

    @property
    def application_icon(self) -> Path:
        """The icon of the application."""
        return self.icons / "scalable" / "apps" / f"{APPLICATION}.svg"

    @property
    def manifest_icon(self) -> Path:
        """The icon of manifests; it is found by the name of their media type."""
        return self.icons / "scalable" / "mimetypes" / f"{MANIFEST_TYPE.replace('/', '-')}.svg"

    @property
    def defaults(self) -> Path:
        """The list of which application opens what."""
        return self.configuration / "mimeapps.list"


def _named(value: str | None, otherwise: Path) -> Path:
    return Path(value) if value and Path(value).is_absolute() else otherwise
