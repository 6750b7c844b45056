"""From a working thread to the one that draws."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from cartload_qt.bridge import MOST_AT_ONCE, Bridge, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot


def test_what_is_told_comes_in_order_in_bounded_batches_and_before_the_end(qtbot: QtBot) -> None:
    bridge = Bridge()
    batches: list[list[object]] = []
    bridge.told.connect(batches.append)

    def work(tell: Callable[[object], None]) -> str:
        for number in range(3 * MOST_AT_ONCE):
            tell(number)
        return "done"

    with qtbot.waitSignal(bridge.ended) as ended:
        bridge.begin(work)
    assert [number for batch in batches for number in batch] == list(range(3 * MOST_AT_ONCE))
    assert max(len(batch) for batch in batches) <= MOST_AT_ONCE
    assert ended.args == [Outcome("done")]
    assert not bridge.is_busy


def test_listeners_are_called_in_the_thread_that_draws(qtbot: QtBot) -> None:
    bridge = Bridge()
    threads: list[int] = []
    bridge.told.connect(lambda _: threads.append(threading.get_ident()))
    bridge.ended.connect(lambda _: threads.append(threading.get_ident()))
    worked: list[int] = []

    def work(tell: Callable[[object], None]) -> None:
        worked.append(threading.get_ident())
        tell("something")

    with qtbot.waitSignal(bridge.ended):
        bridge.begin(work)
    assert set(threads) == {threading.get_ident()}
    assert worked != [threading.get_ident()]


def test_an_error_is_an_outcome(qtbot: QtBot) -> None:
    bridge = Bridge()
    error = ValueError("no")

    def work(_: Callable[[object], None]) -> None:
        raise error

    with qtbot.waitSignal(bridge.ended) as ended:
        bridge.begin(work)
    assert ended.args is not None
    assert ended.args[0].error is error


def test_one_thing_is_done_at_a_time_and_then_the_next(qtbot: QtBot) -> None:
    bridge = Bridge()
    go_on = threading.Event()
    with qtbot.waitSignal(bridge.ended):
        bridge.begin(lambda _: go_on.wait(30))
        with pytest.raises(RuntimeError, match="still at work"):
            bridge.begin(lambda _: None)
        go_on.set()
    with qtbot.waitSignal(bridge.ended) as ended:
        bridge.begin(lambda _: 2)
    assert ended.args == [Outcome(2)]
