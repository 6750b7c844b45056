from __future__ import annotations

import logging
import warnings

from cartload_cli.logs import heard_logs
from cartload_common.messages import Loudness, Message, Tone


def test_a_log_record_becomes_an_escaped_message_for_those_who_want_to_hear_it() -> None:
    said: list[Message] = []
    with heard_logs(said.append):
        logging.getLogger("library").warning("odd: %s", "\x1b[2J")
    assert said == [Message("log of library: odd: \\x1b[2J", Tone.FAINT, Loudness.VERBOSE)]


def test_a_warning_becomes_a_message_too() -> None:
    said: list[Message] = []
    with warnings.catch_warnings(), heard_logs(said.append):
        warnings.simplefilter("always")
        warnings.warn("an odd value", stacklevel=1)
    assert len(said) == 1
    assert "an odd value" in said[0].text


def test_afterwards_logs_go_where_they_went() -> None:
    said: list[Message] = []
    with heard_logs(said.append):
        pass
    assert not said
    assert all(type(handler).__name__ != "_Telling" for handler in logging.getLogger().handlers)
