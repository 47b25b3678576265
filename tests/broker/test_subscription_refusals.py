"""Who may not join a subscription, and who may not delete one."""

import pytest

from pfemu.errors import ConsumerAssignError, ConsumerBusy, NotAllowedError, SubscriptionNotFound, TopicNotFound
from pfemu.model.subscription import KeySharedMode, KeySharedPolicy
from tests.broker.station import EXCLUSIVE, FAILOVER, KEY_SHARED, SHARED, TYPES, Station

ACCEPTED = {(SHARED, SHARED), (FAILOVER, FAILOVER), (KEY_SHARED, KEY_SHARED)}


def sticky(*ranges, out_of_order=False):
    return KeySharedPolicy(KeySharedMode.STICKY, out_of_order, ranges)


@pytest.mark.parametrize("comes", TYPES)
@pytest.mark.parametrize("there", TYPES)
def test_only_equal_types_that_share_may_be_connected_together(station, there, comes):
    station.consume(there, name="a")
    if (there, comes) in ACCEPTED:
        station.consume(comes, name="b")
        assert len(station.subscription().consumers) == 2
    else:
        with pytest.raises(ConsumerBusy, match="Exclusive consumer is already connected" if there is comes else "different type"):
            station.consume(comes, name="b")
        assert [consumer.name for consumer in station.subscription().consumers] == ["a"]


@pytest.mark.parametrize("comes", TYPES)
@pytest.mark.parametrize("there", TYPES)
def test_after_the_last_consumer_left_any_type_may_come(station, there, comes):
    first = station.consume(there)
    station.send("m")
    station.close(first)
    assert station.consume(comes).texts == ["m"]
    assert station.subscription().type is comes


def test_two_consumers_may_have_one_name(station):
    station.consume(name="n")
    station.consume(name="n")
    assert len(station.subscription().consumers) == 2


@pytest.mark.parametrize("kind", [SHARED, KEY_SHARED])
def test_compacted_messages_are_refused_to_several_consumers(station, kind):
    with pytest.raises(NotAllowedError, match="readCompacted only allowed on failover or exclusive subscriptions"):
        station.consume(kind, read_compacted=True)


def test_overlapping_sticky_ranges_are_refused(station):
    station.consume(KEY_SHARED, key_shared=sticky((0, 100), (200, 300)))
    with pytest.raises(ConsumerAssignError, match="Range conflict"):
        station.consume(KEY_SHARED, key_shared=sticky((50, 150)))
    station.consume(KEY_SHARED, key_shared=sticky((101, 199)))


def test_a_refused_sticky_consumer_leaves_the_subscription_to_the_next_one(station):
    with pytest.raises(ConsumerAssignError):
        station.consume(KEY_SHARED, key_shared=sticky())
    station.consume(EXCLUSIVE)


@pytest.mark.parametrize("comes", [KeySharedPolicy(), sticky((1, 2), out_of_order=True)])
def test_another_key_shared_policy_is_refused_while_consumers_are_connected(station, comes):
    first = station.consume(KEY_SHARED, key_shared=sticky((10, 20)))
    with pytest.raises(ConsumerBusy, match="different type"):
        station.consume(KEY_SHARED, key_shared=comes)
    station.close(first)
    station.consume(KEY_SHARED, key_shared=comes)


def test_a_subscription_in_use_is_not_deleted_unless_by_force(station):
    owner = station.consume()
    with pytest.raises(ConsumerBusy, match="Subscription has active connected consumers"):
        station.topic().remove_subscription("s")
    station.topic().remove_subscription("s", force=True)
    assert not owner.consumer.connected
    with pytest.raises(SubscriptionNotFound, match="Subscription s not found for topic persistent://public/default/t"):
        station.topic().remove_subscription("s")


def test_unsubscribing_is_refused_while_others_are_connected(station):
    first = station.consume(name="a")
    second = station.consume(name="b")
    with pytest.raises(ConsumerBusy):
        station.engine.unsubscribe(first.consumer)
    station.close(second)
    station.engine.unsubscribe(first.consumer)
    assert not station.topic().subscriptions


def test_unsubscribing_a_reader_deletes_its_subscription_once(station):
    reader = station.consume(EXCLUSIVE, durable=False)
    station.engine.unsubscribe(reader.consumer)
    assert not station.topic().subscriptions


def test_a_missing_namespace_and_a_partition_too_many_are_refused():
    station = Station()
    with pytest.raises(TopicNotFound, match="Namespace public/nope not found"):
        station.consume(topic="persistent://public/nope/t")
    station.broker.create_partitioned_topic(station.topic("x").name.parse("parts"), 2)
    with pytest.raises(TopicNotFound, match="not a partition of a topic with 2"):
        station.consume(topic="parts-partition-2")
    with pytest.raises(NotAllowedError, match="only its partitions hold messages"):
        station.consume(topic="parts")


def test_a_stored_message_is_not_offered(station):
    station.consume()
    entry = station.send("m")[0]
    with pytest.raises(NotAllowedError, match="stores its messages"):
        station.subscription().offer(entry, 0)
