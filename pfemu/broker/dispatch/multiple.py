"""Shared: whoever has permits gets the next entries (``PersistentDispatcherMultipleConsumers``).

* What is to be sent again goes before what was never sent, in order of position.
* Consumers take turns; while consumers of a better priority (a lower number) have permits, the others wait. Of a backlog each gets a
  round of at most :data:`ROUND_ROBIN_BATCH` messages (``dispatcherMaxRoundRobinBatchSize``). A dispatcher that has read everything
  and may send waits for the next entry (``asyncReadEntriesOrWait``), so what is published then is dealt out one entry at a time.
* A redelivery count rises when redelivery was asked for, not when a consumer left; it ends when no consumer is left.
* Delayed entries wait in a tracker and stay in the backlog.
* At :data:`MAX_UNACKNOWLEDGED` messages unacknowledged, or as many as the namespace allows, nothing is sent, until half of them are
  acknowledged.

Differs: what is published faster than a broker deals it out is dealt out one entry at a time as well; a broker reads as many as there
are by then.
"""

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from sys import maxsize

from pfemu.broker.consumer import Consumer, Delivery
from pfemu.broker.dispatch.delayed import DelayedDeliveryTracker
from pfemu.broker.storage.managed_cursor import ManagedCursor
from pfemu.broker.storage.managed_ledger import ManagedLedger
from pfemu.model.message import PLAIN, Entry

ROUND_ROBIN_BATCH = 20
MAX_UNACKNOWLEDGED = 200_000
"""``maxUnackedMessagesPerSubscription``."""


