"""A broker with its engine in virtual time, and consumers that keep what they get: what the tests of the core drive."""

from pfemu.broker.broker_service import BrokerService
from pfemu.broker.consumer import ConsumerTraits
from pfemu.broker.storage.managed_ledger import LedgerLimits
from pfemu.engine import Engine
from pfemu.model.message import PLAIN, BatchedMessage, BatchMetadata, ExplicitMetadata
from pfemu.model.subscription import InitialPosition, SubscriptionType
from pfemu.model.topic_name import TopicName
from pfemu.scheduling.stepping import SteppingScheduler

EXCLUSIVE, SHARED, FAILOVER, KEY_SHARED = SubscriptionType
TYPES = list(SubscriptionType)


class Owner:
    """What stands where a client's consumer stands."""

    def __init__(self):
        self.entries = []
        self.received = []
        self.consumer = None

    def deliver(self, delivery):
        assert delivery.consumer is self.consumer
        counts = delivery.redelivery_counts or [0] * len(delivery.entries)
        for entry, count in zip(delivery.entries, counts, strict=True):
            self.entries.append(entry)
            self.received.append((entry.payload.decode(), count))

    def rewound(self):
        self.received.append(("rewound", None))

    def disconnected(self):
        self.received.append(("disconnected", None))

    @property
    def texts(self):
        return [text for text, _ in self.received]

    def take(self):
        """Return the texts that came since the last time."""
        texts, self.received = self.texts, []
        return texts


class Station:
    def __init__(self, **limits):
        self.scheduler = SteppingScheduler()
        self.broker = BrokerService(LedgerLimits(**limits))
        self.engine = Engine(self.broker, self.scheduler)
        self.sequence_id = -1

    @property
    def now_ms(self):
        return self.scheduler.now_ms()

    def topic(self, name="t"):
        return self.broker.get_or_create(TopicName.parse(name), self.now_ms)

    def consume(
        self,
        kind=SHARED,
        *,
        topic="t",
        subscription="s",
        name="c",
        permits=1000,
        position=InitialPosition.LATEST,
        durable=True,
        subscription_properties=None,
        **traits,
    ):
        owner = Owner()
        owner.consumer = self.engine.subscribe(
            TopicName.parse(topic),
            subscription,
            kind,
            owner,
            ConsumerTraits(name, **traits),
            position=position,
            durable=durable,
            subscription_properties=subscription_properties,
        )
        if permits:
            self.engine.flow(owner.consumer, permits)
        self.run()
        return owner

    def producer(self, name=None, *, topic="t", **more):
        return self.engine.create_producer(TopicName.parse(topic), name, None, **more)

    def send(self, *texts, topic="t", producer=None, **metadata):
        producer = producer or self.producer(topic=topic)
        kept = ExplicitMetadata(**metadata) if metadata else PLAIN
        sent = [self.engine.publish(producer, text.encode(), self._next_sequence_id(), kept) for text in texts]
        self.run()
        return sent

    def send_batch(self, *texts, topic="t", keys=None):
        messages = [
            BatchedMessage(text.encode(), self._next_sequence_id(), ExplicitMetadata(partition_key=keys[index] if keys else ""))
            for index, text in enumerate(texts)
        ]
        metadata = BatchMetadata(tuple(messages), keys[0] if keys else "")
        entry = self.engine.publish(self.producer(topic=topic), "+".join(texts).encode(), messages[0].sequence_id, metadata)
        self.run()
        return entry

    def _next_sequence_id(self):
        self.sequence_id += 1
        return self.sequence_id

    def acknowledge(self, owner, *texts):
        """Acknowledge entries by payload: the newest of each that came."""
        by_text = {entry.payload.decode(): entry for entry in owner.entries}
        for text in texts:
            self.engine.acknowledge(owner.consumer, by_text[text].position)
        self.run()

    def redeliver(self, owner, *texts):
        by_text = {entry.payload.decode(): entry.position for entry in owner.entries}
        self.engine.redeliver(owner.consumer, [by_text[text] for text in texts] if texts else None)
        self.run()

    def flow(self, owner, permits):
        self.engine.flow(owner.consumer, permits)
        self.run()

    def close(self, owner):
        self.engine.close_consumer(owner.consumer)
        self.run()

    def run(self):
        self.scheduler.run_until_idle()

    def advance(self, seconds):
        self.scheduler.advance(int(seconds * 1000))

    def subscription(self, name="s", topic="t"):
        return self.topic(topic).subscription(name)
