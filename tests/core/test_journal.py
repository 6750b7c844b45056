"""The journal: lines that are read back or passed over, never misread; replay that says what was stored."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import JournalError
from cartload.journal import FORMAT, Accepted, Confirmed, Entry, Intended, Opened, from_line, replay, to_line
from cartload.model import MemberKind, SeriesUID, SOPInstanceUID, UsagePolicy
from cartload.paths import is_plain
from cartload.ports import Acceptance, StoredFile, StoredSeries
from series_builders import stored_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cartload.journal import Replay

any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)
names = st.text(st.sampled_from("abc-.1 \u00e9\U0001f600"), min_size=1, max_size=8).filter(is_plain)
moments = st.floats(allow_nan=False, allow_infinity=False)
uids = st.integers(0, 3).map(lambda number: SeriesUID(f"1.{number}"))
files = st.builds(
    StoredFile,
    name=names,
    size=st.integers(0, 2**63),
    md5=st.text("0123456789abcdef", min_size=32, max_size=32),
    kind=st.sampled_from(MemberKind),
    sop_uid=st.none() | any_text.map(SOPInstanceUID),
)
series = st.builds(
    StoredSeries,
    series_uid=uids,
    directory=st.lists(names, min_size=1, max_size=3).map("/".join),
    files=st.lists(files, max_size=3).map(tuple),
)
acceptances = st.builds(
    Acceptance, policy=st.builds(UsagePolicy, any_text, any_text), at=any_text, by=any_text
)
entries: st.SearchStrategy[Entry] = st.one_of(
    st.builds(
        Opened,
        format=st.integers(0, FORMAT),
        program=any_text,
        manifest=any_text,
        manifest_sha256=any_text,
        at=moments,
    ),
    st.builds(Accepted, acceptance=acceptances),
    st.builds(Intended, stored=series, source=any_text, at=moments),
    st.builds(Confirmed, series_uid=uids, at=moments),
)


def replayed(lines: Sequence[str]) -> Replay[int]:
    return replay(enumerate(lines), lambda place: lines[place])


def with_checksum(body: str) -> str:
    return f'{{"crc":"{zlib.crc32(body.encode()):08x}","entry":{body}}}'


def read(content: bytes) -> list[Entry]:
    """Read a journal file as it comes from a disk, whatever is in it."""
    lines = (line.decode(errors="replace") for line in content.splitlines(keepends=True))
    return [entry for entry in map(from_line, lines) if entry is not None]


# --- lines --------------------------------------------------------------------------------------


@given(entries)
def test_every_entry_is_read_back_from_its_line(entry: Entry) -> None:
    assert from_line(to_line(entry)) == entry


@given(entries, st.sampled_from(["", "\n", "\r\n"]))
def test_an_entry_is_one_line_of_plain_ascii_json(entry: Entry, end: str) -> None:
    line = to_line(entry)
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["entry"]["kind"] == type(entry).__name__.lower()
    assert from_line(line + end) == entry


@given(entries, st.data())
def test_a_line_with_one_byte_altered_is_passed_over(entry: Entry, data: st.DataObject) -> None:
    line = bytearray(to_line(entry).encode())
    place = data.draw(st.integers(0, len(line) - 1))
    line[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != line[place]))
    assert read(bytes(line)) == []


@given(entries, st.data())
def test_a_line_that_was_cut_is_passed_over(entry: Entry, data: st.DataObject) -> None:
    line = to_line(entry)
    assert from_line(line[: data.draw(st.integers(0, len(line) - 1))]) is None


@given(st.lists(entries, max_size=5), entries, st.data())
def test_a_torn_tail_costs_nothing_before_it(whole: list[Entry], torn: Entry, data: st.DataObject) -> None:
    tail = to_line(torn).encode()
    content = b"".join(to_line(entry).encode() + b"\n" for entry in whole)
    assert read(content + tail[: data.draw(st.integers(0, len(tail) - 1))]) == whole


@given(st.lists(entries, max_size=5), st.data())
def test_one_byte_altered_anywhere_never_makes_another_entry(
    written: list[Entry], data: st.DataObject
) -> None:
    content = bytearray(b"".join(to_line(entry).encode() + b"\n" for entry in written))
    if content:
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    kept = read(bytes(content))
    assert len(kept) >= len(written) - 2
    left = iter(written)
    assert all(entry in left for entry in kept)


@given(any_text)
def test_any_text_that_is_no_entry_is_passed_over(line: str) -> None:
    assert from_line(line) is None


def test_text_that_cannot_be_encoded_is_passed_over() -> None:
    assert from_line('{"crc":"00000000","entry":"\ud800"}') is None


@pytest.mark.parametrize(
    "body",
    [
        '{"kind":"merged","series_uid":"1.2"}',
        '{"series_uid":"1.2","at":1.0}',
        '{"kind":["confirmed"],"series_uid":"1.2","at":1.0}',
        '{"kind":"confirmed","series_uid":"1.2","at":1.0,"why":"new"}',
        '{"kind":"confirmed","series_uid":5,"at":1.0}',
        '{"kind":"confirmed","at":1.0}',
        '{"kind":"intended","stored":[],"source":"","at":1.0}',
        '{"kind":"confirmed","series_uid":"1.2","at":1' + "0" * 5000 + "}",
        "[1]",
        "null",
        "nonsense",
        "[" * 100_000,
    ],
)
def test_a_whole_line_that_is_not_understood_is_an_error_that_says_what_to_do(body: str) -> None:
    with pytest.raises(JournalError, match="newer cartload") as raised:
        from_line(with_checksum(body))
    assert raised.value.subject == "journal"


def test_a_journal_of_a_newer_format_is_not_guessed_at() -> None:
    opened = Opened(FORMAT, "cartload 9", "cart.tcia", "0" * 64, 0.0)
    assert from_line(to_line(opened)) == opened
    with pytest.raises(JournalError, match=f"it has the format {FORMAT + 1}"):
        from_line(to_line(evolve(opened, format=FORMAT + 1)))


# --- replay -------------------------------------------------------------------------------------


class Model:
    """What a replay must say, in the plainest words."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.stored: dict[SeriesUID, StoredSeries] = {}
        self.confirmed: dict[SeriesUID, bool] = {}
        self.acceptance: Acceptance | None = None
        for entry in entries:
            match entry:
                case Intended(stored):
                    self.stored[stored.series_uid] = stored
                    self.confirmed[stored.series_uid] = False
                case Confirmed(uid):
                    self.confirmed[uid] = uid in self.stored
                case Accepted(acceptance):
                    self.acceptance = acceptance
                case Opened():
                    pass


