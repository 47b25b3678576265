"""The live scheduler: one asyncio loop, on a thread of its own, owns the engine; time is real.

* ``soon`` and ``call`` may be used from any thread; work is handed to the loop, first in, first out.
* The loop never waits for another thread. A caller of ``call`` waits for the loop.
* An exception in handed-over work that nobody waits for goes to ``on_error``; the loop carries on.
* What was handed over before :meth:`LiveScheduler.close` is still done; afterwards ``soon`` does nothing, and whoever calls or waits hears
  :class:`~pfemu.errors.SchedulerClosedError`: nobody is left waiting.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, Literal, TypeVar

from pfemu.errors import SchedulerClosedError
from pfemu.ports import Clock
from pfemu.scheduling.clock import SystemClock
from pfemu.scheduling.promises import fulfil

T = TypeVar("T")


class LiveTimer:
    """A call that is due later."""

    __slots__ = ("_handle",)

    def __init__(self, handle: asyncio.TimerHandle) -> None:
        self._handle = handle

    def cancel(self) -> None:
        """Forget it; harmless when it already ran."""
        self._handle.cancel()


class LiveScheduler:
    """Runs everything on an asyncio loop. ``on_error`` is called on the loop's thread."""

    threaded: Literal[True] = True

    def __init__(self, on_error: Callable[[BaseException], object], clock: Clock | None = None) -> None:
        self.on_error = on_error
        self._clock = clock or SystemClock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="pfemu-broker", daemon=True)
        self._handing_over = threading.Lock()
        self._handed_over: list[Callable[[], object]] = []
        self._closed = False
        self._promised: set[Future[Any]] = set()
        self.now_ms = self._clock.now_ms
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        for future in list(self._promised):
            future.set_exception(_closed_error())
        self._loop.close()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop that owns the engine."""
        return self._loop

    @property
    def is_owner(self) -> bool:
        """Whether the caller is on the loop's thread."""
        return threading.get_ident() == self._thread.ident

    @property
    def may_block(self) -> bool:
        """Whether the caller may wait for other threads: not on the loop's own, for which they may wait."""
        return not self.is_owner

    def soon(self, run: Callable[[], object]) -> None:
        """Run it on the loop after what is already waiting; once the scheduler is closed, nothing is run any more."""
        if self.is_owner:
            self._loop.call_soon(self._guarded, run)
        else:
            self._hand_over(partial(self._guarded, run))

    def _hand_over(self, run: Callable[[], object]) -> bool:
        """Have the loop run it; False when it no longer does."""
        with self._handing_over:
            if self._closed:
                return False
            self._handed_over.append(run)
            if len(self._handed_over) == 1:  # waking the loop costs more than most work: once is enough
                self._loop.call_soon_threadsafe(self._run_handed_over)
            return True

    def _run_handed_over(self) -> None:
        with self._handing_over:
            work, self._handed_over = self._handed_over, []
        for run in work:
            run()

    def _guarded(self, run: Callable[[], object]) -> None:
        try:
            run()
        except BaseException as error:  # noqa: BLE001 - handed to the one who started the scheduler; SystemExit would end the loop
            self.on_error(error)

    def at(self, due_ms: int, run: Callable[[], object]) -> LiveTimer:
        """Run it on the loop once the time has come; the loop's thread only."""
        delay_s = max(0, due_ms - self.now_ms()) / 1000
        return LiveTimer(self._loop.call_later(delay_s, self._guarded, run))

    def call(self, run: Callable[[], T]) -> T:
        """Run it on the loop and return (or raise) what it returns.

        Raises:
            SchedulerClosedError: nothing is run any more.
        """
        if self.is_owner:
            return run()
        future: Future[T] = Future()
        if not self._hand_over(partial(fulfil, future, run)):
            raise _closed_error()
        return future.result()

    def promise(self) -> Future[Any]:
        """Return a future that somebody on the loop fulfils, and that fails when the scheduler is closed before."""
        future: Future[Any] = Future()
        self._promised.add(future)
        future.add_done_callback(self._promised.discard)
        return future

    def close(self) -> None:
        """Do what was handed over by now, stop the loop and wait for its thread; a second time does nothing."""
        with self._handing_over:
            if not self._closed:
                self._closed = True
                self._loop.call_soon_threadsafe(self._loop.stop)
        if not self.is_owner:
            self._thread.join()


def _closed_error() -> SchedulerClosedError:
    return SchedulerClosedError("the emulator is closed: nothing is run any more")
