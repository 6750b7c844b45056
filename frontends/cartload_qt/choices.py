"""What the user chooses in the window, laid over the settings that it begins with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs
from attrs import frozen

from cartload.settings import FileNames

if TYPE_CHECKING:
    from cartload.settings import Settings


@frozen(kw_only=True)
class Choices:
    """Where the cart goes, and how; each but the directory is a setting of the same name."""

    directory: Path
    naming: str = "descriptive"
    template: str | None = None
    file_names: FileNames = FileNames.ORDINAL
    annotations: bool | None = None
    check: bool = True
    jobs: int = 4

    @classmethod
    def of(cls, settings: Settings, directory: Path) -> Choices:
        """Begin with what the settings say."""
        names = [field.name for field in attrs.fields(cls) if field.name != "directory"]
        return cls(directory=directory, **{name: getattr(settings, name) for name in names})

    def over(self, settings: Settings) -> Settings:
        """Lay them over *settings*: what the window shows holds, also an "as the manifest says"."""
        chosen = attrs.asdict(self, recurse=False, filter=lambda field, _: field.name != "directory")
        return attrs.evolve(settings, **chosen)


def usual_directory() -> Path:
    """Give the folder that a cart goes into when nobody says otherwise."""
    downloads = Path.home() / "Downloads"
    return downloads if downloads.is_dir() else Path.home()
