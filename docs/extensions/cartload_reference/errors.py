"""Every error that cartload raises, with what the command line exits with."""

from __future__ import annotations

import inspect

from cartload import errors
from cartload_common import exit_codes
from cartload_reference.docstrings import text_of
from cartload_reference.markdown import code, section


def error_kinds() -> tuple[type[Exception], ...]:
    """Give the error classes, in the order of the source."""
    return tuple(
        kind
        for kind in vars(errors).values()
        if inspect.isclass(kind) and issubclass(kind, Exception) and kind.__module__ == errors.__name__
    )


def page() -> str:
    """Draw the family, then describe every member."""
    tree = "\n".join(("```text", *_branch(errors.CartloadError, 0), "```"))
    return "\n\n".join(
        (section(2, "The family", tree), section(2, "Each of them", *map(_error, error_kinds())))
    )


def _branch(kind: type[Exception], depth: int) -> list[str]:
    children = [child for child in error_kinds() if child.__base__ is kind]
    below = [line for child in children for line in _branch(child, depth + 1)]
    return [f"{'    ' * depth}{kind.__name__}", *below]


def _error(kind: type[Exception]) -> str:
    leads = f"Where it ends a command, the exit code is {code(int(_exit_code(kind)))}."
    return section(3, code(kind.__name__), text_of(kind), leads, anchor=f"error-{kind.__name__}")


def _exit_code(kind: type[Exception]) -> exit_codes.ExitCode:
    codes = (given for known, given in exit_codes.ERROR_CODES if issubclass(kind, known))
    return next(codes, exit_codes.ExitCode.FAULT)
