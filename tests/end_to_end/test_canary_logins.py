"""A password that was given is nowhere afterwards but at the archive, and where its user put it.

Each row of ``PATHS`` is a command that fails, or not, at full loudness, with a canary for a password. What it
wrote is searched byte by byte: screen, logs, reports, journals, state; and what others see while it runs.
A new way to fail is a new row.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from attrs import evolve, frozen

import planted_keyring
from archive_carts import write_cart
from at_terminal import converse
from cartload.testing.archive import Access, Catalogue, User
from cartload_archive import ArchiveOptions, ArchiveServer
from cartload_archive.passwords import encrypted
from command_line import CARTLOAD, RETRIEVER
from small_carts import a_record, a_series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cartload_archive import Strike
    from command_line import CommandLine

CANARY = 'Kanarie7 "gelb\\ä" %&+vogel'
"""What every encoding alters: quotes, a backslash, a blank, signs of addresses, and a letter beyond ASCII."""
PIECE = b"kanarie7"
USER = User("canary-user", CANARY, frozenset({"LIMITED"}))

REPORTS = ("report.txt", "report.json", "report.html")


@frozen
class World:
    """A user's computer and an archive."""

    cartload: CommandLine
    folder: Path
    server: ArchiveServer
    cart: Path
    processes: list[bytes]
    """The arguments of every process there was, each time the archive was asked."""

    def secret_file(self, text: str, mode: int = 0o600) -> Path:
        """Write a file that holds the secret where it may be: outside of what is searched."""
        path = self.folder.parent / f"{self.folder.name}-secrets" / "login"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    def property_file(self, mode: int = 0o600, user: str = "canary-user") -> Path:
        """Write the original's file of a login."""
        escaped = CANARY.replace("\\", "\\\\")
        return self.secret_file(f"userName={user}\npassWord={escaped}\n", mode)

    @property
    def environment(self) -> dict[str, str]:
        """Give the environment, with a keyring that works."""
        kept = self.folder.parent / f"{self.folder.name}-keyring.json"
        return {
            **self.cartload.environment,
            **planted_keyring.variables(kept),
        }


@frozen(kw_only=True)
class Way:
    """One command: its words, what is piped in, its environment, and the exit codes that it may end with."""

    words: Callable[[World], list[str | Path]]
    piped: Callable[[World], str] = lambda _: ""
    environment: Callable[[World], Mapping[str, str]] = lambda _: {}
    typed: Sequence[tuple[str, str]] = ()
    """What somebody at a terminal types, each after what is waited for."""
    program: tuple[str, ...] = (CARTLOAD,)
    codes: frozenset[int]
    before: Way | None = None
    is_logged: bool = True


PIPED = ("-u", USER.name, "--password-stdin")
IN_ENVIRONMENT = {"CARTLOAD_USERNAME": USER.name, "CARTLOAD_PASSWORD": CANARY}


def login(*words: str) -> Callable[[World], list[str | Path]]:
    return lambda world: ["login", world.server.url, *words]


def download(*words: str) -> Callable[[World], list[str | Path]]:
    """Download with a report, telling as much as can be told."""
    return lambda world: ["download", world.cart, "-d", world.folder / "out", "--accept-policy", *words]


def retriever(user: str, *words: str, cart: str = "cart.tcia") -> Callable[[World], list[str | Path]]:
    """Call the stand-in for the original, which takes a password as an argument."""
    place = ("-d", "out", "-u", user, "-p", CANARY, "-v", "--agree-to-license")
    return lambda world: ["--cli", world.cart.with_name(cart), *place, *words]


def with_canary(_: World) -> str:
    return f"{CANARY}\n"


def in_netrc(user: str) -> Callable[[World], Mapping[str, str]]:
    quoted = CANARY.replace("\\", "\\\\").replace('"', '\\"')
    text = f'machine 127.0.0.1 login {user} password "{quoted}"\n'
    return lambda world: {"NETRC": str(world.secret_file(text))}


def typing(user: str) -> Sequence[tuple[str, str]]:
    return (("User name", user), ("Password:", CANARY))


