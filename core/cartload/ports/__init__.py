"""The ports: what each kind of plugin is asked to do, and what it is given to do it with.

One module a port; whoever writes a plugin imports from here.
"""

from cartload.holdings import (
    Acceptance,
    AcceptedBy,
    Cart,
    Holding,
    StagedFile,
    StagedSeries,
    StoredFile,
    StoredSeries,
    Verdict,
)
from cartload.network import Finding, Network
from cartload.ports.authenticators import Authenticator, AuthenticatorContext, Login, Request
from cartload.ports.factories import (
    AuthenticatorFactory,
    Factory,
    LicensePolicyFactory,
    ManifestReaderFactory,
    NamingFactory,
    NoOptions,
    StorageFactory,
    TransportFactory,
)
from cartload.ports.licences import LicensePolicy, LicenseTerms
from cartload.ports.namings import Naming, NamingContext
from cartload.ports.readers import ManifestReader, ReaderContext
from cartload.ports.stopping import Stop
from cartload.ports.storages import Storage, StorageContext, TellsOthers, TellsRoom
from cartload.ports.transports import Diagnoses, TellsDigests, Transport, TransportContext

__all__ = [
    "Acceptance",
    "AcceptedBy",
    "Authenticator",
    "AuthenticatorContext",
    "AuthenticatorFactory",
    "Cart",
    "Diagnoses",
    "Factory",
    "Finding",
    "Holding",
    "LicensePolicy",
    "LicensePolicyFactory",
    "LicenseTerms",
    "Login",
    "ManifestReader",
    "ManifestReaderFactory",
    "Naming",
    "NamingContext",
    "NamingFactory",
    "Network",
    "NoOptions",
    "ReaderContext",
    "Request",
    "StagedFile",
    "StagedSeries",
    "Stop",
    "Storage",
    "StorageContext",
    "StorageFactory",
    "StoredFile",
    "StoredSeries",
    "TellsDigests",
    "TellsOthers",
    "TellsRoom",
    "Transport",
    "TransportContext",
    "TransportFactory",
    "Verdict",
]
