"""How a synthetic archive behaves: which protocols it speaks, and the choices that servers differ in."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from cartload_archive.naming import Order
from cartload_archive.passwords import encrypted
from cartload_archive.zips import Compression

if TYPE_CHECKING:
    from collections.abc import Callable

ALL_REST: frozenset[str] = frozenset({"v1", "v2", "v4"})


@frozen(kw_only=True)
class ArchiveOptions:
    """The choices; the default is a recent server that speaks everything.

    ``servlets`` is the newest download servlet there is, None for a server without any. ``rest`` names the
    REST versions. ``password_key`` is handed to everybody; ``encrypt`` makes of a password and that key what
    the ``password`` header must hold. ``version_lines`` is 3 on old servers. Tokens live ``token_seconds`` on
    ``clock``. ``largest_piece`` is about how many bytes go into one HTTP chunk.
    """

    servlets: Literal["V4", "V3"] | None = "V4"
    rest: frozenset[str] = ALL_REST
    order: Order = Order.INSTANCE
    compression: Compression = Compression.DEFLATE
    password_key: str = "synthetic archive"  # noqa: S105 - told to everybody who asks
    encrypt: Callable[[str, str], str] = encrypted
    version_lines: Literal[3, 6] = 6
    newest_retriever: str = "4.4"
    force_upgrade: bool = False
    token_seconds: float = 7200
    clock: Callable[[], float] = time.monotonic
    largest_piece: int = 256 * 1024
