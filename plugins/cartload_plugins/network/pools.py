"""The connections of one client: those that lead to servers directly, and those through proxies."""

from __future__ import annotations

import os
from threading import Lock
from typing import TYPE_CHECKING

from attrs import frozen
from urllib3 import PoolManager, ProxyManager

from cartload.settings import MOST_JOBS
from cartload_plugins.network.connections import PlainPool, SecurePool
from cartload_plugins.network.proxies import Proxy, Routes
from cartload_plugins.network.trust import trusting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.model import Origin
    from cartload_plugins.network.options import NetworkOptions


@frozen
class Way:
    """How a server is reached: over which connections, and through which proxy, if any."""

    pool: PoolManager
    proxy: Proxy | None


class Pools:
    """Finds the way to each server, and keeps its connections; several threads may ask at once.

    Certificates are always verified, those of proxies too. Raises SettingsError when ``ca_file`` or the
    address of a proxy is not what it should be.
    """

    def __init__(
        self, options: NetworkOptions, agent: str, environment: Mapping[str, str] | None = None
    ) -> None:
        self._trusted = trusting(options.ca_file)
        # A plain dict tells capital letters from small ones on Windows, too.
        self._routes = Routes(options.proxy, dict(os.environ if environment is None else environment))
        self._agent = agent
        self._lock = Lock()
        self._ways: dict[Origin, Way] = {}
        self._pools: dict[tuple[Origin, str] | None, PoolManager] = {}

    def to(self, origin: Origin) -> Way:
        """Give the way to the server at *origin*."""
        with self._lock:
            if origin not in self._ways:
                proxy = self._routes.to(origin)
                self._ways[origin] = Way(self._pool(proxy), proxy)
            return self._ways[origin]

    def _pool(self, proxy: Proxy | None) -> PoolManager:
        key = None if proxy is None else (proxy.origin, proxy.named_by)
        if key not in self._pools:
            made = self._direct() if proxy is None else self._through(proxy)
            made.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
            self._pools[key] = made
        return self._pools[key]

    def _direct(self) -> PoolManager:
        return PoolManager(maxsize=MOST_JOBS + 1, ssl_context=self._trusted)

    def _through(self, proxy: Proxy) -> PoolManager:
        """Go through *proxy*; its address as the library sees it, and may tell it, has no login."""
        return ProxyManager(
            str(proxy),
            proxy_headers={"User-Agent": self._agent, **proxy.headers},
            proxy_ssl_context=self._trusted,
            maxsize=MOST_JOBS + 1,
            ssl_context=self._trusted,
        )
