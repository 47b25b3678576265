"""Limits of namespaces, and what use may make there."""

import pytest

from pfemu.broker.policies import AutoTopicCreation, DelayedDeliveryPolicies, Policies
from pfemu.broker.refusals import Conflict, PreconditionFailed
from pfemu.errors import ConsumerBusy, NotAllowedError, ProducerBusy, RequestHeld, SubscriptionNotFound, TopicNotFound
from pfemu.model.topic_name import TopicName
from tests.broker.station import EXCLUSIVE, FAILOVER, SHARED

NAMESPACE = "public/default"


def allow(station, **policies):
    station.broker.set_policies(NAMESPACE, Policies(**policies))


def test_one_producer_too_many_is_refused_until_one_leaves(station):
    allow(station, max_producers_per_topic=1)
    first = station.producer("a")
    with pytest.raises(ProducerBusy, match="reached max producers limit"):
        station.producer("b")
    station.engine.close_producer(first)
    station.producer("b")


def test_one_consumer_too_many_of_a_topic_is_refused_before_its_subscription_is_made(station):
    allow(station, max_consumers_per_topic=1)
    station.consume(subscription="a")
    with pytest.raises(ConsumerBusy, match="Topic reached max consumers limit"):
        station.consume(subscription="b")
    assert set(station.topic().subscriptions) == {"a"}


def test_one_consumer_too_many_of_a_subscription_is_refused(station):
    allow(station, max_consumers_per_subscription=1)
    station.consume()
    with pytest.raises(ConsumerBusy, match="Subscription reached max consumers limit"):
        station.consume(name="b")
    station.consume(subscription="other")


def test_one_subscription_too_many_is_refused_and_those_there_stay_open(station):
    allow(station, max_subscriptions_per_topic=1)
    station.consume()
    with pytest.raises(Conflict, match="Exceed the maximum number of subscriptions of the topic: persistent://public/default/t"):
        station.consume(subscription="b", durable=False)
    station.consume(name="b")


def test_types_that_are_not_enabled_are_refused_before_anything_is_made(station):
    allow(station, subscription_types_enabled=("Exclusive", "Failover"))
    with pytest.raises(NotAllowedError, match="doesn't support Shared sub type!"):
        station.consume(SHARED)
    assert station.topic().subscriptions == {}
    station.consume(FAILOVER)
    station.consume(EXCLUSIVE, subscription="e")


def test_without_leave_only_readers_and_administrators_make_subscriptions(station):
    allow(station, auto_subscription_creation=False)
    with pytest.raises(SubscriptionNotFound):
        station.consume()
    station.consume(EXCLUSIVE, subscription="reader", durable=False)
    station.topic().ensure_subscription("s", 0)
    station.consume()


def test_without_leave_only_administrators_make_topics(station):
    station.broker.create_partitioned_topic(TopicName.parse("parts"), 1)
    allow(station, auto_topic_creation=AutoTopicCreation(allowed=False))
    for make in (station.producer, station.consume, lambda: station.engine.partitions_of(TopicName.parse("t"))):
        with pytest.raises(TopicNotFound, match="not made by use"):
            make()
    station.broker.create_topic(TopicName.parse("t"))
    station.producer()
    assert station.engine.partitions_of(TopicName.parse("parts")) == 1
    station.producer(topic="parts-partition-0")


def test_use_makes_partitioned_topics_where_that_is_set(station):
    allow(station, auto_topic_creation=AutoTopicCreation(allowed=True, partitions=3))
    assert station.engine.partitions_of(TopicName.parse("t")) == 3
    assert station.engine.partitions_of(TopicName.parse("t-partition-1")) == 0
    assert len(station.broker.topics) == 3


