"""The names of a series' image files: by order, by the server's name, or by UID."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.paths import collision_key, component
from cartload.settings import FileNames
from cartload_plugins.naming.ordinals import ATTRIBUTES, Ordinal, ordinals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cartload.model import ImageHeader

SUFFIX = ".dcm"


@frozen
class FileNaming:
    """Names the images of a series; every naming but the template has one."""

    kind: FileNames = FileNames.ORDINAL

    @property
    def attributes(self) -> frozenset[str]:
        """Name what the ordinals need; other kinds need them too, to tell equal names apart."""
        return ATTRIBUTES

    def names(self, images: Sequence[ImageHeader]) -> list[str]:
        """Give each image its name, in the order given, distinct even without case."""
        return distinct_names(images, self._name)

    def _name(self, image: ImageHeader, ordinal: Ordinal) -> str:
        if self.kind is FileNames.UID:
            return f"{image.sop_uid}{SUFFIX}"
        if self.kind is FileNames.SERVER:
            stem, suffix = _server_name(image)
            return f"{component(stem, fallback=str(ordinal))}{suffix}"
        return f"{ordinal}{SUFFIX}"


def distinct_names(
    images: Sequence[ImageHeader], name_of: Callable[[ImageHeader, Ordinal], str]
) -> list[str]:
    """Name images by *name_of*; those whose names clash get their ordinal added, which is never shared.

    If names were made to clash even so, all images are named by their ordinals.
    """
    places = ordinals(images)
    names = [component(name_of(image, place)) for image, place in zip(images, places, strict=True)]
    for _ in range(2):
        clashing = _clashing(names)
        if not clashing:
            return names
        for position in clashing:
            names[position] = _marked(names[position], places[position])
    return [f"{place}{SUFFIX}" for place in places] if _clashing(names) else names


def _server_name(image: ImageHeader) -> tuple[str, str]:
    """Part the server's name, without folders and without the UID that servlets put before it."""
    name = image.server_name.replace("\\", "/").rpartition("/")[2]
    name = name.removeprefix(f"{image.sop_uid}^").rstrip(" .")
    stem, suffix = name[: -len(SUFFIX)], name[-len(SUFFIX) :]
    return (stem, suffix) if suffix.lower() == SUFFIX else (name, SUFFIX)


def _marked(name: str, place: Ordinal) -> str:
    stem, dot, suffix = name.rpartition(".")
    return component(f"{stem}-{place}.{suffix}" if dot and stem else f"{name}-{place}")


def _clashing(names: Sequence[str]) -> list[int]:
    keys = [collision_key(name) for name in names]
    counts = Counter(keys)
    return [position for position, key in enumerate(keys) if counts[key] > 1]
