"""The loop of a run: commands and outcomes one by one, until every task is final or nobody goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.commands import Command, Remove, Reply
from cartload.events import Answered, Asked, Event, SessionChanged, SpaceQuestion
from cartload.state import SESSION_TABLE, SessionInput, SessionState, step
from cartload.workers import Inbox, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.running import Run

Item = Outcome | Reply | Remove | Command
"""What comes through a session's inbox."""


class Stage:
    """The state of a session, and the only way to change it."""

    def __init__(self, publish: Callable[[Event], None]) -> None:
        self._publish = publish
        self.state = SessionState.NEW

    def step(self, given: SessionInput) -> None:
        """Go to the next state and tell it; raises TransitionError if there is none."""
        old = self.state
        self.state = step(SESSION_TABLE, old, given, "the session")
        self._publish(SessionChanged(old, self.state))


class Coordination:
    """Drives a run from the one thread in which everything is decided."""

    def __init__(self, stage: Stage, inbox: Inbox[Item], publish: Callable[[Event], None]) -> None:
        self._stage = stage
        self._inbox = inbox
        self._publish = publish
        self._waiting: list[Item] = []
        self._asked: SpaceQuestion | None = None

    def wait_for_run(self, item: Item) -> None:
        """Keep what came too early, for the run that is to come."""
        self._waiting.append(item)

    def carry_out(self, run: Run) -> None:
        """Take commands and outcomes one by one until the run is over; raises what broke it."""
        self.obey_waiting(run)
        while True:
            if self._stage.state is SessionState.RUNNING and run.broken is None:
                run.start_tasks()
            if self._stage.state is SessionState.RUNNING and run.is_full:
                self._stage.step(SessionInput.PAUSE)
            if self._is_settled(run):
                break
            item = self._inbox.get(run.wait(starting=self._stage.state is SessionState.RUNNING))
            if item is not None:
                self._handle(item, run)
            run.tick()
        run.tell_bytes()
        if run.broken is not None and not run.is_full:
            raise run.broken

    def obey_waiting(self, run: Run) -> None:
        """Do what was commanded while nothing ran."""
        while (item := self._inbox.get(0)) is not None:
            self._waiting.append(item)
        waiting, self._waiting = self._waiting, []
        for item in waiting:
            self._handle(item, run)

    def _is_settled(self, run: Run) -> bool:
        """Take the session on when its workers are done; True when the run is over."""
        if run.broken is not None and not run.is_full:
            return run.is_idle
        if run.is_over:
            self._stage.step(SessionInput.ENDED)
            return True
        if run.is_idle and self._stage.state in {SessionState.PAUSING, SessionState.CANCELLING}:
            self._stage.step(SessionInput.STOPPED)
            self._ask_for_room(run)
        return self._stage.state is SessionState.CANCELLED

    def _ask_for_room(self, run: Run) -> None:
        """Ask whether to go on, where the session paused because the disk is full."""
        lack = run.lack()
        if self._stage.state is SessionState.PAUSED and lack is not None:
            self._asked = lack
            self._publish(Asked(lack))

    def _hear_of_room(self, reply: Reply, run: Run) -> None:
        """Go on, or end; an answer that came too late is passed over."""
        if reply.question != self._asked:
            return
        self._asked = None
        self._publish(Answered.by(reply.question, reply.answer))
        if reply.answer is not True and run.broken is not None:
            raise run.broken
        self._obey(Command.RESUME, run)

    def _handle(self, item: Item, run: Run) -> None:
        match item:
            case Remove(uids):
                run.remove(uids)
            case Command():
                self._obey(item, run)
            case Reply():
                self._hear_of_room(item, run)
            case _:
                run.take(item)

    def _obey(self, command: Command, run: Run) -> None:
        """Carry out a command; one that makes no sense now (paused twice, say) is passed over."""
        given = SessionInput(command.value)
        if (self._stage.state, given) not in SESSION_TABLE:
            return
        self._stage.step(given)
        if command is Command.RESUME:
            self._asked = None
            run.resume()
        else:
            run.stop_all()
