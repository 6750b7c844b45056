"""Where collections are described, as the archive has it: the servlet sends these addresses without hyphens.

Many DOIs have some. So the REST services are asked, once for each address that the servlet sends, and what
they say is taken if it is the same but for the characters that the servlet drops.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from attrs import evolve

from cartload.errors import TransportError
from cartload_plugins.transports.answers import check_table
from cartload_plugins.transports.nbia_rest import calls
from cartload_plugins.transports.nbia_rest.services import RestServices
from cartload_plugins.transports.nbia_rest.tables import read_rows

if TYPE_CHECKING:
    from cartload.model import SeriesRecord
    from cartload.ports import Stop
    from cartload_plugins.network.client import HttpClient

_DROPPED = re.compile(r"[^a-zA-Z0-9 ./:]")
_MOST = 100
"""Addresses that are asked for: a cart of more collections than that is no cart."""


class DataDescriptions:
    """Remembers each address; an archive whose REST services do not answer as they should is asked once."""

    def __init__(self, client: HttpClient, services: str, user: str | None, stop: Stop) -> None:
        self._services = RestServices(client, services, user)
        self._base = services
        self._stop = stop
        self._known: dict[str, str] = {}
        self._answers = True

    def whole(self, record: SeriesRecord) -> SeriesRecord:
        """Give *record* with its address whole, where the archive tells it; raises StoppedError."""
        sent = record.data_description_uri
        if not sent:
            return record
        if sent not in self._known and self._answers and len(self._known) < _MOST:
            self._known[sent] = self._ask(record, sent)
        return evolve(record, data_description_uri=self._known.get(sent, sent))

    def _ask(self, record: SeriesRecord, sent: str) -> str:
        try:
            told = self._told(record)
        except TransportError:
            self._answers = False
            return sent
        return told if _DROPPED.sub("", told) == sent else sent

    def _told(self, record: SeriesRecord) -> str:
        uids = (record.series_uid,)
        with self._services.ask(lambda version: calls.question(self._base, uids, version), self._stop) as (
            _,
            answer,
        ):
            if answer.status == HTTPStatus.NO_CONTENT:
                return ""
            if not answer.is_ok:
                raise answer.refusal()
            check_table(answer)
            rows = list(read_rows(answer.text()))
        mine = (row for row in rows if row.get("series_uid") == record.series_uid)
        return next(mine, {}).get("data_description_uri", "").strip()
