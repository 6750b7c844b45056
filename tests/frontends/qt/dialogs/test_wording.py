"""Long texts are brought to a readable size, and errors said as people read them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import CartloadError, ManifestError, ManifestFault
from cartload.registry import Kind
from cartload_qt.dialogs.wording import MOST_OF_A_NAME, folded, kind_word, shortened, trouble


@given(st.text())
def test_a_name_is_one_line_of_bounded_length(text: str) -> None:
    shown = shortened(text)
    assert len(shown) <= MOST_OF_A_NAME
    assert len(shown.splitlines()) <= 1


@given(st.text(max_size=1500))
def test_folding_adds_nothing_but_line_breaks(text: str) -> None:
    assert folded(text).replace("\n", "") == text.replace("\n", "")


@given(st.text(min_size=1, max_size=3000))
def test_no_word_is_longer_than_a_line_after_folding(text: str) -> None:
    assert all(len(word) <= 91 for word in folded(text).split())


def test_a_path_that_fits_a_line_stays_on_it() -> None:
    assert folded("Kept in /home/ada/.config/cartload/config.toml.") == (
        "Kept in /home/ada/.config/cartload/config.toml."
    )


def test_a_path_is_broken_between_its_folders() -> None:
    path = "/".join(["folder"] * 30)
    assert all(line.endswith("/") for line in folded(path).splitlines()[:-1])


def test_a_text_of_usual_length_stays_as_it_is() -> None:
    assert folded("as it is") == shortened("as it is") == "as it is"


def test_an_error_begins_with_a_capital() -> None:
    assert trouble(CartloadError("it is gone.", subject="a", advice="b")).text == "a\nIt is gone.\nb"


def test_what_is_copied_of_an_error_is_harmless() -> None:
    assert "\x1b" not in trouble(CartloadError("\x1b[2J", subject="\x1b")).text


def test_every_fault_is_copied_with_its_line() -> None:
    said = trouble(ManifestError("cart", [ManifestFault("bad", 3)], advice="Mend it."))
    assert said.text == "cart\nThis cart cannot be used: 1 fault in it.\nline 3: bad\nMend it."


def test_each_kind_of_plugins_has_its_word() -> None:
    assert len({kind_word(kind) for kind in Kind}) == len(Kind)
