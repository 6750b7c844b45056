"""The hooks: one for each kind of plugin, and a marker that names its hook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy
import pytest

from cartload import hooks
from cartload.registry import Kind

if TYPE_CHECKING:
    from cartload.ports import NamingFactory


def specification() -> pluggy.PluginManager:
    manager = pluggy.PluginManager(hooks.GROUP)
    manager.add_hookspecs(hooks)
    return manager


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_plugin_has_its_hook(kind: Kind) -> None:
    assert kind.value in hooks.__all__
    assert getattr(specification().hook, kind.value).has_spec()


def test_every_hook_has_its_kind() -> None:
    specified = {name for name in vars(hooks) if name.startswith("cartload_")}
    assert specified == {kind.value for kind in Kind}


@pytest.mark.parametrize("kind", Kind)
def test_every_hook_says_what_it_is_for_and_takes_nothing(kind: Kind) -> None:
    hook = getattr(hooks, kind.value)
    assert hook.__doc__
    assert getattr(specification().hook, kind.value).spec.argnames == ()


def test_an_implementation_may_have_any_name_because_its_marker_names_the_hook() -> None:
    class Plugin:
        @staticmethod
        @hooks.implements(hooks.cartload_namings)
        def offer() -> dict[str, NamingFactory]:
            return {}

    manager = specification()
    manager.register(Plugin())
    manager.check_pending()
    assert manager.hook.cartload_namings() == [{}]
