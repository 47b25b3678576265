"""Exclusive and Failover: one consumer gets everything, in order (``PersistentDispatcherSingleActiveConsumer``).

* Nothing is remembered by message: what is unacknowledged follows from the cursor. Redelivery rewinds the cursor, so it
  is always all of it, and redelivery counts are always 0.
* Failover, plain topic: consumers sorted by priority and name, the topic's hash picks one of the first priority.
  Partition *n*: the *n*-th of them, modulo their number.
* Delayed entries are sent at once.
"""

from collections.abc import Iterable

from pfemu.broker.consumer import Consumer, Delivery
from pfemu.broker.dispatch.failover import FailoverChoice
from pfemu.broker.managed_cursor import ManagedCursor
from pfemu.errors import ConsumerBusy


class SingleActiveDispatcher:
    """Feeds the active consumer. ``choice`` is None for Exclusive."""

    __slots__ = ("_choice", "_cursor", "active_consumer", "consumers")

    delayed_count = 0

    def __init__(self, cursor: ManagedCursor, choice: FailoverChoice | None) -> None:
        self._cursor = cursor
        self._choice = choice
        self.consumers: list[Consumer] = []
        self.active_consumer: Consumer | None = None

    def add_consumer(self, consumer: Consumer) -> None:
        """Take a consumer in; the active one may change."""
        if self._choice is None and self.consumers:
            raise ConsumerBusy("Exclusive consumer is already connected")
        self.consumers.append(consumer)
        self._choose()

    def remove_consumer(self, consumer: Consumer) -> None:
        """Let a consumer go; a new active one starts at the first unacknowledged entry."""
        self.consumers.remove(consumer)
        self._choose()

    def _choose(self) -> None:
        before = self.active_consumer
        if not self.consumers:
            self.active_consumer = None
        elif self._choice is None:
            self.active_consumer = self.consumers[0]
        else:
            self.active_consumer = self._choice.pick(self.consumers)
        if self.active_consumer is not before:
            self._cursor.rewind()

    def acknowledged(self, consumer: Consumer, position: int) -> None:
        """Nothing to forget."""

    def acknowledged_up_to(self, position: int) -> None:
        """Nothing to forget."""

    def redeliver(self, consumer: Consumer, positions: Iterable[int] | None) -> None:
        """Go back to the first unacknowledged entry, whichever were named."""
        if consumer is self.active_consumer:
            self._cursor.rewind()

    def reset(self) -> None:
        """Nothing to forget."""

    def dispatch(self, now_ms: int) -> list[Delivery]:
        """Send as much as the active consumer takes."""
        consumer = self.active_consumer
        deliveries: list[Delivery] = []
        while consumer is not None and consumer.permits > 0:
            entries = self._cursor.read(consumer.permits)
            if not entries:
                break
            count = sum(entry.message_count for entry in entries)
            consumer.permits -= count
            consumer.sent_total += count
            deliveries.append(Delivery(consumer, entries, None))
        return deliveries

    def next_due_ms(self) -> int | None:
        """Nothing waits for its time here."""
        return None
