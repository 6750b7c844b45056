"""Which form a manifest has, from its name and first lines; each file has at most one."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING

from cartload.model import is_uid
from cartload_plugins.manifests.entries import is_heading, tokens
from cartload_plugins.manifests.header import KEYS

if TYPE_CHECKING:
    from cartload.manifest import ManifestSource

_HEAD_BYTES = 16 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_KEYS = re.compile(
    rf"^[ \t\f]*(?:{KEYS}|(?i:ListOfSeriesToDownload))(?:[ \t\f]*[=:]|[ \t\f]|$)", re.MULTILINE
)
_SUFFIXES = (".tcia", ".manifest")


class Form(Enum):
    """The forms of manifests that the bundled readers know."""

    TCIA = auto()
    XML = auto()
    UIDS = auto()


def form_of(source: ManifestSource) -> Form | None:
    """Tell the form of a manifest, or None if it has none of them."""
    head = source.content[:_HEAD_BYTES].removeprefix(_BYTE_ORDER_MARK).decode("iso-8859-1")
    if head.lstrip().startswith("<"):
        return Form.XML
    if _KEYS.search(head.replace("\r", "\n")):
        return Form.TCIA
    if _begins_with_uid(head):
        return Form.UIDS
    return Form.TCIA if source.name.lower().endswith(_SUFFIXES) else None


def _begins_with_uid(head: str) -> bool:
    for line in head.splitlines():
        first = None if is_heading(line) else next(tokens(line), None)
        if first is not None:
            return is_uid(first)
    return False
