"""A layout of the user's own, such as ``{collection}/{patient_id}/{series_number}/{ordinal}.dcm``.

A template is data, never code: a field is looked up by its whole name in a fixed list, and no attribute
or index of anything is reachable from it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.errors import NamingError
from cartload.paths import relative
from cartload_plugins.naming import fields
from cartload_plugins.naming.files import distinct_names
from cartload_plugins.naming.ordinals import ATTRIBUTES, Ordinal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import PurePosixPath

    from cartload.model import ImageHeader, SeriesRecord

_TOKEN = re.compile(r"(?P<brace>\{\{|\}\})|\{(?P<field>[^{}]*)\}|(?P<slash>/)|(?P<stray>[{}\\])|[^{}/\\]+")
_TELLS_APART = ({"ordinal"}, {"sop_uid"}, {"acquisition", "instance"})
_ADVICE = (
    f"Fields of a series: {', '.join(fields.SERIES_FIELDS)}. Fields of an image, in the file name only: "
    f"{', '.join(fields.IMAGE_FIELDS)}, dicom.<Keyword>."
)


@frozen
class Field:
    """One field of a template: its name, and how it is written."""

    name: str
    layout: str


Component = tuple["Field | str", ...]
"""The pieces of one path component: texts and fields."""


@frozen
class Template:
    """A checked template: the components of the directory, and the file name."""

    text: str
    directory: tuple[Component, ...]
    file_name: Component

    @classmethod
    def parse(cls, text: str) -> Template:
        """Take a template apart; raises NamingError that tells where it is wrong."""
        *directory, file_name = _components(text)
        if not directory:
            raise _fault(text, 0, "it has no directory: at least one '/' is needed")
        template = cls(text, tuple(directory), file_name)
        whole = {piece.name for piece in file_name if isinstance(piece, Field) and "." not in piece.layout}
        if not any(needed <= whole for needed in _TELLS_APART):
            raise _fault(
                text,
                text.rindex("/") + 1,
                "its file name cannot tell two images apart: it needs {ordinal}, {sop_uid}, or both "
                "{acquisition} and {instance}, uncut",
            )
        return template

    @property
    def keywords(self) -> frozenset[str]:
        """Name the DICOM keywords that its file name asks for."""
        names = [fields.keyword(piece.name) for piece in self.file_name if isinstance(piece, Field)]
        return frozenset(name for name in names if name is not None)


@frozen
class TemplateNaming:
    """Names directories and files by the user's template."""

    template: Template

    @property
    def attributes(self) -> frozenset[str]:
        """Name what the ordinals and the template's own fields need of each image."""
        return ATTRIBUTES | self.template.keywords

    def directory(self, series: SeriesRecord) -> PurePosixPath:
        """Give the series' directory; a component of which nothing is left is called ``unnamed``."""
        return relative(
            *(
                _filled(each, lambda name: fields.series_value(name, series))
                for each in self.template.directory
            )
        )

    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        """Give each image its name."""

        def name_of(image: ImageHeader, ordinal: Ordinal) -> str:
            def value(name: str) -> fields.Value:
                if fields.is_of_image(name):
                    return fields.image_value(name, image, ordinal)
                return fields.series_value(name, series)

            return _filled(self.template.file_name, value)

        return distinct_names(images, name_of)


def _filled(component: Component, value: Callable[[str], fields.Value]) -> str:
    return "".join(
        piece if isinstance(piece, str) else fields.written(value(piece.name), piece.layout)
        for piece in component
    )


def _components(text: str) -> Iterator[Component]:
    pieces: list[Field | str] = []
    tokens = list(_TOKEN.finditer(text))
    directory_end = max((token.start() for token in tokens if token["slash"]), default=0)
    for token in tokens:
        if token["slash"]:
            yield _component(text, token.start(), pieces)
            pieces = []
        elif token["stray"]:
            raise _fault(text, token.start(), _STRAY[token["stray"]])
        elif token["field"] is not None:
            pieces.append(_field(text, token, in_directory=token.start() < directory_end))
        else:
            pieces.append(token["brace"][0] if token["brace"] else token.group())
    yield _component(text, len(text), pieces)


_STRAY = {
    "{": "a '{' that is never closed; write '{{' for the character itself",
    "}": "a '}' that was never opened; write '}}' for the character itself",
    "\\": "a backslash; write '/' between the parts, on Windows too",
}


def _component(text: str, end: int, pieces: Sequence[Field | str]) -> Component:
    if not pieces:
        raise _fault(text, end, "a part of the path that is empty")
    return tuple(pieces)


def _field(text: str, token: re.Match[str], *, in_directory: bool) -> Field:
    name, _, layout = token["field"].partition(":")
    if not fields.is_known(name):
        raise _fault(text, token.start(), f"an unknown field {name!r}")
    if in_directory and fields.is_of_image(name):
        raise _fault(text, token.start(), f"{name!r} differs from image to image, and stands in a directory")
    if not fields.is_valid_layout(name, layout):
        raise _fault(text, token.start(), f"{layout!r} is no way to write {name!r}")
    return Field(name, layout)


def _fault(text: str, position: int, what: str) -> NamingError:
    return NamingError(
        f"at character {position + 1} of {text!r}: {what}.", subject="the template", advice=_ADVICE
    )
