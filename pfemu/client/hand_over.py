"""Native halves for callers on other threads: each call is handed over to the scheduler's thread, here and nowhere else.

* Methods that wait (``receive``, ``send`` of a batch, …) wait in the caller's thread and hand over what they ask.
* Methods that only tell something (acknowledgements of what was received, ``send_async``, …) return at once; what is wrong with their
  arguments is said in the caller's thread, what happens later goes to the callback or to the scheduler's error handler.
* All others are run on the scheduler's thread, and their answer is waited for.

A stepping scheduler has no other threads, so there nothing is wrapped and nothing costs anything.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pulsar

from pfemu.client.consuming.acknowledging import acknowledged_place, refuse_wrapped_id
from pfemu.client.message import Message
from pfemu.client.results import client_error
from pfemu.model.message_id import MessageId
from pfemu.ports import Scheduler
from pfemu.scheduling.stepping import SteppingScheduler

_WAITS = frozenset({"receive", "batch_receive", "read_next", "flush", "now_ms"})
_WAITS_WHEN_BATCHING = frozenset({"send", "send_bytes"})
_TELLS = frozenset({"send_async", "send_bytes_async"})
_ACKNOWLEDGES = frozenset({"acknowledge", "acknowledge_cumulative", "negative_acknowledge"})


class HandedOver:
    """Stands for a native half on other threads than the scheduler's."""

    def __init__(self, target: object, scheduler: Scheduler, *, batching: bool = False) -> None:
        self._target = target
        self._scheduler = scheduler
        self._waits = _WAITS | _WAITS_WHEN_BATCHING if batching else _WAITS

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a method of the target
        found = getattr(self._target, name)
        if not callable(found) or name in self._waits:
            return found
        made = self._wrapped(name, found)
        self.__dict__[name] = made
        return made

    def _wrapped(self, name: str, method: Callable[..., object]) -> Callable[..., object]:
        if name in _ACKNOWLEDGES:
            return self._acknowledging(name, method)
        if name in _TELLS:
            return lambda *arguments: self._scheduler.soon(partial(method, *arguments))
        if name == "send_output":
            return lambda *arguments: self._scheduler.soon(partial(_answered_unless_closed, method, *arguments))
        return lambda *arguments: self._scheduler.call(partial(method, *arguments))

    def _acknowledging(self, name: str, method: Callable[..., object]) -> Callable[[object], None]:
        """Check in the caller's thread what can be checked there, then tell the scheduler's thread."""
        target: Any = self._target

        def acknowledge(message: object) -> None:
            if name == "negative_acknowledge":
                refuse_wrapped_id(name, message)
            place = acknowledged_place(name, message)
            if name == "acknowledge" and not target.is_connected():
                raise client_error("AlreadyClosed")
            if name == "negative_acknowledge" or (name == "acknowledge" and _came_from(target, place)):
                self._scheduler.soon(partial(_unless_closed, target, method, message))
            else:
                self._scheduler.call(partial(method, message))

        return acknowledge


def _came_from(consumer: object, place: Message | MessageId) -> bool:
    """Whether it is a message that the consumer received: acknowledging that is refused on no thread."""
    return isinstance(place, Message) and (place._source is consumer or place._source.parent is consumer)


def _answered_unless_closed(send_output: Callable[..., object], *arguments: object) -> None:
    """Send a function's output; its input is not acknowledged where that one's consumer was closed on the way."""
    with suppress(pulsar.AlreadyClosed):
        send_output(*arguments)


def _unless_closed(consumer: Any, tell: Callable[[object], object], message: object) -> None:  # noqa: ANN401 - any native half
    """Tell it, unless the consumer was closed on the way: then the broker has the message back."""
    if consumer.is_connected():
        tell(message)


def handed_over(target: Any, scheduler: Scheduler, *, batching: bool = False) -> Any:  # noqa: ANN401 - any native half
    """Return a native half for whatever threads the scheduler is called from."""
    return target if isinstance(scheduler, SteppingScheduler) else HandedOver(target, scheduler, batching=batching)
