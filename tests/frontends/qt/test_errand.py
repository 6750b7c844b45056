"""What is asked of an errand before, while and after its session is at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.errors import DestinationError, StoppedError
from cartload_archive import ArchiveServer, Fault
from cartload_common.redaction import Redaction
from cartload_qt.choices import Choices
from cartload_qt.errand import Errand
from frontends.qt.carts import cart_of
from small_carts import a_catalogue

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUE = a_catalogue(policy=None)
UIDS = list(CATALOGUE.series)


def errand(server: ArchiveServer, folder: Path) -> Errand:
    return Errand(cart_of(server, CATALOGUE, folder), Choices(directory=folder / "data"), Redaction())


def ignore(_: object) -> None:
    """Hear what it tells."""


def test_one_that_is_cancelled_before_it_begins_asks_the_archive_nothing(tmp_path: Path) -> None:
    with ArchiveServer(CATALOGUE) as server:
        made = errand(server, tmp_path)
        made.cancel()
        with pytest.raises(StoppedError):
            made.inspect(ignore)
        assert server.requests == ()


def test_without_a_session_there_is_nothing_to_try_again(tmp_path: Path) -> None:
    with ArchiveServer(CATALOGUE) as server:
        made = errand(server, tmp_path)
        assert not made.can_retry
        with pytest.raises(StoppedError, match="nothing was begun"):
            made.retry()


def test_one_that_is_closed_lets_another_into_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTLOAD_EXISTING", "missing")
    with ArchiveServer(CATALOGUE, faults={UIDS[0]: Fault(status=404, times=8)}) as server:
        first, second = (errand(server, tmp_path) for _ in range(2))
        assert len(first.fetch(ignore).shortfalls) == 1
        assert first.can_retry
        with pytest.raises(DestinationError):
            second.fetch(ignore)
        first.close()
        assert not second.fetch(ignore, [UIDS[0]]).shortfalls
