"""The carts of before: a small file in the user's state folder, for the start page and after a crash.

It is a convenience. What was downloaded is in each cart's journal; a damaged list is an empty one.
"""

from __future__ import annotations

import json
import logging
import secrets
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from attrs import evolve, field, frozen, validators
from filelock import FileLock, Timeout

from cartload.conversion import structure, unstructure
from cartload.errors import SettingsError
from cartload_common.user_file import UserFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_logger = logging.getLogger(__name__)

MOST = 20
VERSION = 1
_MOST_BYTES = 1024 * 1024
_END_OF_TIME = 253402300800
"""The year 10000, where dates of most libraries end."""

_PATIENCE = 2.0
"""Seconds to wait for another window that writes the list."""


class CartState(Enum):
    """How far a cart came."""

    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    COMPLETE = "complete"


@frozen(kw_only=True)
class RecentCart:
    """A cart: its manifest, the folder that its own folder ``name`` is in, and how far it came."""

    manifest: str
    root: str
    name: str
    series: int
    done: int
    state: CartState
    when: float = field(validator=[validators.ge(0), validators.lt(_END_OF_TIME)])
    """Seconds since 1970, UTC: when this was written."""

    process: str = ""
    """Which window runs it; each has its own name."""

    @property
    def is_unfinished(self) -> bool:
        """Tell whether there is something left to fetch."""
        return self.state is not CartState.COMPLETE

    @property
    def existing_manifest(self) -> Path | None:
        """Give the manifest, or the copy in the cart's folder when it is gone; None when both are."""
        copy = Path(self.root) / self.name / Path(self.manifest).name
        return next((path for path in (Path(self.manifest), copy) if path.is_file()), None)


@frozen
class _Document:
    version: int
    carts: tuple[RecentCart, ...]


def usual_path() -> Path:
    """Say where the list is."""
    return platformdirs.user_state_path("cartload") / "recent.json"


class RecentCarts:
    """Reads and changes the list.

    There is one window for a user, so a cart that another was running was left by one that crashed.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or usual_path()
        self._process = secrets.token_hex(8)

    def recent(self) -> tuple[RecentCart, ...]:
        """Give the carts, the latest first."""
        return tuple(map(self._as_it_is, self._read()))

    def unfinished(self) -> tuple[RecentCart, ...]:
        """Give the carts that are not complete and that nobody is at work on, the latest first."""
        return tuple(
            cart for cart in self.recent() if cart.is_unfinished and cart.state is not CartState.RUNNING
        )

    def record(self, cart: RecentCart) -> None:
        """Put a cart first, in place of what was known of it; nothing happens where it cannot be written."""
        mine = evolve(cart, process=self._process if cart.state is CartState.RUNNING else "")
        self._change(lambda carts: (mine, *(each for each in carts if _key(each) != _key(cart))))

    def forget(self, cart: RecentCart) -> None:
        """Take a cart off the list; of its files none is touched."""
        self._change(lambda carts: tuple(each for each in carts if _key(each) != _key(cart)))

    def _as_it_is(self, cart: RecentCart) -> RecentCart:
        if cart.state is CartState.RUNNING and cart.process != self._process:
            return evolve(cart, state=CartState.STOPPED, process="")
        return cart

    def _change(self, change: Callable[[tuple[RecentCart, ...]], Sequence[RecentCart]]) -> None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self._path.with_suffix(".lock"), timeout=_PATIENCE):
                document = _Document(VERSION, tuple(change(self._read()))[:MOST])
                UserFile(self._path).write(json.dumps(unstructure(document), indent=2))
        except (OSError, Timeout) as error:
            _logger.warning("the list of recent carts cannot be written: %s", error)

    def _read(self) -> tuple[RecentCart, ...]:
        try:
            with self._path.open("rb") as file:
                content = file.read(_MOST_BYTES)  # what is longer is cut, and then no JSON any more
            document = structure(json.loads(content, parse_constant=_refuse), _Document, SettingsError)
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, RecursionError, SettingsError) as error:
            _logger.warning("the list of recent carts cannot be read: %s", error)
            return ()
        if document.version != VERSION:
            _logger.warning("another version wrote the list of recent carts: it begins anew")
            return ()
        return document.carts[:MOST]


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number")


def _key(cart: RecentCart) -> tuple[str, str]:
    return cart.root, cart.name
