"""Which addresses may be asked, and where an answer may send a request on to."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from attrs import evolve
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from cartload.errors import TransportError
from cartload.origins import is_loopback, origin_of
from cartload_plugins.network.wording import place

if TYPE_CHECKING:
    from cartload.model import Origin
    from cartload.ports import Request


def checked_origin(url: str) -> Origin:
    """Give the origin of *url*; raises TransportError if it is none, or one that parsers disagree on."""
    try:
        origin = origin_of(url)
        parsed = parse_url(url)  # what urllib3 itself will connect to
        port = f":{parsed.port}" if parsed.port else ""
        if origin_of(f"{parsed.scheme}://{parsed.host}{port}") == origin:
            return origin
    except (ValueError, LocationParseError) as error:
        raise TransportError("this is not an address that can be asked.", subject=place(url)) from error
    raise TransportError("this is not an address that can be asked.", subject=place(url))


def redirected(request: Request, location: str, status: int) -> Request:
    """Give the request that a redirect asks for; raises TransportError where it must not be followed.

    303 turns any method into GET (RFC 9110 section 15.4.4). 301 and 302 keep it, unlike in browsers: a
    POST asks for data here, and without its form would ask for something else.
    """
    url = _joined(request.url, location)
    old, new = checked_origin(request.url), checked_origin(url)
    if not _may_follow(old, new):
        raise TransportError(
            f"the archive sends the request on to {place(url)}, which is not followed.",
            subject=place(request.url),
            advice="Name the archive's real address instead.",
        )
    if status == HTTPStatus.SEE_OTHER:
        return evolve(request, method="GET", url=url, form=())
    return evolve(request, url=url)


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError as error:
        raise TransportError("the archive sends the request on to nowhere.", subject=place(base)) from error


def _may_follow(old: Origin, new: Origin) -> bool:
    """Never from the outside into this machine, never from https down to http."""
    if old == new:
        return True
    if is_loopback(new):
        return is_loopback(old) and (new.scheme == "https" or old.scheme == "http")
    return new.scheme == "https"
