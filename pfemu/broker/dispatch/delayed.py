"""Entries that wait for their delivery time (``InMemoryDelayedDeliveryTracker``).

Differs: an entry goes at its time to the millisecond. Pulsar ticks once a second: it sends what is due within the next second at once,
and what is due later up to a second late.
"""

from heapq import heappop, heappush


class DelayedDeliveryTracker:
    """Positions ordered by the time they may be delivered."""

    __slots__ = ("_heap",)

    def __init__(self) -> None:
        self._heap: list[tuple[int, int]] = []

    def add(self, deliver_at_ms: int, position: int) -> None:
        """Keep an entry back until that time."""
        heappush(self._heap, (deliver_at_ms, position))

    def take_due(self, now_ms: int) -> list[int]:
        """Take out the positions whose time has come."""
        due = []
        while self._heap and self._heap[0][0] <= now_ms:
            due.append(heappop(self._heap)[1])
        return due

    def next_due_ms(self) -> int | None:
        """When the first one may go, None when there is none."""
        return self._heap[0][0] if self._heap else None

    def drop_up_to(self, position: int) -> None:
        """Forget what lies at or before that position."""
        self._heap = sorted(item for item in self._heap if item[1] > position)

    def clear(self) -> None:
        """Forget all."""
        self._heap.clear()

    def __len__(self) -> int:
        return len(self._heap)
