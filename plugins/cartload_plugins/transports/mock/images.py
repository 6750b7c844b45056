"""The smallest honest DICOM images: Part 10 files (PS3.10) in explicit VR little endian (PS3.5 annex A.2)."""

from __future__ import annotations

from struct import Struct

from attrs import frozen

from cartload_plugins.transports.mock.script import ROOT

SOP_CLASS = "1.2.840.10008.5.1.4.1.1.7"
SOP_CLASS_NAME = "Secondary Capture Image Storage"
_TRANSFER_SYNTAX = "1.2.840.10008.1.2.1"
_IMPLEMENTATION = f"{ROOT}.0"
_SHORT = Struct("<HH2sH")
_LONG = Struct("<HH2s2xI")
_LONG_FORMS = frozenset({b"OB"})


@frozen
class Instance:
    """What one image says of itself."""

    sop_uid: str
    series_uid: str
    study_uid: str
    patient_id: str
    acquisition: int
    number: int


def image(instance: Instance, size: int) -> bytes:
    """Write an image of *size* bytes, an even number, its pixel data filling it up."""
    head = b"".join((bytes(128), b"DICM", _meta(instance), _data_set(instance)))
    filling = size - len(head) - _LONG.size
    if filling < 0:
        raise ValueError(f"an image of {size} bytes has no room for its header")
    return head + _element(0x7FE0, 0x0010, b"OB", bytes([instance.number % 251]) * filling)


def _meta(instance: Instance) -> bytes:
    meta = b"".join(
        (
            _element(0x0002, 0x0001, b"OB", b"\0\1"),
            _element(0x0002, 0x0002, b"UI", SOP_CLASS),
            _element(0x0002, 0x0003, b"UI", instance.sop_uid),
            _element(0x0002, 0x0010, b"UI", _TRANSFER_SYNTAX),
            _element(0x0002, 0x0012, b"UI", _IMPLEMENTATION),
        )
    )
    return _element(0x0002, 0x0000, b"UL", len(meta).to_bytes(4, "little")) + meta


def _data_set(instance: Instance) -> bytes:
    return b"".join(
        (
            _element(0x0008, 0x0016, b"UI", SOP_CLASS),
            _element(0x0008, 0x0018, b"UI", instance.sop_uid),
            _element(0x0008, 0x0060, b"CS", "OT"),
            _element(0x0010, 0x0020, b"LO", instance.patient_id),
            _element(0x0020, 0x000D, b"UI", instance.study_uid),
            _element(0x0020, 0x000E, b"UI", instance.series_uid),
            _element(0x0020, 0x0012, b"IS", str(instance.acquisition)),
            _element(0x0020, 0x0013, b"IS", str(instance.number)),
        )
    )


def _element(group: int, element: int, form: bytes, value: str | bytes) -> bytes:
    """Write one data element, its value padded to an even length as its form wants."""
    data = value.encode("ascii") if isinstance(value, str) else value
    if len(data) % 2:
        data += b"\0" if form in {b"UI", b"OB"} else b" "
    head = _LONG if form in _LONG_FORMS else _SHORT
    return head.pack(group, element, form, len(data)) + data