KEPT = Way(words=login(*PIPED, "--no-check"), piped=with_canary, codes=frozenset({0}))
NOBODY = "canary-nobody"
KEPT_OF_NOBODY = evolve(KEPT, words=login("-u", NOBODY, "--password-stdin", "--no-check"))
LOUD = ("--verbose", "--report", "report.json")


def places(user: str, kept: Way, *words: str) -> Mapping[str, Way]:
    """Give a way for each place that a login can come from."""
    plain = Way(words=download(*LOUD, *words), codes=frozenset({0}))
    way_of_file: Callable[[World], list[str | Path]] = lambda world: [  # noqa: E731 - of this table alone
        *plain.words(world),
        "--credentials",
        world.property_file(user=user),
    ]
    variables = {"CARTLOAD_USERNAME": user, "CARTLOAD_PASSWORD": CANARY}
    piped = evolve(plain, words=download(*LOUD, *words, "-u", user, "--password-stdin"), piped=with_canary)
    return {
        "standard input": piped,
        "a file": evolve(plain, words=way_of_file),
        "the environment": evolve(plain, environment=lambda _: variables),
        "the keyring": evolve(plain, before=kept),
        "netrc": evolve(plain, environment=in_netrc(user)),
        **({} if sys.platform == "win32" else {"a prompt": evolve(plain, typed=typing(user))}),
    }


def refused(way: Way) -> Way:
    """End with exit code 4, after three questions where somebody sits there."""
    return evolve(way, typed=tuple(way.typed) * 3, codes=frozenset({4}))


AFTER_A_FAULT = """
import sys
from cartload import logging_in
from cartload_cli.main import main

def fail(self, credentials):
    password = credentials.password.reveal()
    form = f"password={password}"
    raise RuntimeError(SAYING)

logging_in.SessionLogin.__init__ = fail
sys.exit(main())
"""
"""Ends with exit code 70, the password in the hands of whoever fails."""


def after_a_fault(saying: str) -> tuple[str, ...]:
    return (sys.executable, "-c", AFTER_A_FAULT.replace("SAYING", saying))


FAULTS = {
    f"a fault that {name}{' (--json)' if json_lines else ''}": evolve(
        places(USER.name, KEPT, *json_lines)["standard input"],
        program=after_a_fault(saying),
        codes=frozenset({70}),
    )
    for name, saying in (
        ("has it at hand", "'a fault'"),
        ("repeats it", "form"),
        ("shows its values", "locals()"),
    )
    for json_lines in ((), ("--json",))
}

