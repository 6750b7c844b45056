"""What cartload runs on: versions, settings, plugins, and the folder of the logs."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from cartload.network import Condition, Finding
from cartload_common import environment, log_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.errors import CartloadError
    from cartload.registry import Registry
    from cartload.settings import Settings


def versions() -> Iterator[Finding]:
    """Say what runs on what, as a help desk asks for it first."""
    software, platform = environment.software(), environment.this_platform()
    what = f"cartload {software.cartload}, {software.python}, {software.tls}."
    yield Finding("versions", Condition.WELL, what)
    yield Finding("system", Condition.WELL, f"{platform.system} {platform.release} ({platform.machine}).")


def settings(path: Path, error: CartloadError | None) -> Finding:
    """Say whether the settings file, the variables and the options can be understood."""
    if error is not None:
        advice = error.advice or "Mend it, then look again; what follows holds without these settings."
        return Finding("settings", Condition.BAD, _told(error), advice)
    return Finding(
        "settings", Condition.WELL, str(path) if path.exists() else f"{path} is not there: defaults."
    )


def plugins(registry: Registry, chosen: Settings) -> Iterator[Finding]:
    """Name each plugin that failed, and each that the settings choose and that is not there."""
    for failure in registry.failures:
        yield Finding(
            "plugin",
            Condition.DOUBTFUL,
            f"{failure.plugin} of {failure.distribution}: {failure.reason}.",
            f"Update or uninstall it, or block it: CARTLOAD_BLOCK={failure.plugin}",
        )
    missing = tuple(_missing(registry, chosen))
    for kind, name in missing:
        what = f"there is no {kind} {name!r}, which the settings choose."
        yield Finding("plugin", Condition.BAD, what, "'cartload plugins' lists those there are.")
    if not missing and not registry.failures:
        yield Finding("plugins", Condition.WELL, f"all {len(registry.all())} can be used.")


def logs() -> Finding:
    """Say whether a log can be kept."""
    if log_file.is_unwanted():
        return Finding("log", Condition.WELL, f"none is kept: {log_file.VARIABLE} says so.")
    folder = log_file.folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return Finding("log", Condition.WELL, f"kept in {folder}")
    except OSError as error:
        return Finding(
            "log",
            Condition.DOUBTFUL,
            f"{folder} cannot be written: {error.strerror or error}.",
            f"Name another folder by {log_file.VARIABLE}.",
        )


def _missing(registry: Registry, chosen: Settings) -> Iterator[tuple[str, str]]:
    if chosen.storage not in registry.storages:
        yield "storage", chosen.storage
    if chosen.naming not in registry.namings:
        yield "naming", chosen.naming
    if chosen.authenticator is not None and chosen.authenticator not in registry.authenticators:
        yield "authenticator", chosen.authenticator
    if chosen.transport is not None and chosen.transport not in registry.transports:
        yield "transport", chosen.transport


def _told(error: CartloadError) -> str:
    return f"{error.subject}: {error.what}" if error.subject else error.what
