from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click
import pytest

from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError
from cartload.model import Origin
from cartload_cli.login_options import LoginGiven, login_options
from frontends.cli.commandline import Piped, Terminal

if TYPE_CHECKING:
    from pathlib import Path


@click.command
@click.argument("manifest", required=False)
@login_options
def command(manifest: str | None, login: LoginGiven) -> tuple[str | None, LoginGiven]:
    """Give what the options gave."""
    return manifest, login


def given(
    monkeypatch: pytest.MonkeyPatch, *arguments: str, piped: bytes = b"", manifest: str | None = None
) -> LoginGiven:
    monkeypatch.setattr(sys, "stdin", Piped(piped))
    words = [*arguments, *([] if manifest is None else [manifest])]
    told, login = command.main(words, standalone_mode=False)
    assert told == manifest
    assert isinstance(login, LoginGiven)
    return login


def test_without_options_there_is_no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch) == LoginGiven()


def test_a_name_alone_is_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, "-u", "jane") == LoginGiven(user="jane")


@pytest.mark.parametrize(
    "piped", [b"c4n4ry \xc3\xa4", b"c4n4ry \xc3\xa4\n", b"\xef\xbb\xbfc4n4ry \xc3\xa4\r\nmore\n"]
)
def test_a_password_is_one_line_of_the_standard_input(monkeypatch: pytest.MonkeyPatch, piped: bytes) -> None:
    login = given(monkeypatch, "-u", "jane", "--password-stdin", piped=piped)
    assert login.credentials == Credentials("jane", Secret("c4n4ry ä"))


def test_a_file_gives_both(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "login"
    path.write_text("userName=jane\npassWord=c4n4ry\n")
    path.chmod(0o600)
    assert given(monkeypatch, "--credentials", str(path)).credentials == Credentials("jane", Secret("c4n4ry"))


@pytest.mark.skipif(os.name != "posix", reason="Windows guards files by access lists, not by such bits")
def test_a_file_that_others_can_read_is_an_error_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "login"
    path.write_text("userName=jane\npassWord=c4n4ry\n")
    path.chmod(0o644)
    with pytest.raises(LoginError, match="chmod 600"):
        given(monkeypatch, "--credentials", str(path))


def test_hosts_may_be_named_with_and_without_a_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = ("archive.example", "https://other.example:8443/x", "http://127.0.0.1:8080")
    login = given(monkeypatch, *(word for host in hosts for word in ("--allow-host", host)))
    assert login.allowed == (
        Origin("https", "archive.example", 443),
        Origin("https", "other.example", 8443),
        Origin("http", "127.0.0.1", 8080),
    )


@pytest.mark.parametrize(
    "host",
    ["http://archive.example", "good@evil.example", "", "ftp://archive.example", "a b", "https://x\\@y"],
)
def test_a_host_that_is_none_or_not_encrypted_is_wrong_use(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    with pytest.raises(click.BadParameter):
        given(monkeypatch, "--allow-host", host)


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("--password-stdin",), "--password-stdin needs --username"),
        (("-u", "  "), "--username is empty"),
        (("-u", "jane", "--credentials", "x"), "excludes"),
        (("--password-stdin", "--credentials", "x"), "excludes"),
        (("-u", "jane", "--password-stdin"), "holds no password"),
    ],
)
def test_what_does_not_go_together_is_wrong_use(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], fault: str
) -> None:
    with pytest.raises(click.UsageError, match=fault):
        given(monkeypatch, *arguments)


def test_the_standard_input_is_not_both_manifest_and_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(click.UsageError, match="cannot be both"):
        given(monkeypatch, "-u", "jane", "--password-stdin", piped=b"c4n4ry", manifest="-")


@pytest.mark.parametrize("piped", [b"c4n4ry\xff", b"c4n4ry" * 1000])
def test_what_is_no_password_is_not_quoted(monkeypatch: pytest.MonkeyPatch, piped: bytes) -> None:
    with pytest.raises(click.UsageError) as refused:
        given(monkeypatch, "-u", "jane", "--password-stdin", piped=piped)
    assert "c4n4ry" not in refused.value.message


def test_a_terminal_is_no_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("c4n4ry\n"))
    with pytest.raises(click.UsageError, match="Leave it out, and you are asked"):
        command.main(["-u", "jane", "--password-stdin"], standalone_mode=False)


def test_no_option_takes_a_password() -> None:
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert [each.name for each in options if "pass" in str(each.name) and not each.is_flag] == []
