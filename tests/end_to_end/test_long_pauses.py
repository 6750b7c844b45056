"""A pause may last longer than any connection: the archive may be gone meanwhile and come back."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from archive_carts import stored_bytes
from cartload.session import Session
from cartload.state import SessionState
from cartload_archive import ArchiveServer, Fault, Stall
from engine_world import answering, reaching, when
from in_process import PATIENT, Ended, Way, bundled, cart_of
from small_carts import TINY, a_catalogue, a_record, a_series

if TYPE_CHECKING:
    from pathlib import Path

IMAGES = 200
FAR = 100_000
"""Bytes of the answer before it stalls: some images are here, others are not."""


@pytest.fixture
def stall() -> Stall:
    return Stall(after=FAR)


def test_after_a_pause_that_no_connection_outlived_what_is_missing_is_fetched(
    stall: Stall, tmp_path: Path
) -> None:
    one, other = a_series(a_record(1), IMAGES, volume=TINY), a_series(a_record(2))
    catalogue = a_catalogue([one, other])
    with ExitStack() as before, ExitStack() as after:
        first = before.enter_context(ArchiveServer(catalogue, faults={one.uid: Fault(stall=stall)}))
        port = int(first.url.rpartition(":")[2])
        source = cart_of(catalogue, first.servlet_url)
        servers = [first]
        session = after.enter_context(Session(source, tmp_path, Way().settings, bundled()))

        def come_back() -> None:
            before.close()
            servers.append(after.enter_context(ArchiveServer(catalogue, port=port)))
            session.resume()

        def pause() -> None:
            assert stall.reached.wait(PATIENT)
            session.pause()

        session.subscribe(answering(session))
        session.subscribe(when(reaching(SessionState.PAUSED), come_back))
        hand = Thread(target=pause)
        hand.start()
        session.prepare()
        session.run()
        hand.join()
        ended = Ended(root=session.root, report=session.report())
    assert ended.exit_code == 0
    assert sorted(ended.images.values()) == stored_bytes([one, other])
    asked = [dict(request.form) for request in servers[1].requests]
    again = next(form for form in asked if form.get("seriesUid") == one.uid)
    held = again["sopUids"].split(",")
    assert 0 < len(held) < IMAGES
