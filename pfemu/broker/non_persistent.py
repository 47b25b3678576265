"""Topics that store nothing (``NonPersistentTopic``, ``NonPersistentSubscription``).

* A message goes to a consumer that has permits at that moment; for a subscription where none has, it is dropped and counted.
* All messages have ledger 0 and entry 0. There is no backlog, and nothing comes again: acknowledging, negative acknowledging and
  seeking change nothing.
* A subscription goes with its last consumer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping

from pfemu.broker.consumer import Consumer, Delivery
from pfemu.broker.refusals import NotAcceptable
from pfemu.broker.storage.managed_ledger import LedgerLimits
from pfemu.broker.subscription import Subscription
from pfemu.broker.topic import Topic
from pfemu.model.message import Entry, MessageMetadata, Segment
from pfemu.model.topic_name import TopicName

_NO_LEDGER = Segment(0, 0)


class NonPersistentTopic(Topic):
    """A topic without a log. What its consumers take is handed to them in the broker's next dispatch."""

    __slots__ = ("bytes_in", "messages_in")

    is_persistent = False

    def __init__(
        self, name: TopicName, new_ledger_id: Callable[[], int], limits: LedgerLimits, ready: deque[Subscription], now_ms: int = 0
    ) -> None:
        super().__init__(name, new_ledger_id, limits, ready, now_ms)
        self.messages_in = 0
        self.bytes_in = 0

    def publish(self, producer_name: str, payload: bytes, sequence_id: int, metadata: MessageMetadata, now_ms: int) -> Entry:
        """Offer one entry to all subscriptions.

        Raises:
            MessageTooBig: larger than the broker takes.
            TopicTerminated: the topic takes no more messages.
        """
        duplicate = self._checked(producer_name, payload, sequence_id, metadata, now_ms)
        if duplicate is not None:
            return duplicate
        entry = Entry(payload, 0, _NO_LEDGER, now_ms, producer_name, sequence_id, metadata)
        self.messages_in += entry.message_count
        self.bytes_in += len(payload)
        for subscription in self.subscriptions.values():
            subscription.offer(entry, now_ms)
        return entry

    def terminate(self) -> Entry | None:
        """Refuse.

        Raises:
            NotAcceptable: always; there is no log to end.
        """
        raise NotAcceptable("Need to provide a persistent topic name")

    def _new_subscription(self, name: str, start: int, *, durable: bool, properties: Mapping[str, str] | None) -> Subscription:  # noqa: ARG002 - the seam's arguments
        return NonPersistentSubscription(self, name, start, durable=False, properties=properties)

    @property
    def messages_in_total(self) -> int:
        """Messages ever published."""
        return self.messages_in

    @property
    def bytes_in_total(self) -> int:
        """Payload bytes ever published."""
        return self.bytes_in


class NonPersistentSubscription(Subscription):
    """Consumers that get what comes while they have permits."""

    __slots__ = ("_passing", "dropped_total")

    def __init__(self, topic: Topic, name: str, start: int, *, durable: bool, properties: Mapping[str, str] | None = None) -> None:
        super().__init__(topic, name, start, durable=durable, properties=properties)
        self._passing: dict[Consumer, list[Entry]] = {}
        self.dropped_total = 0

    def offer(self, entry: Entry, now_ms: int) -> None:
        """Give the entry to a consumer that takes it now, or drop it."""
        taker = None if self.dispatcher is None else self.dispatcher.taker_of(entry)
        if taker is None:
            self.dropped_total += entry.message_count
            return
        taker.count_sent([entry], entry.message_count, now_ms)
        self._passing.setdefault(taker, []).append(entry)
        self.topic.wake(self)

    def remove_consumer(self, consumer: Consumer) -> None:
        """Disconnect a consumer; what was on its way to it is lost."""
        self._passing.pop(consumer, None)
        super().remove_consumer(consumer)

    def acknowledge(self, consumer: Consumer, position: int) -> None:
        """Change nothing."""

    def acknowledge_cumulative(self, position: int) -> None:
        """Change nothing."""

    def redeliver(self, consumer: Consumer, positions: Iterable[int] | None) -> None:
        """Change nothing."""

    def reset(self, position: int) -> None:
        """Change nothing."""

    def dispatch(self, now_ms: int) -> list[Delivery]:  # noqa: ARG002 - the seam's arguments
        """Hand over what was taken."""
        passing, self._passing = self._passing, {}
        return [Delivery(consumer, entries, None) for consumer, entries in passing.items()]
