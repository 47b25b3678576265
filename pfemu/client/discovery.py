"""When new topics and partitions are looked for (``partitionsUpdateInterval``, ``patternAutoDiscoveryPeriod``).

Once in a period, counted from the start.

Differs: a real client looks at every period; here the timer is set only once there is something to find, so an idle emulator has none.
"""

from __future__ import annotations

from collections.abc import Callable

from pfemu.engine import Engine
from pfemu.ports import Timer


class Discovery:
    """Calls ``look`` at the end of the period in which topics were made."""

    def __init__(self, engine: Engine, period_ms: int, look: Callable[[], object]) -> None:
        self._scheduler = engine.scheduler
        self._engine = engine
        self._look = look
        self._period_ms = max(1, period_ms)
        self._started_ms = engine.scheduler.now_ms()
        self._timer: Timer | None = None
        self._closed = False
        engine.watch_topics(self._changed)

    def _changed(self) -> None:
        if self._timer is None:
            periods = (self._scheduler.now_ms() - self._started_ms) // self._period_ms + 1
            self._timer = self._scheduler.at(self._started_ms + periods * self._period_ms, self._due)

    def _due(self) -> None:
        self._timer = None
        self._look()

    def close(self) -> None:
        """Look no more; a second time does nothing."""
        if self._closed:
            return
        self._closed = True
        self._engine.unwatch_topics(self._changed)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
