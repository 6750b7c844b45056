from __future__ import annotations

from importlib.metadata import distribution, packages_distributions
from importlib.resources import files

OURS = {"cartload", "cartload_archive", "cartload_cli", "cartload_plugins", "cartload_retriever"}


def test_the_source_roots_are_no_packages() -> None:
    installed = {name for name, owners in packages_distributions().items() if "cartload" in owners}
    assert not installed & {"core", "plugins", "frontends", "tests", "docs", "benchmarks"}


def test_every_package_says_that_it_is_typed() -> None:
    assert all(files(name).joinpath("py.typed").is_file() for name in OURS)


def test_the_bundled_plugins_register_as_a_third_party_does() -> None:
    groups = {entry.group for entry in distribution("cartload").entry_points}
    assert groups == {"cartload", "console_scripts"}
