"""One topic, or one partition of one: a log, its producers and its subscriptions (``PersistentTopic``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pfemu.broker.managed_ledger import LedgerLimits, ManagedLedger
from pfemu.broker.producer import Producer
from pfemu.broker.subscription import Subscription
from pfemu.errors import ConsumerBusy, MessageTooBig, ProducerBusy, SubscriptionNotFound, TopicTerminated
from pfemu.model.message import Entry, MessageMetadata
from pfemu.model.subscription import InitialPosition
from pfemu.model.topic_name import TopicName

MAX_MESSAGE_BYTES = 5 * 1024 * 1024


class Topic:
    """A topic of the broker. ``ready`` is the broker's queue of subscriptions that have something to deal out."""

    __slots__ = ("_ready", "ledger", "messages_in_total", "name", "producers", "subscriptions", "terminated")

    def __init__(self, name: TopicName, new_ledger_id: Callable[[], int], limits: LedgerLimits, ready: list[Subscription]) -> None:
        self.name = name
        self._ready = ready
        self.producers: dict[str, Producer] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.ledger = ManagedLedger(new_ledger_id, limits, self.trim)
        self.terminated = False
        self.messages_in_total = 0

    def add_producer(self, producer: Producer) -> None:
        """Connect a producer.

        Raises:
            ProducerBusy: one of that name is connected.
            TopicTerminated: the topic takes no more messages.
        """
        if self.terminated:
            raise TopicTerminated("Topic was already terminated")
        if producer.name in self.producers:
            raise ProducerBusy(f"Producer with name '{producer.name}' is already connected to topic")
        self.producers[producer.name] = producer

    def remove_producer(self, producer: Producer) -> None:
        """Disconnect a producer."""
        if self.producers.get(producer.name) is producer:
            del self.producers[producer.name]

    def publish(self, producer_name: str, payload: bytes, sequence_id: int, metadata: MessageMetadata, now_ms: int) -> Entry:
        """Store one entry and wake the subscriptions.

        Raises:
            MessageTooBig: larger than the broker takes.
            TopicTerminated: the topic takes no more messages.
        """
        if len(payload) > MAX_MESSAGE_BYTES:
            raise MessageTooBig(f"{len(payload)} bytes are more than the {MAX_MESSAGE_BYTES} of maxMessageSize")
        if self.terminated:
            raise TopicTerminated("Topic was already terminated")
        entry = self.ledger.append(payload, now_ms, producer_name, sequence_id, metadata)
        for subscription in self.subscriptions.values():
            if not subscription.queued:
                subscription.queued = True
                self._ready.append(subscription)
        return entry

    def wake(self, subscription: Subscription) -> None:
        """Queue a subscription that may have something to deal out."""
        if not subscription.queued:
            subscription.queued = True
            self._ready.append(subscription)

    def subscription(self, name: str) -> Subscription:
        """Return the subscription of that name.

        Raises:
            SubscriptionNotFound: there is none.
        """
        found = self.subscriptions.get(name)
        if found is None:
            raise SubscriptionNotFound(f"Subscription {name} not found for topic {self.name.full}")
        return found

    def ensure_subscription(
        self, name: str, position: InitialPosition | int, *, durable: bool = True, properties: Mapping[str, str] | None = None
    ) -> Subscription:
        """Return the subscription of that name, made at that position when there is none."""
        found = self.subscriptions.get(name)
        if found is None:
            start = position if isinstance(position, int) else self._start_of(position)
            found = Subscription(self, name, start, durable=durable, properties=properties)
            self.subscriptions[name] = found
        return found

    def _start_of(self, position: InitialPosition) -> int:
        return self.ledger.first_position if position is InitialPosition.EARLIEST else self.ledger.next_position

    def remove_subscription(self, name: str, *, only_idle: bool = True) -> None:
        """Delete a subscription.

        Raises:
            SubscriptionNotFound: there is none.
            ConsumerBusy: it has consumers and ``only_idle``.
        """
        subscription = self.subscription(name)
        if only_idle and subscription.consumers:
            raise ConsumerBusy("Subscription has active connected consumers")
        del self.subscriptions[name]
        self.trim()

    def trim(self) -> None:
        """Drop the closed segments that no subscription needs; without any, all of them."""
        ledger = self.ledger
        cursors = [subscription.cursor for subscription in self.subscriptions.values()]
        ledger.trim(min((cursor.mark_delete + 1 for cursor in cursors), default=ledger.next_position))
        for subscription in self.subscriptions.values():
            subscription.trim_at = ledger.boundary_after(subscription.cursor.mark_delete)

    def terminate(self) -> Entry | None:
        """Take no more messages; return the last one."""
        self.terminated = True
        return self.ledger.last_entry