PATHS = {
    "login: accepted": Way(words=login(*PIPED), piped=with_canary, codes=frozenset({0})),
    "login: by a file": Way(
        words=lambda world: ["login", world.server.url, "--credentials", world.property_file()],
        codes=frozenset({0}),
    ),
    "login: refused": Way(
        words=login("-u", "somebody-else", "--password-stdin"), piped=with_canary, codes=frozenset({4})
    ),
    "login: refused by the servlet": Way(
        words=lambda world: ["login", world.cart, "-u", "somebody-else", "--password-stdin"],
        piped=with_canary,
        codes=frozenset({4}),
    ),
    "login: unreachable": Way(
        words=lambda _: ["login", "http://127.0.0.1:1", *PIPED], piped=with_canary, codes=frozenset({7})
    ),
    "login: no such archive": Way(
        words=lambda world: ["login", world.cart.with_name("elsewhere.tcia"), *PIPED],
        piped=with_canary,
        codes=frozenset({4}),
    ),
    "login: wrong use": Way(
        words=login("--password-stdin"), piped=with_canary, codes=frozenset({2})
    ),
    "login: a word too many": Way(
        words=login("one word too many", *PIPED), piped=with_canary, codes=frozenset({2}), is_logged=False
    ),
    "login: a file for all": Way(
        words=lambda world: ["login", world.server.url, "--credentials", world.property_file(0o644)],
        codes=frozenset({0} if sys.platform == "win32" else {4}),
    ),
    "login: a file without a name": Way(
        words=lambda world: [
            "login", world.server.url, "--credentials", world.secret_file(f"passWord={CANARY}"),
        ],
        codes=frozenset({4}),
    ),
    "login: a keyring that tells": Way(
        words=login(*PIPED),
        piped=with_canary,
        environment=lambda _: {"PYTHON_KEYRING_BACKEND": "planted_keyring.TellingKeyring"},
        codes=frozenset({4}),
    ),
    "login: no keyring": Way(
        words=login(*PIPED),
        piped=with_canary,
        environment=lambda _: {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        codes=frozenset({4}),
    ),
    "login: the list": Way(words=lambda _: ["login", "--list"], codes=frozenset({0}), before=KEPT),
    "login: from the keyring again": Way(words=download(), codes=frozenset({0, 4}), before=KEPT),
    "logout": Way(words=lambda world: ["logout", world.server.url], codes=frozenset({0}), before=KEPT),
    **{
        f"download: {name}": Way(
            words=download("--verbose", *words), environment=lambda _: IN_ENVIRONMENT, codes=frozenset(codes)
        )
        for name, words, codes in (
            ("told in text", ("--report", REPORTS[0]), {0, 4}),
            ("told in JSON", ("--report", REPORTS[1], "--json"), {0, 4}),
            ("told in HTML", ("--report", REPORTS[2]), {0, 4}),
            ("unreachable", ("--report", REPORTS[0], "--server", "http://127.0.0.1:1"), {0, 4, 7}),
            ("no such naming", ("--naming", "nothing"), {3}),
            ("a place that is a file", ("--storage", "nothing", "--report", REPORTS[1]), {3}),
        )
    },
    **{
        f"retriever: {name}": Way(words=words, codes=frozenset({code}), program=RETRIEVER, is_logged=logged)
        for name, words, code, logged in (
            ("accepted", retriever(USER.name), 0, True),
            ("refused", retriever("somebody-else", "-f"), 4, True),
            ("no such archive", retriever(USER.name, cart="elsewhere.tcia"), 7, True),
            ("no such cart", retriever(USER.name, cart="nowhere.tcia"), 3, True),
            ("a word too many", retriever(USER.name, CANARY), 2, False),
            ("no such flag", retriever(USER.name, "--password", CANARY), 2, False),
            ("a dash too long", retriever(USER.name, "\u2013p", CANARY), 2, False),
        )
    },
    "retriever: by a file that others can read": Way(
        words=lambda world: ["-c", world.cart, "-l", world.property_file(0o644), "--agree-to-license"],
        codes=frozenset({0}),
        program=RETRIEVER,
    ),
    "download: a netrc file with a mistake": Way(
        words=download("--verbose", "--report", REPORTS[1]),
        environment=lambda world: {
            "NETRC": str(world.secret_file(f'machine 127.0.0.1 login {USER.name} passwort "Kanarie7"'))
        },
        codes=frozenset({0, 4}),
    ),
    **{f"download: accepted, from {name}": way for name, way in places(USER.name, KEPT).items()},
    **{
        f"download: refused, from {name}": refused(way)
        for name, way in places(NOBODY, KEPT_OF_NOBODY).items()
    },
    **{
        f"download: {name} by {transport}": way
        for transport in ("nbia", "nbia-rest")
        for name, way in (
            ("accepted", places(USER.name, KEPT, "--transport", transport)["standard input"]),
            ("refused", refused(places(NOBODY, KEPT, "--transport", transport)["standard input"])),
        )
    },
    **{f"download: {name}": way for name, way in FAULTS.items()},
    "inspect": Way(
        words=lambda world: ["inspect", world.cart, "--json"],
        environment=lambda _: IN_ENVIRONMENT,
        codes=frozenset({0}),
    ),
}  # fmt: skip


@pytest.fixture
def world(cartload: CommandLine, tmp_path: Path) -> Iterator[World]:
    limited = evolve(a_series(a_record(2, collection="LIMITED")), access=Access.LIMITED)
    catalogue = Catalogue((a_series(a_record(1)), limited), users=(USER,))
    processes: list[bytes] = []

    def look(_: Strike) -> None:
        for arguments in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):  # it has ended
                # Others are of tests that run at the same time.
                if arguments.with_name("cwd").resolve().is_relative_to(tmp_path):
                    processes.append(arguments.read_bytes())

    with ArchiveServer(catalogue, faults=look) as server:
        cart = write_cart(tmp_path, server, catalogue)
        text = cart.read_text().replace(server.url, "https://archive.invalid")
        cart.with_name("elsewhere.tcia").write_text(text)
        yield World(cartload, tmp_path, server, cart, processes)


