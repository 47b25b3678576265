"""When negatively acknowledged messages are asked for again (``NegativeAcksTracker.cc``).

* A message is due after the delay; the due time is cut to a multiple of 256 ms, so it may be a little early.
* A timer looks every third of the delay, at least every 100 ms, as long as any waits; each negative acknowledgement winds it up anew.
  So a message may come up to a third of the delay late, and later still as long as others keep failing meanwhile.
* A batch is one entry: negative acknowledgement of one of its messages asks for all of them.
"""

from __future__ import annotations

from collections.abc import Callable

from pfemu.ports import Scheduler, Timer

MIN_DELAY_MS = 100
TIME_GRAIN_BITS = 8


class NegativeAcksTracker:
    """The negatively acknowledged entries of one consumer. ``redeliver`` is called with those that are due, in order."""

    __slots__ = ("_delay_ms", "_due", "_interval_ms", "_redeliver", "_scheduler", "_timer")

    def __init__(self, scheduler: Scheduler, delay_ms: int, redeliver: Callable[[list[int]], object]) -> None:
        self._scheduler = scheduler
        self._redeliver = redeliver
        self._delay_ms = max(delay_ms, MIN_DELAY_MS)
        self._interval_ms = max(self._delay_ms // 3, MIN_DELAY_MS)
        self._due: dict[int, int] = {}
        self._timer: Timer | None = None

    def add(self, position: int) -> None:
        """Take an entry; a second time puts it off."""
        now_ms = self._scheduler.now_ms()
        self._due[position] = (now_ms + self._delay_ms) >> TIME_GRAIN_BITS << TIME_GRAIN_BITS
        self._wind_up(now_ms)

    def _wind_up(self, now_ms: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._scheduler.at(now_ms + self._interval_ms, self._look)

    def _look(self) -> None:
        self._timer = None
        now_ms = self._scheduler.now_ms()
        due = sorted(position for position, due_ms in self._due.items() if due_ms <= now_ms)
        for position in due:
            del self._due[position]
        if self._due:
            self._wind_up(now_ms)
        if due:
            self._redeliver(due)

    def ask_now(self) -> int:
        """Ask for all that waits, whatever is left of the delay; return how many entries that is."""
        waiting = sorted(self._due)
        self.clear()
        if waiting:
            self._redeliver(waiting)
        return len(waiting)

    def clear(self) -> None:
        """Forget everything: the consumer closes."""
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def __len__(self) -> int:
        return len(self._due)
