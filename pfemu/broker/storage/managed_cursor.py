"""Where a subscription stands in a topic (``ManagedCursorImpl``).

* ``mark_delete``: everything up to it is acknowledged.
* Acknowledged ranges beyond it are kept sorted and merged; acknowledging in order touches none of them.
* ``read_position``: the next entry to read for the first time; rewinding goes back to ``mark_delete`` + 1 and skips what is acknowledged.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from pfemu.broker.storage.managed_ledger import ManagedLedger
from pfemu.model.message import Entry

_SCAN = 1_000


class ManagedCursor:
    """The acknowledged and read positions of one subscription."""

    __slots__ = ("_acknowledged_beyond", "_ends", "_ledger", "_starts", "mark_delete", "read_position")

    def __init__(self, ledger: ManagedLedger, start: int) -> None:
        self._ledger = ledger
        self.mark_delete = start - 1
        self.read_position = start
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._acknowledged_beyond = 0

    def acknowledge(self, position: int) -> bool:
        """Mark one entry as acknowledged; False when it was already, or was never written."""
        if self.mark_delete + 1 == position < self._ledger.next_position:
            self.mark_delete = position
            if self._starts:
                self._absorb()
            return True
        if position >= self._ledger.next_position or self.is_acknowledged(position):
            return False
        self._insert(position)
        return True

    def _absorb(self) -> None:
        """Move the mark over the first range when the two now touch."""
        if self._starts[0] == self.mark_delete + 1:
            self._acknowledged_beyond -= self._ends[0] - self._starts[0] + 1
            self.mark_delete = self._ends[0]
            del self._starts[0], self._ends[0]

    def _insert(self, position: int) -> None:
        starts, ends = self._starts, self._ends
        self._acknowledged_beyond += 1
        if ends and position == ends[-1] + 1:
            ends[-1] = position
            return
        after = bisect_left(starts, position)
        joins_before = after > 0 and ends[after - 1] == position - 1
        joins_after = after < len(starts) and starts[after] == position + 1
        if joins_before and joins_after:
            ends[after - 1] = ends[after]
            del starts[after], ends[after]
        elif joins_before:
            ends[after - 1] = position
        elif joins_after:
            starts[after] = position
        else:
            starts.insert(after, position)
            ends.insert(after, position)

    def is_acknowledged(self, position: int) -> bool:
        """Whether that entry needs no more delivery."""
        if position <= self.mark_delete:
            return True
        index = bisect_right(self._starts, position) - 1
        return index >= 0 and position <= self._ends[index]

    def acknowledge_cumulative(self, position: int) -> None:
        """Mark everything up to that entry as acknowledged; going back changes nothing."""
        if position <= self.mark_delete:
            return
        self.mark_delete = min(position, self._ledger.next_position - 1)
        while self._starts and self._ends[0] <= self.mark_delete:
            self._acknowledged_beyond -= self._ends[0] - self._starts[0] + 1
            del self._starts[0], self._ends[0]
        if self._starts:
            if self._starts[0] <= self.mark_delete:
                self._acknowledged_beyond -= self.mark_delete - self._starts[0] + 1
                self._starts[0] = self.mark_delete + 1
            self._absorb()
        self.read_position = max(self.read_position, self.mark_delete + 1)

    def read(self, count: int) -> list[Entry]:
        """Return the next unread, unacknowledged entries, at most ``count``, and move on; an empty list is the end."""
        while True:
            entries = self._ledger.read(self.read_position, count)
            if not entries:
                return entries
            self.read_position = entries[-1].position + 1
            if self._starts and entries[-1].position >= self._starts[0]:
                entries = [entry for entry in entries if not self.is_acknowledged(entry.position)]
                if not entries:
                    continue
            return entries

    @property
    def has_unread(self) -> bool:
        """Whether something was never read."""
        return self.read_position < self._ledger.next_position

    def rewind(self) -> None:
        """Read again all that is not acknowledged."""
        self.read_position = self.mark_delete + 1

    def reset(self, position: int) -> None:
        """Start again at that entry, with nothing after it acknowledged (seek)."""
        position = max(position, self._ledger.first_position)
        self.mark_delete = position - 1
        self.read_position = position
        self._starts.clear()
        self._ends.clear()
        self._acknowledged_beyond = 0

    def unacknowledged(self) -> Iterator[Entry]:
        """Yield the entries that are not acknowledged, oldest first."""
        position = max(self.mark_delete + 1, self._ledger.first_position)
        while entries := self._ledger.read(position, _SCAN):
            position = entries[-1].position + 1
            yield from (entry for entry in entries if not self.is_acknowledged(entry.position))

    @property
    def backlog(self) -> int:
        """How many entries are not acknowledged."""
        first_needed = max(self.mark_delete + 1, self._ledger.first_position)
        return self._ledger.next_position - first_needed - self._acknowledged_beyond

    @property
    def acknowledged_ranges(self) -> list[tuple[int, int]]:
        """The ranges acknowledged beyond ``mark_delete``, both ends included."""
        return list(zip(self._starts, self._ends, strict=True))
