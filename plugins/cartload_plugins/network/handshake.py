"""One encrypted connection to a server, opened as a download would, to see the certificate."""

from __future__ import annotations

import ssl
from contextlib import closing
from typing import TYPE_CHECKING, cast

from urllib3.connection import ProxyConfig
from urllib3.exceptions import ConnectTimeoutError, HTTPError, ProtocolError, ProxyError, SSLError
from urllib3.util import parse_url

from cartload_plugins.network.connections import SecureConnection
from cartload_plugins.network.proxy_wording import broken
from cartload_plugins.network.tunnel import TunnelError

if TYPE_CHECKING:
    from cartload.model import Origin
    from cartload_plugins.network.proxies import Proxy


def shown_certificate(
    home: Origin, proxy: Proxy | None, trusted: ssl.SSLContext, url: str, seconds: float
) -> tuple[str, bytes]:
    """Give the version of TLS and the verified certificate (DER) of *home*, reached through *proxy*.

    Raises TransportError as a request to *url* would. It is to be called within an exchange.
    """
    made = _connection(home, proxy, trusted, seconds)
    with closing(made):
        try:
            made.connect()
        except (OSError, HTTPError) as error:
            raise broken(_as_request(error, made, proxy), url, proxy) from error
        encrypted = cast("ssl.SSLSocket", made.sock)
        return str(encrypted.version()), encrypted.getpeercert(binary_form=True) or b""


def _connection(
    home: Origin, proxy: Proxy | None, trusted: ssl.SSLContext, seconds: float
) -> SecureConnection:
    if proxy is None:
        return SecureConnection(home.host, home.port, timeout=seconds, ssl_context=trusted)
    made = SecureConnection(
        proxy.origin.host,
        proxy.origin.port,
        timeout=seconds,
        ssl_context=trusted,
        proxy=parse_url(str(proxy)),
        proxy_config=ProxyConfig(
            trusted, use_forwarding_for_https=False, assert_hostname=None, assert_fingerprint=None
        ),
    )
    made.set_tunnel(home.host, home.port, headers=proxy.headers, scheme=proxy.origin.scheme)
    return made


def _as_request(error: Exception, made: SecureConnection, proxy: Proxy | None) -> HTTPError:
    """Give *error* as the library does when it comes in a request."""
    if isinstance(error, TunnelError):
        return error
    if isinstance(error, ssl.SSLError):
        found: HTTPError = SSLError(error)
    elif isinstance(error, TimeoutError):
        found = ConnectTimeoutError(made, "no answer in time")
    else:
        found = error if isinstance(error, HTTPError) else ProtocolError("broken", error)
    return found if proxy is None or made.has_connected_to_proxy else ProxyError("no proxy", found)
