"""Image headers: the scanner says what pydicom says, or nothing; nothing an image holds does harm."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_files
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.filereader import read_partial

from cartload.errors import DamagedError
from cartload.headers import HEAD_BYTES, read_header, tag_of, wanted_tags
from cartload.headers.keywords import TAGS
from cartload.headers.scanner import scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cartload.model import ImageHeader

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
JPEG = "1.2.840.10008.1.2.4.70"

SOP, SERIES, ACQUISITION, INSTANCE = 0x00080018, 0x0020000E, 0x00200012, 0x00200013
KEYWORDS = frozenset({"AcquisitionNumber", "InstanceNumber"})
LONG = {"OB", "OW", "OF", "SQ", "UN", "UT", "UC", "UR"}

Element = tuple[int, str, bytes]


def encoded(element: Element, syntax: str = EXPLICIT, length: int | None = None) -> bytes:
    tag, vr, value = element
    size = len(value) if length is None else length
    order = ">" if syntax == BIG_ENDIAN else "<"
    start = struct.pack(f"{order}HH", tag >> 16, tag & 0xFFFF)
    if syntax == IMPLICIT:
        return start + struct.pack("<I", size) + value
    if vr in LONG:
        return start + vr.encode() + struct.pack(f"{order}HI", 0, size) + value
    return start + vr.encode() + struct.pack(f"{order}H", size) + value


def dicom(elements: Iterable[Element | bytes], syntax: str = EXPLICIT) -> bytes:
    written = EXPLICIT if syntax in {DEFLATED, JPEG} else syntax
    body = b"".join(each if isinstance(each, bytes) else encoded(each, written) for each in elements)
    if syntax == DEFLATED:
        deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        body = deflater.compress(body) + deflater.flush()
    meta = encoded((0x00020001, "OB", b"\0\1")) + encoded((0x00020010, "UI", padded(syntax, b"\0")))
    return bytes(128) + b"DICM" + encoded((0x00020000, "UL", struct.pack("<I", len(meta)))) + meta + body


def padded(text: str, padding: bytes = b" ") -> bytes:
    value = text.encode()
    return value + padding * (len(value) % 2)


def image(
    acquisition: str = "2", instance: str = "7", *, before: Iterable[Element | bytes] = ()
) -> list[Element | bytes]:
    return [
        *before,
        (SOP, "UI", padded("1.2.3.4", b"\0")),
        (0x00080060, "CS", b"CT"),
        (SERIES, "UI", padded("1.2.3", b"\0")),
        (ACQUISITION, "IS", padded(acquisition)),
        (INSTANCE, "IS", padded(instance)),
        (0x00280010, "US", b"\0\2"),
        (0x7FE00010, "OW", bytes(64)),
    ]


def never() -> BinaryIO:
    raise AssertionError("the head was enough, and the file was opened")


def read(data: bytes, keywords: frozenset[str] = KEYWORDS) -> ImageHeader:
    return read_header(memoryview(data)[:HEAD_BYTES], lambda: io.BytesIO(data), keywords, "1-1.dcm")


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, JPEG, DEFLATED])
def test_the_head_alone_is_enough_for_an_ordinary_image(syntax: str) -> None:
    header = read_header(dicom(image(), syntax), never, KEYWORDS, "1-1.dcm")
    assert header.sop_uid == "1.2.3.4"
    assert header.series_uid == "1.2.3"
    assert header.attributes == {"AcquisitionNumber": "2", "InstanceNumber": "7"}
    assert header.server_name == "1-1.dcm"


def test_an_image_in_big_endian_order_is_read_by_pydicom() -> None:
    assert read(dicom(image(), BIG_ENDIAN)).attributes == {"AcquisitionNumber": "2", "InstanceNumber": "7"}


def test_a_file_that_is_not_dicom_is_damaged() -> None:
    with pytest.raises(DamagedError, match=r"1-1\.dcm: it is not a DICOM file"):
        read(b"<html>460</html>")


@pytest.mark.parametrize("missing", [SOP, SERIES])
def test_an_image_without_identity_is_damaged(missing: int) -> None:
    elements = [each for each in image() if isinstance(each, bytes) or each[0] != missing]
    with pytest.raises(DamagedError, match="it has no"):
        read(dicom(elements))


def test_an_identity_that_is_no_uid_is_damaged() -> None:
    elements = [
        each if isinstance(each, bytes) or each[0] != SOP else (SOP, "UI", b"../../x\0") for each in image()
    ]
    with pytest.raises(DamagedError, match="is not a UID"):
        read(dicom(elements))


@pytest.mark.parametrize("value", ["", "  ", "\0\0", "\\", " \\ "])
def test_an_empty_value_is_left_out(value: str) -> None:
    assert "InstanceNumber" not in read(dicom(image(instance=value))).attributes


def test_several_values_are_stripped_and_joined_by_a_backslash() -> None:
    assert read(dicom(image(instance=" 1 \\2 "))).attributes["InstanceNumber"] == "1\\2"


@pytest.mark.parametrize("value", ["abc", "-3", "1.0", "123456789012345", "1e5", "+7"])
def test_an_odd_number_is_kept_as_it_stands(value: str) -> None:
    assert read(dicom(image(instance=value))).attributes["InstanceNumber"] == value


def test_a_number_in_binary_is_given_as_text() -> None:
    elements = [(SOP, "UI", b"1.2.3.4\0"), (SERIES, "UI", b"1.2\0"), (INSTANCE, "US", b"\x07\0\x08\0")]
    assert read(dicom(elements)).attributes["InstanceNumber"] == "7\\8"


def test_a_keyword_outside_the_table_is_looked_up_in_the_dictionary() -> None:
    elements = [(0x00080001, "UL", b"\5\0\0\0"), *image()]
    assert read(dicom(elements), frozenset({"LengthToEnd"})).attributes == {"LengthToEnd": "5"}
    assert tag_of("LengthToEnd") == 0x00080001


def test_a_keyword_that_does_not_exist_is_found_nowhere() -> None:
    assert read(dicom(image()), frozenset({"NoSuchKeyword"})).attributes == {}
    assert tag_of("NoSuchKeyword") is None


@pytest.mark.parametrize("depth", [0, 1])
def test_a_sequence_has_no_text(depth: int) -> None:
    sequence = nested(1) if depth else encoded((0x00081140, "SQ", b""))
    elements = [(SOP, "UI", b"1.2\0"), sequence, *image()[2:]]
    assert read(dicom(elements), frozenset({"ReferencedImageSequence"})).attributes == {}


@pytest.mark.parametrize(
    ("charset", "value", "name"),
    [
        ("ISO_IR 100", "Ærø".encode("latin-1"), "Ærø"),
        ("ISO_IR 192", "山田".encode(), "山田"),
        ("GB18030", "王".encode("gb18030"), "王"),
        ("\\ISO 2022 IR 87", b"\x1b$B;3ED\x1b(B", "山田"),
        ("ISO_IR 13", "ﾔﾏﾀﾞ".encode("shift_jis"), "ﾔﾏﾀﾞ"),
        ("utf_16", b"\xe9\xe8", "éè"),
        ("no such set", b"ab\xe9 ", "abé"),
    ],
)
def test_a_text_is_decoded_by_the_images_character_set_and_by_no_other(
    charset: str, value: bytes, name: str
) -> None:
    elements = [
        (0x00080005, "CS", padded(charset)),
        (SOP, "UI", b"1.2\0"),
        (0x00100020, "LO", value + b" " * (len(value) % 2)),
        (SERIES, "UI", b"1.2\0"),
    ]
    assert read(dicom(elements), frozenset({"PatientID"})).attributes["PatientID"] == name


def test_the_table_of_keywords_is_that_of_the_data_dictionary() -> None:
    texts = {"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UI"}
    for keyword, tag in TAGS.items():
        assert tag_for_keyword(keyword) == tag
        assert dictionary_VR(tag) in texts


def nested(depth: int) -> bytes:
    start = encoded((0x00081140, "SQ", b""), length=0xFFFFFFFF)
    item = struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    ends = struct.pack("<HHI", 0xFFFE, 0xE00D, 0) + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    return (start + item) * depth + ends * depth


def test_sequences_of_undefined_length_are_stepped_over() -> None:
    elements = [(SOP, "UI", b"1.2\0"), nested(3), *image()[2:]]
    assert read_header(dicom(elements), never, KEYWORDS, "").attributes["InstanceNumber"] == "7"


def test_an_element_of_unknown_kind_inside_a_sequence_is_left_to_pydicom() -> None:
    sequence = nested(1).replace(struct.pack("<HHI", 0xFFFE, 0xE00D, 0), b"\x08\0\x60\0ZZ\0\0")
    assert scan(dicom([sequence, *image()[2:]]), wanted_tags(KEYWORDS), whole=True) is None


@pytest.mark.parametrize("at", [0, 2, 4])
def test_elements_out_of_order_are_left_to_pydicom(at: int) -> None:
    elements = image()
    elements.insert(at, (0x00200011, "IS", b"1 "))
    elements.insert(at, (0x00200011, "IS", b"1 "))
    assert scan(dicom(elements), wanted_tags(KEYWORDS), whole=True) is None


@pytest.mark.parametrize("length", [7, 9, 11])
def test_an_item_that_ends_within_an_element_is_left_to_pydicom(length: int) -> None:
    item = struct.pack("<HHI", 0xFFFE, 0xE000, length) + encoded((0x00080060, "CS", b"CT"))
    sequence = encoded((0x00081140, "SQ", item + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)), length=0xFFFFFFFF)
    assert scan(dicom([sequence, *image()[2:]]), wanted_tags(KEYWORDS), whole=True) is None


def test_sequences_nested_without_end_are_damaged_not_deadly() -> None:
    with pytest.raises(DamagedError, match="RecursionError"):
        read(dicom([(SOP, "UI", b"1.2\0"), nested(10_000), *image()[2:]]))


def test_a_deflated_bomb_is_not_inflated_to_its_end() -> None:
    bomb = dicom([(SOP, "UI", b"1.2\0"), (0x00091001, "OB", bytes(300_000_000)), *image()[2:]], DEFLATED)
    with pytest.raises(DamagedError, match="not within its first"):
        read(bomb)


def test_an_announced_length_beyond_the_file_is_damaged() -> None:
    cut = encoded((SOP, "UI", b"1.2.3"), length=60_000)
    with pytest.raises(DamagedError):
        read(dicom([cut]))


def test_an_identity_behind_long_sequences_is_found() -> None:
    long = (0x00081115, "SQ", bytes(1_000_000))
    assert read(dicom(sorted_elements([*image(), long]))).attributes["InstanceNumber"] == "7"


def test_what_only_pydicom_can_read_and_lies_far_away_is_damaged() -> None:
    elements = sorted_elements([*image(), (0x00091001, "OB", bytes(1_000_000))])
    with pytest.raises(DamagedError, match="not within its first"):
        read(dicom(elements, BIG_ENDIAN))


def sorted_elements(elements: Iterable[Element | bytes]) -> list[Element]:
    return sorted(each for each in elements if isinstance(each, tuple))


# --- the scanner against pydicom ------------------------------------------------------------------


def oracle(data: bytes, reader: Callable[[BinaryIO], pydicom.FileDataset]) -> dict[str, str] | None:
    """Give what pydicom finds, its values cleaned by the standard's rules, or None if it fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            dataset = reader(io.BytesIO(data))
            found = {
                keyword: dataset.get_item(tag).value or b""
                for tag, keyword in wanted_tags(KEYWORDS).keywords.items()
                if tag in dataset
            }
        except Exception:  # noqa: BLE001 - pydicom fails in many ways
            return None
    texts = {keyword: clean(value) for keyword, value in found.items()}
    return {keyword: text for keyword, text in texts.items() if text}


