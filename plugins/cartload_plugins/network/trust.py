"""Whose certificates are trusted: those of the system's own store, and of a file that the user adds."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING

import truststore

from cartload.errors import SettingsError

if TYPE_CHECKING:
    from typing import NoReturn


def trusting(ca_file: str | None) -> ssl.SSLContext:
    """Make what verifies servers; raises SettingsError when *ca_file* holds no certificate that can be read.

    Nothing turns verification off.
    """
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # some systems would speak older ones, too
    if ca_file is not None:
        _add(context, ca_file)
    return context


def _add(context: ssl.SSLContext, ca_file: str) -> None:
    try:
        path = Path(ca_file).expanduser()
        content = path.read_bytes()
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        _refuse(ca_file, f"this file cannot be read: {reason or type(error).__name__}.")
    try:
        if b"-----BEGIN" in content:
            context.load_verify_locations(cafile=path)
        else:
            context.load_verify_locations(cadata=content)  # DER, as Windows exports it
    except (ssl.SSLError, ValueError):
        _refuse(ca_file, "this file holds no certificate, or one that is damaged.")


def _refuse(ca_file: str, what: str) -> NoReturn:
    """Raise it without the system's own error, which spells the file in another way."""
    raise SettingsError(
        what,
        subject=f"ca_file {ca_file}",
        advice="It is a file of certificates, in PEM (-----BEGIN CERTIFICATE-----) or DER.",
    ) from None
