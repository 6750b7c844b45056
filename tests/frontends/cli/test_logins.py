from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING

import pytest

from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError
from cartload.events import LoggedIn, LoginQuestion, Warned
from cartload.model import Origin, SeriesUID
from cartload.settings import Settings
from cartload_cli import this_run
from cartload_cli.login_options import LoginGiven
from cartload_cli.logins import Logins
from cartload_common.credentials.keyring_store import KeyringStore
from cartload_common.credentials.login_list import LoginList, usual_path
from cartload_common.redaction import Redaction
from frontends.cli.commandline import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from cartload_common.messages import Message
    from keyrings import BrokenKeyring, MemoryKeyring

KNOWN = Origin.of("https://nbia.cancerimagingarchive.net")
OTHER = Origin.of("https://archive.example")
HERE = Origin.of("http://127.0.0.1:8080")
PLAIN = Origin.of("http://archive.example")
SERIES = (SeriesUID("1.2.3"),)

OPTIONS = Credentials("from-options", Secret("options c4n4ry"))
SECRETS = {"CARTLOAD_USERNAME": "from-environment", "CARTLOAD_PASSWORD": "environment c4n4ry"}


class Run:
    """The logins of a run, and what was told of them."""

    def __init__(
        self, given: LoginGiven | None = None, settings: Settings | None = None, *, attended: bool = False
    ) -> None:
        self.told: list[Message] = []
        self.logins = Logins(given or LoginGiven(), settings or Settings(), attended=attended)
        self.logins.tell = self.told.append

    @property
    def text(self) -> str:
        return "\n".join(message.text for message in self.told)

    def user(self, origin: Origin = KNOWN) -> str | None:
        found = self.logins.find(origin)
        return None if found is None else found.user


@pytest.fixture
def redact(monkeypatch: pytest.MonkeyPatch) -> Redaction:
    redaction = Redaction()
    monkeypatch.setattr(this_run, "redaction", lambda: redaction)
    return redaction


def remember(origin: Origin, user: str | None) -> None:
    LoginList(usual_path(), print).add(origin, user)


def in_keyring(origin: Origin, user: str) -> None:
    KeyringStore().keep(origin, Credentials(user, Secret(f"of {user}")))
    remember(origin, user)


def in_netrc(home: Path, host: str, user: str = "from-netrc") -> None:
    path = home / ".netrc"
    path.write_text(f'machine {host} login {user} password "netrc c4n4ry"\n')
    path.chmod(0o600)


def typing(monkeypatch: pytest.MonkeyPatch, names: str, *passwords: str) -> None:
    hidden = iter(passwords)
    monkeypatch.setattr(sys, "stdin", Terminal(names))
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda *_, **__: next(hidden))


