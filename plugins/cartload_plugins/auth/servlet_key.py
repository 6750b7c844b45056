"""What the download servlet says of itself, of which a login needs one line: the key that hides passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.errors import UnsupportedError
from cartload.ports import Request
from cartload_plugins.network.wording import place

if TYPE_CHECKING:
    from cartload.ports import Stop
    from cartload_plugins.network.client import HttpClient

_APPLICATION = "4.41"
"""The version of the original retriever whose protocol is spoken here."""
_KEY_LINE = 2
_MOST_BYTES = 64 * 1024


def password_key(client: HttpClient, servlet: str, stop: Stop) -> str:
    """Ask for the key; raises UnsupportedError when the answer holds none."""
    form = (("os", "linux"), ("appVersion", _APPLICATION))
    request = Request("POST", f"{servlet}Version", form=form)
    with client.open(request, stop) as answer:
        if not answer.is_ok:
            raise answer.refusal(absent=UnsupportedError)
        lines = answer.text(_MOST_BYTES).splitlines()
    if len(lines) <= _KEY_LINE or not lines[_KEY_LINE].strip():
        raise UnsupportedError("the archive does not tell how to log in.", subject=place(request.url))
    return lines[_KEY_LINE].strip()
