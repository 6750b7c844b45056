"""What the download servlet calls an encrypted password: AES-128 in hex, under a key it tells anybody."""

from __future__ import annotations

import hashlib

_BLOCK = 16
_ROUNDS = 10


def encrypted(password: str, key_text: str) -> str:
    """Encrypt as the retriever does: AES-128, ECB, PKCS#7 padding, upper-case hex.

    The key is the first sixteen bytes of SHA-1 applied twice to *key_text*: what Java's SHA1PRNG yields.
    """
    key = hashlib.sha1(hashlib.sha1(key_text.encode()).digest()).digest()[:_BLOCK]  # noqa: S324 - the protocol's
    content = password.encode()
    missing = _BLOCK - len(content) % _BLOCK
    padded = content + bytes([missing]) * missing
    keys = _round_keys(key)
    blocks = (padded[start : start + _BLOCK] for start in range(0, len(padded), _BLOCK))
    return b"".join(_block(block, keys) for block in blocks).hex().upper()


def _double(value: int) -> int:
    """Multiply by x in the field of FIPS 197 section 4.2."""
    return (value << 1) ^ (0x11B if value & 0x80 else 0)


def _substitutions() -> bytes:
    """Compute the S-box (FIPS 197 section 5.1.1) by walking the field's powers of 3 and of its inverse."""
    box = bytearray([0x63] * 256)
    power, inverse = 1, 1
    while True:
        power ^= _double(power)
        for shift in (1, 2, 4):
            inverse ^= inverse << shift
        inverse &= 0xFF
        if inverse & 0x80:
            inverse ^= 0x09
        turned = inverse * 0x101
        box[power] = (inverse ^ turned >> 4 ^ turned >> 5 ^ turned >> 6 ^ turned >> 7) & 0xFF ^ 0x63
        if power == 1:
            return bytes(box)


_BOX = _substitutions()


def _round_keys(key: bytes) -> list[bytes]:
    """Expand the key (FIPS 197 section 5.2)."""
    words = [key[start : start + 4] for start in range(0, _BLOCK, 4)]
    constant = 1
    for position in range(4, 4 * (_ROUNDS + 1)):
        word = words[-1]
        if position % 4 == 0:
            word = (word[1:] + word[:1]).translate(_BOX)
            word = bytes([word[0] ^ constant]) + word[1:]
            constant = _double(constant)
        words.append(_mixed(word, words[position - 4]))
    return [b"".join(words[start : start + 4]) for start in range(0, len(words), 4)]


def _mixed(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=True))


def _block(block: bytes, keys: list[bytes]) -> bytes:
    """Encrypt one block (FIPS 197 section 5.1)."""
    state = _mixed(block, keys[0])
    for number in range(1, _ROUNDS + 1):
        state = state.translate(_BOX)
        state = bytes(state[(place + 4 * (place % 4)) % _BLOCK] for place in range(_BLOCK))
        if number < _ROUNDS:
            state = b"".join(_column(state[start : start + 4]) for start in range(0, _BLOCK, 4))
        state = _mixed(state, keys[number])
    return state


def _column(column: bytes) -> bytes:
    """Mix one column (FIPS 197 section 5.1.3)."""
    every = column[0] ^ column[1] ^ column[2] ^ column[3]
    return bytes(
        column[place] ^ every ^ _double(column[place] ^ column[(place + 1) % 4]) & 0xFF for place in range(4)
    )
