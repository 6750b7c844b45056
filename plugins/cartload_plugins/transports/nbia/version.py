"""What the download servlet says of itself; a login needs the key, everything else works without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from cartload.errors import UnsupportedError
from cartload.ports import Request
from cartload_plugins.network.wording import place

if TYPE_CHECKING:
    from cartload.ports import Stop
    from cartload_plugins.network.client import HttpClient

_APPLICATION = "4.41"
"""The version of the original retriever whose protocol is spoken here."""
_FEWEST_LINES = 3
_MOST_BYTES = 64 * 1024


@frozen
class ServerVersion:
    """The retriever version that the server expects, and the key that passwords are hidden with."""

    retriever: str
    password_key: str = field(repr=False)


def server_version(client: HttpClient, servlet: str, stop: Stop) -> ServerVersion:
    """Ask for the version; raises UnsupportedError when the answer is none."""
    form = (("os", "linux"), ("appVersion", _APPLICATION))
    request = Request("POST", f"{servlet}Version", form=form)
    with client.open(request, stop) as answer:
        if not answer.is_ok:
            raise answer.refusal(absent=UnsupportedError)
        lines = answer.text(_MOST_BYTES).splitlines()
    if len(lines) < _FEWEST_LINES:
        raise UnsupportedError("the archive does not tell its version.", subject=place(request.url))
    return ServerVersion(lines[0].strip(), lines[2].strip())