def clean(value: bytes) -> str:
    values = [each.strip(b" \0").decode("ascii") for each in value.split(b"\\")]
    return "\\".join(values) if any(values) else ""


def by_dcmread(stream: BinaryIO) -> pydicom.FileDataset:
    return pydicom.dcmread(stream, stop_before_pixels=True)


def up_to_the_highest(stream: BinaryIO) -> pydicom.FileDataset:
    return read_partial(stream, stop_when=lambda tag, *_: tag > INSTANCE)


ascii_values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12).map(padded)
odd_values = st.one_of(
    ascii_values, st.binary(max_size=12), st.sampled_from([b"1 ", b"2\\3 ", b"007 ", b"  "])
)
plain_elements = st.one_of(
    st.tuples(
        st.sampled_from([0x00080005, 0x00080008, 0x00081030, 0x00100010, 0x0020000D]),
        st.just("LO"),
        ascii_values,
    ),
    st.tuples(
        st.sampled_from([0x00090010, 0x00091001, 0x00190010, 0x00200011]),
        st.sampled_from(["LO", "UN", "OB"]),
        odd_values,
    ),
    st.tuples(
        st.sampled_from([0x00180088, 0x00280010, 0x00282000]), st.sampled_from(["US", "UL", "FD"]), odd_values
    ),
    st.tuples(st.sampled_from([ACQUISITION, INSTANCE]), st.sampled_from(["IS", "LO", "US"]), odd_values),
    st.just((SOP, "UI", b"1.2.3\0")),
    st.just((SERIES, "UI", b"1.2\0")),
)