def test_the_order_is_options_environment_keyring_netrc(
    home: Path, keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keyring.priority
    assert Run().user() is None
    in_netrc(home, KNOWN.host)
    assert Run().user() == "from-netrc"
    in_keyring(KNOWN, "from-keyring")
    assert Run().user() == "from-keyring"
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    assert Run().user() == "from-environment"
    assert Run(LoginGiven(credentials=OPTIONS)).user() == "from-options"


def test_a_name_decides_whose_login_is_looked_for(home: Path, keyring: MemoryKeyring) -> None:
    in_keyring(KNOWN, "jane")
    in_keyring(KNOWN, "john")
    in_netrc(home, KNOWN.host, "jim")
    assert len(keyring.kept) == 2
    assert Run().user() == "john"
    assert Run(LoginGiven(user="jane")).user() == "jane"
    assert Run(LoginGiven(user="jim")).user() == "jim"
    assert Run(LoginGiven(user="nobody")).user() is None


def test_what_was_given_for_this_run_goes_to_one_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(LoginGiven(credentials=OPTIONS, allowed=(OTHER,)))
    assert run.user(KNOWN) == "from-options"
    assert run.user(OTHER) is None
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    run = Run(LoginGiven(allowed=(OTHER,)))
    assert run.user(OTHER) == "from-environment"
    assert run.user(KNOWN) is None


@pytest.mark.parametrize("origin", [OTHER, PLAIN, Origin.of("https://nbia.cancerimagingarchive.net:8443")])
def test_an_origin_that_nobody_trusts_gets_none_and_nobody_is_asked(
    home: Path, monkeypatch: pytest.MonkeyPatch, origin: Origin
) -> None:
    in_netrc(home, origin.host)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    typing(monkeypatch, "jane\n", "c4n4ry")
    run = Run(attended=True)
    assert run.user(origin) is None
    assert run.logins.log_in(LoginQuestion(origin, SERIES)) is None


def test_a_login_of_the_options_that_must_not_be_sent_is_an_error() -> None:
    with pytest.raises(LoginError, match=r"--allow-host archive\.example"):
        Run(LoginGiven(credentials=OPTIONS)).user(OTHER)


def test_plain_http_is_refused_even_if_it_was_named() -> None:
    run = Run(LoginGiven(credentials=OPTIONS, allowed=(PLAIN,)))
    with pytest.raises(LoginError, match="not encrypted"):
        run.user(PLAIN)


@pytest.mark.parametrize("origin", [KNOWN, HERE])
def test_known_archives_and_this_machine_need_no_permission(origin: Origin) -> None:
    assert Run(LoginGiven(credentials=OPTIONS)).user(origin) == "from-options"


def test_where_one_logged_in_before_one_may_again() -> None:
    remember(OTHER, None)
    assert Run(LoginGiven(credentials=OPTIONS)).user(OTHER) == "from-options"


def test_a_broken_keyring_is_a_note_and_netrc_is_asked(home: Path, broken_keyring: BrokenKeyring) -> None:
    assert broken_keyring.priority
    remember(KNOWN, "jane")
    in_netrc(home, KNOWN.host)
    run = Run()
    assert run.user() == "from-netrc"
    assert "note: the system keyring: it cannot be used (KeyringLocked)" in run.text


def test_without_a_kept_login_no_keyring_is_asked(keyring: MemoryKeyring) -> None:
    remember(OTHER, None)
    assert Run().user(OTHER) is None
    assert Run().user(KNOWN) is None
    assert not keyring.asked


def test_a_damaged_list_is_a_note(capsys: pytest.CaptureFixture[str]) -> None:
    usual_path().parent.mkdir()
    usual_path().write_text("{")
    assert Run().user() is None
    assert "the list of logins cannot be read" in capsys.readouterr().err


def test_every_secret_is_known_to_the_redaction_as_soon_as_it_is_known_at_all(
    redact: Redaction, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Run(LoginGiven(credentials=OPTIONS))
    assert redact("x options c4n4ry x") == "x *** x"
    in_netrc(home, KNOWN.host)
    Run().user()
    assert redact.for_screen("x netrc c4n4ry x, x netrc+c4n4ry, x netrc%20c4n4ry") == "x *** x, x ***, x ***"
    typing(monkeypatch, "jane\n", "typed \\c4n4ry")
    Run(attended=True).logins.ask(KNOWN)
    assert redact(r"x typed \\c4n4ry x") == "x *** x"


def test_users_are_named_on_the_screen_and_in_no_file(
    redact: Redaction, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Run(LoginGiven(user="from-option"))
    Run(LoginGiven(credentials=OPTIONS))
    in_netrc(home, KNOWN.host)
    Run().user()
    typing(monkeypatch, "jane\n", "typed")
    Run(attended=True).logins.ask(KNOWN)
    told = "from-option from-options from-netrc jane"
    assert redact(told) == "*** *** *** ***"
    assert redact.for_screen(told) == told


def test_nobody_is_asked_where_nobody_sits(monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "jane\n", "c4n4ry")
    assert Run().logins.ask(KNOWN, series=SERIES) is None


def test_a_refusal_names_where_the_login_came_from(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_netrc(home, KNOWN.host)
    typing(monkeypatch, "jane\n\n", "wrong", "right")
    run = Run(attended=True)
    run.user()
    run.logins.log_in(LoginQuestion(KNOWN, SERIES, "it is wrong."))
    assert f"{KNOWN} does not accept the login from {home / '.netrc'}." in run.text
    run.logins.ask(KNOWN, refused=True)
    assert f"{KNOWN} does not accept this user name and password." in run.text
    assert run.text.count(SERIES[0]) == 1


def test_an_archive_that_was_allowed_and_accepted_the_login_is_remembered() -> None:
    run = Run(LoginGiven(credentials=OPTIONS, allowed=(OTHER,)))
    run.user(OTHER)
    run.logins.hear(Warned("somewhere", "something"))
    run.logins.hear(LoggedIn(OTHER, "from-options"))
    assert LoginList(usual_path(), print).read() == {OTHER: ()}
    assert Run(LoginGiven(credentials=OPTIONS)).user(OTHER) == "from-options"


def test_known_archives_need_not_be_remembered() -> None:
    run = Run(LoginGiven(credentials=OPTIONS))
    run.user(KNOWN)
    run.logins.accepted(KNOWN)
    assert not usual_path().exists()
    assert not run.told


def test_that_an_archive_cannot_be_remembered_ends_nothing(home: Path) -> None:
    (home / "state").write_text("a file, not a folder")
    run = Run(LoginGiven(credentials=OPTIONS, allowed=(OTHER,)))
    run.logins.accepted(OTHER)
    assert "note: " in run.text
    assert "cannot be written" in run.text


def test_a_login_that_was_typed_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "jane\n", "c4n4ry")
    run = Run(attended=True)
    run.logins.ask(KNOWN)
    run.logins.accepted(KNOWN)
    assert f"cartload login {KNOWN}" in run.text
