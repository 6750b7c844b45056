"""Every event and question of a session."""

from __future__ import annotations

from typing import get_args

from cartload import events
from cartload_reference.markdown import code, section
from cartload_reference.values import value_section


def event_kinds() -> tuple[type, ...]:
    """Give the events, in the order of the source."""
    return get_args(events.Event)


def question_kinds() -> tuple[type, ...]:
    """Give the questions, in the order of the source."""
    return get_args(events.Question)


def page() -> str:
    """Describe all of them."""
    told = [value_section(3, kind, f"event-{kind.__name__}") for kind in event_kinds()]
    asked = [value_section(3, kind, f"question-{kind.__name__}") for kind in question_kinds()]
    answers = " or ".join(code(kind.__name__) for kind in get_args(events.Answer))
    return "\n\n".join(
        (
            section(2, "Events", *told),
            section(
                2, "Questions", f"An `Asked` event brings one of these; the answer is {answers}.", *asked
            ),
        )
    )
