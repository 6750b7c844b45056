"""An institution's own certification authority, and the servers that it vouches for."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from attrs import frozen
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

if TYPE_CHECKING:
    from pathlib import Path

_NAME = x509.oid.NameOID.COMMON_NAME
YEAR = timedelta(days=365)


@frozen
class Authority:
    """Signs certificates; its own is in the file ``ca_file``, and as DER in ``der_file``."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def in_folder(cls, folder: Path, name: str = "Institute Root") -> Authority:
        """Make one, and write its certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(name, name, key, YEAR).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        made = cls(folder, key, builder.sign(key, hashes.SHA256()))
        made.ca_file.write_bytes(made.certificate.public_bytes(Encoding.PEM))
        made.der_file.write_bytes(made.certificate.public_bytes(Encoding.DER))
        return made

    @property
    def ca_file(self) -> Path:
        """Say where the certificate is."""
        return self.folder / "institute.pem"

    @property
    def der_file(self) -> Path:
        """Say where it is as Windows exports it."""
        return self.folder / "institute.cer"

    def server(self, *names: str, lasts: timedelta = YEAR) -> ssl.SSLContext:
        """Make a server's side of TLS, for hosts of these names or addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(names[0], self.certificate.subject, key, lasts).add_extension(
            x509.SubjectAlternativeName([_named(name) for name in names]), critical=False
        )
        signed = builder.sign(self.key, hashes.SHA256())
        path = self.folder / f"server-{signed.serial_number}.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(signed.public_bytes(Encoding.PEM) + private)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def _builder(
    name: str, issuer: x509.Name | str, key: ec.EllipticCurvePrivateKey, lasts: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_distinguished(name))
        .issuer_name(_distinguished(issuer) if isinstance(issuer, str) else issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - YEAR)
        .not_valid_after(now + lasts)
    )


def _distinguished(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(_NAME, name)])


def _named(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
