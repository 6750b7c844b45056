"""The bundled namings register as a third party's do, and are made by name."""

from __future__ import annotations

import pytest

import cartload_plugins.naming
from cartload import registry
from cartload.errors import NamingError, SettingsError
from cartload.ports import Naming, NamingContext


@pytest.fixture
def loaded() -> registry.Registry:
    return registry.load([registry.Source("naming", cartload_plugins.naming)])


def test_three_namings_are_offered(loaded: registry.Registry) -> None:
    assert not loaded.failures
    assert sorted(loaded.namings) == ["classic", "descriptive", "template"]


@pytest.mark.parametrize("name", ["classic", "descriptive", "template"])
def test_each_is_made_by_its_name(loaded: registry.Registry, name: str) -> None:
    context = NamingContext(template="{collection}/{ordinal}.dcm")
    assert isinstance(registry.make(loaded.namings, name, context, {}), Naming)


def test_the_naming_template_needs_a_template(loaded: registry.Registry) -> None:
    with pytest.raises(NamingError, match="--template"):
        registry.make(loaded.namings, "template", NamingContext(), {})


def test_descriptive_takes_no_other_word_for_what_is_missing(loaded: registry.Registry) -> None:
    with pytest.raises(SettingsError, match=r"plugins\.descriptive"):
        registry.make(loaded.namings, "descriptive", NamingContext(), {"descriptive": {"missing": "none"}})
