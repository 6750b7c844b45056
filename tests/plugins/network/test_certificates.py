"""A server whose certificate is not to be trusted hears nothing: no request, and so no login."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

import pytest
from attrs import frozen
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from cartload.errors import UnreachableError
from cartload.ports import Request
from cartload.testing.catalogue import Catalogue
from cartload_archive import ArchiveServer
from cartload_plugins.network.client import HttpClient
from cartload_plugins.network.options import NetworkOptions
from plugins.network.scripted_server import Switch

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.ports import Stop

HERE = x509.IPAddress(IPv4Address("127.0.0.1"))
ELSEWHERE = x509.DNSName("archive.example.org")
YEAR = timedelta(days=365)
SECRET = "canary-4711"


@frozen
class Issuer:
    """A certificate with its key: of a certification authority, or of a server."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def root(cls, name: str) -> Issuer:
        """Make an authority that vouches for itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(_certificate(_name(name), key, _name(name), key, authority=True), key)

    def server(self, *, name: x509.GeneralName = HERE, age: timedelta = timedelta()) -> Issuer:
        """Vouch for a server of this name; its certificate was made *age* ago, for a year."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = _certificate(_name("server"), key, self.certificate.subject, self.key, name=name, age=age)
        return Issuer(made, key)

    def written(self, path: Path) -> Path:
        """Write certificate and key to a file."""
        plain = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(self.certificate.public_bytes(Encoding.PEM) + plain)
        return path


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    authority: bool = False,
    name: x509.GeneralName = HERE,
    age: timedelta = timedelta(),
) -> x509.Certificate:
    begins = datetime.now(UTC) - age - timedelta(hours=1)
    usage = x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH])
    signs = x509.KeyUsage(
        digital_signature=True, key_cert_sign=authority, crl_sign=authority, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + YEAR)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(signs, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
    )
    return (made if authority else made.add_extension(usage, critical=False)).sign(
        issuer_key, hashes.SHA256()
    )


class Signer:
    """Sends a secret with every request that it is let."""

    user: str | None = "somebody"

    def renew(self, refused: Request, stop: Stop) -> bool:
        del refused, stop
        return False

    def sign(self, request: Request, stop: Stop) -> Request:
        del stop
        return Request(request.method, request.url, headers={"Authorization": f"Bearer {SECRET}"})


@pytest.fixture(scope="module")
def authority() -> Issuer:
    return Issuer.root("the institution's own")


def served(server: Issuer, folder: Path) -> ArchiveServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.written(folder / "server.pem"))
    return ArchiveServer(Catalogue(()), ssl_context=context)


def ask(server: ArchiveServer, authority: Issuer, folder: Path) -> None:
    """Ask with a login, trusting an authority besides those of the system."""
    options = NetworkOptions(ca_file=str(authority.written(folder / "authority.pem")))
    client = HttpClient(server.url, Signer(), options, clock=lambda: 0.0)
    with client.open(Request("GET", f"{server.url}/"), Switch()) as answer:
        answer.close()


def assert_refused(server: Issuer, authority: Issuer, folder: Path) -> None:
    with served(server, folder) as archive:
        with pytest.raises(UnreachableError, match="certificate") as caught:
            ask(archive, authority, folder)
        assert archive.connections == 1
        assert archive.requests == ()
    assert not caught.value.retryable
    assert SECRET not in str(caught.value)


def test_a_certificate_of_an_authority_that_the_user_added_is_accepted(
    authority: Issuer, tmp_path: Path
) -> None:
    with served(authority.server(), tmp_path) as archive:
        ask(archive, authority, tmp_path)
        (heard,) = archive.requests
    assert heard.headers["authorization"] == f"Bearer {SECRET}"


def test_a_certificate_that_vouches_for_itself_is_refused(authority: Issuer, tmp_path: Path) -> None:
    assert_refused(Issuer.root("server"), authority, tmp_path)


def test_a_certificate_of_an_authority_that_nobody_trusts_is_refused(
    authority: Issuer, tmp_path: Path
) -> None:
    assert_refused(Issuer.root("the institution's own").server(), authority, tmp_path)


def test_a_certificate_that_has_expired_is_refused(authority: Issuer, tmp_path: Path) -> None:
    assert_refused(authority.server(age=2 * YEAR), authority, tmp_path)


def test_a_certificate_that_is_not_valid_yet_is_refused(authority: Issuer, tmp_path: Path) -> None:
    assert_refused(authority.server(age=-YEAR), authority, tmp_path)


def test_a_certificate_of_another_host_is_refused(authority: Issuer, tmp_path: Path) -> None:
    assert_refused(authority.server(name=ELSEWHERE), authority, tmp_path)
