from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import ManifestError, ManifestFault, TransportError
from cartload.model import SeriesUID
from cartload.plan import Need, Task
from cartload_common import texts
from frontends.cli.values import record, shortfall


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (12_345_678, "12.3 MB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (5_000_000_000_000, "5.0 TB"),
        (5_000_000_000_000_000_000_000, "5,000.0 EB"),
    ],
)
def test_a_size_is_written_in_steps_of_1000(number: int, written: str) -> None:
    assert texts.size(number) == written


@given(st.integers(1000, 10**21))
def test_a_size_never_shows_four_digits_before_the_point(number: int) -> None:
    assert texts.size(number).partition(".")[0].replace(",", "").isdecimal()
    assert len(texts.size(number).partition(".")[0]) < 4 or number >= 10**20


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0.4, "0 s"), (59, "59 s"), (59.6, "1 min 00 s"), (200, "3 min 20 s"), (7500, "2 h 05 min")],
)
def test_a_duration_is_written_with_two_units(seconds: float, written: str) -> None:
    assert texts.duration(seconds) == written


def test_one_image_is_not_images_and_series_are_series() -> None:
    assert texts.count(1, "image") == "1 image"
    assert texts.count(1200, "image") == "1,200 images"
    assert texts.count(1, "series") == "1 series"
    assert texts.count(2, "copy", "copies") == "2 copies"


def test_what_steers_a_terminal_is_escaped() -> None:
    assert texts.safe("a\x1b]52;c;x\x07\nb") == "a\\x1b]52;c;x\\x07\\x0ab"


def test_what_turns_the_reading_direction_is_escaped() -> None:
    assert texts.safe("gpj\u202e.exe") == "gpj\\u202e.exe"
    assert texts.safe("\U000e0041") == "\\U000e0041"


def test_letters_of_all_scripts_stay_as_they_are() -> None:
    assert texts.safe("Größe 肺 \u0645\u06cc\u200c\u062e") == "Größe 肺 \u0645\u06cc\u200c\u062e"


@given(st.text(st.characters()))
def test_a_safe_text_is_one_line_that_can_be_encoded_and_steers_nothing(text: str) -> None:
    made = texts.safe(text)
    made.encode()
    assert not {unicodedata.category(letter) for letter in made} & {"Cc", "Cs", "Zl", "Zp"}
    assert texts.safe(made) == made


def test_a_text_of_several_lines_keeps_its_lines_and_nothing_else() -> None:
    assert texts.safe_lines("a\r\n\tb\x1b\n") == "a\n    b\\x1b"


def test_a_series_is_named_by_patient_modality_and_description_or_its_uid() -> None:
    known = Task(SeriesUID("1.1"), Need.FETCH, record("1.1", description="AX\x1b"))
    assert texts.series_name(known) == "LUNG-1 CT AX\\x1b"
    assert texts.series_name(Task(SeriesUID("1.1"), Need.UNKNOWN)) == "1.1"


def test_a_series_that_is_not_there_is_named_with_its_uid() -> None:
    assert texts.shortfall_name(shortfall("1.1")) == "LUNG LUNG-1 AXIAL (1.1)"


def test_a_reason_does_not_repeat_the_uid() -> None:
    assert texts.reason("1.1: it was\x1b cut.", "1.1") == "it was\\x1b cut."
    assert texts.reason("1.10: it was cut.", "1.1") == "1.10: it was cut."


def test_an_error_is_one_line_with_what_to_do() -> None:
    error = TransportError("it is down.", subject="a\x1b.example", advice="Try later.")
    assert texts.error_lines(error) == ["error: a\\x1b.example: it is down. Try later."]


def test_the_faults_of_a_manifest_are_listed_with_their_lines() -> None:
    faults = [ManifestFault("no server"), ManifestFault("'x' is no UID", 7)]
    assert texts.error_lines(ManifestError("cart.tcia", faults, advice="Mend it.")) == [
        "error: cart.tcia: 2 faults:",
        "  no server",
        "  line 7: 'x' is no UID",
        "Mend it.",
    ]


def test_a_single_fault_of_a_manifest_is_one_line() -> None:
    error = ManifestError("cart.tcia", [ManifestFault("'x' is no UID", 7)])
    assert texts.error_lines(error) == ["error: cart.tcia: line 7: 'x' is no UID."]
