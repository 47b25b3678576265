"""The log of one topic, kept in segments (``ManagedLedgerImpl``).

* Appending goes to the last segment; at ``max_entries`` or ``max_bytes`` the next append opens a new one, with a new ledger id.
* Reading starts at any position and never returns what is behind ``first_position``.
* Trimming drops whole closed segments that no cursor needs and retention does not keep; it moves ``first_position``. With
  ``keep_history`` the dropped segments stay readable for :meth:`ManagedLedger.history`, which tests and tools use, and for nobody else.

Differs: retention is looked at when something is acknowledged or a segment is closed, and the time is that of the newest message.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from sys import maxsize

from pfemu.model.message import Entry, MessageMetadata, Segment

_first_of = attrgetter("first")


@dataclass(frozen=True, slots=True)
class LedgerLimits:
    """When a segment is full (``managedLedgerMaxEntriesPerLedger``, ``managedLedgerMaxSizePerLedgerMbytes``)."""

    max_entries: int = 50_000
    max_bytes: int = 2048 * 1024 * 1024
    keep_history: bool = False


class ManagedLedger:
    """Segments of one topic, oldest first."""

    __slots__ = (
        "_archived",
        "_current",
        "_keep_history",
        "_max_bytes",
        "_max_entries",
        "_new_ledger_id",
        "_rolled_over",
        "_trimmed_bytes",
        "_trimmed_messages",
        "first_position",
        "next_position",
        "retention_bytes",
        "retention_ms",
        "segments",
    )

    def __init__(self, new_ledger_id: Callable[[], int], limits: LedgerLimits, rolled_over: Callable[[], None]) -> None:
        """``rolled_over`` is called when a new segment was opened."""
        self._new_ledger_id = new_ledger_id
        self._rolled_over = rolled_over
        self._max_entries = limits.max_entries
        self._max_bytes = limits.max_bytes
        self._keep_history = limits.keep_history
        self.retention_ms = 0
        """How long acknowledged entries are kept, -1 for ever."""
        self.retention_bytes = 0
        """How much of them is kept, -1 all."""
        self._archived: list[Segment] = []
        self._trimmed_bytes = 0
        self._trimmed_messages = 0
        self._current = Segment(new_ledger_id(), 0)
        self.segments = [self._current]
        self.first_position = 0
        self.next_position = 0

    def append(self, payload: bytes, publish_time_ms: int, producer_name: str, sequence_id: int, metadata: MessageMetadata) -> Entry:
        """Store one entry at the end and return it."""
        segment = self._current
        entries = segment.entries
        if len(entries) >= self._max_entries or segment.size_bytes >= self._max_bytes:
            segment = self._roll_over()
            entries = segment.entries
        position = self.next_position
        entry = Entry(payload, position, segment, publish_time_ms, producer_name, sequence_id, metadata)
        entries.append(entry)
        segment.size_bytes += len(payload)
        self.next_position = position + 1
        return entry

    def reopen(self) -> None:
        """Go on in a new segment, as a ledger does that was closed, and trim nothing; one that nothing is in stays."""
        if self._current.entries:
            self._current = Segment(self._new_ledger_id(), self.next_position)
            self.segments.append(self._current)

    def _roll_over(self) -> Segment:
        self._current = Segment(self._new_ledger_id(), self.next_position)
        self.segments.append(self._current)
        self._rolled_over()
        return self._current

    def read(self, position: int, count: int) -> list[Entry]:
        """Return up to ``count`` entries from ``position`` on: those of one segment, so fewer does not mean the end."""
        position = max(position, self.first_position)
        if position >= self.next_position:
            return []
        segment = self._current
        if position < segment.first:
            segment = self._segment_at(position)
        start = position - segment.first
        return segment.entries[start : start + count]

    def entry_at(self, position: int) -> Entry | None:
        """Return the entry there, None when it is trimmed or not yet written."""
        if position < self.first_position or position >= self.next_position:
            return None
        segment = self._segment_at(position)
        return segment.entries[position - segment.first]

    def _segment_at(self, position: int) -> Segment:
        return self.segments[bisect_right(self.segments, position, key=_first_of) - 1]

    def position_of(self, ledger_id: int, entry_id: int) -> int:
        """Return the position a ledger and entry id stand for.

        An unknown or trimmed ledger maps to the nearest position that is still there, as a cursor reset does
        (``ManagedCursorImpl.asyncResetCursor``): ids below it to ``first_position`` - 1, ids above it to the end.
        """
        for segment in self.segments:
            if segment.ledger_id == ledger_id:
                last = len(segment.entries) if segment is self._current else len(segment.entries) - 1
                return segment.first + min(max(entry_id, -1), last)
            if segment.ledger_id > ledger_id:
                return segment.first - 1
        return self.next_position

    def holds(self, ledger_id: int) -> bool:
        """Whether that ledger is still here."""
        return any(segment.ledger_id == ledger_id for segment in self.segments)

    def trim(self, needed_from: int, *, retained: bool = True) -> None:
        """Drop closed segments that lie wholly before ``needed_from``, also those that retention keeps unless ``retained``."""
        while len(self.segments) > 1 and self.segments[1].first <= needed_from and not (retained and self._retains(self.segments[0])):
            dropped = self.segments.pop(0)
            self._trimmed_bytes += dropped.size_bytes
            self._trimmed_messages += dropped.message_count
            if self._keep_history:
                self._archived.append(dropped)
            self.first_position = self.segments[0].first

    def _retains(self, segment: Segment) -> bool:
        """Whether neither the time nor the size of the retention lets it go (``ManagedLedgerImpl.internalTrimLedgers``)."""
        if self.retention_ms == 0 or self.retention_bytes == 0:
            return False
        newest = self.last_entry
        age_ms = 0 if newest is None else newest.publish_time_ms - segment.entries[-1].publish_time_ms
        too_old = 0 <= self.retention_ms < age_ms
        too_much = 0 <= self.retention_bytes <= self.size_bytes - segment.size_bytes
        return not too_old and not too_much

    def position_at(self, time_ms: int) -> int:
        """Return the first position published at that time or later, the end when there is none."""
        low, high = self.first_position, self.next_position
        while low < high:
            middle = (low + high) // 2
            segment = self._segment_at(middle)
            if segment.entries[middle - segment.first].publish_time_ms < time_ms:
                low = middle + 1
            else:
                high = middle
        return low

    def boundary_after(self, position: int) -> int:
        """Return the last position of the segment that holds what follows ``position``; a number never reached in the last one."""
        index = bisect_right(self.segments, position + 1, key=_first_of)
        return self.segments[index].first - 1 if index < len(self.segments) else maxsize

    def history(self) -> Iterator[Entry]:
        """Yield all entries still held, trimmed ones included where history is kept."""
        for segment in (*self._archived, *self.segments):
            yield from segment.entries

    @property
    def last_entry(self) -> Entry | None:
        """The newest entry, None on an empty log."""
        return self.entry_at(self.next_position - 1)

    @property
    def size_bytes(self) -> int:
        """Payload bytes of what is not trimmed."""
        return sum(segment.size_bytes for segment in self.segments)

    def size_after(self, position: int) -> int:
        """Payload bytes of what comes after that position and is not trimmed."""
        total = 0
        for segment in self.segments:
            if segment.first > position:
                total += segment.size_bytes
            else:
                total += sum([len(entry.payload) for entry in segment.entries[position + 1 - segment.first :]])
        return total

    def segment_of(self, position: int) -> Segment:
        """Return the segment that holds the position; the first for one before all, the last for one after all."""
        return self._segment_at(max(position, self.first_position))

    @property
    def bytes_in_total(self) -> int:
        """Payload bytes ever stored."""
        return self._trimmed_bytes + self.size_bytes

    @property
    def messages_in_total(self) -> int:
        """Messages ever stored, batches counted as what they hold; it looks at every entry, so that publishing need not count."""
        return self._trimmed_messages + sum(segment.message_count for segment in self.segments)
