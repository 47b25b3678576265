"""What is due later: a heap of (due time, order of arrival). Pure: it never reads a clock."""

from collections.abc import Callable
from heapq import heapify, heappop, heappush

_COMPACT_ABOVE = 64


class ScheduledCall:
    """One call due at ``due_ms``; the handle that calls it off."""

    __slots__ = ("_queue", "due_ms", "run", "sequence")

    def __init__(self, queue: "TimerQueue", due_ms: int, sequence: int, run: Callable[[], object]) -> None:
        self._queue = queue
        self.due_ms = due_ms
        self.sequence = sequence
        self.run: Callable[[], object] | None = run

    def __lt__(self, other: "ScheduledCall") -> bool:
        return (self.due_ms, self.sequence) < (other.due_ms, other.sequence)

    def cancel(self) -> None:
        """Forget it; harmless when it already ran."""
        if self.run is not None:
            self.run = None
            self._queue.note_cancelled()


class TimerQueue:
    """Calls ordered by due time, first in first out on ties."""

    __slots__ = ("_cancelled", "_heap", "_sequence")

    def __init__(self) -> None:
        self._heap: list[ScheduledCall] = []
        self._sequence = 0
        self._cancelled = 0

    def add(self, due_ms: int, run: Callable[[], object]) -> ScheduledCall:
        """Add a call and return its handle."""
        self._sequence += 1
        call = ScheduledCall(self, due_ms, self._sequence, run)
        heappush(self._heap, call)
        return call

    def next_due_ms(self) -> int | None:
        """Return when the first call is due, None when there is none."""
        while self._heap and self._heap[0].run is None:
            heappop(self._heap)
            self._cancelled -= 1
        return self._heap[0].due_ms if self._heap else None

    def pop_due(self, now_ms: int) -> Callable[[], object] | None:
        """Take out the first call that is due, None when none is."""
        if not self._heap:
            return None
        due_ms = self.next_due_ms()
        if due_ms is None or due_ms > now_ms:
            return None
        call = heappop(self._heap)
        run, call.run = call.run, None
        return run

    def note_cancelled(self) -> None:
        """Drop cancelled calls once they are most of the heap."""
        self._cancelled += 1
        if self._cancelled > _COMPACT_ABOVE and self._cancelled * 2 > len(self._heap):
            self._heap = [call for call in self._heap if call.run is not None]
            heapify(self._heap)
            self._cancelled = 0

    def __len__(self) -> int:
        return len(self._heap) - self._cancelled
