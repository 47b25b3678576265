"""Exclusive and Failover: one consumer gets everything, in order (``PersistentDispatcherSingleActiveConsumer``).

* Nothing is remembered by message: what is unacknowledged follows from the cursor. Redelivery rewinds the cursor, so it
  is always all of it, and redelivery counts are always 0.
* Failover: see :mod:`pfemu.broker.dispatch.failover` for who is active.
* Delayed entries are sent at once.
* An active consumer that asked for it reads the compacted view as far as that goes.

Differs: a new active consumer of a Failover subscription starts at once. Pulsar waits a second
(``activeConsumerFailoverDelayTimeMillis``), so that acknowledgements of the former one can still come in.
"""

from collections.abc import Iterable

from pfemu.broker.compaction import CompactedView
from pfemu.broker.consumer import Consumer, Delivery
from pfemu.broker.dispatch.failover import FailoverChoice
from pfemu.broker.managed_cursor import ManagedCursor
from pfemu.errors import ConsumerBusy
from pfemu.model.message import Entry


class SingleActiveDispatcher:
    """Feeds the active consumer. ``choice`` is None for Exclusive."""

    __slots__ = ("_choice", "_compacted", "_cursor", "active_consumer", "consumers")

    blocked = False
    delayed_count = 0
    replay_count = 0

    def __init__(self, cursor: ManagedCursor, choice: FailoverChoice | None, compacted: CompactedView) -> None:
        self._cursor = cursor
        self._choice = choice
        self._compacted = compacted
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

    def acknowledged(self, consumer: Consumer, position: int) -> bool:  # noqa: ARG002 - the seam's arguments
        """Nothing to forget."""
        return False

    def acknowledged_up_to(self, position: int) -> bool:  # noqa: ARG002 - the seam's arguments
        """Nothing to forget."""
        return False

    def redeliver(self, consumer: Consumer, positions: Iterable[int] | None) -> None:  # noqa: ARG002 - the seam's arguments
        """Go back to the first unacknowledged entry, whichever were named."""
        if consumer is self.active_consumer:
            self._cursor.rewind()

    def reset(self) -> None:
        """Nothing to forget."""

    def dispatch(self, now_ms: int) -> list[Delivery]:
        """Send as much as the active consumer takes: as many entries as it has permits, batches or not."""
        consumer = self.active_consumer
        deliveries: list[Delivery] = []
        while consumer is not None and consumer.permits > 0:
            source = self._compacted if consumer.read_compacted else self._cursor
            entries = source.read(consumer.permits)
            if not entries:
                break
            consumer.count_sent(entries, sum([entry.message_count for entry in entries]), now_ms)
            deliveries.append(Delivery(consumer, entries, None))
        return deliveries

    def taker_of(self, entry: Entry) -> Consumer | None:  # noqa: ARG002 - the seam's arguments
        """Return the active consumer if it has permits."""
        consumer = self.active_consumer
        return consumer if consumer is not None and consumer.permits > 0 else None

    def next_due_ms(self) -> int | None:
        """Nothing waits for its time here."""
        return None
