"""What the files of a series archive are, told from their names as NBIA gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.errors import DamagedError
from cartload.model import Member, MemberKind, SOPInstanceUID, is_uid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload_plugins.transports.window import Entry

_CHECKSUMS = "md5hashes.csv"
_LICENSE = "LICENSE"
_IMAGE = ".dcm"


def demanding_checksums(members: Iterator[Member], subject: str) -> Iterator[Member]:
    """Pass *members* on; raises DamagedError when images came without the MD5 list that was asked for."""
    images, listed = 0, False
    for one in members:
        images += one.kind is MemberKind.IMAGE
        listed = listed or one.kind is MemberKind.CHECKSUMS
        yield one
    if images and not listed:
        raise DamagedError(
            "the archive did not send the MD5 list that it was asked for.",
            subject=subject,
            advice="--no-check goes without; images received whole are kept.",
        )


def member(entry: Entry) -> Member:
    """Say what *entry* is: ``<SOP Instance UID>^<name>`` and ``<name>.dcm`` are images."""
    before, caret, after = entry.name.partition("^")
    name = after if caret else before
    if name == _CHECKSUMS:
        return Member(name, MemberKind.CHECKSUMS, entry.content, entry.size)
    if name == _LICENSE:
        return Member(name, MemberKind.LICENSE, entry.content, entry.size)
    if caret or name.lower().endswith(_IMAGE):
        uid = before if caret else before[: -len(_IMAGE)]
        # Names such as 00000001.dcm have the form of an identifier and are none.
        sop_uid = SOPInstanceUID(uid) if is_uid(uid) and "." in uid else None
        return Member(name, MemberKind.IMAGE, entry.content, entry.size, sop_uid)
    return Member(name, MemberKind.ANNOTATION, entry.content, entry.size)
