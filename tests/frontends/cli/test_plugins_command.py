from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING, Any

import pytest
from attrs import Factory as Made
from attrs import field, frozen

from cartload import registry as registries
from cartload.hooks import cartload_license_policies, implements
from cartload.ports import Factory, LicensePolicyFactory, LicenseTerms
from cartload.registry import Kind, Registered, Source
from cartload_cli.commands.plugins import Option, options_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.model import License
    from frontends.cli.commandline import CommandLine


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@frozen
class Choices:
    limit: int
    colour: Colour = Colour.RED
    name: str | None = None
    words: tuple[str, ...] = field(default=Made(tuple))


class Judge:
    def judge(self, license: License | None) -> LicenseTerms:  # noqa: A002, ARG002 - the port's words
        return LicenseTerms(commercial=True)


class GoodPlugin:
    @staticmethod
    @implements(cartload_license_policies)
    def offer() -> Mapping[str, LicensePolicyFactory]:
        return {"strict": Factory(lambda _, __: Judge(), Choices, "judges\x1b strictly")}


class BadPlugin:
    @staticmethod
    @implements(cartload_license_policies)
    def offer() -> Mapping[str, LicensePolicyFactory]:
        raise ValueError("no\x1b luck")


@pytest.fixture(autouse=True)
def two_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = (
        Source("good", GoodPlugin, "cartload-good", "1.2"),
        Source("bad", BadPlugin, "cartload-bad", "3"),
    )
    monkeypatch.setattr(registries, "installed", lambda: sources)


def test_a_plugin_is_listed_with_its_origin_and_options(cartload: CommandLine) -> None:
    ran = cartload("plugins")
    assert ran.code == 0
    assert ran.out.splitlines()[:6] == [
        "license policy:",
        "  strict         cartload-good 1.2 judges\\x1b strictly",
        "      limit: int, to be given",
        "      colour: 'red' or 'blue', default 'red'",
        "      name: str | None, default None",
        "      words: tuple[str, ...], default made when needed",
    ]


def test_a_failed_plugin_is_named_with_the_reason(cartload: CommandLine) -> None:
    assert (
        "failed: bad of cartload-bad: cartload_license_policies failed: ValueError: no\\x1b luck"
        in cartload("plugins").out
    )


def test_a_blocked_plugin_is_named(cartload: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARTLOAD_BLOCK", "bad,other")
    ran = cartload("plugins")
    assert "blocked: bad, other" in ran.out
    assert "failed" not in ran.out


def test_json_says_the_same(cartload: CommandLine) -> None:
    document = json.loads(cartload("plugins", "--json").out)
    (plugin,) = document["plugins"]
    assert (plugin["kind"], plugin["name"], plugin["version"]) == ("license policy", "strict", "1.2")
    assert plugin["options"][0] == {"name": "limit", "type": "int", "default": None}
    assert document["failures"][0]["plugin"] == "bad"
    assert document["blocked"] == []


def test_a_plugin_without_an_options_class_of_attrs_has_none_to_list() -> None:
    plain: Registered[Any] = Registered("x", Kind.TRANSPORT, Factory(lambda _, __: None, object), "d", "1")
    assert options_of(plain) == ()


def test_every_installed_plugin_has_options_that_can_be_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    registry = registries.load(registries.installed())
    assert all(isinstance(option, Option) for found in registry.all() for option in options_of(found))
