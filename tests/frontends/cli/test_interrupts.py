from __future__ import annotations

import signal
import sys

import pytest

from cartload_cli.interrupts import Interrupts
from frontends.cli.commandline import start

PROGRAM = """
import os, signal, time
from cartload_cli.interrupts import Interrupts
signal.signal(signal.SIGINT, signal.default_int_handler)
# Written without a buffer: the signal may come while a buffered write is not over yet.
with Interrupts(lambda: os.write(1, b"stopping\\n")):
    os.write(1, b"ready\\n")
    time.sleep(60)
"""


def test_the_first_signal_stops_and_raises_nothing() -> None:
    stops: list[str] = []
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with Interrupts(lambda: stops.append("stop")):
        signal.raise_signal(signal.SIGINT)
    assert stops == ["stop"]


def test_sigterm_stops_likewise() -> None:
    stops: list[str] = []
    with Interrupts(lambda: stops.append("stop")):
        signal.raise_signal(signal.SIGTERM)
    assert stops == ["stop"]


def test_a_question_is_broken_off() -> None:
    stops: list[str] = []
    interrupts = Interrupts(lambda: stops.append("stop"))
    with interrupts, pytest.raises(KeyboardInterrupt), interrupts.asking():
        signal.raise_signal(signal.SIGTERM)
    assert stops == []


def test_afterwards_the_handlers_are_what_they_were() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with Interrupts(lambda: None):
        pass
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_signal_that_the_parent_had_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with Interrupts(lambda: None):
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send itself a Ctrl-C")
def test_the_second_signal_leaves_at_once() -> None:
    with start(PROGRAM) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        child.send_signal(signal.SIGINT)
        assert child.stdout.readline() == "stopping\n"
        child.send_signal(signal.SIGINT)
        assert child.wait(30) == 130
