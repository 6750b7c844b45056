"""The lines of a journal: each kind with its fields, and one as it is written."""

from __future__ import annotations

from typing import get_args

from cartload import journal
from cartload.model import MemberKind, SeriesUID, SOPInstanceUID
from cartload.ports import StoredFile, StoredSeries
from cartload_reference.markdown import block, code, section
from cartload_reference.values import value_section


def page() -> str:
    """Describe every kind of line."""
    kinds = [
        value_section(3, kind, f"journal-{kind.__name__}").replace(
            code(kind.__name__), code(kind.__name__.lower()), 1
        )
        for kind in get_args(journal.Entry)
    ]
    return "\n\n".join(
        (
            section(2, "Kinds of journal lines", *kinds),
            section(2, "A journal line", block("json", _example())),
        )
    )


def _example() -> str:
    file = StoredFile(
        "1-01.dcm",
        526_848,
        "9e107d9d372bb6826bd81d3542a419d6",
        MemberKind.IMAGE,
        SOPInstanceUID("1.2.826.0.1.3680043.8.498.1.1"),
    )
    directory = "DEMO-LUNG/DEMO-LUNG-0001/01-01-2000-CT CHEST-30178/3.000000-AXIAL-03192"
    stored = StoredSeries(SeriesUID("1.2.826.0.1.3680043.8.498.1"), directory, (file,))
    return journal.to_line(journal.Intended(stored, "nbia", 1_700_000_000.0))
