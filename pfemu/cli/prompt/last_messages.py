"""The end of a run on a terminal: what was typed last is processed first, by every function it reaches."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pfemu.scheduling.clock import stopwatch_s

if TYPE_CHECKING:
    from pfemu.cli.running.session import Session

_AT_MOST_S = 2.0
"""How long the end waits for messages that are still being processed."""
_LOOK_AGAIN_S = 0.02
"""How long it waits for an acknowledgement before it looks by itself: a function's thread tells nobody that it is done."""


@dataclass(frozen=True)
class Progress:
    """How far a run is: the messages given to each instance, and backlog and unacknowledged messages of each subscription."""

    at_rest: bool
    submitted: tuple[int, ...]
    subscriptions: tuple[tuple[int, int], ...]


def wait_for_last_messages(session: Session, answered: threading.Condition) -> None:
    """Let what was sent be processed, within reason; a Ctrl-C waits no longer. ``answered`` is notified of acknowledgements.

    What a function's thread did last may still be on its way to the broker's, so nothing may have happened between two looks.
    """
    ends_s = stopwatch_s() + _AT_MOST_S
    before: Progress | None = None
    with suppress(KeyboardInterrupt):
        while (left_s := ends_s - stopwatch_s()) > 0:
            now = session.emulator.scheduler.call(partial(_look, session))
            if now.at_rest and now == before:
                return
            if not now.at_rest:
                with answered:
                    answered.wait(min(left_s, _LOOK_AGAIN_S))
            before = now


def _look(session: Session) -> Progress:
    """Look, on the thread that owns the broker."""
    functions = [function.handle.function for function in session.functions]
    threads = [instance.thread for function in functions for instance in function.instances if instance.thread is not None]
    names = {function.subscription_name for function in functions}
    subscriptions = tuple(
        (each.backlog, each.unacknowledged)
        for topic in session.emulator.broker.topics.values()
        for each in topic.subscriptions.values()
        if each.name in names
    )
    at_rest = all(each.idle for each in threads) and all(backlog <= unacknowledged for backlog, unacknowledged in subscriptions)
    return Progress(at_rest, tuple(each.submitted for each in threads), subscriptions)
