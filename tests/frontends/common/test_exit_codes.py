from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload import errors
from cartload.errors import CartloadError
from cartload.progress import Verdict
from cartload.state import SessionState, TaskState
from cartload_common import exit_codes
from cartload_common.exit_codes import VERDICT_CODES, ExitCode
from frontends.cli.values import report, shortfall

if TYPE_CHECKING:
    from frontends.cli.commandline import CommandLine


@pytest.mark.parametrize("code", ExitCode)
def test_each_code_says_what_it_means_in_one_sentence(code: ExitCode) -> None:
    assert code.meaning[0].isupper()
    assert code.meaning.endswith(".")


@pytest.mark.parametrize("code", ExitCode)
def test_the_help_of_download_tells_every_code(code: ExitCode, cartload: CommandLine) -> None:
    told = " ".join(cartload("download", "--help").out.split())
    assert f"{int(code)} {code.meaning}" in told


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ManifestError("cart", []), 3),
        (errors.SettingsError("x"), 3),
        (errors.PluginError("x"), 3),
        (errors.NamingError("x"), 3),
        (errors.LoginError("x"), 4),
        (errors.AccessDeniedError("x"), 4),
        (errors.PolicyError("x"), 5),
        (errors.DestinationError("x"), 6),
        (errors.StorageError("x"), 6),
        (errors.JournalError("x"), 6),
        (errors.UnreachableError("x"), 7),
        (errors.UnsupportedError("x"), 7),
        (errors.StoppedError("x"), 130),
        (errors.TransitionError("x"), 70),
        (ValueError("x"), 70),
    ],
)
def test_an_error_has_the_code_of_its_kind(error: Exception, code: int) -> None:
    assert exit_codes.of_error(error) == code


def test_no_kind_of_error_is_a_success() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    of_cartload = [kind for kind in kinds if issubclass(kind, CartloadError)]
    assert all(exit_codes.of_error(kind.__new__(kind)) for kind in of_cartload)


def test_only_a_complete_cart_is_a_success() -> None:
    assert set(VERDICT_CODES) == set(Verdict)
    assert [verdict for verdict, code in VERDICT_CODES.items() if not code] == [Verdict.COMPLETE]


@pytest.mark.parametrize(
    ("state", "code"), [(TaskState.FAILED, 1), (TaskState.DENIED, 4), (TaskState.QUEUED, 1)]
)
def test_a_report_has_the_code_of_what_is_missing(state: TaskState, code: int) -> None:
    assert exit_codes.of_report(report(shortfall("1.1", state))) == code


def test_a_report_of_all_is_a_success() -> None:
    assert exit_codes.of_report(report()) == 0


def test_an_interrupted_session_says_so_whatever_failed_before() -> None:
    ended = report(shortfall("1.1"), state=SessionState.CANCELLED)
    assert exit_codes.of_report(ended) == 130
