"""Factories: what a registration hook returns under each name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from attrs import frozen

from cartload.ports.authenticators import Authenticator, AuthenticatorContext
from cartload.ports.licences import LicensePolicy
from cartload.ports.namings import Naming, NamingContext
from cartload.ports.readers import ManifestReader, ReaderContext
from cartload.ports.storages import Storage, StorageContext
from cartload.ports.transports import Transport, TransportContext

if TYPE_CHECKING:
    from collections.abc import Callable


@frozen
class NoOptions:
    """For a plugin that has no options."""


Port_co = TypeVar("Port_co", covariant=True)
Context_contra = TypeVar("Context_contra", contravariant=True)


@frozen
class Factory(Generic[Port_co, Context_contra]):
    """How to make one plugin: what a registration hook returns under each name.

    ``options`` is the plugin's own attrs class, filled from ``[plugins.<name>]`` of the settings
    and given to ``make`` as its second argument; ``summary`` is one line for ``cartload plugins``.
    ``authenticator`` is for transports: the name of the one by which users log in to such archives.
    Import what is heavy inside ``make``, so that a plugin that is not used costs nothing.
    """

    make: Callable[[Context_contra, object], Port_co]
    options: type[object] = NoOptions
    summary: str = ""
    authenticator: str = "guest"


ManifestReaderFactory = Factory[ManifestReader, ReaderContext]
AuthenticatorFactory = Factory[Authenticator, AuthenticatorContext]
TransportFactory = Factory[Transport, TransportContext]
NamingFactory = Factory[Naming, NamingContext]
StorageFactory = Factory[Storage, StorageContext]
LicensePolicyFactory = Factory[LicensePolicy, None]
