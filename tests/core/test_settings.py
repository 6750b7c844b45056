"""Settings: defaults, what lies over them, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import SettingsError
from cartload.settings import (
    MOST_JOBS,
    Existing,
    FileNames,
    Settings,
    merge,
    parse,
    parse_rate,
    parse_value,
    structure_options,
)

FILE = """
naming = "template"
template = "{collection}/{ordinal}.dcm"
file_names = "uid"
jobs = 8
existing = "missing"
attempts = 2
check = false
block = ["sftp"]

[plugins.nbia]
timeout = 30
"""


@frozen
class Options:
    host: str
    port: int = 22


def test_a_file_that_says_nothing_leaves_the_defaults() -> None:
    assert parse("", "config.toml") == Settings()


def test_a_file_is_read_into_typed_choices() -> None:
    settings = parse(FILE, "config.toml")
    assert settings == Settings(
        naming="template",
        template="{collection}/{ordinal}.dcm",
        file_names=FileNames.UID,
        jobs=8,
        existing=Existing.MISSING,
        attempts=2,
        check=False,
        block=("sftp",),
        plugins={"nbia": {"timeout": 30}},
    )


def test_what_is_laid_over_wins_and_the_rest_stays() -> None:
    settings = merge(parse(FILE, "config.toml"), {"jobs": 2, "existing": "all"}, "the command line")
    assert (settings.jobs, settings.existing) == (2, Existing.ALL)
    assert (settings.naming, settings.block) == ("template", ("sftp",))


def test_nothing_laid_over_changes_nothing() -> None:
    settings = parse(FILE, "config.toml")
    assert merge(settings, {}, "the command line") == settings


def test_options_of_plugins_are_laid_over_one_by_one() -> None:
    settings = merge(
        Settings(), {"plugins": {"nbia": {"timeout": 30, "pool": 4}, "sftp": {"port": 1}}}, "file"
    )
    settings = merge(
        settings, {"plugins": {"nbia": {"timeout": 5}, "s3": {"bucket": "b"}}}, "the command line"
    )
    assert settings.plugins == {
        "nbia": {"timeout": 5, "pool": 4},
        "sftp": {"port": 1},
        "s3": {"bucket": "b"},
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("naming = ", "it is not valid TOML"),
        (f"jobs = {'9' * 5000}", "it is not valid TOML"),
        (f"jobs = {'[' * 100_000}", "it is not valid TOML"),
        ("jobs = 0", "'jobs' must be >= 1: 0"),
        (f"jobs = {MOST_JOBS + 1}", f"'jobs' must be <= {MOST_JOBS}: {MOST_JOBS + 1}"),
        ("jobs = '4'", "jobs: '4' is not a whole number"),
        ("attempts = 0", "'attempts' must be >= 1: 0"),
        ("check = 'no'", "check: 'no' is not true or false"),
        ("existing = 'some'", "existing: 'some' is not one of ask, missing, all"),
        ("block = 'sftp'", "block: 'sftp' is not a list"),
        ("nameing = 'uid'", "unknown: nameing"),
        ("plugins = 5", "plugins must be tables: [plugins.<name>]"),
        ("[plugins]\nnbia = 5", "plugins must be tables: [plugins.<name>]"),
    ],
)
def test_what_is_not_valid_is_refused_with_the_files_name(text: str, fault: str) -> None:
    with pytest.raises(SettingsError) as raised:
        parse(text, "config.toml")
    assert raised.value.subject == "config.toml"
    assert fault in raised.value.what


def test_a_plugins_options_are_made_from_its_table() -> None:
    assert structure_options("sftp", Options, {"host": "example.org"}) == Options("example.org", 22)


@pytest.mark.parametrize(
    ("chosen", "fault"),
    [
        ({"port": 22}, "host: it is missing"),
        ({"host": "h", "port": "22"}, "port: '22' is not a whole number"),
        ({"host": "h", "user": "u"}, "unknown: user"),
    ],
)
def test_a_wrong_option_is_refused_with_the_plugins_name(chosen: dict[str, object], fault: str) -> None:
    with pytest.raises(SettingsError) as raised:
        structure_options("sftp", Options, chosen)
    assert str(raised.value) == f"[plugins.sftp]: {fault}."


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("0.5", 0.5),
        ("true", True),
        ("'a b'", "a b"),
        ("['a', 'b']", ["a", "b"]),
        ("{ a = 1 }", {"a": 1}),
        ("2024-05-28", date(2024, 5, 28)),
        ("'a # b'", "a # b"),
    ],
)
def test_a_value_is_read_as_the_settings_file_would(text: str, value: object) -> None:
    assert parse_value(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "descriptive",
        "True",
        "/data/carts",
        "{collection}/{ordinal}.dcm",
        "1.2.840.10008",
        "5 # secret",
        "5#6",
        "1,",
        "1, 2",
        "1\njobs = 2",
        "'open",
        "9" * 5000,
        "[" * 100_000,
    ],
)
def test_what_is_not_just_one_value_is_a_text_as_it_stands(text: str) -> None:
    assert parse_value(text) == text


@given(st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_plain_value_survives_its_own_text(value: object) -> None:
    assert parse_value(str(value).lower()) == value


@given(st.from_regex(r"[A-Za-z_/{}.:-]+", fullmatch=True))
def test_a_bare_word_is_itself(text: str) -> None:
    if text not in {"true", "false", "inf", "nan", "-inf", "-nan", "{}"}:
        assert parse_value(text) == text


@given(st.text())
def test_any_text_is_some_value(text: str) -> None:
    assert parse_value(text) is not None


# --- rates


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("20M", 20_000_000),
        ("1.5G", 1_500_000_000),
        ("512 KiB/s", 524_288),
        ("500k", 500_000),
        ("20 MB/s", 20_000_000),
        (" 7 ", 7),
        ("1tib", 1024**4),
    ],
)
def test_a_rate_is_read_as_people_write_it(text: str, rate: int) -> None:
    assert parse_rate(text) == rate
    assert merge(Settings(), {"limit_rate": text}, "test").limit_rate == rate


@pytest.mark.parametrize("text", ["", "fast", "-1", "20 X", "0", "0.5", "1e6", "20 M B", "9" * 16])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="test: limit_rate: "):
        merge(Settings(), {"limit_rate": text}, "test")


@pytest.mark.parametrize("number", [0, -5])
def test_a_limit_below_one_byte_is_refused(number: int) -> None:
    with pytest.raises(SettingsError, match="limit_rate"):
        merge(Settings(), {"limit_rate": number}, "test")