def sequence_bytes(items: list[list[Element]], *, tag: int, undefined: bool, syntax: str) -> bytes:
    written = b""
    for item in items:
        body = b"".join(encoded(each, syntax) for each in item)
        length = 0xFFFFFFFF if undefined else len(body)
        written += struct.pack("<HHI", 0xFFFE, 0xE000, length) + body
        written += struct.pack("<HHI", 0xFFFE, 0xE00D, 0) if undefined else b""
    if undefined:
        return encoded((tag, "SQ", written + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)), syntax, 0xFFFFFFFF)
    return encoded((tag, "SQ", written), syntax)


@st.composite
def headers(draw: st.DrawFn, syntaxes: tuple[str, ...] = (IMPLICIT, EXPLICIT, JPEG, BIG_ENDIAN)) -> bytes:
    syntax = draw(st.sampled_from(syntaxes))
    written = syntax if syntax in {IMPLICIT, BIG_ENDIAN} else EXPLICIT
    chosen = draw(st.lists(plain_elements, max_size=14, unique_by=lambda each: each[0]))
    by_tag: dict[int, bytes] = {each[0]: encoded(each, written) for each in chosen}
    if syntax != BIG_ENDIAN:
        items = st.lists(st.lists(plain_elements, max_size=3, unique_by=lambda each: each[0]), max_size=3)
        for tag in draw(st.sets(st.sampled_from([0x00081140, 0x00091002, 0x00120064, 0x00200010]))):
            by_tag[tag] = sequence_bytes(draw(items), tag=tag, undefined=draw(st.booleans()), syntax=written)
    return dicom([by_tag[tag] for tag in sorted(by_tag)], syntax)