@given(st.lists(entries, max_size=12), st.lists(st.sampled_from(["", "torn", '{"crc":"']), max_size=3))
def test_a_replay_says_what_the_plainest_model_says(written: list[Entry], noise: list[str]) -> None:
    found = replayed([*noise, *map(to_line, written), *noise])
    model = Model(written)
    for number in range(4):
        uid = SeriesUID(f"1.{number}")
        assert found.recorded(uid) == model.stored.get(uid)
        assert found.is_confirmed(uid) == model.confirmed.get(uid, False)
    assert found.acceptance == model.acceptance
    assert len(found) == len(model.stored)


def test_what_was_intended_last_counts_and_needs_its_own_confirmation() -> None:
    first, second = stored_at("Kidney/old"), stored_at("Kidney/new")
    written: list[Entry] = [
        Intended(first, "nbia", 1.0),
        Confirmed(first.series_uid, 2.0),
        Intended(second, "nbia", 3.0),
    ]
    found = replayed([to_line(entry) for entry in written])
    assert found.recorded(first.series_uid) == second
    assert not found.is_confirmed(first.series_uid)


def test_what_was_confirmed_without_being_intended_is_not_there() -> None:
    found = replayed([to_line(Confirmed(SeriesUID("1.2"), 1.0))])
    assert found.recorded(SeriesUID("1.2")) is None
    assert not found.is_confirmed(SeriesUID("1.2"))


def test_a_line_that_has_changed_since_says_nothing() -> None:
    stored = stored_at("Kidney/P-1")
    lines = [to_line(Intended(stored, "nbia", 1.0))]
    found = replayed(lines)
    lines[0] = to_line(Confirmed(stored.series_uid, 1.0))
    assert found.recorded(stored.series_uid) is None


@pytest.mark.parametrize(
    "stored",
    [
        stored_at("../outside"),
        stored_at("/etc"),
        stored_at("Kidney/../../outside"),
        stored_at("C:outside"),
        stored_at("Kidney\\..\\outside"),
        stored_at(""),
        stored_at("Kidney", "1.2", "../1-1.dcm"),
        stored_at("Kidney", "1.2", ".."),
        stored_at("Kidney", "1.2", "a/b"),
        stored_at("Kidney", "1.2", "a\0b"),
    ],
)
def test_a_journal_that_leads_out_of_the_carts_folder_is_refused(stored: StoredSeries) -> None:
    found = replayed([to_line(Intended(stored, "nbia", 1.0))])
    with pytest.raises(JournalError, match="cartload did not write that"):
        found.recorded(stored.series_uid)


def test_the_newest_run_of_each_manifest_is_remembered_the_newest_last() -> None:
    runs = [Opened(FORMAT, "cartload", "cart.tcia", digest, at) for at, digest in enumerate("abca")]
    found = replayed([to_line(run) for run in runs])
    assert found.opened == (runs[1], runs[2], runs[3])


def test_damaged_lines_are_counted_and_torn_ones_are_not() -> None:
    line = to_line(Confirmed(SeriesUID("1.2"), 1.0)) + "\n"
    assert replayed([line, line.replace("1.2", "1.3"), line[:-9], line[:-9] + "\n", "\n"]).unreadable == 1


def test_a_replay_gives_its_series_in_the_order_in_which_they_were_first_stored() -> None:
    stored = [stored_at("Kidney/b", "1.2"), stored_at("Kidney/a", "1.1"), stored_at("Kidney/c", "1.2")]
    assert list(replayed([to_line(Intended(each, "nbia", 1.0)) for each in stored])) == ["1.2", "1.1"]


def test_a_replay_remembers_series_by_the_carts_own_texts() -> None:
    own = SeriesUID(b"1.2".decode())
    lines = [to_line(Intended(stored_at("Kidney/a", uid), "nbia", 1.0)) for uid in ("1.2", "1.3")]
    found = replay(enumerate(lines), lines.__getitem__, [own, SeriesUID("1.4")])
    assert list(found) == ["1.2", "1.3"]
    assert next(iter(found)) is own
