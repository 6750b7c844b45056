from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.arrivals import Arrivals
from cartload.errors import CartloadError
from cartload.plan import Need, Plan
from cartload.shelves import Shelves
from cartload.staging import CartFolder
from cartload.tasks import Running, Tasks
from cartload.workers import Pace
from series_builders import a_task

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def shelves(tmp_path: Path) -> Iterator[Shelves]:
    folder = CartFolder(tmp_path)
    folder.open(0.0)
    yield Shelves(
        folder=folder,
        arrivals=Arrivals(Tasks(Plan(()), lambda _: None), lambda _: None),
        pace=Pace(None, lambda: 0.0),
        annotations=False,
        check=True,
        earlier=lambda _: None,
    )
    folder.close()


def test_a_series_goes_on_with_what_is_staged_of_it(shelves: Shelves) -> None:
    running, task = Running(), a_task()
    first = shelves.take(task, running)
    assert shelves.take(task, running) is first


def test_a_series_of_which_nothing_is_known_cannot_be_begun(shelves: Shelves) -> None:
    with pytest.raises(CartloadError, match="there is no record of it"):
        shelves.take(a_task(need=Need.UNKNOWN), Running())


def test_a_series_that_never_began_has_nothing_to_keep(shelves: Shelves) -> None:
    running = Running()
    for let_go in (shelves.keep, shelves.drop):
        let_go(running)
    shelves.give_back(a_task().series_uid, running)
    assert running.retrieval is None
