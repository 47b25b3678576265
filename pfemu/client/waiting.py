"""Waiting for an answer, the one place where a caller stands still.

* On the stepping scheduler the caller runs the emulator until the answer is there; virtual time moves on as needed.
* On a live scheduler the caller is another thread; it hands the question over and sleeps.

Differs: on the stepping scheduler, waiting without a timeout for what can no longer come raises
:class:`~pfemu.errors.WaitsForeverError`; a real client waits for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import partial
from typing import Any

import pulsar

from pfemu.client.results import client_error
from pfemu.errors import WaitsForeverError
from pfemu.ports import Scheduler
from pfemu.scheduling.stepping import SteppingScheduler

Callback = Callable[..., object]
"""Called with a ``pulsar.Result``, and the value if there is one."""

_NEVER = (
    "this would wait for ever: nothing is left to run and no timer is set. "
    "Send the message first, or pass timeout_millis, which costs no real time."
)


class _Answer:
    """What a callback was called with."""

    def __init__(self) -> None:
        self.given: list[tuple[Any, ...]] = []

    def __call__(self, *answer: Any) -> None:  # noqa: ANN401 - a result and a value of any type
        self.given.append(answer)

    def is_given(self) -> bool:
        return bool(self.given)


def wait(
    scheduler: Scheduler,
    ask: Callable[[Callback], object],
    timeout_ms: int | None = None,
    cancel: Callable[[Callback], object] | None = None,
) -> Any:  # noqa: ANN401 - whatever the callback is given
    """Ask, wait for the callback, and return its value.

    Raises:
        pulsar.exceptions.PulsarException: the callback was given another result than ``Ok``, or the time is over.
        WaitsForeverError: nothing can bring the answer any more.
    """
    if isinstance(scheduler, SteppingScheduler):
        return _step_until_answered(scheduler, ask, timeout_ms, cancel)
    return _sleep_until_answered(scheduler, ask, timeout_ms, cancel)


def _step_until_answered(
    scheduler: SteppingScheduler,
    ask: Callable[[Callback], object],
    timeout_ms: int | None,
    cancel: Callable[[Callback], object] | None,
) -> Any:  # noqa: ANN401 - as in wait
    answer = _Answer()
    ask(answer)
    if not scheduler.step_until(answer.is_given, timeout_ms):
        if cancel is not None:
            cancel(answer)
        if timeout_ms is None:
            raise WaitsForeverError(_NEVER)
        raise client_error("Timeout")
    return _value_of(answer.given[0])


def _sleep_until_answered(
    scheduler: Scheduler,
    ask: Callable[[Callback], object],
    timeout_ms: int | None,
    cancel: Callable[[Callback], object] | None,
) -> Any:  # noqa: ANN401 - as in wait
    future: Future[tuple[Any, ...]] = Future()

    def answered(*answer: Any) -> None:  # noqa: ANN401 - as in _Answer
        future.set_result(answer)

    scheduler.call(partial(ask, answered))
    try:
        return _value_of(future.result(None if timeout_ms is None else max(0, timeout_ms) / 1000))
    except FutureTimeoutError:
        if cancel is not None:
            scheduler.call(partial(cancel, answered))
        if future.done():
            return _value_of(future.result())
        raise client_error("Timeout") from None


def _value_of(answer: tuple[Any, ...]) -> Any:  # noqa: ANN401 - as in wait
    result, *value = answer
    if result != pulsar.Result.Ok:
        raise client_error(result.name)
    return value[0] if value else None
