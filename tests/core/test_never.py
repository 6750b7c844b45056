"""What no line of cartload does: run what it was sent, weaken TLS, fetch or replace programs."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for top in ("core", "plugins", "frontends") for path in (ROOT / top).rglob("*.py"))

UNSAFE_MODULES = {
    "dill", "marshal", "multiprocessing", "pickle", "pip", "runpy", "shelve", "subprocess", "yaml",
}  # fmt: skip
UNSAFE_CALLS = {"compile", "eval", "exec", "execfile", "__import__"}
UNSAFE_ATTRIBUTES = {
    "CERT_NONE", "CERT_OPTIONAL", "_create_unverified_context", "disable_warnings", "execv", "execve",
    "extractall", "popen", "posix_spawn", "spawnv", "startfile",
}  # fmt: skip
UNSAFE_ASSIGNMENTS = {"assert_hostname", "cert_reqs", "check_hostname", "verify", "verify_mode"}

SYSTEM_S_OWN_PROGRAMS = {
    "frontends/cartload_qt/desktop/awake_elsewhere.py": ["subprocess"],
    "frontends/cartload_qt/desktop/integration/tools.py": ["subprocess"],
}
"""They start programs of the system, in fixed words; nothing of a server or a manifest is among them."""

MENDED = {"urllib3": (2, 7), "pydicom": (3, 0, 2)}
"""The oldest versions without the holes that were known when this was written."""


def _faults(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                yield from (each.name for each in names if each.name.partition(".")[0] in UNSAFE_MODULES)
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in UNSAFE_MODULES:
                yield module
            case ast.Call(func=ast.Name(id=name)) if name in UNSAFE_CALLS:
                yield name
            case ast.Attribute(value=ast.Name(id="os"), attr="system"):
                yield "os.system"
            case ast.Attribute(attr=name) if name in UNSAFE_ATTRIBUTES:
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()) if name in UNSAFE_ASSIGNMENTS:
                yield name
            case ast.keyword(value=ast.Constant(value=None)):
                pass  # as the library has it, which is verified
            case ast.keyword(arg=str(name)) if name in UNSAFE_ASSIGNMENTS:
                yield name
            case _:
                pass


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_run_unpacked_or_trusted_unseen(path: Path) -> None:
    found = list(_faults(ast.parse(path.read_text(encoding="utf-8"))))
    assert found == SYSTEM_S_OWN_PROGRAMS.get(path.relative_to(ROOT).as_posix(), [])


@pytest.mark.parametrize(
    "line",
    ["import pickle", "from yaml import load", "eval(text)", "context.verify_mode = ssl.CERT_NONE",
     "context.check_hostname = False", "get(url, verify=False)", "archive.extractall(place)",
     "import subprocess", "os.execv(path, words)", "os.system(words)"],
)  # fmt: skip
def test_what_must_not_be_is_found(line: str) -> None:
    assert list(_faults(ast.parse(line)))


@pytest.mark.parametrize("name", MENDED)
def test_no_version_with_a_known_hole_will_do(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (wanted,) = (each for each in project["dependencies"] if each.startswith(name))
    floor = tuple(int(part) for part in wanted.partition(">=")[2].split("."))
    assert floor >= MENDED[name]
