"""How each version of the REST services is asked; the fourth refuses every parameter it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from attrs import frozen

from cartload.ports import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

NEWEST = "v4"


@frozen
class Call:
    """One call of one version, as the part of an address behind the services' own."""

    name: str
    parameters: tuple[tuple[str, str], ...]

    def url(self, services: str, version: str) -> str:
        """Write the address."""
        return f"{services}/{version}/{self.name}?{urlencode(self.parameters)}"


def one_series(uid: str) -> Call:
    """Ask what one series is; the first two versions tell of one at a time."""
    return Call("getSeriesMetaData", (("SeriesInstanceUID", uid), ("format", "csv")))


def question(services: str, uids: Sequence[str], version: str) -> Request:
    """Ask what *uids* are; versions before the newest are asked for the first alone."""
    if version == NEWEST:
        form = tuple(("list", uid) for uid in uids)
        return Request("POST", f"{services}/{version}/getSeriesMetadata", form=form)
    return Request("GET", one_series(uids[0]).url(services, version), {"Accept": "text/csv"})


def archive(version: str, uid: str, *, checksums: bool) -> Call:
    """Ask for a series as a ZIP archive whose images are named in order, by the call that most use."""
    if checksums and version != NEWEST:
        # Of the older versions' calls with checksums only this one has ordered names.
        return dicom_archive(uid, annotations=False, checksums=True)
    extra = (("IncludeMD5", "Yes"),) if checksums else ()
    return Call("getImage", (("SeriesInstanceUID", uid), ("NewFileNames", "Yes"), *extra))


def dicom_archive(uid: str, *, annotations: bool, checksums: bool) -> Call:
    """Ask for the same by the call that has annotations and needs no licence."""
    wanted = (("IncludeAnnotation", _word(annotations)), ("MD5Verification", _word(checksums)))
    return Call("getDCMImage", (("SeriesInstanceUID", uid), *wanted))


def images(uid: str) -> Call:
    """Ask for the identifiers of all images of a series."""
    return Call("getSOPInstanceUIDs", (("SeriesInstanceUID", uid),))


def single_image(uid: str, image: str) -> Call:
    """Ask for one image as it is stored."""
    return Call("getSingleImage", (("SeriesInstanceUID", uid), ("SOPInstanceUID", image)))


def checksum(version: str, image: str) -> Call:
    """Ask for the MD5 of one image; versions differ in the call's name and its parameter's."""
    if version == NEWEST:
        return Call("getMD5HashForImage", (("SOPInstanceUID", image),))
    return Call("getM5HashForImage", (("SOPInstanceUid", image),))


def _word(truth: bool) -> str:  # noqa: FBT001 - the only thing it is about
    return "true" if truth else "false"
