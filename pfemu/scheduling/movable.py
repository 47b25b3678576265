"""A live scheduler whose time can be moved on: real time, plus what somebody has skipped.

What falls due in the skipped time runs at once, in the order in which it was due.
"""

from __future__ import annotations

from collections.abc import Callable

from pfemu.scheduling.clock import SystemClock, check_moves_forward
from pfemu.scheduling.live import LiveScheduler, LiveTimer


class MovableClock:
    """Real time plus what was skipped."""

    def __init__(self) -> None:
        self._clock = SystemClock()
        self.skipped_ms = 0

    def now_ms(self) -> int:
        """Milliseconds since the epoch, with what was skipped."""
        return self._clock.now_ms() + self.skipped_ms


class MovableTimer(LiveTimer):
    """A call that is due later, by a clock that may be moved."""

    __slots__ = ("_forget", "due_ms", "run")

    def __init__(self, due_ms: int, run: Callable[[], object], forget: Callable[[MovableTimer], object]) -> None:
        self.due_ms = due_ms
        self.run = run
        self._forget = forget

    def arm(self, timer: LiveTimer) -> None:
        """Take the timer of the loop that is to call it."""
        self._handle = timer._handle  # noqa: SLF001 - its own base class's

    def fire(self) -> None:
        """Run it."""
        self._forget(self)
        self.run()

    def cancel(self) -> None:
        """Forget it; harmless when it already ran."""
        self._forget(self)
        super().cancel()


class MovableScheduler(LiveScheduler):
    """Runs everything on an asyncio loop, as :class:`LiveScheduler`, with a time that :meth:`advance` moves."""

    def __init__(self, on_error: Callable[[BaseException], object]) -> None:
        self._movable = MovableClock()
        self._waiting: dict[MovableTimer, None] = {}
        super().__init__(on_error, self._movable)

    def at(self, due_ms: int, run: Callable[[], object]) -> MovableTimer:
        """Run it on the loop once the time has come; the loop's thread only."""
        timer = MovableTimer(due_ms, run, lambda done: self._waiting.pop(done, None))
        timer.arm(super().at(due_ms, timer.fire))
        self._waiting[timer] = None
        return timer

    def advance(self, milliseconds: int) -> None:
        """Skip time; any thread may.

        Raises:
            ValueError: time only moves forward.
        """
        check_moves_forward(milliseconds)
        self.call(lambda: self._skip(milliseconds))

    def _skip(self, milliseconds: int) -> None:
        self._movable.skipped_ms += milliseconds
        for timer in sorted(self._waiting, key=lambda each: each.due_ms):
            LiveTimer.cancel(timer)
            timer.arm(super().at(timer.due_ms, timer.fire))
