"""Wherever a run is ended, the next one asks for what is missing and for nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archive_carts import fetches, stored_bytes
from cartload.events import TaskChanged
from cartload.session import Session
from cartload.state import SessionState, TaskState
from cartload_archive import ArchiveServer
from engine_world import answering
from in_process import Way, bring_home, bundled, cart_of
from small_carts import a_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.events import Event
    from cartload.manifest import ManifestSource

SERIES = 4


def end_after(complete: int, way: Way, source: ManifestSource, directory: Path) -> None:
    """Run a session that is cancelled when so many series are complete, or when the first begins."""
    wanted = TaskState.COMPLETE if complete else TaskState.FETCHING
    seen = 0
    with Session(source, directory, way.settings, bundled()) as session:

        def listen(event: Event) -> None:
            nonlocal seen
            if isinstance(event, TaskChanged) and event.new is wanted:
                seen += 1
                if seen >= complete:
                    session.cancel()

        session.subscribe(answering(session))
        session.subscribe(listen)
        session.prepare()
        session.run()
        assert complete == SERIES or session.report().state is SessionState.CANCELLED


@pytest.mark.parametrize("transport", ["nbia", "nbia-rest"])
@pytest.mark.parametrize("complete", range(SERIES + 1))
def test_a_run_that_is_ended_anywhere_is_gone_on_with(complete: int, transport: str, tmp_path: Path) -> None:
    catalogue, way = a_catalogue(), Way(jobs=1, transport=transport)
    with ArchiveServer(catalogue) as server:
        source = cart_of(catalogue, server.servlet_url)
        end_after(complete, way, source, tmp_path)
        begun = fetches(server)
        assert bring_home(source, tmp_path, way).exit_code == 0
        all_of_two = fetches(server)
        last = bring_home(source, tmp_path, way)
        assert fetches(server) == all_of_two
    assert len(set(begun)) <= complete + 1
    assert set(all_of_two) == set(catalogue.public)
    assert len(all_of_two) <= SERIES + 1
    assert last.exit_code == 0
    assert sorted(last.images.values()) == stored_bytes(catalogue.series.values())
