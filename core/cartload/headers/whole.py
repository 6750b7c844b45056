"""Read with pydicom what the scanner declines: other byte orders, character sets, odd elements."""

from __future__ import annotations

import io
import warnings
from collections.abc import MutableSequence
from typing import TYPE_CHECKING

from cartload.errors import DamagedError
from cartload.headers.encoding import (
    BIG_ENDIAN,
    CHARACTER_SET,
    DEFLATED,
    END_OF_META,
    IMPLICIT,
    LONG_NUMBER_VRS,
    LONG_TEXT_VRS,
    PREAMBLE,
    PREFIX,
    SHORT_NUMBER_VRS,
    SHORT_TEXT_VRS,
    TRANSLATED_VRS,
    UNDEFINED,
    Wanted,
    inflated,
    trimmed,
)

if TYPE_CHECKING:
    from pydicom.dataelem import DataElement, RawDataElement
    from pydicom.dataset import Dataset

# It makes a kilobyte of objects out of 8 bytes of empty sequence items.
_MOST_BYTES = 256 * 1024
_DELIMITERS = frozenset(b"\t\n\f\r\\^=")
"""The characters that reset code extensions (PS3.5 6.1.2.5.3)."""


def read_with_pydicom(data: bytes, wanted: Wanted, server_name: str) -> dict[str, str]:
    """Take the wanted values from the start of a DICOM file; whatever pydicom raises is DamagedError."""
    # Its warnings are about conformance, and would interrupt the user's terminal.
    warnings.filterwarnings("ignore", module=r"pydicom\.")
    try:
        dataset = _dataset(data[:_MOST_BYTES], wanted)
        texts = {keyword: _text(dataset, tag) for tag, keyword in wanted.keywords.items()}
    except Exception as error:
        raise DamagedError(
            f"its header cannot be read: {type(error).__name__}: {str(error)[:200]}.", subject=server_name
        ) from error
    return {keyword: text for keyword, text in texts.items() if text}


def _dataset(data: bytes, wanted: Wanted) -> Dataset:
    from pydicom.filereader import read_dataset  # noqa: PLC0415 - costs a fifth of a second

    stream = io.BytesIO(data)
    stream.seek(PREAMBLE + len(PREFIX))
    meta = read_dataset(
        stream, is_implicit_VR=False, is_little_endian=True, stop_when=lambda tag, *_: tag > END_OF_META
    )
    syntax = str(meta.get("TransferSyntaxUID", IMPLICIT))
    if syntax == DEFLATED:
        stream = io.BytesIO(inflated(stream.read(), _MOST_BYTES)[0])
    passed = False

    def is_beyond(tag: int, *_: object) -> bool:
        nonlocal passed
        passed = tag > wanted.highest
        return passed

    dataset = read_dataset(
        stream,
        is_implicit_VR=syntax == IMPLICIT,
        is_little_endian=syntax != BIG_ENDIAN,
        stop_when=is_beyond,
        specific_tags=list(wanted.keywords),
    )
    if not passed and stream.tell() >= _MOST_BYTES:
        raise ValueError(f"what is wanted of it is not within its first {_MOST_BYTES} bytes")
    return dataset


def _text(dataset: Dataset, tag: int) -> str:
    """Give one value as text. Pydicom does not convert texts here: it refuses odd ones."""
    if tag not in dataset:
        return ""
    element = dataset.get_item(tag)
    value = _raw_value(element)
    vr = _vr(element)
    if not value:
        return ""
    if vr in SHORT_NUMBER_VRS | LONG_NUMBER_VRS:
        number = dataset[tag].value
        return "\\".join(map(str, number if isinstance(number, MutableSequence) else [number]))
    if vr in TRANSLATED_VRS:
        return trimmed(_decoded(value, dataset))
    return trimmed(value.decode("latin-1")) if vr in SHORT_TEXT_VRS | LONG_TEXT_VRS else ""


def _raw_value(element: RawDataElement | DataElement) -> bytes:
    """Give the bytes of an element, none for a sequence; raises ValueError if some are missing."""
    value = element.value
    if not isinstance(value, bytes):
        return b""
    length = getattr(element, "length", UNDEFINED)
    if length not in {len(value), UNDEFINED}:
        raise ValueError(f"the value of {element.tag} is cut")
    return value


def _vr(element: RawDataElement | DataElement) -> str:
    from pydicom.datadict import dictionary_VR  # noqa: PLC0415 - see _dataset

    return dictionary_VR(element.tag) if element.VR in {None, "UN"} else str(element.VR)


def _decoded(value: bytes, dataset: Dataset) -> str:
    """Decode by the image's character sets; a codec of Python that DICOM does not know is not used."""
    from pydicom.charset import convert_encodings, decode_bytes, python_encoding  # noqa: PLC0415 - as above

    terms = b""
    if CHARACTER_SET in dataset:
        terms = _raw_value(dataset.get_item(CHARACTER_SET))
    known = set(python_encoding.values())
    named = convert_encodings(trimmed(terms.decode("latin-1")).split("\\"))
    return decode_bytes(value, [each for each in named if each in known] or ["iso8859"], set(_DELIMITERS))
