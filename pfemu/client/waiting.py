"""Waiting for an answer, the one place where a caller stands still.

* On the stepping scheduler the caller runs the emulator until the answer is there; virtual time moves on as needed.
* On a live scheduler the caller is another thread; it hands the question over and sleeps. Ctrl-C wakes it, and a message that comes later
  goes to the next who asks.
* A callback runs on a live scheduler's own thread, which cannot sleep: who would wait there is refused.

Differs: a real client notices Ctrl-C in a call with a timeout only when the time is over; here it is noticed at once.

Differs: on the stepping scheduler, waiting without a timeout for what can no longer come raises
:class:`~pfemu.errors.WaitsForeverError`; a real client waits for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import pulsar

from pfemu.client.results import client_error
from pfemu.errors import WaitsForeverError
from pfemu.ports import Scheduler
from pfemu.scheduling.stepping import SteppingScheduler

if TYPE_CHECKING:
    from concurrent.futures import Future

    from pfemu.scheduling.live import LiveScheduler

Callback = Callable[..., object]
"""Called with a ``pulsar.Result``, and the value if there is one."""

_LOOK_FOR_SIGNALS_MS = 100

_NEVER = (
    "this would wait for ever: nothing is left to run and no timer is set. "
    "Send the message first, or pass timeout_millis, which costs no real time."
)

_ON_OWN_THREAD = (
    "this would wait for ever: it is called in a callback on the emulator's own thread, which has to bring the answer. "
    "Wait on another thread, or use the asynchronous method."
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
        pulsar.exceptions.PulsarException: the callback was given another result than ``Ok``, the time is over, or Ctrl-C was pressed
            where there is no timeout (``Interrupted``).
        KeyboardInterrupt: Ctrl-C was pressed where there is a timeout.
        WaitsForeverError: nothing can bring the answer any more.
        SchedulerClosedError: the emulator was closed meanwhile.
    """
    if isinstance(scheduler, SteppingScheduler):
        return _step_until_answered(scheduler, ask, timeout_ms, cancel)
    return _sleep_until_answered(cast("LiveScheduler", scheduler), ask, timeout_ms, cancel)


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
    scheduler: LiveScheduler,
    ask: Callable[[Callback], object],
    timeout_ms: int | None,
    cancel: Callable[[Callback], object] | None,
) -> Any:  # noqa: ANN401 - as in wait
    future = scheduler.promise()

    def answered(*answer: Any) -> None:  # noqa: ANN401 - as in _Answer
        if not future.done():
            future.set_result(answer)

    def give_up() -> None:
        if cancel is not None:
            scheduler.call(partial(cancel, answered))

    try:
        scheduler.call(partial(ask, answered))
        if scheduler.is_owner and not future.done():
            give_up()
            raise WaitsForeverError(_ON_OWN_THREAD)
        return _value_of(_sleep_until_done(future, timeout_ms))
    except FutureTimeoutError:
        give_up()
        if future.done():
            return _value_of(future.result())
        raise client_error("Timeout") from None
    except KeyboardInterrupt:
        give_up()
        if timeout_ms is None:
            raise client_error("Interrupted") from None
        raise


def _sleep_until_done(future: Future[tuple[Any, ...]], timeout_ms: int | None) -> tuple[Any, ...]:
    """Sleep in short turns: a signal that another thread was given is noticed between two of them (``waitForAsyncValue``)."""
    left_ms = max(0, timeout_ms or 0)
    while timeout_ms is None or left_ms > _LOOK_FOR_SIGNALS_MS:
        try:
            return future.result(_LOOK_FOR_SIGNALS_MS / 1000)
        except FutureTimeoutError:
            left_ms -= _LOOK_FOR_SIGNALS_MS
    return future.result(left_ms / 1000)


def _value_of(answer: tuple[Any, ...]) -> Any:  # noqa: ANN401 - as in wait
    result, *value = answer
    if result != pulsar.Result.Ok:
        raise client_error(result.name)
    return value[0] if value else None
