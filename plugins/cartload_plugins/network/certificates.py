"""What a server's certificate says of itself: who vouches for it, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from cryptography import x509

from cartload_plugins.network.wording import quoted

if TYPE_CHECKING:
    from datetime import datetime

_NAMES = (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME, x509.NameOID.ORGANIZATIONAL_UNIT_NAME)


@frozen
class Certified:
    """The issuer as people know it, and the moment from which on the certificate counts no more."""

    issuer: str
    ends: datetime


def told_of(certificate: bytes) -> Certified:
    """Read a certificate (DER); raises ValueError where it cannot be read."""
    read = x509.load_der_x509_certificate(certificate)
    issuer = read.issuer
    names = [str(each.value) for kind in _NAMES for each in issuer.get_attributes_for_oid(kind)]
    return Certified(quoted((names or [issuer.rfc4514_string()])[0], longest=80), read.not_valid_after_utc)
