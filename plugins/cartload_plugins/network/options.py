"""The choices of every transport that uses the network; light, for it is imported to list plugins."""

from __future__ import annotations

from attrs import field, frozen, validators


@frozen(kw_only=True)
class NetworkOptions:
    """How a transport uses the network; times in seconds."""

    connect_timeout: float = field(default=20.0, validator=validators.gt(0))
    """How long a connection may take to be made."""
    read_timeout: float = field(default=60.0, validator=validators.gt(0))
    """How long a server may send nothing, or next to nothing, before it counts as stalled."""
    ca_file: str | None = None
    """A file of certificates (PEM) to trust besides the system's own."""
