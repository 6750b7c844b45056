from __future__ import annotations

import sys
from importlib import metadata
from typing import TYPE_CHECKING

from cartload import registry as registries
from cartload.version import __version__
from cartload_common.environment import added_plugins, software, this_platform

if TYPE_CHECKING:
    import pytest


def missing(_: str) -> str:
    raise metadata.PackageNotFoundError


def test_the_versions_are_those_that_run() -> None:
    told = software()
    assert told.cartload == __version__
    assert told.python.endswith(".".join(map(str, sys.version_info[:3])))
    assert told.packages["urllib3"] == metadata.version("urllib3")
    assert told.packages["pydicom"] == metadata.version("pydicom")
    assert "SSL" in told.tls


def test_a_python_without_tls_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ssl", None)
    assert software().tls == "none"


def test_a_source_tree_that_is_not_installed_has_no_packages_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "requires", missing)
    assert software().packages == {}


def test_a_dependency_that_is_not_there_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", missing)
    assert software().packages == {}


def test_the_platform_is_told() -> None:
    told = this_platform()
    assert all((told.system, told.release, told.machine))


def test_cartloads_own_plugins_are_not_told() -> None:
    assert all(
        found.distribution != "cartload" for found in added_plugins(registries.load(registries.installed()))
    )
