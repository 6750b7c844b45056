from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from cartload_retriever.command import command

if TYPE_CHECKING:
    from collections.abc import Iterable

VALUES = {
    "-c": ("manifest", "cart.tcia", "cart.tcia"),
    "--cli": ("manifest", "cart.tcia", "cart.tcia"),
    "-d": ("directory", "out", Path("out")),
    "-u": ("user", "jane", "jane"),
    "-p": ("password", "-f", "-f"),
    "-l": ("credentials", "login", Path("login")),
}
SWITCHES = {
    "-v": ("verbose", True),
    "--verbose": ("verbose", True),
    "-q": ("quiet", True),
    "--quiet": ("quiet", True),
    "-f": ("force", True),
    "--force": ("force", True),
    "-m": ("md5", True),
    "--md5": ("md5", True),
    "-dd": ("naming", "descriptive"),
    "--dd": ("naming", "descriptive"),
    "-cd": ("naming", "classic"),
    "--cd": ("naming", "classic"),
    "--agree-to-license": ("agree_to_license", True),
}


def spellings(flags: Iterable[str]) -> list[tuple[str, str]]:
    return [(flag, typed) for flag in flags for typed in (flag, flag.upper())]


def parsed(*words: str) -> dict[str, object]:
    found: dict[str, object] = command.make_context("nbia-data-retriever", list(words)).params
    return found


@pytest.mark.parametrize(("flag", "typed"), spellings(VALUES))
def test_a_flag_with_a_value_is_known_in_either_case(flag: str, typed: str) -> None:
    name, word, value = VALUES[flag]
    manifest = () if name == "manifest" else ("-c", "other.tcia")
    assert parsed(*manifest, typed, word)[name] == value


@pytest.mark.parametrize(("flag", "typed"), spellings(SWITCHES))
def test_a_switch_is_known_in_either_case(flag: str, typed: str) -> None:
    name, value = SWITCHES[flag]
    assert parsed("-c", "cart.tcia", typed)[name] == value
    assert parsed("-c", "cart.tcia")[name] != value


def test_these_are_all_the_flags_and_a_few_more() -> None:
    known = {word for each in command.params if isinstance(each, click.Option) for word in each.opts}
    assert known - {*VALUES, *SWITCHES} == {"--version", "--proxy", "--ca-file", "--allow-host"}


@pytest.mark.parametrize(
    ("flags", "naming"),
    [(("--cd", "--dd"), "descriptive"), (("-DD", "-CD"), "classic"), (("--cd", "-dd", "--CD"), "classic")],
)
def test_of_two_layouts_the_later_one_holds(flags: tuple[str, ...], naming: str) -> None:
    assert parsed("-c", "cart.tcia", *flags)["naming"] == naming


def test_a_value_keeps_its_case() -> None:
    assert parsed("-C", "MyCart.tcia", "-P", "PassWord") | {"password": "PassWord"} == parsed(
        "-c", "MyCart.tcia", "-p", "PassWord"
    )


@pytest.mark.parametrize("name", ["cart", "cart.TCIA", "cart.tcia.txt", ""])
def test_a_manifest_has_the_original_s_suffix(name: str) -> None:
    with pytest.raises(click.BadParameter, match="does not end in"):
        parsed("-c", name)


@pytest.mark.parametrize("dash", ["\u2010", "\u2013", "\u2014", "\u2212"])
def test_a_dash_of_a_word_processor_is_told_from_a_hyphen(dash: str) -> None:
    with pytest.raises(click.UsageError, match="plain hyphen"):
        parsed("-c", "cart.tcia", f"{dash}f")


@pytest.mark.parametrize(
    ("words", "said"), [(["hunter2"], "1 word belongs"), (["a", "hunter2", ""], "3 words belong")]
)
def test_words_that_belong_to_no_flag_are_refused_and_not_repeated(words: list[str], said: str) -> None:
    with pytest.raises(click.UsageError, match=said) as refused:
        parsed("-c", "cart.tcia", *words)
    assert "hunter2" not in refused.value.message


def test_a_flag_that_misses_its_value_is_wrong_use() -> None:
    with pytest.raises(click.UsageError, match="requires an argument"):
        parsed("-c", "cart.tcia", "-d")
