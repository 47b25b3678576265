"""The owner of the broker: the only code that calls the core.

It stamps the time, and when something can be delivered it deals out and hands each batch to the consumer's owner. Client
code calls it on the scheduler's thread. Dealing out happens in a step of its own, so what is published in one go is
delivered in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from pfemu.broker.backlog_quotas import is_watched
from pfemu.broker.broker_service import BrokerService
from pfemu.broker.consumer import Consumer, ConsumerTraits, DeliveryTarget
from pfemu.broker.limits import check_subscribing
from pfemu.broker.producer import Producer
from pfemu.broker.schemas.schema_admission import admit_consumer, admit_producer
from pfemu.broker.subscription import Subscription
from pfemu.errors import ProducerBlockedQuotaHold, ProducerBusy, ProducerFenced, RequestHeld, TopicNotFound
from pfemu.model.message import Entry, MessageMetadata
from pfemu.model.schema import SchemaInfo
from pfemu.model.subscription import InitialPosition, ProducerAccessMode, SubscriptionType
from pfemu.model.topic_name import TopicName
from pfemu.ports import Scheduler
from pfemu.scheduling.broker_timers import DelayedDeliveryTimers, ExpiryTimer, PolicyTimer
from pfemu.scheduling.stepping import SteppingScheduler

_STEPS_OF_A_SEEK = 1_000
"""How many steps one counts as: a function that seeks back in every message never ends."""


class Engine:
    """Broker calls with the time and the consequences taken care of."""

    def __init__(self, broker: BrokerService, scheduler: Scheduler) -> None:
        self.broker = broker
        self.scheduler = scheduler
        self._now_ms = scheduler.now_ms
        self._dispatch_queued = False
        self._delayed = DelayedDeliveryTimers(scheduler, self._wake)
        self._expiry = ExpiryTimer(scheduler, broker, self.dispatch_ready)
        self._checks = PolicyTimer(scheduler, broker, self.dispatch_ready)
        self._ids = 0
        self._topic_watchers: list[Callable[[], object]] = []
        self._topics_seen = (0, 0)

    def publish(self, producer: Producer, payload: bytes, sequence_id: int, metadata: MessageMetadata) -> Entry:
        """Store one entry; whoever subscribed gets it in a later step. A duplicate's entry has ledger and entry id -1.

        Raises:
            BrokerError: see :meth:`Topic.publish`.
            ProducerFenced: the producer is not connected, because another one shut it out, or does not have access yet.
        """
        if not producer.connected:
            self.connect_again(producer)
        entry = producer.topic.publish(producer.name, payload, sequence_id, metadata, self._now_ms())
        if not self._dispatch_queued and self.broker.ready:
            self._queue_dispatch()
        return entry

    def connect_again(self, producer: Producer) -> None:
        """Connect a producer whose topic was deleted to the one that takes its place, as its client does (``ProducerImpl.cc``).

        Raises:
            ProducerFenced: its topic is still there: another producer shut it out, or it waits for access.
            BrokerError: there is no place for the topic any more, or it refuses the producer.
        """
        name, now_ms = producer.topic.name, self._now_ms()
        if self.broker.topic(name) is producer.topic:
            if not producer.sent_away:
                raise ProducerFenced(f"Producer {producer.name} was fenced or closed")
            self._come_back(producer)
            return
        topic = self.broker.get_or_create(name, now_ms)
        producer.schema_version = admit_producer(self.broker.schemas, topic, producer.schema, now_ms)
        producer.topic = topic
        topic.add_producer(producer)
        self.notice_topics()

    def _come_back(self, producer: Producer) -> None:
        """Connect a producer that was sent away because of a backlog, or shared and fenced by one that may be gone.

        Differs: one that is to wait does not; its message fails at once, as Pulsar's clients let it fail after their send timeout.

        Raises:
            RequestHeld: it is still to wait.
            BrokerError: it is still to be told, or the topic refuses it.
        """
        try:
            producer.topic.add_producer(producer)
        except (ProducerBlockedQuotaHold, ProducerBusy) as error:
            raise RequestHeld(str(error)) from None

    def _queue_dispatch(self) -> None:
        self._dispatch_queued = True
        self.scheduler.soon(self._dispatch)

    def _dispatch(self) -> None:
        self._dispatch_queued = False
        for subscription, deliveries in self.broker.dispatch(self._now_ms()):
            for delivery in deliveries:
                if delivery.consumer.connected:  # a delivery before it may have closed it; then its entries went back
                    delivery.consumer.owner.deliver(delivery)
            self._delayed.arm(subscription)
            if subscription.topic.policies.message_ttl_seconds:
                self._expiry.arm()

    def arm_checks(self) -> None:
        """Have the broker look at what its policies ask for, now and then, while there is something; whoever sets policies calls it."""
        self._expiry.arm()
        self._checks.arm()

    def check_backlogs(self) -> None:
        """Look at the backlogs now (``brokers/backlog-quota-check``)."""
        self._checks.run()

    def dispatch_ready(self) -> None:
        """Deal out in a later step, if anything was woken."""
        if not self._dispatch_queued and self.broker.ready:
            self._queue_dispatch()

    def _wake(self, subscription: Subscription) -> None:
        subscription.topic.wake(subscription)
        if not self._dispatch_queued:
            self._queue_dispatch()

    def new_id(self) -> int:
        """Return a number for a producer or consumer."""
        self._ids += 1
        return self._ids

    def create_producer(
        self,
        name: TopicName,
        producer_name: str | None,
        properties: Mapping[str, str] | None,
        *,
        access_mode: ProducerAccessMode = ProducerAccessMode.SHARED,
        schema: SchemaInfo | None = None,
        when_ready: Callable[[Producer], object] | None = None,
    ) -> Producer:
        """Connect a producer to one topic or partition.

        One that must wait for exclusive access is returned unconnected; ``when_ready`` is called in a later step, when it is connected
        or was fenced meanwhile.

        Raises:
            BrokerError: see :meth:`BrokerService.get_or_create`, :meth:`Topic.add_producer` and :func:`admit_producer`.
        """
        now_ms = self._now_ms()
        topic = self.broker.get_or_create(name, now_ms)
        producer = Producer(
            topic,
            self.new_id(),
            producer_name or self.broker.new_producer_name(),
            properties,
            access_mode=access_mode,
            schema=schema,
            schema_version=admit_producer(self.broker.schemas, topic, schema, now_ms),
            when_ready=when_ready,
            now_ms=now_ms,
        )
        topic.add_producer(producer)
        if is_watched(topic):
            self._checks.arm()
        self._tell_settled(producer)
        self.notice_topics()
        return producer

    def close_producer(self, producer: Producer) -> None:
        """Disconnect a producer."""
        producer.topic.remove_producer(producer)
        self._tell_settled(producer)

    def _tell_settled(self, producer: Producer) -> None:
        """Tell those whose waiting ended because this producer came or left."""
        settled = producer.topic.access.settled
        for waited in settled:
            if waited.when_ready is not None:
                self.scheduler.soon(partial(waited.when_ready, waited))
        settled.clear()

    def subscribe(
        self,
        name: TopicName,
        subscription_name: str,
        subscription_type: SubscriptionType,
        owner: DeliveryTarget,
        traits: ConsumerTraits,
        *,
        position: InitialPosition | int,
        durable: bool = True,
        subscription_properties: Mapping[str, str] | None = None,
    ) -> Consumer:
        """Connect a consumer; it gets nothing before :meth:`flow`.

        Raises:
            BrokerError: see :meth:`BrokerService.get_or_create`, :func:`check_subscribing`, :meth:`Subscription.add_consumer` and
                :func:`admit_consumer`.
        """
        now_ms = self._now_ms()
        topic = self.broker.get_or_create(name, now_ms)
        check_subscribing(topic, subscription_name, subscription_type, durable=durable)
        admit_consumer(self.broker.schemas, topic, traits.schema, now_ms)
        subscription = topic.ensure_subscription(
            subscription_name, position, durable=durable, properties=subscription_properties, read_compacted=traits.read_compacted
        )
        consumer = Consumer(subscription, self.new_id(), owner, traits, now_ms)
        subscription.add_consumer(consumer, subscription_type)
        if traits.takeover_delay_ms and subscription_type is SubscriptionType.FAILOVER:
            self._wake(subscription)
        self.notice_topics()
        return consumer

    def flow(self, consumer: Consumer, permits: int) -> None:
        """Allow the broker to send that many more messages."""
        consumer.subscription.flow(consumer, permits)
        self._wake(consumer.subscription)

    def acknowledge(self, consumer: Consumer, position: int) -> None:
        """Acknowledge one entry."""
        consumer.subscription.acknowledge(consumer, position)
        if not self._dispatch_queued and self.broker.ready:
            self._queue_dispatch()

    def acknowledge_part(self, consumer: Consumer, position: int) -> None:
        """Acknowledge some messages of one entry."""
        consumer.subscription.acknowledge_part(position)

    def acknowledge_cumulative(self, consumer: Consumer, position: int) -> None:
        """Acknowledge everything up to that entry."""
        consumer.subscription.acknowledge_cumulative(position)
        self.dispatch_ready()

    def redeliver(self, consumer: Consumer, positions: list[int] | None) -> None:
        """Ask for those entries again, or for all that are not acknowledged."""
        consumer.subscription.redeliver(consumer, positions)
        self._wake(consumer.subscription)

    def close_consumer(self, consumer: Consumer) -> None:
        """Disconnect a consumer."""
        subscription = consumer.subscription
        subscription.remove_consumer(consumer)
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
        if subscription.durable:
            subscription.topic.remove_subscription(subscription.name)

    def seek(self, consumer: Consumer, position: int) -> None:
        """Move the subscription; its consumers start there. The one that asks knows, the others are told."""
        if consumer.subscription.durable and isinstance(self.scheduler, SteppingScheduler):
            self.scheduler.charge(_STEPS_OF_A_SEEK)
        self.reset(consumer.subscription, position, asked_by=consumer)

    def reset(self, subscription: Subscription, position: int, *, asked_by: Consumer | None = None) -> None:
        """Move a subscription (``resetcursor``); a real broker disconnects the consumers, which come back with nothing."""
        subscription.reset(position)
        for consumer in list(subscription.consumers):
            if consumer is not asked_by:
                consumer.owner.rewound()
        self._wake(subscription)

    def partitions_of(self, name: TopicName) -> int:
        """Return how many partitions a topic has, 0 when it is not partitioned; one that use makes partitioned is made.

        Raises:
            TopicNotFound: the namespace is missing, or the topic is and use may make none.
        """
        if not self.broker.has_namespace_of(name):
            raise TopicNotFound(f"Namespace {name.namespace_name} not found")
        partitions = self.broker.partitions_by_use(name, self._now_ms())
        self.notice_topics()
        return partitions

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

    def schema_of(self, name: TopicName, version: int) -> SchemaInfo:
        """Return a version of a topic's schema.

        Raises:
            TopicNotFound: there is none (``ServerCnx.handleGetSchema``).
        """
        for stored in self.broker.schemas.versions(name):
            if stored.version == version and stored.schema is not None:
                return stored.schema
        raise TopicNotFound(f"Schema version {version} of {name.full} not found")

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

    def entry_at(self, consumer: Consumer, position: int) -> Entry | None:
        """Return the entry at a position of the consumer's topic, None when there is none."""
        return consumer.subscription.topic.ledger.entry_at(position)

    def position_at(self, consumer: Consumer, publish_time_ms: int) -> int:
        """Return the position of the first entry published at or after that time."""
        return consumer.subscription.topic.ledger.position_at(publish_time_ms)
