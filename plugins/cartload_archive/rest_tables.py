"""The endpoints of the REST API that answer with tables and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.model import SeriesUID
from cartload_archive.calls import Call, Endpoint
from cartload_archive.formats import table
from cartload_archive.messages import Answer, attachment, text
from cartload_archive.tables import METADATA_COLUMNS_V4, SERIES_COLUMNS, SERIES_COLUMNS_V4, columns, metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cartload.testing.archive import ArchiveSeries

_V1 = frozenset({"v1"})
_UID = frozenset({"SeriesInstanceUID"})
_UID_AND_FORMAT = _UID | {"format"}
_FILTERS = frozenset(
    {
        "BodyPartExamined",
        "Collection",
        "Manufacturer",
        "ManufacturerModelName",
        "Modality",
        "PatientID",
        "SeriesInstanceUID",
        "StudyInstanceUID",
    }
)


def _policy(call: Call) -> Answer:
    policy = call.archive.catalogue.policy
    if policy is None:
        return text("No data usage policy is configured on this server.", status=404)
    return Answer(headers=attachment("DataUsagePolicy.txt"), body=policy.encode())


def _sop_classes(call: Call) -> Answer:
    records = (series.record for series in call.archive.catalogue.series.values())
    names = {record.sop_class_uid: record.sop_class_name for record in records if record.sop_class_uid}
    content = "".join(f"{uid}={name}\n" for uid, name in sorted(names.items()) if name)
    return Answer(headers=attachment("UIDNames.properties"), body=content.encode())


def _metadata(call: Call) -> Answer:
    """Describe one series; one that the user may not have is no content."""
    series = call.series
    return table([metadata(series)], call.value("format")) if series else Answer(status=204)


def _listed(call: Call, known: Iterable[ArchiveSeries]) -> Iterable[tuple[ArchiveSeries, bool]]:
    """Give series with whether the user may have them; only v4 tells of those that he may not."""
    for series in known:
        allowed = call.archive.catalogue.may_read(series, call.user)
        if allowed or call.version == "v4":
            yield series, allowed


def _metadata_v4(call: Call) -> Answer:
    """Describe the series of a list, repeated or joined by commas; CSV unless asked otherwise."""
    wanted = [uid.strip() for value in call.request.values("list") for uid in value.split(",")]
    catalogue = call.archive.catalogue.series
    known = (catalogue[uid] for uid in map(SeriesUID, wanted) if uid in catalogue)
    rows = [
        columns(series, METADATA_COLUMNS_V4, authorized=allowed) for series, allowed in _listed(call, known)
    ]
    form = call.value("format")
    return table(rows, "csv-download" if form.lower() in {"", "csv"} else form)


def _series(call: Call) -> Answer:
    names = SERIES_COLUMNS_V4 if call.version == "v4" else SERIES_COLUMNS
    filters = [(name, value) for name in sorted(_FILTERS) if (value := call.request.value(name))]
    found = (
        series
        for series in call.archive.catalogue.series.values()
        if all(str(columns(series, (name,))[0][1]) == value for name, value in filters)
    )
    rows = [columns(series, names, authorized=allowed) for series, allowed in _listed(call, found)]
    return table(rows, call.value("format"))


def _size(call: Call) -> Answer:
    series = call.series
    rows = []
    if series:
        rows = [(("TotalSizeInBytes", series.record.image_bytes), ("ObjectCount", series.record.image_count))]
    return table(rows, call.value("format"))


def _instances(call: Call) -> Answer:
    series = call.series
    rows = [(("SOPInstanceUID", image.sop_uid),) for image in series.images] if series else []
    return table(rows, call.value("format"))


def _collections(call: Call) -> Answer:
    catalogue = call.archive.catalogue
    visible = (series for series in catalogue.series.values() if catalogue.may_read(series, call.user))
    names = sorted({series.record.collection for series in visible})
    return table([(("Collection", name),) for name in names], call.value("format"))


def _denied(call: Call) -> Answer:
    """Tell which series of a list a user, named and no more, may not have; nothing denied is no content."""
    wanted = [uid for value in call.request.values("seriesList") for uid in value.split(",")]
    catalogue = call.archive.catalogue
    user = next((user for user in catalogue.users if user.name == call.request.value("userName")), None)
    denied = [uid for uid in dict.fromkeys(wanted) if call.archive.find(uid, user) is None]
    if not denied:
        # The server compares counts, so a list with duplicates looks denied and has no rows.
        return Answer(status=204 if len(set(wanted)) == len(wanted) else 200)
    return table([(("SeriesInstanceUID", uid),) for uid in denied], call.value("format"))


TABLE_ENDPOINTS: Mapping[str, Endpoint] = {
    "getUserAgreementTxt": Endpoint(answer=_policy, parameters=frozenset(), versions=_V1),
    "getAllSOPClassDefinition": Endpoint(answer=_sop_classes, parameters=frozenset(), versions=_V1),
    "getSeriesMetaData": Endpoint(
        answer=_metadata, parameters=_UID_AND_FORMAT, needed=_UID, versions=frozenset({"v1", "v2"})
    ),
    "getSeriesMetadata": Endpoint(
        answer=_metadata_v4,
        parameters=frozenset({"list", "format"}),
        needed=frozenset({"list"}),
        versions=frozenset({"v4"}),
        method="POST",
    ),
    "getSeries": Endpoint(answer=_series, parameters=_FILTERS | {"format"}),
    "getSeriesSize": Endpoint(answer=_size, parameters=_UID_AND_FORMAT, needed=_UID),
    "getSOPInstanceUIDs": Endpoint(answer=_instances, parameters=_UID_AND_FORMAT, needed=_UID),
    "getCollectionValues": Endpoint(answer=_collections, parameters=frozenset({"format"})),
    "getDeniedSeries": Endpoint(
        answer=_denied,
        parameters=frozenset({"seriesList", "userName", "format"}),
        needed=frozenset({"seriesList"}),
        versions=frozenset({"v1", "v4"}),
    ),
}
