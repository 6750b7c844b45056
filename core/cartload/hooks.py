"""The hooks by which a plugin registers what it offers: one for each kind, called once at load.

Hooks register, objects work: a hook returns a mapping from name to factory, and what the factories make
is called through the Protocols of ``cartload.ports``, never through pluggy. Mark an
implementation with ``@implements(cartload_transports)`` (type checkers then compare the two) or with
the plain ``@hookimpl``. Distributions name their module in the entry-point group ``cartload``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

import pluggy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cartload.ports import (
        AuthenticatorFactory,
        LicensePolicyFactory,
        ManifestReaderFactory,
        NamingFactory,
        StorageFactory,
        TransportFactory,
    )

__all__ = [
    "GROUP",
    "cartload_authenticators",
    "cartload_license_policies",
    "cartload_manifest_readers",
    "cartload_namings",
    "cartload_storages",
    "cartload_transports",
    "hookimpl",
    "implements",
]

GROUP = "cartload"
"""The entry-point group, and the project name in pluggy."""

P = ParamSpec("P")
R = TypeVar("R")

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


def implements(spec: Callable[P, R]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark the implementation of *spec*; type checkers compare the two signatures."""
    return hookimpl(specname=spec.__name__)


@hookspec
def cartload_manifest_readers() -> Mapping[str, ManifestReaderFactory]:
    """Offer manifest readers: what turns a cart's file into a list of series.

    The readers are asked in order of their names whether they recognise a file; the first that does reads it.
    """
    raise NotImplementedError


@hookspec
def cartload_transports() -> Mapping[str, TransportFactory]:
    """Offer transports: each talks one archive protocol.

    A manifest reader names the transports that its manifests can be served by; ``--transport``
    names one instead.
    """
    raise NotImplementedError


@hookspec
def cartload_authenticators() -> Mapping[str, AuthenticatorFactory]:
    """Offer authenticators: how a user proves to one archive who is asking."""
    raise NotImplementedError


@hookspec
def cartload_namings() -> Mapping[str, NamingFactory]:
    """Offer namings: where a series goes and what its files are called. Chosen by ``--naming``."""
    raise NotImplementedError


@hookspec
def cartload_storages() -> Mapping[str, StorageFactory]:
    """Offer storages: what keeps a finished series. Chosen by ``--storage``."""
    raise NotImplementedError


@hookspec
def cartload_license_policies() -> Mapping[str, LicensePolicyFactory]:
    """Offer licence policies: what a licence means for the one who uses the images.

    All of them are asked; one that forbids commercial use is enough for the notice.
    """
    raise NotImplementedError