def test_one_topic_too_many_is_refused(station):
    station.topic("a")
    allow(station, max_topics_per_namespace=2)
    with pytest.raises(PreconditionFailed, match=r"Exceed maximum number of topics in namespace\."):
        station.broker.create_partitioned_topic(TopicName.parse("parts"), 2)
    station.topic("b")
    with pytest.raises(Conflict, match=r"Exceed maximum number of topics in namespace\."):
        station.topic("c")
    assert station.broker.partitioned == {}


def test_a_consumer_is_blocked_where_its_namespace_says_so_until_half_is_acknowledged(station):
    allow(station, max_unacked_messages_per_consumer=3)
    owner = station.consume()
    station.send("0", "1", "2", "3", "4")
    assert owner.texts == ["0", "1", "2"]
    station.acknowledge(owner, "0")
    assert len(owner.texts) == 3
    station.acknowledge(owner, "1")
    assert owner.texts == ["0", "1", "2", "3", "4"]
    allow(station, max_unacked_messages_per_consumer=0)
    assert owner.consumer.max_unacknowledged > 1_000_000


def test_permits_for_a_subscription_that_deals_out_nothing_yet_are_noted(station):
    owner = station.consume()
    station.topic().ensure_subscription("unused", 0).flow(owner.consumer, 7)
    assert owner.consumer.permits == 1007
    assert station.engine.partitions_of(TopicName.parse("new")) == 0


def test_a_subscription_is_blocked_where_its_namespace_says_so_until_half_is_acknowledged(station):
    allow(station, max_unacked_messages_per_subscription=4)
    first, second = station.consume(name="a", permits=2), station.consume(name="b")
    for number in range(8):
        station.send(str(number))
    assert len(first.texts) + len(second.texts) == 4
    assert station.subscription().dispatcher.blocked
    station.acknowledge(first, "0")
    station.acknowledge(second, "1")
    assert len(first.texts) + len(second.texts) == 8
    assert station.subscription().dispatcher.blocked
    allow(station, max_unacked_messages_per_subscription=0)
    station.acknowledge(second, "3")
    assert not station.subscription().dispatcher.blocked


def test_a_message_is_no_larger_than_its_topic_takes(station):
    topic = station.topic()
    station.broker.set_topic_policies(topic, Policies(max_message_bytes=10))
    station.send("x" * 10)
    with pytest.raises(NotAllowedError, match="Exceed maximum message size"):
        station.send("x" * 11)
    station.broker.set_topic_policies(topic, Policies(max_message_bytes=0))
    station.send("x" * 11)


def test_a_message_is_not_delayed_longer_than_is_allowed(station):
    allow(station, delayed_delivery=DelayedDeliveryPolicies(1000, active=True, max_delivery_delay_in_millis=5000))
    station.send("late", deliver_at_ms=station.now_ms + 5000)
    with pytest.raises(NotAllowedError, match="Exceeds max allowed delivery delay of 5000 milliseconds"):
        station.send("too late", deliver_at_ms=station.now_ms + 5001)
    station.send("plain")


def test_nothing_is_delayed_where_delays_are_off(station):
    owner = station.consume(SHARED)
    allow(station, delayed_delivery=DelayedDeliveryPolicies(1000, active=False))
    station.send("at once", deliver_at_ms=station.now_ms + 60_000, properties={"a": "b"})
    station.send("plain")
    assert owner.texts == ["at once", "plain"]
    assert owner.entries[0].metadata.properties == {"a": "b"}


def test_a_topic_that_stores_nothing_takes_no_larger_messages_either(station):
    allow(station, max_message_bytes=10)
    with pytest.raises(NotAllowedError):
        station.send("x" * 11, topic="non-persistent://public/default/n")


def test_nobody_publishes_where_all_must_be_encrypted(station):
    producer = station.producer()
    allow(station, encryption_required=True)
    for refused in (station.producer, lambda: station.send("plain", producer=producer)):
        with pytest.raises(RequestHeld, match="Encryption is required in persistent://public/default/t"):
            refused()
    station.consume()
    allow(station, encryption_required=False)
    station.send("plain", producer=producer)
