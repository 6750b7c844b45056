"""The pages of the settings that are not a plugin's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from cartload.settings import Settings
from cartload_common.options import ONLY_IN_FILES
from cartload_qt.dialogs.settings.draft import settings_group
from cartload_qt.dialogs.settings.fields import Shape, fields_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.registry import Registry
    from cartload_qt.dialogs.settings.draft import Group
    from cartload_qt.dialogs.settings.fields import Field


def settings_of(registry: Registry) -> Group:
    """Give the settings; those that name a plugin have the ones that are there to choose from."""
    named = {
        "naming": registry.namings,
        "storage": registry.storages,
        "transport": registry.transports,
        "authenticator": registry.authenticators,
    }
    fields = (field for field in fields_of(Settings) if field.name not in ONLY_IN_FILES)
    return settings_group(tuple(_choosing(field, named.get(field.name)) for field in fields))


def _choosing(field: Field, plugins: Mapping[str, object] | None) -> Field:
    return field if plugins is None else evolve(field, shape=Shape.CHOICE, choices=tuple(sorted(plugins)))
