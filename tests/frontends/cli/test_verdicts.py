from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cartload.errors import UnreachableError
from cartload.findings import DamagedFile, Harm, SeriesChecked
from cartload.model import SeriesUID
from cartload_cli.verdicts import CartVerdict, cart_document, cart_messages, series_messages
from cartload_common.messages import Loudness
from frontends.cli.values import ROOT

if TYPE_CHECKING:
    from cartload_common.messages import Message

FOLDER = "LUNG/LUNG-1/1.1"


def checked(
    uid: str = "1.1",
    *,
    missing: tuple[str, ...] = (),
    damaged: tuple[str, ...] = (),
    foreign: tuple[str, ...] = (),
    error: str = "",
) -> SeriesChecked:
    return SeriesChecked(
        series_uid=SeriesUID(uid),
        directory=FOLDER,
        files=40,
        size=4_000_000,
        missing=missing,
        damaged=tuple(DamagedFile(name, Harm.SIZE, "it has 1 bytes.") for name in damaged),
        foreign=foreign,
        error=error,
    )


def verdict(*results: SeriesChecked) -> CartVerdict:
    made = CartVerdict(ROOT)
    for result in results:
        made.findings.add(result)
    return made


def texts_of(messages: tuple[Message, ...], loudness: Loudness = Loudness.NORMAL) -> list[str]:
    return [message.text for message in messages if message.least <= loudness]


def said(result: SeriesChecked, loudness: Loudness = Loudness.NORMAL) -> list[str]:
    return texts_of(tuple(series_messages(result)), loudness)


def concluded(of: CartVerdict, *, was_repaired: bool = False) -> list[str]:
    return texts_of(tuple(cart_messages(of, was_repaired=was_repaired)))


def test_whole_series_are_told_to_those_who_want_to_hear_all() -> None:
    assert said(checked()) == []
    assert said(checked(), Loudness.VERBOSE) == [f"whole: {FOLDER} (40 files, 4.0 MB)"]


def test_each_file_is_named_with_what_is_wrong_even_where_little_is_to_be_told() -> None:
    assert said(checked(missing=("1.dcm",), damaged=("2.dcm",)), Loudness.QUIET) == [
        f"damaged: {FOLDER}: 2 of 40 files",
        "  1.dcm: it is missing.",
        "  2.dcm: it has 1 bytes.",
    ]


def test_a_series_that_is_gone_is_one_line() -> None:
    names = tuple(f"{number}.dcm" for number in range(40))
    assert said(checked(missing=names)) == [f"missing: {FOLDER} (40 files, 4.0 MB)"]


def test_the_first_of_many_files_are_named_and_the_rest_counted() -> None:
    names = tuple(f"{number}.dcm" for number in range(39))
    lines = said(checked(missing=names))
    assert len(lines) == 12
    assert lines[-1] == "  and 29 more; --json names them all"


def test_foreign_files_are_named_and_what_they_are_called_is_harmless() -> None:
    assert said(checked(foreign=("a.txt", "\x1b[2J"))) == [f"not from cartload: {FOLDER}: a.txt, \\x1b[2J"]
    many = tuple(f"{number}" for number in range(12))
    assert said(checked(foreign=many))[0].endswith("8, 9 and 2 more")


def test_a_series_that_cannot_be_read_is_told_with_the_reason() -> None:
    assert said(checked(error="the disk reports an error.")) == [
        f"not readable: {FOLDER}: the disk reports an error."
    ]


def test_a_whole_cart_says_so_first() -> None:
    assert concluded(verdict(checked(foreign=("a",)), checked("1.2"))) == [
        f"WHOLE: all 2 series in {ROOT} are as they were stored.",
        "  80 files, 8.0 MB: 1 not from cartload.",
    ]


def test_a_damaged_cart_says_what_can_be_done() -> None:
    assert concluded(verdict(checked(missing=("1",), damaged=("2",)), checked("1.2"))) == [
        f"DAMAGED: 1 of 2 series in {ROOT} is not whole.",
        "  80 files, 8.0 MB: 1 missing, 1 damaged.",
        "With --repair they are fetched again, and nothing else.",
    ]


def test_after_a_repair_what_was_repaired_is_counted_and_no_other_is_advised() -> None:
    broken, other = checked(missing=("1",)), checked("1.2", error="no")
    assert concluded(verdict(broken, checked()), was_repaired=True) == [
        f"WHOLE: all 1 series in {ROOT} are as they were stored, 1 of them repaired.",
        "  40 files, 4.0 MB.",
    ]
    assert concluded(verdict(broken, other), was_repaired=True) == [
        f"DAMAGED: 2 of 2 series in {ROOT} are not whole.",
        "  80 files, 8.0 MB: 1 missing.",
    ]


def test_a_journal_that_is_damaged_itself_is_damage() -> None:
    made = verdict(checked())
    made.unreadable_lines, made.leftovers = 2, ("host-1-ab",)
    assert not made.is_whole
    assert concluded(made) == [
        f"NOT CERTAIN: 1 series in {ROOT} are whole; there may be more.",
        "  40 files, 4.0 MB.",
        "Of its journal 2 lines cannot be read; what stood there was not checked.",
        "To be certain, download the cart once more, into another directory.",
        "In .cartload/staging is what a session left, or is at work on.",
    ]


def test_a_cart_is_plain_data_for_programs() -> None:
    made = verdict(checked("1.2", missing=("1",)), checked("1.1", damaged=("2",)), checked("1.3"))
    made.error = UnreachableError("no answer.", subject="https://archive.example")
    document = cart_document(made)
    assert json.loads(json.dumps(document)) == document
    assert document["not_whole"] == ["1.1", "1.2"]
    assert (document["missing"], document["damaged"], document["whole"]) == (1, 1, False)
    assert document["error"]["kind"] == "UnreachableError"