def run(world: World, way: Way) -> subprocess.CompletedProcess[bytes]:
    words = [*way.program, *map(str, way.words(world))]
    environment = {**world.environment, **way.environment(world)}
    if way.typed:
        shown = converse(words, way.typed, environment, world.folder)
        return subprocess.CompletedProcess(words, shown.code, shown.screen.encode(), b"")
    return subprocess.run(  # noqa: S603 - our own command
        words,
        input=way.piped(world).encode(),
        env=environment,
        cwd=world.folder,
        capture_output=True,
        timeout=100,
        check=False,
    )


def forms() -> dict[str, bytes]:
    """Give the canary in the forms in which it might get out; of most of them its first piece tells."""
    servlet = encrypted(CANARY, ArchiveOptions().password_key)
    plain = {
        "as it is": PIECE,
        "quoted": quote(CANARY)[:12].lower().encode(),
        "hidden": servlet.lower().encode(),
    }
    wide = {name: PIECE.decode().encode(name) for name in ("utf-16-le", "utf-16-be")}
    basic = {
        f"base64 {before!r}": b64encode(before + CANARY.encode()).lower()[4:-4]
        for before in (b"", b"x", b"xx", USER.name.encode() + b":")
    }
    return plain | wide | basic


def leaks(content: bytes) -> list[str]:
    low = content.lower()
    return [name for name, form in forms().items() if form in low]


def written(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Give every file below a folder, with its name."""
    for path in folder.rglob("*"):
        yield path.as_posix(), path.as_posix().encode() + (path.read_bytes() if path.is_file() else b"")


@pytest.mark.parametrize("name", PATHS)
def test_a_password_is_nowhere_whatever_goes_wrong(world: World, name: str) -> None:
    way = PATHS[name]
    if way.before is not None:
        assert run(world, way.before).returncode in way.before.codes
    done = run(world, way)
    assert done.returncode in way.codes, done.stderr.decode()
    assert leaks(done.stdout) == leaks(done.stderr) == []
    assert world.processes or not world.server.requests
    seen = [arguments for arguments in world.processes if leaks(arguments)]
    assert seen == [] or (way.program == RETRIEVER and all(b"\0-p\0" in each for each in seen))
    found = [(place, leaks(content)) for place, content in written(world.folder)]
    assert [(place, leak) for place, leak in found if leak] == []
    assert any(place.endswith(".log") for place, _ in found) == way.is_logged


@pytest.mark.parametrize("name", [name for name in PATHS if name.startswith(("download", "retriever"))])
def test_a_users_name_is_in_no_log_and_no_report(world: World, name: str) -> None:
    way = PATHS[name]
    if way.before is not None:
        run(world, way.before)
    run(world, way)
    users = USER.name.encode(), NOBODY.encode()
    named = [place for place, content in written(world.folder) if any(user in content for user in users)]
    assert [place for place in named if not place.endswith("/logins.json")] == []


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="there is no /proc to look into")
def test_while_it_runs_nobody_sees_the_password(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        words = [CARTLOAD, "login", f"http://127.0.0.1:{silent.getsockname()[1]}", *PIPED]
        with subprocess.Popen(  # noqa: S603 - our own command
            words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=world.environment, cwd=world.folder
        ) as child:
            assert child.stdin is not None
            child.stdin.write(f"{CANARY}\n".encode())
            child.stdin.flush()
            connection, _ = silent.accept()
            with connection:
                process = Path(f"/proc/{child.pid}")
                seen = {name: (process / name).read_bytes() for name in ("cmdline", "environ", "comm")}
                child.kill()
                child.communicate()
    assert USER.name.encode() in seen["cmdline"]
    assert {name: leaks(content) for name, content in seen.items()} == {name: [] for name in seen}


@pytest.mark.parametrize(
    "form", [json.dumps(CANARY), repr(CANARY), quote(CANARY), CANARY.encode("utf-16").decode("utf-16")]
)
def test_the_search_would_find_it(form: str) -> None:
    assert leaks(b"before " + form.encode() + b" after")
    assert leaks(b"Basic " + b64encode(f"{USER.name}:{CANARY}".encode()))
    assert leaks(encrypted(CANARY, ArchiveOptions().password_key).encode())
