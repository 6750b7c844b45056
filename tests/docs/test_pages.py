from __future__ import annotations

import re
import tomllib
from typing import Any

from cartload_plugins.storage.metadata import COLUMNS
from docs.pages import rows, text_of

_NAME = re.compile("[a-zA-Z][a-zA-Z0-9_-]*")


def _project() -> dict[str, Any]:
    return tomllib.loads(text_of("pyproject.toml"))


def _names(requirements: list[object]) -> list[str]:
    found = (_NAME.match(each) for each in requirements if isinstance(each, str))
    return [each.group() for each in found if each]


def _needed() -> list[str]:
    """Give what cartload needs to run, its extras included."""
    project = _project()["project"]
    extras = project["optional-dependencies"].values()
    return [name for each in (project["dependencies"], *extras) for name in _names(each)]


def test_every_runtime_dependency_has_its_reason() -> None:
    told = [row[0] for row in rows(text_of("docs/dependencies.md"), "package")]
    needed = _needed()
    assert needed
    assert [name for name in needed if not any(each.startswith(f"[{name}](") for each in told)] == []


def test_every_development_dependency_has_its_reason() -> None:
    page = text_of("docs/dependencies.md").partition("## For development")[2]
    groups = _project()["dependency-groups"].values()
    names = {name for group in groups for name in _names(group)}
    assert [name for name in sorted(names) if name not in page] == []


def test_no_dependency_is_explained_that_is_not_one() -> None:
    runtime = text_of("docs/dependencies.md").partition("## What we wrote")[0]
    told = [row[0].partition("]")[0].lstrip("[") for row in rows(runtime, "package")]
    assert sorted(told) == sorted(_needed())


def test_the_columns_of_the_metadata_table_are_described_in_their_order() -> None:
    told = [row[0] for row in rows(text_of("docs/reference/files-on-disk.md"), "column")]
    assert told == [f"`{column}`" for column in COLUMNS]
