"""The transport over NBIA's download servlet: its fourth version, or the third where there is no fourth."""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from cartload.errors import AccessDeniedError, UnsupportedError
from cartload.model import MemberKind, SeriesRecord
from cartload.network import Condition, Finding
from cartload.ports import Request
from cartload_plugins.network.client import HttpClient
from cartload_plugins.network.wording import place
from cartload_plugins.transports.addresses import ArchiveAddresses
from cartload_plugins.transports.answers import check_archive, check_table
from cartload_plugins.transports.batches import batches
from cartload_plugins.transports.members import demanding_checksums, member
from cartload_plugins.transports.nbia.bisection import query
from cartload_plugins.transports.nbia.data_descriptions import DataDescriptions
from cartload_plugins.transports.nbia.lines import read_lines
from cartload_plugins.transports.policies import usage_policy
from cartload_plugins.transports.records import Records
from cartload_plugins.transports.tar import read_tar
from cartload_plugins.transports.window import Bounds, Window

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from cartload.model import (
        Denied,
        Member,
        SeriesUID,
        SOPInstanceUID,
        Unknown,
        UsagePolicy,
    )
    from cartload.ports import Stop, TransportContext
    from cartload_plugins.network.answer import Answer
    from cartload_plugins.network.options import NetworkOptions
    from cartload_plugins.transports.window import Entry

_BATCH = 5000
_BATCH_WITH_LOGIN = 2000
_QUERY_PATIENCE = 720.0
"""Seconds that a large query may take; the original waits as long."""
_NOT_FOR_ALL = frozenset({460, 462})
"""NBIA's own statuses: a guest, or this user, may not see all of the series asked for."""
_NOBODY_S = "2.25.0"
"""The UID of no series."""
_MOST_EXCLUDED = 1_500_000
"""Characters of excluded images to send: a servlet container refuses forms of more than 2 MiB."""


