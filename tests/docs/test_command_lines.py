from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest
from cartload_reference.commands import commands, option_words, options_with_value

from cartload_cli.main import cli
from cartload_retriever.command import command as retriever
from docs.pages import ROOT, blocks, name_of, pages, spans, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHELLS = {"console", "sh", "bash", "cartload-terminal"}
_ENDS = {"|", "||", "&&", ";", ">", ">>", "2>", "<", "&"}
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")


def _lines() -> Iterator[tuple[str, str]]:
    """Give each command line of the documentation, of the examples and of tox with its page."""
    yield from (("tox.ini", line) for line in text_of("tox.ini").splitlines())
    for page in (*pages(), *sorted((ROOT / "docs" / "examples").glob("*/README.md"))):
        text = page.read_text(encoding="utf-8")
        for block in blocks(text):
            if block.kind in _SHELLS or page.name == "README.md":
                yield from ((name_of(page), line) for line in block.text.splitlines())
        yield from ((name_of(page), span) for span in spans(text))


def calls(line: str, program: str = "cartload") -> Iterator[list[str]]:
    """Give the arguments of each call of *program* in a line."""
    try:
        words = shlex.split(line.strip().removeprefix("$ ").removeprefix("# "), comments=True)
    except ValueError:
        return
    call: list[str] | None = None
    for word in [*words, ";"]:
        if word in _ENDS or word.endswith(";"):
            if call is not None:
                yield call
            call = None
        elif call is not None:
            call.append(word)
        elif word == program or word.endswith(f"/bin/{program}"):
            call = []


def _faults(arguments: list[str]) -> Iterator[str]:
    if not arguments or not re.fullmatch("[a-z]+|--?[a-z]+", arguments[0]):
        return  # the program's name alone, or a word for "any command"
    name, *rest = arguments
    if name.startswith("-"):
        yield from [] if name in option_words(cli) else [f"no option {name}"]
        return
    command = commands().get(name)
    if command is None:
        yield f"no command {name}"
        return
    words, valued = option_words(command), options_with_value(command)
    following = iter(rest)
    for word in following:
        option = word.partition("=")[0]
        if option.startswith("-") and option != "-":
            if option not in words:
                yield f"{name} has no option {option}"
            elif option in valued and "=" not in word:
                next(following, None)


CALLS = [(page, call) for page, line in _lines() for call in calls(line)]


def test_there_are_command_lines_to_check() -> None:
    assert len(CALLS) > 30


@pytest.mark.parametrize(("page", "call"), CALLS, ids=[f"{page}: {shlex.join(call)}" for page, call in CALLS])
def test_a_command_line_of_the_documentation_can_be_typed(page: str, call: list[str]) -> None:
    assert list(_faults(call)) == [], page


@pytest.mark.parametrize(
    "line", ["cartload download c.tcia --no-such", "cartload nothing", "cartload --nothing"]
)
def test_a_command_line_that_cannot_be_typed_is_found(line: str) -> None:
    assert [fault for call in calls(line) for fault in _faults(call)]


@pytest.mark.parametrize("folder", ["core", "plugins", "frontends"])
def test_a_message_of_the_program_names_no_option_that_does_not_exist(folder: str) -> None:
    known = {"--"} | frozenset().union(*map(option_words, (cli, retriever, *commands().values())))
    named = {
        (path.name, option)
        for path in (ROOT / folder).rglob("*.py")
        for option in _OPTION.findall(path.read_text(encoding="utf-8"))
    }
    assert sorted((name, option) for name, option in named if option not in known) == []


def test_every_command_is_shown_in_use_somewhere() -> None:
    used = {call[0] for _, call in CALLS if call}
    assert set(commands()) <= used


def test_the_read_me_has_one_command_to_try_it_and_one_to_test_it() -> None:
    lines = [line for block in blocks(text_of("README.md")) for line in block.text.splitlines()]
    assert (
        len([line for line in lines if line.startswith("python3 ") and line.endswith("cartload demo")]) == 1
    )
    assert len([line for line in lines if line.startswith("python3 ") and line.endswith("tox")]) == 1
