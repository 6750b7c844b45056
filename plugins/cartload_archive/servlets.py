"""The download servlets: the version check, the list of a cart, and one series as a TAR stream."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from cartload_archive.accounts import Refused
from cartload_archive.lines import line
from cartload_archive.members import annotation_entries, checksum_entry, image_entries, listed
from cartload_archive.messages import Answer, error_page
from cartload_archive.tar import tar_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload.testing.archive import ArchiveSeries
    from cartload_archive.archive import Archive
    from cartload_archive.faults import Fault
    from cartload_archive.members import Entry
    from cartload_archive.messages import Request

_LOGIN_NEEDED = 460
_LOGIN_WRONG = 461
_NO_PRIVILEGE = 462


def answer_servlet(archive: Archive, request: Request, name: str) -> Answer:
    """Answer a request for one of the servlets; the container knows no others."""
    served = {None: set(), "V3": {"V3"}, "V4": {"V3", "V4"}}[archive.options.servlets]
    version = name.removeprefix("DownloadServlet")
    if version == name or not archive.options.servlets or version not in served | {"Version", "", "V2"}:
        return error_page(404)
    key = request.value("seriesUid") if request.value("numberOfSeries") is None else None
    fault = archive.strike(key or name, request)
    if (page := fault.instead()) is not None:
        return page
    if version == "Version":
        return _version(archive, request)
    if version not in served:
        # Versions 1 and 2 read baskets that lie on the server; this one keeps none.
        return error_page(404, "This archive keeps no baskets; use a version 3 manifest.")
    if request.value("numberOfSeries") is not None:
        return _list(archive, request, version, fault)
    return _series(archive, request, version, fault)


def _version(archive: Archive, request: Request) -> Answer:
    """Tell the newest retriever, its installer, the key of passwords, and where help is."""
    if request.value("os") is None:
        return error_page(500)
    options = archive.options
    lines = (
        options.newest_retriever,
        "https://nbia.example.org/installers/latest" if request.value("os") != "unknown" else "",
        options.password_key,
        "true" if options.force_upgrade else "false",
        "https://nbia.example.org/help-desk",
        "https://nbia.example.org/help",
    )
    return Answer(body="".join(f"{line}\n" for line in lines[: options.version_lines]).encode())


def _list(archive: Archive, request: Request, version: str, fault: Fault) -> Answer:
    """Describe every series of a cart, or refuse the whole of it: fewer rows than asked for are none."""
    try:
        count = int(request.value("numberOfSeries") or "")
    except ValueError:
        return error_page(500)
    if count <= 0:
        return error_page(400)
    user = archive.accounts.servlet(request, header_needed=False)
    if isinstance(user, Refused):
        return (
            error_page(500)
            if user is Refused.NO_HEADER
            else error_page(_LOGIN_WRONG, "Wrong user or password.")
        )
    values = dict(request.parameters)
    wanted = [values.get(f"series{number}", "") for number in range(1, count + 1)]
    # The database knows each series once, however often it is asked for, and answers in its own order.
    found = [series for uid in sorted(set(wanted)) if (series := archive.find(uid, user))]
    if len(found) < len(wanted):
        if user is None:
            return error_page(_LOGIN_NEEDED, "Login needed.")
        return error_page(_NO_PRIVILEGE, "Insufficient privilege.")
    rows = (f"{line(series, version)}\n".encode() for series in found)
    headers = (
        ("Content-Type", "text/plain;charset=UTF-8"),
        ("Content-Disposition", "attachment;filename=downloadname.txt"),
    )
    return Answer(headers=headers, body=archive.stream(rows, fault))


def _series(archive: Archive, request: Request, version: str, fault: Fault) -> Answer:
    """Stream the members of one series; no right to it, and nothing to send, are the same refusal."""
    user = archive.accounts.servlet(request, header_needed=True)
    if user is Refused.NO_HEADER:
        return error_page(500)
    series = (
        None if isinstance(user, Refused) or fault.vanish else archive.find(request.value("seriesUid"), user)
    )
    entries = _entries(archive, series, request, version, fault) if series else None
    if entries is None:
        return error_page(403, "Access Denied")
    return Answer(body=archive.stream(tar_stream(entries), fault))


def _entries(
    archive: Archive, series: ArchiveSeries, request: Request, version: str, fault: Fault
) -> Iterator[Entry] | None:
    """Choose annotations, then images in naming order, then the MD5 list; None if no image is left."""
    excluded = request.value("sopUids") or ""
    renamed = len(request.value("newFileNames") or "") > 1
    images = listed(archive.named(series), "{sop_uid}^{name}" if renamed else "{sop_uid}.dcm")
    # The server looks for each UID anywhere in the text, so one that begins another's goes out with it.
    wanted = [image for image in images if image.named.image.sop_uid not in excluded]
    if not wanted:
        return None
    checksums: list[str] = []
    parts = [image_entries(wanted, fault, checksums)]
    if _true(request.value("includeAnnotation")) and _true(request.value("hasAnnotation")):
        parts.insert(0, annotation_entries(series))
    if version == "V4" and request.value("getMD5Hash") == "Yes":
        parts.append(checksum_entry(checksums))
    return chain.from_iterable(parts)


def _true(text: str | None) -> bool:
    return (text or "").lower() == "true"
