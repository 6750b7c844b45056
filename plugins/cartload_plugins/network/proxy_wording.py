"""What went wrong where a proxy may stand between: which of the two it was, in plain words."""

from __future__ import annotations

from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING

from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, ProxyError, SSLError

from cartload.errors import TransportError, UnreachableError
from cartload_plugins.network import wording
from cartload_plugins.network.tunnel import TunnelError

if TYPE_CHECKING:
    from urllib3.exceptions import HTTPError

    from cartload_plugins.network.proxies import Proxy

_CHECK_PROXY = "Check the proxy's address, then try again; 'cartload doctor' looks at each step."
_NAME_LOGIN = (
    "They belong into the proxy's address, as in http://user:password@proxy.example.org:3128, and that into "
    "the environment or the settings file, where nobody else sees them."
)


def broken(error: HTTPError, url: str, proxy: Proxy | None) -> TransportError:
    """Say what urllib3's *error* on the way to *url* means, if through a *proxy* which of the two it was."""
    if proxy is not None:
        if isinstance(error, TunnelError):
            return unopened(error.status, url, proxy)
        if isinstance(error, ProxyError):
            return _unreached(error.original_error, url, proxy)
    return wording.broken(error, url)


def unopened(status: int | None, url: str, proxy: Proxy) -> TransportError:
    """Say why a proxy does not lead to *url*: *status* is its answer, None if there was none to go by."""
    subject, named = wording.place(url), _named(proxy)
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        wants = "wants a user and a password" if proxy.login is None else "refuses the user and password"
        return UnreachableError(f"{named} {wants}.", subject=subject, advice=_NAME_LOGIN)
    if status is None:
        what = f"{named} gives no answer that a proxy gives."
        return UnreachableError(what, subject=subject, advice=_CHECK_PROXY, retryable=True)
    return UnreachableError(
        f"{named} does not lead there: it answered {wording.spoken(status)}.",
        subject=subject,
        advice="Ask whoever runs it whether it lets you reach this server.",
        retryable=status >= HTTPStatus.INTERNAL_SERVER_ERROR,
    )


def _unreached(error: Exception, url: str, proxy: Proxy) -> TransportError:
    """Say why there is no connection to the proxy itself, or none any more."""
    subject, named = wording.place(url), _named(proxy)
    if isinstance(error, SSLError) and (why := wording.distrust(error)) is not None:
        what = f"the certificate of {named} cannot be trusted ({why})."
        return UnreachableError(what, subject=subject, advice=wording.CHECK_CERTIFICATE)
    if isinstance(error, HTTPException | ConnectionError):
        # The library calls it the proxy's once the connection is gone, whoever broke it.
        what = f"the connection broke that goes through {named}."
        return UnreachableError(what, subject=subject, advice=_CHECK_PROXY, retryable=True)
    how = {
        NameResolutionError: "could not be found by its name",
        ConnectTimeoutError: "did not answer in time",
        SSLError: "does not speak TLS as an https proxy does",
    }.get(type(error), "could not be connected to")
    return UnreachableError(f"{named} {how}.", subject=subject, advice=_CHECK_PROXY, retryable=True)


def _named(proxy: Proxy) -> str:
    return f"the proxy {proxy} (from {proxy.named_by})"
