"""A cart of three series, and what the engine's tests do and expect with it over and over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.errors import TransportError
from cartload.state import TaskState
from engine_world import reaching, when
from fake_archive import a_scan

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.progress import Shortfall
    from cartload.state import SessionState
    from engine_world import Watched, World
    from fake_archive import Scan

ONE, TWO, THREE = a_scan(1), a_scan(2, annotations={"a.xml": b"<a/>"}), a_scan(3)
ALL = (ONE, TWO, THREE)

CUT = TransportError("the stream was cut.", retryable=True)
GONE = TransportError("404.")

HOME = [TaskState.FETCHING, TaskState.VERIFYING, TaskState.STORING, TaskState.COMPLETE]
"""The states of a series that comes home without trouble."""


def home(*scans: Scan) -> dict[str, bytes]:
    """Give what is on disk when these, and nothing else, have come home."""
    return {f"Kidney/{scan.uid}/{name}": content for scan in scans for name, content in scan.files.items()}


def run(watched: Watched) -> None:
    """Prepare and run; the session stays open, as a frontend's does."""
    watched.session.prepare()
    watched.session.run()


def on(watched: Watched, state: SessionState | TaskState, then: Callable[[], object]) -> None:
    """Do *then* when the session, or the first of its series, comes to *state*."""
    watched.session.subscribe(when(reaching(state), then))


def shortfall(watched: Watched) -> Shortfall:
    """Give the one series that did not come home."""
    (found,) = watched.session.report().shortfalls
    return found


def assert_home(world: World, *scans: Scan) -> None:
    """Demand that these are on disk, and nothing else."""
    assert world.tree() == home(*scans)
    assert world.staged() == []


def assert_home_without_repetition(world: World, *scans: Scan) -> None:
    """Demand that these are on disk, and that no image was sent twice."""
    assert_home(world, *scans)
    assert set(world.transport.sent.values()) == {1}
