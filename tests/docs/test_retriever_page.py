"""The page on the stand-in for the NBIA Data Retriever, flag by flag, says what its parser knows."""

from __future__ import annotations

import re

import pytest
from cartload_reference.commands import option_words

from cartload_common.exit_codes import ExitCode
from cartload_retriever.asker import EXISTING, POLICY
from cartload_retriever.command import command
from cartload_retriever.main import NAME
from docs.pages import blocks, rows, text_of
from docs.test_command_lines import calls

PAGE = "docs/how-to/replace-the-data-retriever.md"
TEXT = text_of(PAGE)


def flags_of(heading: str) -> list[str]:
    return [flag for cells in rows(TEXT, heading) for flag in re.findall(r"`(-[\w-]+)`", cells[0])]


CALLS = [call for block in blocks(TEXT) for line in block.text.splitlines() for call in calls(line, NAME)]


def test_the_tables_have_every_flag_once_and_no_other() -> None:
    named = [*flags_of("flag"), *flags_of("added flag")]
    assert len(set(named)) == len(named)
    assert set(named) == option_words(command)


def test_every_flag_of_the_original_has_its_row() -> None:
    short = "-c -d -u -p -l -v -q -f -m -dd -cd"
    long = "--cli --verbose --quiet --force --md5 --dd --cd --agree-to-license"
    assert set(flags_of("flag")) == {*short.split(), *long.split()}


def test_each_row_says_what_is_the_same_and_what_is_better() -> None:
    for _, same, better in rows(TEXT, "flag"):
        assert same
        assert better


@pytest.mark.parametrize("question", [POLICY, EXISTING])
def test_the_questions_are_quoted_as_they_are_asked(question: str) -> None:
    assert any(cells[0].startswith(f"`{question}`") for cells in rows(TEXT, "question"))


def test_the_exit_codes_are_codes_that_there_are() -> None:
    told = [int(cells[2]) for cells in rows(TEXT, "how it ended")]
    assert len(told) > 5
    assert set(told) <= set(ExitCode)


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_a_call_on_the_page_can_be_typed(call: list[str]) -> None:
    assert command.make_context(NAME, call).params["manifest"]


def test_there_are_calls_on_the_page() -> None:
    assert len(CALLS) == 2
