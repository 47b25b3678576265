"""The acknowledgement timeout (``UnAckedMessageTrackerEnabled.cc``).

* Time is cut into ticks of a second, counted from the consumer's start. What was received in one tick falls due together,
  the timeout rounded up to ticks, and one tick, later: between the timeout and a second more.
* An entry that is acknowledged or negatively acknowledged is forgotten; one that falls due is asked for again.

Differs: the clock ticks only while something is unacknowledged, so an idle emulator has no timer set.
"""

from __future__ import annotations

from collections.abc import Callable

from pfemu.ports import Scheduler, Timer

TICK_MS = 1000


class UnackedMessageTracker:
    """The received, unacknowledged entries of one consumer. ``redeliver`` is called with those whose time is over."""

    __slots__ = ("_due_of", "_redeliver", "_scheduler", "_started_ms", "_tick_ms", "_ticks", "_timer")

    def __init__(self, scheduler: Scheduler, timeout_ms: int, redeliver: Callable[[list[int]], object]) -> None:
        self._scheduler = scheduler
        self._redeliver = redeliver
        self._tick_ms = min(TICK_MS, timeout_ms)
        self._ticks = -(-timeout_ms // self._tick_ms) + 1
        self._started_ms = scheduler.now_ms()
        self._due_of: dict[int, int] = {}
        self._timer: Timer | None = None

    def add(self, position: int) -> None:
        """Take an entry that the application has now."""
        ticks = (self._scheduler.now_ms() - self._started_ms) // self._tick_ms + self._ticks
        self._due_of.setdefault(position, self._started_ms + ticks * self._tick_ms)
        self._arm()

    def remove(self, position: int) -> None:
        """Forget an entry."""
        self._due_of.pop(position, None)

    def remove_up_to(self, position: int) -> None:
        """Forget all entries up to that one."""
        for held in [held for held in self._due_of if held <= position]:
            del self._due_of[held]

    def clear(self) -> None:
        """Forget all."""
        self._due_of.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self) -> None:
        if self._timer is None and self._due_of:
            self._timer = self._scheduler.at(next(iter(self._due_of.values())), self._look)

    def _look(self) -> None:
        self._timer = None
        now_ms = self._scheduler.now_ms()
        over = [position for position, due_ms in self._due_of.items() if due_ms <= now_ms]
        for position in over:
            del self._due_of[position]
        self._arm()
        if over:
            self._redeliver(sorted(over))

    def __len__(self) -> int:
        return len(self._due_of)
