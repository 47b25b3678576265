"""Compaction: the last entry of each key, for readers that ask for it (``TwoPhaseCompactor``, ``CompactedTopicImpl``).

* Compacting looks at the whole log and keeps the last message of each key. Messages without a key, or with an empty one, are dropped.
* In a batch an empty payload takes its key away (``RawBatchConverter`` tells payload sizes); in a message sent by itself it is kept like
  any other.
* The view goes as far as the log did when it was made; after that, readers see the log itself.
* What was compacted stays readable when the log is trimmed.
* A batch keeps its place and size; what was compacted away in it is delivered without payload, key and properties.
"""

from bisect import bisect_left
from collections.abc import Iterable

from pfemu.broker.storage.managed_cursor import ManagedCursor
from pfemu.model.message import PLAIN, BatchedMessage, BatchMetadata, Entry


class CompactedLedger:
    """What a topic's last compaction left; empty before the first."""

    __slots__ = ("entries", "horizon", "last_run_ms", "removed")

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.horizon = -1
        """The last position that was looked at."""
        self.last_run_ms = 0
        self.removed = 0
        """How many messages the last run left out."""

    def compact(self, entries: Iterable[Entry], now_ms: int) -> None:
        """Compact what was left before and what came since: ``entries``, of which those up to the horizon are ignored."""
        candidates = [*self.entries, *(entry for entry in entries if entry.position > self.horizon)]
        last: dict[str, tuple[int, int]] = {}
        count = 0
        for entry in candidates:
            for index, key, takes_away in _keys(entry):
                count += 1
                if takes_away:
                    last.pop(key, None)
                else:
                    last[key] = (entry.position, index)
        latest = {place for key, place in last.items() if key}
        self.entries = [kept for entry in candidates if (kept := _kept(entry, latest)) is not None]
        if candidates:
            self.horizon = max(self.horizon, candidates[-1].position)
        self.removed = count - len(latest)
        self.last_run_ms = now_ms


def _keys(entry: Entry) -> list[tuple[int, str, bool]]:
    """The messages of an entry that are still there: index in the batch (0 outside of one), key, and whether it takes its key away."""
    batch = entry.metadata.batch
    if batch is None:
        return [(0, entry.metadata.partition_key, entry.metadata.in_batch and not entry.payload)]
    return [
        (index, message.metadata.partition_key, not message.payload) for index, message in enumerate(batch) if not message.compacted_out
    ]


def _kept(entry: Entry, latest: set[tuple[int, int]]) -> Entry | None:
    """Return what stays of an entry, None when nothing does."""
    indexes = {index for index, _, _ in _keys(entry) if (entry.position, index) in latest}
    batch = entry.metadata.batch
    if batch is None or not indexes:
        return entry if indexes else None
    messages = tuple(
        message if index in indexes else BatchedMessage(b"", message.sequence_id, PLAIN, compacted_out=True)
        for index, message in enumerate(batch)
    )
    metadata = BatchMetadata(messages, entry.metadata.partition_key, entry.metadata.ordering_key)
    return Entry(entry.payload, entry.position, entry.segment, entry.publish_time_ms, entry.producer_name, entry.sequence_id, metadata)


class CompactedView:
    """Reads for a cursor: the compacted entries up to the horizon, then the log."""

    __slots__ = ("_compacted", "_cursor")

    def __init__(self, cursor: ManagedCursor, compacted: CompactedLedger) -> None:
        self._cursor = cursor
        self._compacted = compacted

    def read(self, count: int) -> list[Entry]:
        """Return the next unread, unacknowledged entries, at most ``count``, and move on; an empty list is the end."""
        cursor, compacted = self._cursor, self._compacted
        while cursor.read_position <= compacted.horizon:
            start = bisect_left(compacted.entries, cursor.read_position, key=_position_of)
            entries = compacted.entries[start : start + count]
            cursor.read_position = (entries[-1].position if entries else compacted.horizon) + 1
            left = [entry for entry in entries if not cursor.is_acknowledged(entry.position)]
            if left:
                return left
        return cursor.read(count)


def _position_of(entry: Entry) -> int:
    return entry.position
