"""Bundled transports: how an archive is asked what a series is, and for its images."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cartload.hooks import cartload_transports, implements
from cartload.ports import Factory
from cartload_plugins.network.options import NetworkOptions
from cartload_plugins.transports.mock.script import MockOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.ports import Transport, TransportContext, TransportFactory


@implements(cartload_transports)
def transports() -> Mapping[str, TransportFactory]:
    """Offer NBIA's two protocols, and an archive that is not there."""
    return {
        "nbia": Factory(
            _nbia,
            NetworkOptions,
            "NBIA's download servlet: TAR streams, goes on inside a series",
            authenticator="nbia-servlet",
        ),
        "nbia-rest": Factory(
            _nbia_rest, NetworkOptions, "NBIA's REST services: ZIP streams", authenticator="nbia-oauth"
        ),
        "mock": Factory(_mock, MockOptions, "a scripted archive in the process, for tests and trials"),
    }


def _nbia(context: TransportContext, options: object) -> Transport:
    from cartload_plugins.transports.nbia.transport import NbiaTransport  # noqa: PLC0415 - heavy: urllib3

    return NbiaTransport(context, cast("NetworkOptions", options).within(context.network))


def _nbia_rest(context: TransportContext, options: object) -> Transport:
    from cartload_plugins.transports.nbia_rest.transport import NbiaRestTransport  # noqa: PLC0415 - likewise

    return NbiaRestTransport(context, cast("NetworkOptions", options).within(context.network))


def _mock(context: TransportContext, options: object) -> Transport:
    from cartload_plugins.transports.mock.transport import MockTransport  # noqa: PLC0415 - only when used

    return MockTransport(context, cast("MockOptions", options))
