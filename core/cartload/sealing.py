"""Lines of JSON with a checksum each, so that a line that was cut or altered is known for what it is."""

from __future__ import annotations

import zlib

_HEAD = len('{"crc":"00000000","entry":')


def seal(body: str) -> str:
    """Put the CRC-32 of *body*, which is JSON without line ends, before it; gives JSON, too."""
    return f'{{"crc":"{zlib.crc32(body.encode()):08x}","entry":{body}}}'


def unseal(line: str) -> str | None:
    """Give what was sealed; None where the checksum does not fit, or there is none."""
    text = line.rstrip("\r\n")
    head, body = text[:_HEAD], text[_HEAD:-1]
    if not (head.startswith('{"crc":"') and head.endswith('","entry":') and text.endswith("}")):
        return None
    try:
        crc = f"{zlib.crc32(body.encode()):08x}"
    except UnicodeEncodeError:
        return None
    return body if head[8:16] == crc else None
