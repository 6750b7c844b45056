"""The endpoints of the REST API that send images: a series as a ZIP stream, or one image."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from cartload_archive.calls import Call, Endpoint
from cartload_archive.members import Entry, annotation_entries, checksum_entry, image_entries, listed
from cartload_archive.messages import Answer, attachment, refusal, text
from cartload_archive.naming import NamedImage
from cartload_archive.zips import zip_stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cartload.testing.archive import ArchiveSeries
    from cartload_archive.members import Listed

_SHORT_LICENSES: Mapping[str, str] = {
    "Creative Commons Attribution 3.0 Unported License": "CC BY 3.0",
    "Creative Commons Attribution 4.0 International License": "CC BY 4.0",
    "Creative Commons Attribution-NonCommercial 3.0 Unported License": "CC BY-NC 3.0",
    "Creative Commons Attribution-NonCommercial 4.0 International License": "CC BY-NC 4.0",
}
_NUMBERED = "{number:08d}.dcm"
_UID = frozenset({"SeriesInstanceUID"})


def _image(call: Call) -> Answer:
    """Send the licence text, then the images: in the database's order and numbered, or named and in order.

    Without licence and policy there is no text, and then the ZIP comes out empty.
    """
    series = call.series
    if series is None:
        return _denied(call)
    license_text = _license_text(call, series)
    if license_text is None:
        return _zipped(call, series, ())
    checksums: list[str] = []
    parts: list[Iterable[Entry]] = [(Entry("LICENSE", license_text.encode()),)]
    renamed = call.value("NewFileNames").lower() == "yes"
    parts.append(
        image_entries(_ordered(call, series) if renamed else _unordered(series), call.fault, checksums)
    )
    if call.version == "v4" and call.value("IncludeMD5").lower() == "yes":
        parts.append(checksum_entry(checksums, ordered=False))
    return _zipped(call, series, chain.from_iterable(parts))


def _image_with_md5(call: Call) -> Answer:
    series = call.series
    if series is None:
        return _denied(call)
    checksums: list[str] = []
    images = image_entries(_unordered(series), call.fault, checksums)
    return _zipped(call, series, chain(images, checksum_entry(checksums, ordered=False)))


def _dcm_image(call: Call) -> Answer:
    series = call.series
    if series is None:
        return _denied(call)
    checksums: list[str] = []
    parts = [image_entries(_ordered(call, series), call.fault, checksums)]
    if call.value("MD5Verification").lower() == "true":
        parts.append(checksum_entry(checksums))
    if call.value("IncludeAnnotation").lower() == "true":
        parts.append(annotation_entries(series))
    return _zipped(call, series, chain.from_iterable(parts))


def _single(call: Call) -> Answer:
    series, wanted = call.series, call.value("SOPInstanceUID")
    images = _ordered(call, series) if series else ()
    for one in images:
        if one.named.image.sop_uid == wanted:
            entries = image_entries((one,), call.fault, [])
            body = call.archive.stream((entry.content for entry in entries), call.fault)
            return Answer(headers=attachment(f"{wanted}.dcm", "application/dicom"), body=body)
    return refusal(f"The image {wanted} is not public, or is not in the series.")


def _checksum(call: Call) -> Answer:
    """Tell the MD5 of one image, whatever series it is of; nothing where there is no such image."""
    wanted = call.value("SOPInstanceUID") or call.value("SOPInstanceUid")
    catalogue = call.archive.catalogue
    visible = (series for series in catalogue.series.values() if catalogue.may_read(series, call.user))
    found = (image.md5 for series in visible for image in series.images if image.sop_uid == wanted)
    return text(next(found, ""))


def _ordered(call: Call, series: ArchiveSeries) -> tuple[Listed, ...]:
    return listed(call.archive.named(series))


def _unordered(series: ArchiveSeries) -> tuple[Listed, ...]:
    """Take images in the order of the database's index, which has nothing to do with anatomy."""
    images = sorted(series.images, key=lambda image: image.sop_uid)
    return listed((NamedImage("", image) for image in images), _NUMBERED)


def _denied(call: Call) -> Answer:
    why = "is not public" if call.version == "v1" else "is not granted to this user"
    return refusal(f"The series {call.value('SeriesInstanceUID')} {why}.")


def _zipped(call: Call, series: ArchiveSeries, entries: Iterable[Entry]) -> Answer:
    pieces: Iterator[bytes] = zip_stream(entries, call.archive.options.compression)
    return Answer(headers=attachment(f"{series.uid}.zip"), body=call.archive.stream(pieces, call.fault))


def _license_text(call: Call, series: ArchiveSeries) -> str | None:
    """Fill the archive's licence template with the short licence name; the policy follows."""
    license_, policy = series.record.license, call.archive.catalogue.policy
    if license_ is None and policy is None:
        return None
    name = _SHORT_LICENSES.get(license_.name, license_.name) if license_ else "Not Specified"
    uri = (license_.uri if license_ else "") or "Not Specified"
    told = f"The images of {series.record.collection} are given under the licence {name} ({uri}).\n"
    return told + (policy or "")


IMAGE_ENDPOINTS: Mapping[str, Endpoint] = {
    "getImage": Endpoint(
        answer=_image, parameters=_UID | {"NewFileNames", "IncludeMD5"}, needed=_UID, images=True
    ),
    "getImageWithMD5Hash": Endpoint(answer=_image_with_md5, parameters=_UID, needed=_UID, images=True),
    "getDCMImage": Endpoint(
        answer=_dcm_image,
        parameters=_UID | {"IncludeAnnotation", "MD5Verification"},
        needed=_UID,
        images=True,
    ),
    "getSingleImage": Endpoint(
        answer=_single, parameters=_UID | {"SOPInstanceUID"}, needed=_UID | {"SOPInstanceUID"}, images=True
    ),
    "getMD5HashForImage": Endpoint(
        answer=_checksum,
        parameters=frozenset({"SOPInstanceUID"}),
        needed=frozenset({"SOPInstanceUID"}),
        versions=frozenset({"v4"}),
    ),
    "getM5HashForImage": Endpoint(
        answer=_checksum,
        parameters=frozenset({"SOPInstanceUid"}),
        needed=frozenset({"SOPInstanceUid"}),
        versions=frozenset({"v1", "v2"}),
    ),
}
