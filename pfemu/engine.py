"""The owner of the broker: the only code that calls the core.

It stamps the time, and when something can be delivered it deals out and hands each batch to the consumer's owner. Client
code calls it on the scheduler's thread. Dealing out happens in a step of its own, so what is published in one go is
delivered in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from pfemu.broker.broker_service import BrokerService
from pfemu.broker.consumer import Consumer, Delivery
from pfemu.broker.producer import Producer
from pfemu.broker.subscription import Subscription
from pfemu.errors import TopicNotFound
from pfemu.model.message import Entry, MessageMetadata
from pfemu.model.subscription import InitialPosition, SubscriptionType
from pfemu.model.topic_name import TopicName
from pfemu.ports import Scheduler, Timer


class DeliveryTarget(Protocol):
    """Whoever owns a consumer: the client library's half, or a connection."""

    def deliver(self, delivery: Delivery) -> None:
        """Take a batch of entries."""
        ...


class Engine:
    """Broker calls with the time and the consequences taken care of."""

    def __init__(self, broker: BrokerService, scheduler: Scheduler) -> None:
        self.broker = broker
        self.scheduler = scheduler
        self._now_ms = scheduler.now_ms
        self._dispatch_queued = False
        self._delayed: dict[Subscription, tuple[int, Timer]] = {}
        self._ids = 0
        self._topic_watchers: list[Callable[[], object]] = []
        self._topics_seen = (0, 0)

    def publish(self, producer: Producer, payload: bytes, sequence_id: int, metadata: MessageMetadata) -> Entry:
        """Store one entry; whoever subscribed gets it in a later step."""
        entry = producer.publish(payload, sequence_id, metadata, self._now_ms())
        if not self._dispatch_queued and self.broker.ready:
            self._queue_dispatch()
        return entry

    def _queue_dispatch(self) -> None:
        self._dispatch_queued = True
        self.scheduler.soon(self._dispatch)

    def _dispatch(self) -> None:
        self._dispatch_queued = False
        woken = list(self.broker.ready)
        for delivery in self.broker.dispatch(self._now_ms()):
            delivery.consumer.owner.deliver(delivery)
        for subscription in woken:
            self._arm_delayed(subscription)

    def _wake(self, subscription: Subscription) -> None:
        subscription.topic.wake(subscription)
        if not self._dispatch_queued:
            self._queue_dispatch()

    def _arm_delayed(self, subscription: Subscription) -> None:
        """Wake the subscription when its first delayed entry is due."""
        dispatcher = subscription.dispatcher
        due_ms = None if dispatcher is None else dispatcher.next_due_ms()
        if due_ms is None:
            return
        armed = self._delayed.get(subscription)
        if armed is not None:
            if armed[0] == due_ms:
                return
            armed[1].cancel()

        def wake() -> None:
            del self._delayed[subscription]
            self._wake(subscription)

        self._delayed[subscription] = (due_ms, self.scheduler.at(due_ms, wake))

    def new_id(self) -> int:
        """Return a number for a producer or consumer."""
        self._ids += 1
        return self._ids

    def create_producer(self, name: TopicName, producer_name: str | None, properties: Mapping[str, str] | None) -> Producer:
        """Connect a producer to one topic or partition.

        Raises:
            BrokerError: see :meth:`BrokerService.get_or_create` and :meth:`Topic.add_producer`.
        """
        topic = self.broker.get_or_create(name)
        producer = Producer(topic, self.new_id(), producer_name or self.broker.new_producer_name(), properties)
        topic.add_producer(producer)
        self.notice_topics()
        return producer

    def close_producer(self, producer: Producer) -> None:
        """Disconnect a producer."""
        producer.connected = False
        producer.topic.remove_producer(producer)

    def subscribe(
        self,
        name: TopicName,
        subscription_name: str,
        subscription_type: SubscriptionType,
        owner: DeliveryTarget,
        *,
        consumer_name: str,
        position: InitialPosition | int,
        durable: bool = True,
        properties: Mapping[str, str] | None = None,
    ) -> Consumer:
        """Connect a consumer; it gets nothing before :meth:`flow`.

        Raises:
            BrokerError: see :meth:`BrokerService.get_or_create` and :meth:`Subscription.add_consumer`.
        """
        topic = self.broker.get_or_create(name)
        subscription = topic.ensure_subscription(subscription_name, position, durable=durable)
        consumer = Consumer(subscription, self.new_id(), consumer_name, owner=owner, properties=properties)
        subscription.add_consumer(consumer, subscription_type)
        self.notice_topics()
        return consumer

    def flow(self, consumer: Consumer, permits: int) -> None:
        """Allow the broker to send that many more messages."""
        consumer.permits += permits
        self._wake(consumer.subscription)

    def acknowledge(self, consumer: Consumer, position: int) -> None:
        """Acknowledge one entry."""
        was_blocked = consumer.wants <= 0
        consumer.subscription.acknowledge(consumer, position)
        if was_blocked and consumer.wants > 0:
            self._wake(consumer.subscription)

    def acknowledge_cumulative(self, consumer: Consumer, position: int) -> None:
        """Acknowledge everything up to that entry."""
        consumer.subscription.acknowledge_cumulative(position)

    def redeliver(self, consumer: Consumer, positions: list[int] | None) -> None:
        """Ask for those entries again, or for all that are not acknowledged."""
        consumer.subscription.redeliver(consumer, positions)
        self._wake(consumer.subscription)

    def close_consumer(self, consumer: Consumer) -> None:
        """Disconnect a consumer."""
        subscription = consumer.subscription
        subscription.remove_consumer(consumer)
        if not subscription.durable and not subscription.consumers:
            subscription.topic.subscriptions.pop(subscription.name, None)
        self._wake(subscription)

    def unsubscribe(self, consumer: Consumer) -> None:
        """Disconnect a consumer and delete its subscription.

        Raises:
            ConsumerBusy: others are connected.
        """
        subscription = consumer.subscription
        if [other for other in subscription.consumers if other is not consumer]:
            subscription.topic.remove_subscription(subscription.name)
        subscription.remove_consumer(consumer)
        subscription.topic.remove_subscription(subscription.name)

    def seek(self, consumer: Consumer, position: int) -> None:
        """Move the subscription; its consumers start there."""
        consumer.subscription.reset(position)
        self._wake(consumer.subscription)

    def partitions_of(self, name: TopicName) -> int:
        """Return how many partitions a topic has, 0 when it is not partitioned.

        Raises:
            TopicNotFound: the namespace is missing.
        """
        if name.namespace_name not in self.broker.namespaces:
            raise TopicNotFound(f"Namespace {name.namespace_name} not found")
        return self.broker.partitions_of(name)

    def topics_of(self, namespace: str) -> list[TopicName]:
        """Return the names of a namespace's topics, partitions one by one."""
        return [topic.name for topic in self.broker.topics_of(namespace)]

    def watch_topics(self, changed: Callable[[], object]) -> None:
        """Have ``changed`` called when there are more topics or partitions than before."""
        self._topic_watchers.append(changed)

    def unwatch_topics(self, changed: Callable[[], object]) -> None:
        """Call it no more."""
        self._topic_watchers.remove(changed)

    def notice_topics(self) -> None:
        """Tell the watchers if there are other topics than at the last call; whoever makes topics calls it."""
        if not self._topic_watchers:
            return
        seen = (len(self.broker.topics), sum(self.broker.partitioned.values()))
        if seen != self._topics_seen:
            self._topics_seen = seen
            for changed in list(self._topic_watchers):
                changed()

    def last_entry(self, consumer: Consumer) -> Entry | None:
        """Return the newest entry of the consumer's topic, None on an empty one."""
        return consumer.subscription.topic.ledger.last_entry

    def position_near(self, consumer: Consumer, ledger_id: int, entry_id: int) -> int:
        """Return the position a cursor reset to that id goes to."""
        return consumer.subscription.topic.ledger.position_of(ledger_id, entry_id)

    def find_position(self, consumer: Consumer, ledger_id: int, entry_id: int) -> int | None:
        """Return the position of exactly that entry, None when the topic does not hold it."""
        ledger = consumer.subscription.topic.ledger
        position = ledger.position_of(ledger_id, entry_id)
        entry = ledger.entry_at(position)
        return position if entry is not None and (entry.ledger_id, entry.entry_id) == (ledger_id, entry_id) else None

    def position_at(self, consumer: Consumer, publish_time_ms: int) -> int:
        """Return the position of the first entry published at or after that time."""
        ledger = consumer.subscription.topic.ledger
        low, high = ledger.first_position, ledger.next_position
        while low < high:
            middle = (low + high) // 2
            entry = ledger.entry_at(middle)
            if entry is not None and entry.publish_time_ms < publish_time_ms:
                low = middle + 1
            else:
                high = middle
        return low
