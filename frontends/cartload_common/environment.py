"""On what cartload runs: versions, platform and plugins, as a help desk asks for them first."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping  # noqa: TC003 - cattrs reads the annotations
from importlib import metadata
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.version import __version__

if TYPE_CHECKING:
    from cartload.registry import Registry

OWN = "cartload"
_NAME = re.compile("[A-Za-z0-9._-]+")


@frozen(kw_only=True)
class Software:
    """The versions of what a run is made of; ``packages`` are cartload's dependencies."""

    cartload: str
    python: str
    tls: str
    packages: Mapping[str, str]


@frozen(kw_only=True)
class Platform:
    """The operating system and the machine, as they call themselves."""

    system: str
    release: str
    version: str
    machine: str


@frozen(kw_only=True)
class Plugin:
    """A plugin that somebody installed besides those that come with cartload."""

    kind: str
    name: str
    distribution: str
    version: str


def software() -> Software:
    """Ask for the versions; nothing that is not loaded yet is imported for it but the TLS library."""
    return Software(
        cartload=__version__,
        python=f"{platform.python_implementation()} {platform.python_version()}",
        tls=_tls(),
        packages=_packages(),
    )


def this_platform() -> Platform:
    """Ask for the platform."""
    about = platform.uname()
    return Platform(system=about.system, release=about.release, version=about.version, machine=about.machine)


def added_plugins(registry: Registry) -> tuple[Plugin, ...]:
    """Give the plugins that do not come with cartload."""
    return tuple(
        Plugin(kind=found.kind.word, name=found.name, distribution=found.distribution, version=found.version)
        for found in registry.all()
        if found.distribution != OWN
    )


def _tls() -> str:
    try:
        import ssl  # noqa: PLC0415 - what talks to no network needs none
    except ImportError:  # a Python that was built without it
        return "none"
    return ssl.OPENSSL_VERSION


def _packages() -> dict[str, str]:
    """Give the dependencies that are there; those of extras may be missing."""
    found: dict[str, str] = {}
    try:
        needed = metadata.requires(OWN) or []
    except metadata.PackageNotFoundError:  # it runs from its source
        return found
    for requirement in needed:
        if name := _NAME.match(requirement):
            try:
                found[name.group()] = metadata.version(name.group())
            except metadata.PackageNotFoundError:
                continue
    return dict(sorted(found.items()))
