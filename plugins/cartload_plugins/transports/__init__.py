"""Bundled transports: how an archive is asked what a series is, and for its images."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cartload.hooks import cartload_transports, implements
from cartload.ports import Factory
from cartload_plugins.network.options import NetworkOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.ports import Transport, TransportContext, TransportFactory


@implements(cartload_transports)
def transports() -> Mapping[str, TransportFactory]:
    """Offer NBIA's download servlet."""
    return {
        "nbia": Factory(
            _nbia, NetworkOptions, "NBIA's download servlet: TAR streams, continues inside a series"
        ),
    }


def _nbia(context: TransportContext, options: object) -> Transport:
    from cartload_plugins.transports.nbia.transport import NbiaTransport  # noqa: PLC0415 - heavy: urllib3

    return NbiaTransport(context, cast("NetworkOptions", options))
