"""The exit codes, with the errors that lead to each."""

from __future__ import annotations

from cartload_common.exit_codes import ERROR_CODES, ExitCode
from cartload_reference.markdown import code, table


def page() -> str:
    """List every code."""
    rows = [(code(int(each)), each.meaning, _errors(each)) for each in ExitCode]
    return table(("code", "meaning", "errors that lead to it"), rows)


def _errors(code_of: ExitCode) -> str:
    kinds = [kind.__name__ for kind, leads_to in ERROR_CODES if leads_to is code_of]
    return ", ".join(f"[`{name}`](#error-{name})" for name in kinds)
