"""The transport over NBIA's REST services: the fourth version, the second with a login, or the first."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from cartload.errors import AccessDeniedError, UnsupportedError
from cartload.model import Denied, SeriesUID, Unknown
from cartload.ports import Request
from cartload_plugins.network.client import HttpClient
from cartload_plugins.network.wording import place, quoted
from cartload_plugins.transports.addresses import ArchiveAddresses
from cartload_plugins.transports.batches import batches
from cartload_plugins.transports.members import check_archive, member
from cartload_plugins.transports.nbia_rest import calls
from cartload_plugins.transports.nbia_rest.singles import fetch_singly
from cartload_plugins.transports.nbia_rest.tables import read_column, read_rows
from cartload_plugins.transports.policies import usage_policy
from cartload_plugins.transports.records import Records
from cartload_plugins.transports.window import Bounds, Window
from cartload_plugins.transports.zip import read_zip

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from cartload.model import Member, SeriesRecord, SOPInstanceUID, UsagePolicy
    from cartload.ports import Stop, TransportContext
    from cartload_plugins.network.answer import Answer
    from cartload_plugins.network.options import NetworkOptions
