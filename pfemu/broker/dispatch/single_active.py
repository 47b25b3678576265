"""Exclusive and Failover: one consumer gets everything, in order (``PersistentDispatcherSingleActiveConsumer``).

* Nothing is remembered by message: what is unacknowledged follows from the cursor. Redelivery rewinds the cursor, so it
  is always all of it, and redelivery counts are always 0.
* Failover: see :mod:`pfemu.broker.dispatch.failover` for who is active.
* Delayed entries are sent at once.
* An active consumer that asked for it reads the compacted view as far as that goes.
* A new active consumer of a Failover subscription, the first one included, gets nothing for its ``takeover_delay_ms``
  (``activeConsumerFailoverDelayTimeMillis``, a second), so that acknowledgements of the former one can still come in. Another change
  meanwhile does not prolong it.

Differs: a function instance on a Failover subscription gets its messages at once, so that nobody waits a second for a function, unless
it takes over from one that left: what left may come back within the second, as an instance that is restarted does.
"""

from collections.abc import Iterable

from pfemu.broker.consumer import Consumer, Delivery
from pfemu.broker.dispatch.failover import FailoverChoice
from pfemu.broker.storage.compaction import CompactedView
from pfemu.broker.storage.managed_cursor import ManagedCursor
from pfemu.errors import ConsumerBusy
from pfemu.model.message import Entry


class SingleActiveDispatcher:
    """Feeds the active consumer. ``choice`` is None for Exclusive."""

    __slots__ = ("_choice", "_compacted", "_cursor", "_read_pending", "_takeover_due_ms", "_taking_over", "active_consumer", "consumers")

    blocked = False
    delayed_count = 0
    replay_count = 0

    def __init__(self, cursor: ManagedCursor, choice: FailoverChoice | None, compacted: CompactedView) -> None:
        self._cursor = cursor
        self._choice = choice
        self._compacted = compacted
        self.consumers: list[Consumer] = []
        self.active_consumer: Consumer | None = None
        self._read_pending = False
        """Whether everything was read when the active consumer had permits: then the next entry is waited for."""
        self._taking_over = False
        self._takeover_due_ms: int | None = None
        """When the new active consumer begins; None until the first dispatch after the change has told the time."""

    def add_consumer(self, consumer: Consumer) -> None:
        """Take a consumer in; the active one may change."""
        if self._choice is None and self.consumers:
            raise ConsumerBusy("Exclusive consumer is already connected")
        self.consumers.append(consumer)
        self._choose()
        if self._taking_over and consumer.traits.joins_at_once:
            self._end_takeover()

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
        active = self.active_consumer
        if active is None:
            self._end_takeover()
        elif active is not before and not self._taking_over:
            self._taking_over = self._choice is not None and active.traits.takeover_delay_ms > 0
            self._rewind()

    def _end_takeover(self) -> None:
        self._taking_over = False
        self._takeover_due_ms = None
        self._rewind()

    def _rewind(self) -> None:
        self._read_pending = False
        self._cursor.rewind()

    def _waits(self, active: Consumer, now_ms: int) -> bool:
        """Whether a new active consumer has to wait still; once it has not, it starts at the first unacknowledged entry."""
        if self._takeover_due_ms is None:
            self._takeover_due_ms = now_ms + active.traits.takeover_delay_ms
        if now_ms < self._takeover_due_ms:
            return True
        self._end_takeover()
        return False

    def acknowledged(self, consumer: Consumer, position: int) -> bool:  # noqa: ARG002 - the seam's arguments
        """Nothing to forget."""
        return False

    def partly_acknowledged(self, position: int) -> None:
        """Nothing is counted."""

    def acknowledged_up_to(self, position: int) -> bool:  # noqa: ARG002 - the seam's arguments
        """Nothing to forget."""
        return False

    def redeliver(self, consumer: Consumer, positions: Iterable[int] | None) -> None:  # noqa: ARG002 - the seam's arguments
        """Go back to the first unacknowledged entry, whichever were named."""
        if consumer is self.active_consumer:
            self._rewind()

    def reset(self) -> None:
        """Wait for no entry: the cursor was moved. On Failover it disconnects the consumers, so the active one is a new one again."""
        self._read_pending = False
        active = self.active_consumer
        if self._choice is not None and active is not None and active.traits.takeover_delay_ms > 0 and not active.traits.joins_at_once:
            self._taking_over, self._takeover_due_ms = True, None

    def dispatch(self, now_ms: int) -> list[Delivery]:
        """Send as much as the active consumer takes.

        Of a backlog as many entries as it has permits, batches or not; of what was waited for no entry beyond its permits.
        """
        consumer = self.active_consumer
        deliveries: list[Delivery] = []
        if self._taking_over and consumer is not None and self._waits(consumer, now_ms):
            return deliveries
        while consumer is not None and consumer.permits > 0:
            source = self._compacted if consumer.traits.read_compacted else self._cursor
            entries = source.read(consumer.permits)
            if not entries:
                break
            messages = sum([entry.message_count for entry in entries])
            if messages > consumer.permits and self._read_pending:
                messages = self._leave_the_rest(entries, consumer.permits)
            consumer.count_sent(entries, messages, now_ms)
            deliveries.append(Delivery(consumer, entries, None))
        self._read_pending = False
        self.permitted()
        return deliveries

    def _leave_the_rest(self, entries: list[Entry], permits: int) -> int:
        """Leave out the entries that begin beyond the permits, to be read again; return how many messages are left."""
        messages = 0
        for index, entry in enumerate(entries):
            if messages >= permits:
                self._cursor.read_position = entry.position
                del entries[index:]
                break
            messages += entry.message_count
        return messages

    def permitted(self) -> None:
        """Wait for the next entry if everything was read and the active consumer may have it."""
        active = self.active_consumer
        if not self._cursor.has_unread:
            self._read_pending = active is not None and active.permits > 0

    def taker_of(self, entry: Entry) -> Consumer | None:  # noqa: ARG002 - the seam's arguments
        """Return the active consumer if it has permits."""
        consumer = self.active_consumer
        return consumer if consumer is not None and consumer.permits > 0 else None

    def next_due_ms(self) -> int | None:
        """When a new active consumer begins; nothing else waits for its time here."""
        return self._takeover_due_ms