class MultipleConsumersDispatcher:
    """Deals entries to several consumers."""

    __slots__ = ("_cursor", "_delayed", "_ledger", "_read_pending", "_redelivery_counts", "_replay", "_turn", "blocked", "consumers")

    active_consumer = None

    def __init__(self, ledger: ManagedLedger, cursor: ManagedCursor) -> None:
        self._ledger = ledger
        self._cursor = cursor
        self.consumers: list[Consumer] = []
        self.blocked = False
        self._turn = 0
        self._read_pending = False
        """Whether everything was read when somebody had permits: then the next entry is waited for. Nobody asks with one consumer only."""
        self._replay: list[int] = []
        self._redelivery_counts: dict[int, int] = {}
        self._delayed = DelayedDeliveryTracker()

    def add_consumer(self, consumer: Consumer) -> None:
        """Take a consumer in."""
        if not self.consumers:
            self.reset()
            self._cursor.rewind()
        self._read_pending = False
        self.permitted()
        self.consumers.append(consumer)
        self.consumers.sort(key=lambda one: one.priority_level)

    def remove_consumer(self, consumer: Consumer) -> None:
        """Let a consumer go; the others get what it held."""
        if self.consumers.index(consumer) < self._turn:
            self._turn -= 1
        self.consumers.remove(consumer)
        held = [entry.position for entry in consumer.release_all()]
        self._replay.extend(position for position in held if not self._cursor.is_acknowledged(position))
        heapify(self._replay)
        if not self.consumers:
            self._replay.clear()
            self._redelivery_counts.clear()
        self._unblock()

    def acknowledged(self, consumer: Consumer, position: int) -> bool:
        """Take an acknowledged entry off whoever holds it, unless it was skipped meanwhile."""
        if position <= self._cursor.mark_delete:
            return False
        entry = consumer.pending.pop(position, None)
        if entry is None:
            consumer = self._take_off_holder(consumer, position)
        elif consumer.batched_pending:
            consumer.batched_pending -= entry.message_count - 1
        if self._redelivery_counts:
            self._redelivery_counts.pop(position, None)
        if consumer.blocked or self.blocked:
            return self._unblock() | consumer.unblock()
        return False

    def partly_acknowledged(self, position: int) -> None:
        """Count the redeliveries of an entry anew."""
        self._redelivery_counts.pop(position, None)

    def _take_off_holder(self, asked: Consumer, position: int) -> Consumer:
        for holder in self.consumers:
            if holder.release(position) is not None:
                return holder
        return asked

    def _unblock(self) -> bool:
        """Whether the subscription was blocked and no longer is."""
        if self.blocked and self._unacknowledged() <= self._max_unacknowledged() // 2:
            self.blocked = False
            return True
        return False

    def _unacknowledged(self) -> int:
        unacknowledged = 0
        for consumer in self.consumers:
            unacknowledged += len(consumer.pending) + consumer.batched_pending
        return unacknowledged

    def _max_unacknowledged(self) -> int:
        """At how many messages nothing is sent; without consumers nothing is blocked."""
        limit = self.consumers[0].subscription_limit if self.consumers else None
        return MAX_UNACKNOWLEDGED if limit is None else limit or maxsize

    def acknowledged_up_to(self, position: int) -> bool:
        """Send none of the entries up to that one any more: they were skipped or expired.

        Who holds some has them counted as unacknowledged until it gives them back or leaves; acknowledging them changes nothing.
        """
        self._replay = sorted(waiting for waiting in self._replay if waiting > position)
        self._redelivery_counts = {at: count for at, count in self._redelivery_counts.items() if at > position}
        self._delayed.drop_up_to(position)
        return False

    def redeliver(self, consumer: Consumer, positions: Iterable[int] | None) -> None:
        """Take entries off the consumer and queue them again; those it does not hold are ignored."""
        is_acknowledged = self._cursor.is_acknowledged
        for position in list(consumer.pending) if positions is None else positions:
            if consumer.release(position) is not None and not is_acknowledged(position):
                self._redelivery_counts[position] = self._redelivery_counts.get(position, 0) + 1
                heappush(self._replay, position)
        consumer.unblock()
        self._unblock()

    def reset(self) -> None:
        """Forget what was sent, counted and kept back."""
        for consumer in self.consumers:
            consumer.release_all()
        self.blocked = False
        self._read_pending = False
        self._replay.clear()
        self._redelivery_counts.clear()
        self._delayed.clear()

    def dispatch(self, now_ms: int) -> list[Delivery]:
        """Deal out as long as there are entries and somebody takes them."""
        if self._delayed:
            self._queue_due(now_ms)
        return self._deal_to(self.consumers[0], now_ms) if len(self.consumers) == 1 else self._deal_rounds(now_ms)

    def _deal_to(self, sole: Consumer, now_ms: int) -> list[Delivery]:
        """Hand all that it wants to the only consumer."""
        deliveries: list[Delivery] = []
        while (self._replay or self._cursor.has_unread) and not self.blocked and (wanted := sole.wants) > 0:
            entries, messages = self._take(wanted, now_ms)
            if not entries:
                break
            deliveries.append(self._hand_to(sole, entries, messages, now_ms))
        return deliveries

    def _deal_rounds(self, now_ms: int) -> list[Delivery]:
        """Deal rounds of entries to consumers that take turns."""
        round_size = 1 if self._read_pending else ROUND_ROBIN_BATCH
        deliveries: list[Delivery] = []
        while (self._replay or self._cursor.has_unread) and (consumer := self._next_consumer()) is not None:
            entries, messages = self._take(min(consumer.wants, ROUND_ROBIN_BATCH if self._replay else round_size), now_ms)
            if not entries:
                break
            self._end_turn(consumer)
            deliveries.append(self._hand_to(consumer, entries, messages, now_ms))
        self._read_pending = False
        self.permitted()
        return deliveries if len(deliveries) < 2 or round_size > 1 else _joined(deliveries)

    def permitted(self) -> None:
        """Wait for the next entry if everything was read and somebody may have it."""
        if not self._cursor.has_unread and not self._read_pending:
            self._read_pending = self._next_consumer() is not None

    def _queue_due(self, now_ms: int) -> None:
        for position in self._delayed.take_due(now_ms):
            heappush(self._replay, position)

    def _next_consumer(self) -> Consumer | None:
        """Whose turn it is: the next of the best priority that takes anything."""
        if self.blocked:
            return None
        if len(self.consumers) == 1:
            sole = self.consumers[0]
            return sole if sole.wants > 0 else None
        chosen = None
        for consumer in self.consumers[self._turn :] + self.consumers[: self._turn]:
            if consumer.wants > 0 and (chosen is None or consumer.priority_level < chosen.priority_level):
                chosen = consumer
        return chosen

    def _end_turn(self, consumer: Consumer) -> None:
        self._turn = (self.consumers.index(consumer) + 1) % len(self.consumers)

    def _take(self, count: int, now_ms: int) -> tuple[list[Entry], int]:
        """Return entries of about ``count`` messages and how many those are; what is to be sent again goes first, delayed is put aside."""
        while True:
            replaying = bool(self._replay)
            entries = self._take_replay(count) if replaying else self._cursor.read(count)
            if _nothing_special_in(entries, now_ms):
                if entries or not replaying:
                    return entries, len(entries)
                continue
            entries = self._sift(entries, count, now_ms)
            if entries:
                return entries, sum([entry.message_count for entry in entries])

    def _take_replay(self, count: int) -> list[Entry]:
        entries: list[Entry] = []
        while self._replay and len(entries) < count:
            entry = self._unacknowledged_at(heappop(self._replay))
            if entry is not None:
                entries.append(entry)
        return entries

    def _unacknowledged_at(self, position: int) -> Entry | None:
        return None if self._cursor.is_acknowledged(position) else self._ledger.entry_at(position)

    def _sift(self, entries: list[Entry], count: int, now_ms: int) -> list[Entry]:
        """Keep ``count`` messages of them, the last entry whole; the rest waits for its time, or for the next round."""
        kept: list[Entry] = []
        for entry in entries:
            if self._put_aside(entry, now_ms):
                continue
            if count > 0:
                kept.append(entry)
                count -= entry.message_count
            else:
                heappush(self._replay, entry.position)
        return kept

    def _put_aside(self, entry: Entry, now_ms: int) -> bool:
        due_ms = entry.metadata.deliver_at_ms
        if due_ms <= now_ms:
            return False
        self._delayed.add(due_ms, entry.position)
        return True

    def _hand_to(self, consumer: Consumer, entries: list[Entry], messages: int, now_ms: int) -> Delivery:
        consumer.hold(entries, messages)
        consumer.count_sent(entries, messages, now_ms)
        if self._unacknowledged() >= self._max_unacknowledged():
            self.blocked = True
        counts = self._redelivery_counts
        return Delivery(consumer, entries, [counts.get(entry.position, 0) for entry in entries] if counts else None)

    def taker_of(self, entry: Entry) -> Consumer | None:  # noqa: ARG002 - the seam's arguments
        """Return whose turn it is."""
        taker = self._next_consumer()
        if taker is not None:
            self._end_turn(taker)
        return taker

    def next_due_ms(self) -> int | None:
        """When the first delayed entry may go."""
        return self._delayed.next_due_ms()

    @property
    def delayed_count(self) -> int:
        """How many entries wait for their time."""
        return len(self._delayed)

    @property
    def replay_count(self) -> int:
        """How many entries wait to be sent again."""
        return len(self._replay)


def _joined(deliveries: list[Delivery]) -> list[Delivery]:
    """Return one delivery a consumer."""
    joined: dict[Consumer, Delivery] = {}
    for delivery in deliveries:
        first = joined.setdefault(delivery.consumer, delivery)
        if first is not delivery:
            first.entries.extend(delivery.entries)
            if first.redelivery_counts is not None:
                first.redelivery_counts.extend(delivery.redelivery_counts or ())
    return list(joined.values())


def _nothing_special_in(entries: list[Entry], now_ms: int) -> bool:
    """Whether there is neither a batch nor a delayed entry among them; nearly always, so this is one quick pass."""
    for entry in entries:
        metadata = entry.metadata
        if metadata is not PLAIN and (metadata.batch is not None or metadata.deliver_at_ms > now_ms):
            return False
    return True
