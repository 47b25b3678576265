"""Shared: whoever has permits gets the next entries (``PersistentDispatcherMultipleConsumers``).

* What is to be sent again goes before what was never sent, in order of position.
* Consumers take turns, a round of at most :data:`ROUND_ROBIN_BATCH` entries each (``dispatcherMaxRoundRobinBatchSize``).
* A redelivery count rises when redelivery was asked for, not when a consumer left; it ends when no consumer is left.
* Delayed entries wait in a tracker and stay in the backlog.
"""

from collections.abc import Iterable
from heapq import heappop, heappush

from pfemu.broker.consumer import Consumer, Delivery
from pfemu.broker.dispatch.delayed import DelayedDeliveryTracker
from pfemu.broker.managed_cursor import ManagedCursor
from pfemu.broker.managed_ledger import ManagedLedger
from pfemu.model.message import Entry

ROUND_ROBIN_BATCH = 20


class MultipleConsumersDispatcher:
    """Deals entries to several consumers."""

    __slots__ = ("_cursor", "_delayed", "_ledger", "_redelivery_counts", "_replay", "_turn", "consumers")

    active_consumer = None

    def __init__(self, ledger: ManagedLedger, cursor: ManagedCursor) -> None:
        self._ledger = ledger
        self._cursor = cursor
        self.consumers: list[Consumer] = []
        self._turn = 0
        self._replay: list[int] = []
        self._redelivery_counts: dict[int, int] = {}
        self._delayed = DelayedDeliveryTracker()

    def add_consumer(self, consumer: Consumer) -> None:
        """Take a consumer in."""
        if not self.consumers:
            self.reset()
            self._cursor.rewind()
        self.consumers.append(consumer)
        self.consumers.sort(key=lambda one: one.priority_level)

    def remove_consumer(self, consumer: Consumer) -> None:
        """Let a consumer go; the others get what it held."""
        self.consumers.remove(consumer)
        for position in consumer.pending:
            heappush(self._replay, position)
        consumer.pending.clear()

    def acknowledged(self, consumer: Consumer, position: int) -> None:
        """Take an acknowledged entry off whoever holds it."""
        if consumer.pending.pop(position, None) is None:
            for other in self.consumers:
                if other.pending.pop(position, None) is not None:
                    break
        if self._redelivery_counts:
            self._redelivery_counts.pop(position, None)

    def acknowledged_up_to(self, position: int) -> None:
        """Take all entries up to that one off everybody (skipped or expired messages)."""
        for consumer in self.consumers:
            for held in [held for held in consumer.pending if held <= position]:
                del consumer.pending[held]
        self._delayed.drop_up_to(position)

    def redeliver(self, consumer: Consumer, positions: Iterable[int] | None) -> None:
        """Take entries off the consumer and queue them again; those it does not hold are ignored."""
        for position in list(consumer.pending) if positions is None else positions:
            if consumer.pending.pop(position, None) is not None:
                self._redelivery_counts[position] = self._redelivery_counts.get(position, 0) + 1
                heappush(self._replay, position)

    def reset(self) -> None:
        """Forget what was sent, counted and kept back."""
        for consumer in self.consumers:
            consumer.pending.clear()
        self._replay.clear()
        self._redelivery_counts.clear()
        self._delayed.clear()

    def dispatch(self, now_ms: int) -> list[Delivery]:
        """Deal rounds of entries as long as there are entries and somebody takes them."""
        for position in self._delayed.take_due(now_ms):
            heappush(self._replay, position)
        deliveries: list[Delivery] = []
        while (consumer := self._next_consumer()) is not None:
            wanted = consumer.wants if len(self.consumers) == 1 else min(consumer.wants, ROUND_ROBIN_BATCH)
            entries = self._take(wanted, now_ms)
            if not entries:
                break
            deliveries.append(self._hand_to(consumer, entries))
        return deliveries

    def _next_consumer(self) -> Consumer | None:
        """Whose turn it is: the next of the highest priority that takes anything."""
        ready = [consumer for consumer in self.consumers if consumer.wants > 0]
        if not ready:
            return None
        ready = [consumer for consumer in ready if consumer.priority_level == ready[0].priority_level]
        self._turn += 1
        return min(ready, key=self._distance)

    def _distance(self, consumer: Consumer) -> int:
        return (self.consumers.index(consumer) - self._turn + 1) % len(self.consumers)

    def _take(self, count: int, now_ms: int) -> list[Entry]:
        """Return entries to send, those to be sent again first; delayed ones are put aside."""
        while True:
            entries = self._take_replay(count) if self._replay else self._cursor.read(count)
            if not entries:
                if self._cursor.has_unread:
                    continue
                return entries
            if not any(entry.metadata.deliver_at_ms > now_ms for entry in entries):
                return entries
            entries = [entry for entry in entries if not self._put_aside(entry, now_ms)]
            if entries:
                return entries

    def _put_aside(self, entry: Entry, now_ms: int) -> bool:
        due_ms = entry.metadata.deliver_at_ms
        if due_ms <= now_ms:
            return False
        self._delayed.add(due_ms, entry.position)
        return True

    def _take_replay(self, count: int) -> list[Entry]:
        entries: list[Entry] = []
        while self._replay and len(entries) < count:
            position = heappop(self._replay)
            entry = self._ledger.entry_at(position)
            if entry is not None and not self._cursor.is_acknowledged(position):
                entries.append(entry)
        return entries

    def _hand_to(self, consumer: Consumer, entries: list[Entry]) -> Delivery:
        pending = consumer.pending
        count = 0
        for entry in entries:
            pending[entry.position] = entry
            batch = entry.metadata.batch
            count += 1 if batch is None else len(batch)
        consumer.permits -= count
        consumer.sent_total += count
        counts = self._redelivery_counts
        return Delivery(consumer, entries, [counts.get(entry.position, 0) for entry in entries] if counts else None)

    def next_due_ms(self) -> int | None:
        """When the first delayed entry may go."""
        return self._delayed.next_due_ms()

    @property
    def delayed_count(self) -> int:
        """How many entries wait for their time."""
        return len(self._delayed)
