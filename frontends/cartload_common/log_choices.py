"""What a run writes into the log before anything happens: its choices and its plugins."""

from __future__ import annotations

import json
import logging
import os
from typing import TYPE_CHECKING

from cartload_common import environment
from cartload_common.redaction import (
    environment_secrets,
    option_secrets,
    proxy_secrets,
    shown_options,
)

if TYPE_CHECKING:
    from cartload.registry import Registry
    from cartload.settings import Settings
    from cartload_common.redaction import Redaction

_logger = logging.getLogger(__name__)


def log_choices(settings: Settings, registry: Registry, redact: Redaction) -> Redaction:
    """Write what was chosen and which plugins were added; *redact* learns the secrets among it."""
    secrets = (
        *environment_secrets(os.environ),
        *option_secrets(settings.plugins, registry),
        *proxy_secrets(settings.proxy),
    )
    redact.learn(secrets)
    shown = shown_options(settings, registry, redact)
    _logger.info("settings: %s", json.dumps(shown, ensure_ascii=False, default=str))
    for plugin in environment.added_plugins(registry):
        _logger.info("%s %s of %s %s", plugin.kind, plugin.name, plugin.distribution, plugin.version)
    for failure in registry.failures:
        _logger.warning("plugin %s of %s: %s", failure.plugin, failure.distribution, failure.reason)
    for name in registry.blocked:
        _logger.info("plugin %s is blocked", name)
    return redact
