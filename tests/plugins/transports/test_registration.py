from __future__ import annotations

import subprocess
import sys

import pytest

import cartload_plugins.transports
from cartload.errors import SettingsError
from cartload.ports import Transport
from cartload.registry import Source, load, make
from plugins.transports.archives import context

REGISTRY = load([Source("transports", cartload_plugins.transports)])


def test_all_transports_are_registered() -> None:
    assert REGISTRY.failures == ()
    assert set(REGISTRY.transports) == {"mock", "nbia", "nbia-rest"}
    assert all(found.factory.summary for found in REGISTRY.transports.values())


@pytest.mark.parametrize("name", ["mock", "nbia", "nbia-rest"])
def test_every_transport_is_made_from_an_address(name: str) -> None:
    made = make(REGISTRY.transports, name, context("https://nbia.example.org/nbia-api"), {})
    assert isinstance(made, Transport)


def test_network_options_are_taken_from_the_settings() -> None:
    options = {"nbia": {"read_timeout": 5, "connect_timeout": 2.5}}
    made = make(REGISTRY.transports, "nbia", context("https://nbia.example.org/nbia-api"), options)
    assert isinstance(made, Transport)


@pytest.mark.parametrize("options", [{"read_timeout": 0}, {"read_timeout": "soon"}, {"verify": False}])
def test_network_options_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        make(REGISTRY.transports, "nbia", context("https://nbia.example.org/nbia-api"), {"nbia": options})


def test_listing_plugins_imports_nothing_heavy() -> None:
    program = (
        "import sys; from cartload import registry;"
        "registry.load([source for source in registry.installed() if source.name in {'auth', 'transports'}]);"
        "sys.exit(' '.join({'urllib3', 'ssl', 'truststore', 'pydicom'} & set(sys.modules)) or 0)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert (run.returncode, run.stderr) == (0, "")