class NbiaTransport:
    """Describes series by queries of thousands, and fetches each as one TAR stream."""

    def __init__(self, context: TransportContext, options: NetworkOptions) -> None:
        self._context = context
        self._options = options
        self._addresses = ArchiveAddresses.of(context.server_url)
        self._client = HttpClient(self._addresses.servlet, context.authenticator, options)
        self._descriptions = DataDescriptions(
            self._client, self._addresses.services, context.authenticator.user, context.stop
        )
        self._versions: tuple[str, ...] = ("V4", "V3")

    def policy(self) -> UsagePolicy | None:
        """Give the policy of the archive, if it has one."""
        return usage_policy(self._client, self._addresses.services, self._context.stop)

    def describe(self, uids: Sequence[SeriesUID]) -> Iterator[SeriesRecord | Denied | Unknown]:
        """Describe the series batch by batch; one that the servlet does not show is Denied."""
        records = Records()
        size = _BATCH if self._context.authenticator.user is None else _BATCH_WITH_LOGIN
        for batch in batches(uids, size):
            for said in query(batch, lambda part: self._query(part, records)):
                yield self._descriptions.whole(said) if isinstance(said, SeriesRecord) else said

    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        """Stream annotations, images and checksums of one series, without the images in *held*.

        Each request has its own checksum list, of the images that it brings.
        """
        come: set[str] = set(held)
        extra = self._context.annotations and series.has_annotations
        if come and len(come) >= series.image_count and not extra:
            return
        excluded = _excluded(come, series.image_count)
        yield from self._stream(series, excluded, come, stop)
        if excluded and len(come) < series.image_count:
            # The server leaves out every image whose UID is a part of the excluded text, so 1.2.3 with
            # 1.2.34. What is missing now can only be had by excluding nothing.
            yield from self._stream(series, "", come, stop)

    def way(self, stop: Stop) -> Iterator[Finding]:
        """Look at the way to the archive."""
        from cartload_plugins.network.diagnosis import look  # noqa: PLC0415 - only for who seeks a fault

        return look(self._addresses.servlet, self._options, stop)

    def protocol(self, stop: Stop) -> Finding:
        """Ask for a series that does not exist: which version answers, and that it is no web page."""
        with self._ask((("numberOfSeries", "1"), ("series1", _NOBODY_S)), stop) as answer:
            if answer.is_ok:
                check_table(answer)
            elif answer.status not in _NOT_FOR_ALL:
                raise answer.refusal()
        (version,) = self._versions
        return Finding("download servlet", Condition.WELL, f"version {version.removeprefix('V')} answers.")

    def _query(
        self, uids: tuple[SeriesUID, ...], records: Records
    ) -> Sequence[SeriesRecord | Unknown] | None:
        numbered = tuple((f"series{number}", uid) for number, uid in enumerate(uids, start=1))
        form = (("numberOfSeries", str(len(uids))), *numbered)
        with self._ask(form, self._context.stop, _QUERY_PATIENCE) as answer:
            if answer.status in _NOT_FOR_ALL:
                return None
            if not answer.is_ok:
                raise answer.refusal()
            check_table(answer)
            return tuple(read_lines(answer.text(), frozenset(uids), records))

    def _stream(self, series: SeriesRecord, excluded: str, come: set[str], stop: Stop) -> Iterator[Member]:
        """Fetch once; images in *come* are passed over, those that are handed out are added to it."""
        with self._ask(self._form(series, excluded), stop) as answer:
            if answer.status == HTTPStatus.FORBIDDEN and excluded:
                return  # nothing but what is excluded
            if answer.status == HTTPStatus.FORBIDDEN:
                raise AccessDeniedError(
                    "the archive gives no permission for this series, or has no image of it any more.",
                    subject=series.series_uid,
                )
            if not answer.is_ok:
                raise answer.refusal()
            check_archive(answer)
            window = Window(answer.readinto, series.series_uid)
            bounds = Bounds.around(series.image_bytes + series.annotation_bytes, series.image_count)
            for found in self._members(read_tar(window, bounds), series):
                if found.kind is not MemberKind.IMAGE:
                    yield found
                elif (image := found.sop_uid or found.name) not in come:
                    come.add(image)
                    yield found

    def _members(self, entries: Iterator[Entry], series: SeriesRecord) -> Iterator[Member]:
        """Tell what the entries are; a server that has MD5 lists (since its fourth version) must send one."""
        members = (member(entry) for entry in entries)
        if self._context.checksums and self._versions == ("V4",):
            return demanding_checksums(members, series.series_uid)
        return members

    def _form(self, series: SeriesRecord, excluded: str) -> tuple[tuple[str, str], ...]:
        return (
            ("userId", ""),
            ("sopUids", excluded),
            ("seriesUid", series.series_uid),
            ("includeAnnotation", _word(self._context.annotations)),
            ("hasAnnotation", _word(series.has_annotations)),
            ("Range", "bytes=0-"),
            ("password", ""),
            ("newFileNames", "Yes"),
            ("getMD5Hash", "Yes" if self._context.checksums else "No"),
        )

    @contextmanager
    def _ask(self, form: tuple[tuple[str, str], ...], stop: Stop, patience: float = 0.0) -> Iterator[Answer]:
        """Post *form* to the newest version that the server has, which is remembered."""
        for version in self._versions:
            url = f"{self._addresses.servlet}{version}"
            # Without the header, empty for a guest, the servlet fails.
            request = Request("POST", url, {"password": ""}, form)
            with self._client.open(request, stop, patience=patience) as answer:
                if answer.status != HTTPStatus.NOT_FOUND:
                    self._versions = (version,)
                    yield answer
                    return
        raise UnsupportedError(
            "the archive has no download servlet of a version that is understood here.",
            subject=place(self._addresses.servlet),
        )


def _excluded(held: set[str], images: int) -> str:
    """Spell the images to leave out; at least one is asked for, else the servlet refuses everything."""
    uids = sorted(held)[: max(images - 1, 0)]
    text = ",".join(f"'{uid}'" for uid in uids)
    return text if len(text) <= _MOST_EXCLUDED else text[:_MOST_EXCLUDED].rpartition(",")[0]


def _word(truth: bool) -> str:  # noqa: FBT001 - the only thing it is about
    return "true" if truth else "false"
