"""What archives really send, and what they could: the texts and images that contracts are tried with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from cartload.model import ImageHeader, License, SeriesUID, SOPInstanceUID
from cartload.testing.staged import series_record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from cartload.model import SeriesRecord

TEXTS = (
    "",
    " ",
    ".",
    "..",
    "../../etc/passwd",
    "/absolute",
    "C:\\Windows\\system.ini",
    "\\\\server\\share",
    "CON",
    "nul.dcm",
    "a/b",
    "a\\b",
    'a:b*c?d"e<f>g|h',
    "trailing dot.",
    "trailing blank ",
    " leading blank",
    "~1",
    "CARTLO~1",
    "-rf",
    "$(reboot)",
    "`id`",
    "%2e%2e%2f",
    "new\nline",
    "tab\tand\x00nul",
    "\x1b]52;c;aGk=\x07",
    "\u202egnp.exe",
    "\u200b",
    "\ud800 alone",
    "Gr\u00f6\u00dfe",
    "Gro\u0308\u00dfe",
    "\u80bf\u7624",
    "\U0001f9e0",
    "x" * 300,
    "\u00e4" * 200,
    "LICENSE",
    "metadata.csv",
    ".cartload",
    "null",
    "NA",
)
"""Texts that a server or an image may hold; most of them must not become a path as they are."""

SAFE_NAMES = (
    "1-01.dcm",
    "with blanks and (brackets).dcm",
    "Gr\u00f6\u00dfe \u80bf\u7624.dcm",
    "-rf.dcm",
    "$(reboot);`id`&%2e%2e.dcm",
    "'quoted'.dcm",
    "no suffix",
    "069.xml",
    f"{'long-' * 35}.dcm",
)
"""Names that ``cartload.paths`` lets through: every storage must be able to keep them."""

SAFE_DIRECTORIES = (
    "one",
    "two/parts",
    "TEST/with blanks/a.b.c/1.2.3",
    "TEST/Gr\u00f6\u00dfe/\u80bf\u7624/#1",
    f"TEST/{'p' * 180}/{'s' * 180}/{'d' * 180}",
    "TEST/'quoted'/$(reboot)/%2e%2e",
    "TEST/a/deeper/tree/than/any/bundled/naming/makes",
)


def records() -> Iterator[SeriesRecord]:
    """Give ordinary, empty and hostile records."""
    ordinary = series_record()
    yield ordinary
    yield evolve(
        ordinary,
        study_date=None,
        study_id=None,
        study_description=None,
        series_number=None,
        series_description=None,
        modality=None,
        manufacturer=None,
        license=None,
    )
    for text in TEXTS:
        yield evolve(
            ordinary,
            patient_id=text,
            collection=text,
            study_id=text,
            study_description=text,
            series_number=text,
            series_description=text,
            modality=text,
        )


def series_of_images(attributes: Collection[str]) -> Mapping[str, tuple[ImageHeader, ...]]:
    """Give the images of several series by what is special about them, with no more than *attributes*."""
    stacks = {
        "no image": (),
        "one image": ((1, 1),),
        "two acquisitions, interleaved": tuple((1 + i % 2, 1 + i // 2) for i in range(84)),
        "a hundred and thirty-three images": tuple((1, i) for i in range(133)),
        "every number equal": ((1, 1),) * 12,
        "no numbers": (("", ""),) * 11,
        "some numbers missing": (("", 1), (3, ""), (3, 3), (3, 2)),
        "numbers that are none": (("x", "y"), ("1.5", "-3"), ("\ud800", "1e9"), ("1\\2", "\x00")),
    }
    names = {
        "names in upper and lower case": ("a.dcm", "A.dcm", "A.DCM", "b"),
        "names that are hostile": TEXTS,
        "names that are equal": ("same.dcm",) * 7,
    }
    made = {
        title: tuple(
            _header(number, attributes, {"AcquisitionNumber": str(a), "InstanceNumber": str(i)})
            for number, (a, i) in enumerate(stack)
        )
        for title, stack in stacks.items()
    }
    for title, server_names in names.items():
        made[title] = tuple(
            _header(number, attributes, {"InstanceNumber": str(number)}, name)
            for number, name in enumerate(server_names)
        )
    made["every attribute hostile"] = tuple(
        _header(number, attributes, dict.fromkeys(attributes, text)) for number, text in enumerate(TEXTS)
    )
    return made


def licenses() -> Iterator[License | None]:
    """Give licences that archives name, those that they could, and none."""
    yield None
    yield License("Creative Commons Attribution 4.0 International License", "https://example.invalid/by/4.0/")
    yield License("Creative Commons Attribution-NonCommercial 3.0 Unported License")
    yield License("TCIA Restricted License")
    for text in TEXTS:
        yield License(text, text)


def _header(
    number: int, asked: Collection[str], attributes: Mapping[str, str], server_name: str | None = None
) -> ImageHeader:
    return ImageHeader(
        SOPInstanceUID(f"1.2.826.0.1.3680043.10.3.{number}"),
        SeriesUID(series_record().series_uid),
        {keyword: value for keyword, value in attributes.items() if keyword in asked and value},
        f"{number:08d}.dcm" if server_name is None else server_name,
    )
