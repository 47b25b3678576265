"""The stepping scheduler: the caller's thread runs everything, and time moves only when told.

* ``run_until_idle`` empties the ready queue, first in, first out. Two runs of the same program give the same trace.
* ``advance`` goes from due time to due time, running to idle at each.
* A step limit turns an endless loop into an explanation.
* Any other thread may hand work over with ``soon`` or ``call``; it runs when the owner steps, so ``call`` waits for that.
  It does not wait for an owner that waits itself, for example a function that waits for the threads it started.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Literal, TypeVar

from pfemu.errors import EndlessLoopError, WaitsForeverError
from pfemu.ports import Clock
from pfemu.scheduling.clock import VirtualClock, check_moves_forward
from pfemu.scheduling.promises import fulfil
from pfemu.scheduling.standstill import stands_still
from pfemu.scheduling.timers import ScheduledCall, TimerQueue

T = TypeVar("T")

DEFAULT_STEP_LIMIT = 1_000_000
DEFAULT_START_MS = 1_700_000_000_000

_ENDLESS = (
    "still busy after {limit:,} steps without coming to rest: something keeps producing work for itself. "
    "Does a function publish to its own input, or seek its consumer back, or do two functions feed each other? "
    "If there really is that much to do, raise step_limit."
)

_OWNER_WAITS = (
    "this thread waits for the emulator's own thread, which waits for something else and so never steps: where the emulator steps, "
    "user code runs on that thread and must not wait there for other threads that call the emulator. "
    "Call it from process itself, or make the emulator live: Emulator(scheduler=LiveScheduler(on_error))."
)
_LOOKS = 10
"""How often within its patience a waiting thread looks what the owner does."""


class SteppingScheduler:
    """Runs what is ready on the caller's thread. With a clock that is not virtual, :meth:`advance` is not available."""

    threaded: Literal[False] = False
    may_block = True

    def __init__(self, clock: Clock | None = None, step_limit: int = DEFAULT_STEP_LIMIT) -> None:
        self._clock = clock or VirtualClock(DEFAULT_START_MS)
        self._ready: deque[Callable[[], object]] = deque()
        self._timers = TimerQueue()
        self._running = False
        self._charged = 0
        self._owner = threading.get_ident()
        self.step_limit = step_limit
        self.wake: Callable[[], object] | None = None
        """Set where the owner waits for something else between two steps, as for input: wakes it; any thread may."""
        self.patience_s = 5.0
        self.soon = self._ready.append
        self.now_ms = self._clock.now_ms

    def hand_over(self, run: Callable[[], object]) -> None:
        """Have the owner's thread run it, which is woken for it; from any other."""
        self.soon(run)
        if self.wake is not None:
            self.wake()

    def at(self, due_ms: int, run: Callable[[], object]) -> ScheduledCall:
        """Run it once the time has come."""
        return self._timers.add(due_ms, run)

    def call(self, run: Callable[[], T]) -> T:
        """Run it now on the owner's thread; another thread waits until the owner steps.

        Raises:
            WaitsForeverError: the owner stood still all the ``patience_s`` (real seconds); it is not run then.
        """
        if threading.get_ident() == self._owner:
            return run()
        future: Future[T] = Future()

        def run_unless_given_up() -> None:
            if future.set_running_or_notify_cancel():
                fulfil(future, run)

        self.soon(run_unless_given_up)
        self._await(future)
        return future.result()

    def _await(self, future: Future[T]) -> None:
        """Wait until it is done; give up on an owner that stood still whenever it was looked at."""
        stood_still = 0
        while not future.done():
            try:
                future.exception(self.patience_s / _LOOKS)
            except FutureTimeoutError:
                stood_still = stood_still + 1 if stands_still(self._owner) else 0
            if stood_still >= _LOOKS and future.cancel():
                raise WaitsForeverError(_OWNER_WAITS)

    def run_until_idle(self) -> int:
        """Run until nothing is ready, timers that are due included; return the number of steps.

        Called from within a step it does nothing: the outer run carries on.

        Raises:
            EndlessLoopError: more steps than ``step_limit``.
        """
        if self._running:
            return 0
        self._running = True
        self._charged = 0
        try:
            return self._drain()
        finally:
            self._running = False

    def _drain(self) -> int:
        ready = self._ready
        steps = 0
        limit = self.step_limit
        while True:
            while ready:
                steps += 1
                if steps > limit:
                    raise EndlessLoopError(_ENDLESS.format(limit=limit))
                ready.popleft()()
            due = self._timers.pop_due(self.now_ms())
            if due is None:
                return steps
            ready.append(due)

    def charge(self, steps: int) -> None:
        """Count what is done in a step as that many more, because it brings back work that was done: an endless loop of it shows sooner."""
        self._charged += steps
        if self._charged > self.step_limit and self._running:
            self._charged = 0
            self._ready.appendleft(self._raise_endless)

    def _raise_endless(self) -> None:
        raise EndlessLoopError(_ENDLESS.format(limit=self.step_limit))

    def step_until(self, done: Callable[[], bool], timeout_ms: int | None) -> bool:
        """Run, moving virtual time from due time to due time, until ``done()``; False at the timeout or when nothing is left.

        Raises:
            EndlessLoopError: more steps than ``step_limit`` at one time.
        """
        deadline_ms = None if timeout_ms is None else self.now_ms() + timeout_ms
        while True:
            self._run_ready_while_not(done)
            if done():
                return True
            due_ms = self._timers.next_due_ms()
            if due_ms is None or (deadline_ms is not None and due_ms > deadline_ms):
                self._set_time(deadline_ms)
                return False
            self._set_time(due_ms)

    def _run_ready_while_not(self, done: Callable[[], bool]) -> None:
        steps = 0
        while not done():
            if not self._ready:
                due = self._timers.pop_due(self.now_ms())
                if due is None:
                    return
                self._ready.append(due)
            steps += 1
            if steps > self.step_limit:
                raise EndlessLoopError(_ENDLESS.format(limit=self.step_limit))
            self._ready.popleft()()

    def advance(self, milliseconds: int) -> None:
        """Move virtual time on, running to idle at every due time on the way.

        Raises:
            ValueError: time only moves forward.
            TypeError: this scheduler's clock is not virtual.
            EndlessLoopError: as :meth:`run_until_idle`.
        """
        check_moves_forward(milliseconds)
        self.run_until_idle()
        target_ms = self.now_ms() + milliseconds
        while (due_ms := self._timers.next_due_ms()) is not None and due_ms <= target_ms:
            self._set_time(due_ms)
            self.run_until_idle()
        self._set_time(target_ms)

    def pass_time(self, milliseconds: int) -> None:
        """Let virtual time go by in the middle of a step, as a slow call does; what falls due runs after the step."""
        if milliseconds:
            self._set_time(self.now_ms() + milliseconds)

    def _set_time(self, time_ms: int | None) -> None:
        clock = self._clock
        if time_ms is None:
            return
        if not isinstance(clock, VirtualClock):
            raise TypeError("this scheduler runs on real time, which cannot be moved")
        clock.time_ms = max(clock.time_ms, time_ms)

    def next_due_ms(self) -> int | None:
        """When the next timer is due, None when there is none."""
        return self._timers.next_due_ms()

    @property
    def idle(self) -> bool:
        """Whether nothing is ready to run."""
        return not self._ready
