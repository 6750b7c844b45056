"""The REST API: which endpoints there are in which version, with which parameters, and who may ask."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cartload_archive.accounts import Refused
from cartload_archive.calls import Call
from cartload_archive.messages import error_page, json_object, refusal
from cartload_archive.rest_images import IMAGE_ENDPOINTS
from cartload_archive.rest_tables import TABLE_ENDPOINTS

if TYPE_CHECKING:
    from cartload_archive.archive import Archive
    from cartload_archive.calls import Endpoint
    from cartload_archive.faults import Fault
    from cartload_archive.messages import Answer, Request

_ENDPOINTS = {**TABLE_ENDPOINTS, **IMAGE_ENDPOINTS}
# The servlet behind the API answers with and without the middle part.
_PATH = re.compile(r"(?:services/)?(v[0-9]+)/([A-Za-z0-9]+)")


def answer_rest(archive: Archive, request: Request, path: str) -> Answer:
    """Answer below the API's root: tokens, logout, and the endpoints of each version."""
    if path.rstrip("/") == "oauth/token":
        return archive.strike("token", request).instead() or _token(archive, request)
    if path.removeprefix("services/") == "logout":
        return json_object({"message": "logged out"})
    found = _PATH.fullmatch(path)
    endpoint = _ENDPOINTS.get(found[2]) if found else None
    if not found or not endpoint or found[1] not in endpoint.versions & archive.options.rest:
        return error_page(404)
    fault = archive.strike(_key(endpoint, request, found[2]), request)
    if (page := fault.instead()) is not None:
        return page
    if request.method != endpoint.method:
        return error_page(405)
    return _called(archive, request, endpoint, found[1], fault)


def _token(archive: Archive, request: Request) -> Answer:
    return archive.accounts.token(request) if request.method == "POST" else error_page(405)


def _key(endpoint: Endpoint, request: Request, name: str) -> str:
    return (request.value("SeriesInstanceUID") or name) if endpoint.images else name


def _called(archive: Archive, request: Request, endpoint: Endpoint, version: str, fault: Fault) -> Answer:
    user = None if version == "v1" else archive.accounts.bearer(request)
    nobody = version == "v2" and not request.headers.get("authorization")
    if nobody or isinstance(user, Refused):
        told = "Full authentication is required" if nobody else "Invalid access token"
        return json_object(
            {"error": "unauthorized" if nobody else "invalid_token", "error_description": told}, 401
        )
    unknown = sorted({name for name, _ in request.parameters} - endpoint.parameters)
    if unknown and version == "v4":
        allowed = ", ".join(sorted(endpoint.parameters))
        return refusal(f"Invalid parameters: {', '.join(unknown)}. Allowed parameters are: {allowed}")
    missing = sorted(name for name in endpoint.needed if not request.value(name))
    if missing:
        return refusal(f"A parameter, {missing[0]}, is required for this API call.")
    return endpoint.answer(Call(archive, request, version, user, fault))
