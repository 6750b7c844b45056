"""Every command with its arguments and options, read from the click commands themselves."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import click

from cartload_cli.main import cli
from cartload_reference.markdown import block, code, section, table
from cartload_retriever.command import command as retriever
from cartload_retriever.main import NAME as RETRIEVER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def commands() -> Mapping[str, click.Command]:
    """Give every command by its name, the main one first."""
    context = click.Context(cli, info_name="cartload")
    found = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def option_words(command: click.Command) -> frozenset[str]:
    """Give every way to spell an option of a command, ``--help`` among them."""
    return frozenset(word for each in _options(command) for word in (*each.opts, *each.secondary_opts))


def options_with_value(command: click.Command) -> frozenset[str]:
    """Give the spellings of those options that are followed by a value."""
    return frozenset(
        word
        for each in command.params
        if isinstance(each, click.Option) and not each.is_flag
        for word in each.opts
    )


def page() -> str:
    """Describe the program and every command."""
    own = (_command("cartload", name, each) for name, each in commands().items())
    return "\n\n".join((_program(), *own, _command(None, RETRIEVER, retriever)))


def spelled(option: click.Parameter) -> str:
    """Write an option as one would type it: its names, and what stands for its value."""
    names = ", ".join(option.opts)
    if option.secondary_opts:
        return f"{names} / {', '.join(option.secondary_opts)}"
    if isinstance(option, click.Option) and option.is_flag:
        return names
    return f"{names} {_value(option)}"


def _program() -> str:
    rows = [(code(spelled(each)), getattr(each, "help", "") or "") for each in _options(cli)]
    return section(
        2,
        "cartload",
        _told(cli),
        block("console", "$ cartload COMMAND ..."),
        table(("option", "meaning"), rows),
    )


def _command(program: str | None, name: str, command: click.Command) -> str:
    called = f"{program} {name}" if program else name
    usage = " ".join(("$", called, "[OPTIONS]", *_arguments(command))).rstrip()
    rows = [(code(spelled(each)), getattr(each, "help", "") or "") for each in _options(command)]
    return section(
        2,
        called,
        block("console", usage),
        _told(command),
        table(("option", "meaning"), rows),
        anchor=f"command-{name}",
    )


def _told(command: click.Command) -> str:
    if not command.help:
        raise ValueError(f"the command {command.name} has no help, and the reference needs one")
    return inspect.cleandoc(command.help)


def _options(command: click.Command) -> Iterator[click.Parameter]:
    program = cli.make_context("cartload", [], resilient_parsing=True)
    context = program if command is cli else click.Context(command, parent=program)
    return (each for each in command.get_params(context) if isinstance(each, click.Option))


def _arguments(command: click.Command) -> Iterator[str]:
    return (each.make_metavar(click.Context(command)) for each in command.params if not _is_option(each))


def _is_option(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option)


def _value(option: click.Parameter) -> str:
    if isinstance(option.type, click.Choice):
        return "|".join(map(str, option.type.choices))
    return option.metavar or option.type.name.upper()
