from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.model import MemberKind, is_uid
from cartload_plugins.transports.members import member
from cartload_plugins.transports.window import Entry


@pytest.mark.parametrize(
    ("entry", "name", "kind", "uid"),
    [
        ("1.2.3^1-01.dcm", "1-01.dcm", MemberKind.IMAGE, "1.2.3"),
        ("1.2.3^odd", "odd", MemberKind.IMAGE, "1.2.3"),
        ("1.2.3.dcm", "1.2.3.dcm", MemberKind.IMAGE, "1.2.3"),
        ("1-01.dcm", "1-01.dcm", MemberKind.IMAGE, None),
        ("00000001.dcm", "00000001.dcm", MemberKind.IMAGE, None),
        ("1-01.DCM", "1-01.DCM", MemberKind.IMAGE, None),
        ("md5hashes.csv", "md5hashes.csv", MemberKind.CHECKSUMS, None),
        ("LICENSE", "LICENSE", MemberKind.LICENSE, None),
        ("069.xml", "069.xml", MemberKind.ANNOTATION, None),
        ("x.dcm.xml", "x.dcm.xml", MemberKind.ANNOTATION, None),
        ("../../etc/passwd", "../../etc/passwd", MemberKind.ANNOTATION, None),
    ],
)
def test_names_tell_what_a_file_is(entry: str, name: str, kind: MemberKind, uid: str | None) -> None:
    found = member(Entry(entry, 3, iter(())))
    assert (found.name, found.kind, found.sop_uid, found.size) == (name, kind, uid, 3)


@given(st.text(max_size=80))
def test_any_name_makes_a_member(name: str) -> None:
    found = member(Entry(name, None, iter(())))
    assert found.sop_uid is None or is_uid(found.sop_uid)