@settings(max_examples=300)
@given(headers((IMPLICIT, EXPLICIT, JPEG, DEFLATED, BIG_ENDIAN)))
def test_the_scanner_equals_pydicom_or_declines(data: bytes) -> None:
    found = scan(data, wanted_tags(KEYWORDS), whole=True)
    assert found is None or found == oracle(data, by_dcmread)


@settings(max_examples=500)
@given(
    headers(),
    st.lists(st.tuples(st.integers(140, 800), st.integers(0, 255)), max_size=4),
    st.integers(150, 900),
)
def test_the_scanner_equals_pydicom_or_declines_on_damaged_bytes(
    data: bytes, changes: list[tuple[int, int]], end: int
) -> None:
    damaged = bytearray(data)
    for position, value in changes:
        damaged[position % len(data)] = value
    cut = bytes(damaged[: max(end, 132)])
    found = scan(cut, wanted_tags(KEYWORDS), whole=True)
    assert found is None or found == oracle(cut, up_to_the_highest)


@settings(max_examples=200)
@given(
    headers((IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN)),
    st.lists(st.tuples(st.integers(132, 800), st.integers(0, 255)), max_size=6),
)
def test_nothing_but_a_damaged_file_comes_of_damaged_bytes(
    data: bytes, changes: list[tuple[int, int]]
) -> None:
    damaged = bytearray(data)
    for position, value in changes:
        damaged[position % len(data)] = value
    try:
        header = read(bytes(damaged))
    except DamagedError:
        return
    assert set(header.attributes) <= KEYWORDS


shipped = sorted(Path(name) for name in get_testdata_files() if Path(name).is_file())


@pytest.mark.parametrize("path", shipped, ids=lambda path: path.name)
def test_the_scanner_equals_pydicom_on_the_files_that_it_ships(path: Path) -> None:
    data = path.read_bytes()
    if data[128:132] != b"DICM":
        pytest.skip("not a DICOM file")
    found = scan(data[:HEAD_BYTES], wanted_tags(KEYWORDS), whole=len(data) < HEAD_BYTES)
    assert found is None or found == oracle(data, by_dcmread)
