"""What a template can name: the fields of a series and of an image, and how each is written."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import attrs

from cartload.headers import tag_of
from cartload.model import SeriesRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cartload.model import ImageHeader
    from cartload_plugins.naming.ordinals import Ordinal

Value = str | date | None

_DICOM = re.compile(r"dicom\.([A-Za-z][A-Za-z0-9]*)")
_LAYOUT = re.compile(r"([0-9]{1,3})?(?:\.([0-9]{1,3}))?")

SERIES_FIELDS = tuple(field.name for field in attrs.fields(SeriesRecord))

IMAGE_FIELDS: Mapping[str, Callable[[ImageHeader, Ordinal], str]] = {
    "ordinal": lambda _, ordinal: str(ordinal),
    "acquisition": lambda _, ordinal: ordinal.acquisition,
    "instance": lambda _, ordinal: ordinal.instance,
    "sop_uid": lambda image, _: image.sop_uid,
    "server_name": lambda image, _: image.server_name,
}

# Figures only: names of days and months would depend on the user's language.
_DATE_PARTS: Mapping[str, Callable[[date], str]] = {
    "%Y": lambda day: f"{day.year:04}",
    "%y": lambda day: f"{day.year % 100:02}",
    "%m": lambda day: f"{day.month:02}",
    "%d": lambda day: f"{day.day:02}",
    "%j": lambda day: f"{day.timetuple().tm_yday:03}",
    "%%": lambda _: "%",
}
_DATE_PART = re.compile("%.?|/")  # a slash would look like the end of a directory


def keyword(name: str) -> str | None:
    """Give the DICOM keyword of a field such as ``dicom.InstanceNumber``, None for other fields."""
    found = _DICOM.fullmatch(name)
    return found.group(1) if found else None


def is_known(name: str) -> bool:
    """Tell whether a template may use the field *name*."""
    of_image = keyword(name)
    if of_image is not None:
        return tag_of(of_image) is not None
    return name in SERIES_FIELDS or name in IMAGE_FIELDS


def is_of_image(name: str) -> bool:
    """Tell whether the field differs from image to image."""
    return name in IMAGE_FIELDS or keyword(name) is not None


def is_valid_layout(name: str, layout: str) -> bool:
    """Tell whether *layout*, what a template says after the colon, can be used for the field *name*."""
    if name == "study_date":
        return all(part in _DATE_PARTS for part in _DATE_PART.findall(layout))
    return _LAYOUT.fullmatch(layout) is not None


def series_value(name: str, series: SeriesRecord) -> Value:
    """Give a field of a series; *name* is one of ``SERIES_FIELDS``."""
    value: object = getattr(series, name)
    if name == "license":
        return series.license.name if series.license else None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if value is None or isinstance(value, date) else str(value)


def image_value(name: str, image: ImageHeader, ordinal: Ordinal) -> Value:
    """Give a field of an image."""
    of_image = keyword(name)
    return image.attributes.get(of_image) if of_image else IMAGE_FIELDS[name](image, ordinal)


def written(value: Value, layout: str) -> str:
    """Write *value*: a date by its parts (ISO 8601 if none are named), a text by width and precision.

    A width that begins with a zero fills with zeros on the left, any other with blanks on the right.
    """
    if value is None:
        return ""
    if isinstance(value, date):
        return _DATE_PART.sub(lambda part: _DATE_PARTS[part.group()](value), layout or "%Y-%m-%d")
    width, precision = _layout(layout)
    text = value if precision is None else value[:precision]
    return text.zfill(int(width)) if width.startswith("0") else text.ljust(int(width or 0))


def _layout(layout: str) -> tuple[str, int | None]:
    found = _LAYOUT.fullmatch(layout)
    width, precision = found.groups() if found else (None, None)
    return width or "", None if precision is None else int(precision)
