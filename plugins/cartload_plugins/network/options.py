"""The choices of every transport that uses the network; light, for it is imported to list plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, field, frozen, validators

if TYPE_CHECKING:
    from typing import Self

    from cartload.network import Network


@frozen(kw_only=True)
class NetworkOptions:
    """How a transport uses the network; times in seconds."""

    connect_timeout: float = field(default=20.0, validator=validators.gt(0))
    """How long a connection may take to be made."""
    read_timeout: float = field(default=60.0, validator=validators.gt(0))
    """How long a server may send nothing, or next to nothing, before it counts as stalled."""
    proxy: str | None = field(default=None, repr=False)
    """The proxy to go through, or ``direct`` for none, instead of the one that holds for all."""
    ca_file: str | None = None
    """A file of certificates to trust besides the system's own, instead of the one that holds for all."""

    def within(self, network: Network) -> Self:
        """Give the same with what holds for all plugins in the place of what is not chosen here."""
        return evolve(
            self,
            proxy=network.proxy if self.proxy is None else self.proxy,
            ca_file=network.ca_file if self.ca_file is None else self.ca_file,
        )
