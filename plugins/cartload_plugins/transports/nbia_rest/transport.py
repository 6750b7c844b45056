"""The transport over NBIA's REST services: the fourth version, the second with a login, or the first."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from cartload.model import Denied, MemberKind, SeriesUID, Unknown
from cartload.network import Condition, Finding
from cartload_plugins.network.client import HttpClient
from cartload_plugins.transports.addresses import ArchiveAddresses
from cartload_plugins.transports.answers import check_archive, check_table
from cartload_plugins.transports.batches import batches
from cartload_plugins.transports.members import demanding_checksums, member
from cartload_plugins.transports.nbia_rest import calls
from cartload_plugins.transports.nbia_rest.services import RestServices
from cartload_plugins.transports.nbia_rest.singles import (
    checksum_list,
    checksums_of,
    fetch_singly,
    few_missing,
    told_checksums,
)
from cartload_plugins.transports.nbia_rest.tables import read_rows
from cartload_plugins.transports.policies import usage_policy
from cartload_plugins.transports.records import Records
from cartload_plugins.transports.window import Bounds, Window
from cartload_plugins.transports.zip import read_zip

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from cartload.model import Member, SeriesRecord, SOPInstanceUID, UsagePolicy
    from cartload.ports import Request, Stop, TransportContext
    from cartload_plugins.network.options import NetworkOptions

_BATCH = 1000
_QUERY_PATIENCE = 720.0
"""Seconds that a large query may take, as for the download servlet."""

_NOBODY_S = SeriesUID("2.25.0")
"""The UID of no series."""

_NOT_SHOWN = (
    "The archive does not show this series: it is unknown there, or was withdrawn, or needs a login "
    "that may see it."
)
_NOT_GIVEN = "The archive has this series and does not give it to this user."
_NOT_THERE = "The archive does not have this series, or no longer shows it."


class NbiaRestTransport:
    """Describes series by tables, and fetches each as one ZIP stream, or its last images singly."""

    def __init__(self, context: TransportContext, options: NetworkOptions) -> None:
        self._context = context
        self._options = options
        self._base = ArchiveAddresses.of(context.server_url).services
        self._client = HttpClient(self._base, context.authenticator, options)
        self._services = RestServices(self._client, self._base, context.authenticator.user)

    def policy(self) -> UsagePolicy | None:
        """Give the policy of the archive, if it has one."""
        return usage_policy(self._client, self._base, self._context.stop)

    def describe(self, uids: Sequence[SeriesUID]) -> Iterator[SeriesRecord | Denied | Unknown]:
        """Describe a thousand series at once where the server can, else one after the other."""
        records = Records()
        for batch in batches(uids, _BATCH):
            yield from self._describe(batch, records)

    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        """Stream one series; all of it, unless only a few images are not in *held*."""
        annotations = self._context.annotations and series.has_annotations
        missing = few_missing(self._services, series, held, stop) if held and not annotations else None
        told = checksums_of(self._services, missing, stop) if missing and self._context.checksums else {}
        if missing is None or told is None:  # a single image has no checksum of its own, unlike one in a ZIP
            yield from self._whole(series, stop, annotations=annotations)
            return
        yield from fetch_singly(self._services, series, missing, stop)
        if told:
            yield checksum_list(told)

    def digests(
        self, series: SeriesRecord, images: Sequence[SOPInstanceUID], stop: Stop
    ) -> Iterator[tuple[SOPInstanceUID, str]]:
        """Ask for the MD5 of each image, one call for each."""
        del series
        return told_checksums(self._services, images, stop)

    def way(self, stop: Stop) -> Iterator[Finding]:
        """Look at the way to the archive."""
        from cartload_plugins.network.diagnosis import look  # noqa: PLC0415 - only for who seeks a fault

        return look(self._base, self._options, stop)

    def protocol(self, stop: Stop) -> Finding:
        """Ask for a series that does not exist: which version answers, and that it is no web page."""
        with self._services.ask(lambda version: calls.question(self._base, (_NOBODY_S,), version), stop) as (
            version,
            answer,
        ):
            check_table(answer)
            if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise answer.refusal()
        return Finding("REST services", Condition.WELL, f"version {version.removeprefix('v')} answers.")

    def _describe(
        self, uids: tuple[SeriesUID, ...], records: Records
    ) -> Iterator[SeriesRecord | Denied | Unknown]:
        while uids:
            version, text = self._query(uids)
            count = len(uids) if version == calls.NEWEST else 1
            rows = {row.get("series_uid", ""): row for row in read_rows(text)}
            for uid in uids[:count]:
                yield _told(uid, rows.get(uid), version, records)
            uids = uids[count:]

    def _query(self, uids: tuple[SeriesUID, ...]) -> tuple[str, str]:
        """Ask for all of *uids*, or for the first where the server takes no list; gives version and table."""

        def request(version: str) -> Request:
            return calls.question(self._base, uids, version)

        with self._services.ask(request, self._context.stop, patience=_QUERY_PATIENCE) as (version, answer):
            if answer.status == HTTPStatus.NO_CONTENT:
                return version, ""
            if not answer.is_ok:
                raise answer.refusal()
            check_table(answer)
            return version, answer.text()

    def _whole(self, series: SeriesRecord, stop: Stop, *, annotations: bool) -> Iterator[Member]:
        """Stream the whole series by the archive's usual call, or by the other where that one is empty.

        NBIA's ``getImage`` fails with an empty ZIP when the series has no licence and the archive no policy.
        """
        for dicom_only in (annotations, True):
            is_empty = True
            for found in self._archive(series, stop, annotations=annotations, dicom_only=dicom_only):
                is_empty = False
                yield found
            if dicom_only or not is_empty:
                return

    def _archive(
        self, series: SeriesRecord, stop: Stop, *, annotations: bool, dicom_only: bool
    ) -> Iterator[Member]:
        uid, checksums = series.series_uid, self._context.checksums

        def call(version: str) -> calls.Call:
            if dicom_only:
                return calls.dicom_archive(uid, annotations=annotations, checksums=checksums)
            return calls.archive(version, uid, checksums=checksums)

        with self._services.get(call, stop) as answer:
            check_archive(answer)
            window = Window(answer.readinto, uid)
            bounds = Bounds.around(series.image_bytes + series.annotation_bytes, series.image_count)
            members = (member(entry) for entry in read_zip(window, bounds))
            if not annotations:
                # A name is certain only at the archive's end; a damaged one would stay as another file.
                members = (found for found in members if found.kind is not MemberKind.ANNOTATION)
            yield from demanding_checksums(members, uid) if checksums else members


def _told(
    uid: SeriesUID, row: Mapping[str, str] | None, version: str, records: Records
) -> SeriesRecord | Denied | Unknown:
    if row is None:
        return Unknown(uid, _NOT_THERE) if version == calls.NEWEST else Denied(uid, _NOT_SHOWN)
    if row.get("authorized", "").strip().lower() in {"false", "no", "0"}:
        return Denied(uid, _NOT_GIVEN)
    try:
        return records.make(row)
    except ValueError as error:
        return Unknown(uid, f"What the archive says of it cannot be used: {error}.")
