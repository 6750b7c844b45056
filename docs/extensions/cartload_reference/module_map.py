"""The module map: every module with its one idea, which is the first line of its docstring."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from cartload_reference.markdown import code, section, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[3]
"""The folder of the project: the map is drawn from the source, with what is not imported by name."""

PACKAGES = (
    "plugins/cartload_plugins",
    "plugins/cartload_archive",
    "frontends/cartload_common",
    "frontends/cartload_qt",
    "frontends/cartload_cli",
    "frontends/cartload_retriever",
)


def page() -> str:
    """Map the core from the ground up, then the other packages."""
    return "\n\n".join((section(3, "core/cartload", _core()), *map(_package, PACKAGES)))


def core_layers() -> tuple[tuple[str, ...], ...]:
    """Give the modules of the core by layers, the lowest first, as the import contract has them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each.get("containers") == ["cartload"])
    return tuple(tuple(name.strip() for name in layer.split("|")) for layer in reversed(layers))


def _core() -> str:
    folder = ROOT / "core" / "cartload"
    known = [name for layer in core_layers() for name in layer]
    rest = sorted(name for name in _modules(folder) if name not in known)
    return _table(folder, (*known, *rest))


def _package(path: str) -> str:
    folder = ROOT / path
    return section(3, path, _table(folder, sorted(_modules(folder))))


def _modules(folder: Path) -> Iterator[str]:
    for path in folder.iterdir():
        if path.suffix == ".py" and path.stem != "__init__":
            yield path.stem
        elif (path / "__init__.py").is_file():
            yield path.name


def _table(folder: Path, names: Iterable[str]) -> str:
    return table(("module", "its one idea"), [(code(name), _idea(folder, name)) for name in names])


def _idea(folder: Path, name: str) -> str:
    module = folder / f"{name}.py"
    tree = ast.parse(
        (module if module.is_file() else folder / name / "__init__.py").read_text(encoding="utf-8")
    )
    return (ast.get_docstring(tree) or "").partition("\n")[0]
