"""Carts of NBIA portals are read in every form that is about, and every fault is told at once."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import example as also
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import ManifestError
from cartload.manifest import MOST_BYTES, Manifest, ManifestSource
from cartload_plugins.manifests.entries import SeriesList
from cartload_plugins.manifests.tcia import TciaReader

if TYPE_CHECKING:
    from collections.abc import Callable

    Example = Callable[[str], ManifestSource]

SERVLET = "https://archive.example.org/nbia-download/servlet/DownloadServlet"
UIDS = (
    "1.3.6.1.4.1.99999.7.1.418205930276151884027365910002",
    "1.3.6.1.4.1.99999.7.1.733014958260117482950362718445",
    "1.3.6.1.4.1.99999.7.1.902746158302917465028374651093",
)


def read(text: str | bytes, name: str = "cart.tcia") -> Manifest:
    content = text.encode() if isinstance(text, str) else text
    return TciaReader().read(ManifestSource(name, content))


def cart(*, header: str = "", entries: str = UIDS[0]) -> str:
    return f"downloadServerUrl={SERVLET}\n{header}\nListOfSeriesToDownload=\n{entries}\n"


def faults(text: str | bytes) -> list[str]:
    with pytest.raises(ManifestError) as caught:
        read(text)
    return [str(fault) for fault in caught.value.faults]


def test_a_plain_cart_is_read(example: Example) -> None:
    manifest = TciaReader().read(example("plain.tcia"))
    assert manifest.server_url == SERVLET
    assert manifest.series == UIDS
    assert manifest.transports == ("nbia", "nbia-rest")
    assert manifest.include_annotations is True
    assert manifest.attempts == 4
    assert manifest.basket_id == "manifest-1733000000001.tcia"
    assert manifest.version == "3.0"
    assert manifest.warnings == ()


@pytest.mark.parametrize("name", ["crlf-commas-quotes.tcia", "old-mac-line-ends.tcia"])
def test_line_ends_commas_quotes_and_blanks_are_of_no_account(example: Example, name: str) -> None:
    assert TciaReader().read(example(name)).series == UIDS


def test_a_byte_order_mark_is_no_part_of_the_first_key(example: Example) -> None:
    assert TciaReader().read(example("byte-order-mark.tcia")).server_url == SERVLET


def test_a_heading_is_no_entry(example: Example) -> None:
    manifest = TciaReader().read(example("heading-no-final-newline.tcia"))
    assert manifest.series == ("2.25.318204729105738264910572836450192837465", UIDS[0])


def test_repeated_series_are_counted_and_taken_once(example: Example) -> None:
    manifest = TciaReader().read(example("repeated.tcia"))
    assert manifest.series == UIDS[:2]
    assert manifest.warnings == ("2 series are listed more than once; each is retrieved once.",)


def test_a_cart_put_together_by_hand_is_read_like_java_properties(example: Example) -> None:
    manifest = TciaReader().read(example("by-hand.tcia"))
    assert manifest.server_url == SERVLET
    assert manifest.series == UIDS
    assert manifest.attempts == 2
    assert manifest.include_annotations is True
    assert manifest.basket_id == "Cart of Ærø.tcia"


def test_a_cart_of_version_4_is_read_with_a_warning(example: Example) -> None:
    manifest = TciaReader().read(example("version-4.tcia"))
    assert manifest.version == "4.0"
    assert manifest.series == UIDS[:1]
    assert "version 4.0" in manifest.warnings[0]


def test_keys_may_stand_behind_the_list_and_uids_beside_the_marker(example: Example) -> None:
    manifest = TciaReader().read(example("no-version.tcia"))
    assert (manifest.server_url, manifest.series, manifest.version) == (SERVLET, UIDS[:2], None)
    assert (manifest.attempts, manifest.include_annotations, manifest.basket_id) == (None, None, None)


@pytest.mark.parametrize("name", ["version-1-unsaid.tcia", "version-2.tcia"])
def test_a_cart_whose_list_stayed_on_the_server_says_what_to_do(example: Example, name: str) -> None:
    with pytest.raises(ManifestError, match="version 1 or 2") as caught:
        TciaReader().read(example(name))
    assert "download a new manifest" in caught.value.advice


def test_a_cart_of_other_things_than_dicom_is_refused(example: Example) -> None:
    with pytest.raises(ManifestError, match="line 6: dataType is 'Other'"):
        TciaReader().read(example("not-dicom.tcia"))


def test_all_faults_are_told_at_once_with_their_lines(example: Example) -> None:
    with pytest.raises(ManifestError) as caught:
        TciaReader().read(example("many-faults.tcia"))
    told = [(fault.line, fault.text.split()[0]) for fault in caught.value.faults]
    assert told == [
        (1, "downloadServerUrl"),
        (2, "noOfrRetry"),
        (3, "manifestVersion"),
        (6, "'not-a-uid'"),
        (7, "'1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1....'"),
    ]


@pytest.mark.parametrize("value", ["true ", "TRUE\t", " True"])
def test_blanks_around_a_value_do_not_make_it_false(value: str) -> None:
    assert read(cart(header=f"includeAnnotation={value}")).include_annotations is True


def test_a_flag_that_is_neither_true_nor_false_counts_as_false_with_a_warning() -> None:
    manifest = read(cart(header="includeAnnotation=yes"))
    assert manifest.include_annotations is False
    assert "'yes'" in manifest.warnings[0]


@pytest.mark.parametrize(
    ("header", "attempts"),
    [
        ("noOfrRetry=4 ", 4),
        ("noOfRetry=7", 7),
        ("noOfrRetry=3\nnoOfRetry=7", 3),
        ("noOfrRetry=\nnoOfRetry=7", 7),
        ("noOfrRetry=1\nnoOfrRetry=2", 2),
        ("noOfrRetry=0", 1),
        ("nooftry=5", None),
    ],
)
def test_the_number_of_attempts_is_read_under_either_spelling(header: str, attempts: int | None) -> None:
    assert read(cart(header=header)).attempts == attempts


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "1001", "9" * 5000, "\u0664"])
def test_attempts_that_are_no_sensible_number_are_a_fault(value: str) -> None:
    told = faults(cart(header=f"noOfrRetry={value}"))
    assert len(told) == 1
    assert told[0].startswith("line 2: noOfrRetry")
    assert len(told[0]) < 150


@pytest.mark.parametrize(
    "url",
    [
        "",
        "archive.example.org",
        "ftp://archive.example.org",
        "https://",
        "https://h:x/",
        "https://a b/",
        "https://h\\@x/",
    ],
)
def test_an_address_that_cannot_be_used_is_a_fault(url: str) -> None:
    told = faults(
        f"downloadServerUrl={url.replace(chr(92), chr(92) * 2)}\nListOfSeriesToDownload=\n{UIDS[0]}\n"
    )
    assert len(told) == 1
    assert "downloadServerUrl" in told[0]


def test_a_password_in_an_address_is_refused_and_not_told() -> None:
    told = faults(
        f"downloadServerUrl=https://ana:secret@archive.example.org/\nListOfSeriesToDownload=\n{UIDS[0]}"
    )
    assert "user name or password" in told[0]
    assert "secret" not in told[0]


def test_an_address_that_is_not_encrypted_gets_a_warning_unless_it_is_local() -> None:
    assert (
        "not encrypted"
        in read("downloadServerUrl=http://h.example.org/\nListOfSeriesToDownload\n1.2").warnings[0]
    )
    assert read("downloadServerUrl=http://127.0.0.1:8080/\nListOfSeriesToDownload\n1.2").warnings == ()


def test_a_cart_without_a_list_or_with_an_empty_one_is_a_fault() -> None:
    assert faults(f"downloadServerUrl={SERVLET}\n{UIDS[0]}\n") == [
        "there is no list of series: the line ListOfSeriesToDownload= is missing"
    ]
    assert faults(cart(entries="\n\n")) == ["line 3: the list of series is empty"]


def test_a_line_that_continues_does_not_swallow_the_marker() -> None:
    assert read(f"downloadServerUrl={SERVLET}\nx=a\\\nListOfSeriesToDownload=\n1.2").series == ("1.2",)


def test_a_comment_does_not_continue() -> None:
    assert read(cart(header="# my carts are in C:\\\nnoOfrRetry=2")).attempts == 2


def test_text_outside_ascii_may_be_latin_1() -> None:
    assert read(cart(header="databasketId=Ærø").encode("latin-1")).basket_id == "Ærø"


def test_a_fault_quotes_nothing_that_moves_a_terminal() -> None:
    assert faults(cart(entries="\x1b[2J\u202e")) == ["line 4: '\\x1b[2J\\u202e' is not a series UID"]


def test_only_the_first_of_many_bad_entries_are_told_one_by_one() -> None:
    told = faults(cart(entries="\n".join(f"x{number}" for number in range(1000))))
    assert len(told) == 21
    assert told[-1] == "and 980 more entries are not taken"


def test_more_series_than_a_cart_can_hold_are_a_fault() -> None:
    listed = SeriesList(most=2)
    for number, uid in enumerate(UIDS, start=1):
        listed.add_line(uid, number)
    assert listed.series == UIDS[:2]
    assert "one more than the 2 series" in str(listed.faults[0])


def test_a_manifest_larger_than_any_cart_is_refused_unread() -> None:
    assert faults(bytes(MOST_BYTES + 1)) == ["it is larger than 64 MiB"]


def test_a_heading_that_does_not_end_takes_time_by_its_length_and_not_by_its_square() -> None:
    assert len(faults(cart(entries=f"series{' ' * 1_000_000}x"))) == 2


@pytest.mark.parametrize(
    "content",
    [b"ab\n" * 40_000, b"\n" * 40_000, b"\\a" * 40_000, b"ListOfSeriesToDownload=" + b"x " * 40_000],
)
def test_what_is_no_cart_takes_little_more_memory_than_its_own_size(content: bytes) -> None:
    source = ManifestSource("cart.tcia", content)
    tracemalloc.start()
    try:
        with pytest.raises(ManifestError):
            TciaReader().read(source)
        assert tracemalloc.get_traced_memory()[1] < 12 * len(content) + 500_000
    finally:
        tracemalloc.stop()


def test_the_server_that_the_user_names_comes_before_the_manifests() -> None:
    reader = TciaReader("https://other.example.org")
    manifest = reader.read(ManifestSource("cart.tcia", cart().encode()))
    assert manifest.server_url == "https://other.example.org/nbia-download/servlet/DownloadServlet"


# --- laws -----------------------------------------------------------------------------------------

uids = st.from_regex(r"[0-2](\.(0|[1-9][0-9]{0,9})){1,5}", fullmatch=True)
basket_ids = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(
    lambda text: text.strip() == text
)


def escaped(text: str) -> str:
    """Write a value as Java does: whatever is not plain ASCII by its code."""
    plain = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_")
    units = text.encode("utf-16-be", "surrogatepass")
    codes = [int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2)]
    return "".join(chr(code) if chr(code) in plain else f"\\u{code:04x}" for code in codes)


@st.composite
def written_carts(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    """Write a cart in one of the forms that Java reads; give the text, and what it says."""
    annotations, attempts = draw(st.booleans() | st.none()), draw(st.integers(1, 1000) | st.none())
    basket_id = draw(basket_ids)
    keys = {
        "downloadServerUrl": SERVLET,
        "includeAnnotation": None if annotations is None else str(annotations).lower(),
        "noOfrRetry": None if attempts is None else str(attempts),
        "databasketId": escaped(basket_id),
        "manifestVersion": "3.0",
    }
    separator = draw(st.sampled_from(["=", " = ", ":", " ", "\t:\t"]))
    lines = [f"{key}{separator}{value}" for key, value in keys.items() if value is not None]
    series = draw(st.lists(uids, min_size=1, max_size=10, unique=True))
    line_end = draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\n# x\n"]))
    text = line_end.join([*draw(st.permutations(lines)), "ListOfSeriesToDownload=", *series])
    return text, {
        "series": tuple(series),
        "server_url": SERVLET,
        "include_annotations": annotations,
        "attempts": attempts,
        "basket_id": basket_id,
        "version": "3.0",
        "warnings": (),
    }


@given(written_carts())
def test_what_is_written_is_read(written: tuple[str, dict[str, object]]) -> None:
    text, said = written
    manifest = read(text)
    assert {name: getattr(manifest, name) for name in said} == said


def test_half_a_character_is_none() -> None:
    assert read(cart(header="databasketId=a\\ud800b")).basket_id == "a\ufffdb"


keys = (
    b"downloadServerUrl=",
    b"ListOfSeriesToDownload=",
    b"manifestVersion=",
    b"noOfrRetry",
    b"tempLoc",
    b"dataType",
)
values = (SERVLET.encode(), b"https://[", b"1.2.3", b"3.0", b"1", b"\xff")
marks = (b"\n", b"\r", b"\\", b"\\u12", b"\\ud800", b"#", b"=", b":", b" ")
pieces = st.sampled_from((*keys, *values, *marks))


@given(st.binary(max_size=300) | st.lists(pieces, max_size=30).map(b"".join))
@also(b"downloadServerUrl=https://[::1/\nListOfSeriesToDownload=\n1.2")
def test_no_bytes_do_more_than_be_refused(content: bytes) -> None:
    try:
        manifest = read(content)
    except ManifestError as error:
        assert error.faults  # noqa: PT017 - it need not be raised
    else:
        assert manifest.series
