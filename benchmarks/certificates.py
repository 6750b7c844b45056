"""A private certificate authority for one run, and the certificate that it gives to loopback."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from pathlib import Path

_KIND = ("-newkey", "rsa:2048", "-nodes", "-days", "2")


@frozen
class Pair:
    """A certificate and its key, as files."""

    certificate: Path
    key: Path


def authority(folder: Path) -> tuple[Path, Pair]:
    """Make an authority and a certificate in *folder*: what to trust, and what the server shows."""
    trusted, own = _pair(folder, "authority"), _pair(folder, "loopback")
    _openssl(
        *("req", "-x509", "-subj", "/CN=cartload benchmarks", *_KIND),
        *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
        *("-keyout", trusted.key, "-out", trusted.certificate),
    )
    _openssl(
        *("req", "-x509", "-subj", "/CN=127.0.0.1", *_KIND),
        *("-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"),
        *("-CA", trusted.certificate, "-CAkey", trusted.key),
        *("-keyout", own.key, "-out", own.certificate),
    )
    return trusted.certificate, own


def _pair(folder: Path, name: str) -> Pair:
    return Pair(folder / f"{name}.pem", folder / f"{name}.key")


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
