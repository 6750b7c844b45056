"""The network as the user has it: what every plugin goes by, and what is found on the way to a server."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen


@frozen
class Network:
    """How servers are reached, as the user chose it for all plugins; a plugin's own option wins.

    What is None is as the system has it: proxies as the environment names them, and the certificates of
    the system's own store.
    """

    proxy: str | None = field(default=None, repr=False)
    """The proxy's address, which may hold a user and a password: it is not to be shown."""
    ca_file: str | None = None
    """A file of certificates to trust besides the system's own."""


class Condition(Enum):
    """How well something is that was looked at."""

    WELL = "ok"
    """There is nothing to do."""
    DOUBTFUL = "warning"
    """It hinders nothing now, and may do so later."""
    BAD = "trouble"
    """A download would fail."""


@frozen
class Finding:
    """One thing that was looked at: its name, how well it is, what was found, and what to do about it.

    The texts may quote a server; they hold no secret.
    """

    check: str
    condition: Condition
    what: str
    advice: str = ""

    @property
    def is_bad(self) -> bool:
        """Tell whether a download would fail of it."""
        return self.condition is Condition.BAD
