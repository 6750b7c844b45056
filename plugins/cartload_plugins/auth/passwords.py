"""How the download servlet wants a password: under a key that it tells all, so TLS alone protects it."""

from __future__ import annotations

import hashlib

from cartload.credentials import Secret

_KEY_BYTES = 16
_BLOCK_BITS = 128


def hidden(password: Secret, key_text: str) -> Secret:
    """Encrypt with AES-128 in ECB mode, PKCS#7 padding, and write it in upper-case hex.

    The key is what Java's SHA1PRNG yields first for the seed *key_text*: SHA-1 applied twice.
    """
    # Heavy, and needed by this one authenticator alone.
    from cryptography.hazmat.primitives.ciphers import Cipher  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.algorithms import AES  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.modes import ECB  # noqa: PLC0415
    from cryptography.hazmat.primitives.padding import PKCS7  # noqa: PLC0415

    seed = hashlib.sha1(key_text.encode(), usedforsecurity=False).digest()
    key = hashlib.sha1(seed, usedforsecurity=False).digest()[:_KEY_BYTES]
    padder = PKCS7(_BLOCK_BITS).padder()
    padded = padder.update(password.reveal().encode()) + padder.finalize()
    encryptor = Cipher(AES(key), ECB()).encryptor()  # noqa: S305 - the protocol's
    return Secret((encryptor.update(padded) + encryptor.finalize()).hex().upper())
