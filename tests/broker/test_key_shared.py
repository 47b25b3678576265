"""Key_Shared: owners of keys, draining, order by key, both modes."""

import pytest

from pfemu.broker.dispatch import sticky_key
from pfemu.model.subscription import KeySharedMode, KeySharedPolicy
from tests.broker.station import KEY_SHARED, Station

KEYS = [f"k{index}" for index in range(12)]
# recorded from a real Pulsar with consumers called first and second
FIRST_KEEPS = ["k1", "k3", "k4", "k5", "k6", "k7", "k9"]
SECOND_GETS = ["k0", "k2", "k8", "k10", "k11"]


def send_each(station, keys, suffix):
    for key in keys:
        station.send(f"{key} {suffix}", partition_key=key)


def with_suffix(keys, suffix):
    return [f"{key} {suffix}" for key in keys]


@pytest.fixture
def joined(station):
    """Two consumers, of which the first holds a message of each key."""
    first = station.consume(KEY_SHARED, name="first")
    send_each(station, KEYS, "one")
    second = station.consume(KEY_SHARED, name="second")
    send_each(station, KEYS, "two")
    return first, second


def test_keys_that_move_wait_until_their_former_owner_has_acknowledged(station, joined):
    first, second = joined
    assert first.texts == [*with_suffix(KEYS, "one"), *with_suffix(FIRST_KEEPS, "two")]
    assert second.texts == []
    assert station.subscription().dispatcher.replay_count == len(SECOND_GETS)
    station.acknowledge(first, *with_suffix(KEYS, "one"))
    assert second.texts == with_suffix(SECOND_GETS, "two")
    assert station.subscription().dispatcher.replay_count == 0


def test_one_key_is_free_as_soon_as_its_last_message_is_acknowledged(station, joined):
    first, second = joined
    station.acknowledge(first, "k8 one")
    assert second.texts == ["k8 two"]


def test_a_key_of_several_messages_is_free_after_the_last_one(station):
    first = station.consume(KEY_SHARED, name="first")
    station.send("1", "2", partition_key="k8")
    second = station.consume(KEY_SHARED, name="second")
    station.send("3", partition_key="k8")
    station.acknowledge(first, "1")
    station.acknowledge(first, "1")
    assert second.texts == []
    station.acknowledge(first, "2")
    assert second.texts == ["3"]


def test_what_the_former_owner_gives_back_goes_to_the_new_one_first(station, joined):
    first, second = joined
    station.redeliver(first, "k8 one")
    assert second.received == [("k8 one", 1), ("k8 two", 0)]


def test_skipping_frees_keys_as_well(station, joined):
    _, second = joined
    station.subscription().skip(len(KEYS))
    station.run()
    assert second.texts == []
    station.send("more", partition_key="none of these")
    assert second.texts[: len(SECOND_GETS)] == with_suffix(SECOND_GETS, "two")


def test_when_the_new_owner_leaves_its_keys_go_back(station, joined):
    first, second = joined
    station.acknowledge(first, *with_suffix(KEYS, "one"))
    first.take()
    station.close(second)
    assert first.texts == with_suffix(SECOND_GETS, "two")


def test_when_the_former_owner_leaves_the_new_one_gets_all_in_order(station, joined):
    first, second = joined
    station.close(first)
    assert second.texts == [*with_suffix(KEYS, "one"), *with_suffix(KEYS, "two")]
    station.close(second)
    assert station.subscription().dispatcher.replay_count == 0


def test_a_third_consumer_that_takes_a_draining_key_waits_as_well(station, joined):
    first, second = joined
    third = station.consume(KEY_SHARED, name="third")
    station.acknowledge(first, *with_suffix(KEYS, "one"))
    assert sorted([*second.texts, *third.texts]) == sorted(with_suffix(SECOND_GETS, "two"))


def test_an_owner_without_permits_keeps_its_keys_waiting_but_not_those_of_others(station):
    slow = station.consume(KEY_SHARED, name="second", permits=0)
    fast = station.consume(KEY_SHARED, name="first")
    send_each(station, KEYS, "one")
    assert fast.texts == with_suffix(FIRST_KEEPS, "one")
    station.flow(slow, 2)
    assert slow.texts == with_suffix(SECOND_GETS[:2], "one")
    station.flow(slow, 100)
    assert slow.texts == with_suffix(SECOND_GETS, "one")


def test_a_redelivered_message_comes_before_later_ones_of_its_key(station):
    station.consume(KEY_SHARED, name="second")
    first = station.consume(KEY_SHARED, name="first", permits=2)
    station.send("1", "2", "3", "4", partition_key="k1")
    station.redeliver(first, "1")
    station.flow(first, 10)
    assert first.received == [("1", 0), ("2", 0), ("1", 1), ("3", 0), ("4", 0)]


def test_an_acknowledged_message_that_waits_is_not_sent(station):
    other = station.consume(KEY_SHARED, name="second")
    first = station.consume(KEY_SHARED, name="first", permits=1)
    station.send("1", "2", partition_key="k1")
    station.engine.acknowledge(other.consumer, station.topic().ledger.entry_at(1).position)
    station.flow(first, 10)
    assert first.texts == ["1"]
    station.redeliver(first, "1")
    station.acknowledge(first, "1")
    assert first.received[1:] == [("1", 1)]


def test_a_message_acknowledged_between_asking_and_sending_is_not_sent(station):
    station.consume(KEY_SHARED, name="second")
    first = station.consume(KEY_SHARED, name="first")
    station.send("1", partition_key="k1")
    station.engine.redeliver(first.consumer, [0])
    station.engine.acknowledge(first.consumer, 0)
    station.run()
    assert first.texts == ["1"]


def test_messages_without_key_are_spread_and_an_ordering_key_goes_before_a_key(station):
    owners = {name: station.consume(KEY_SHARED, name=name) for name in ("first", "second")}
    station.send(*(str(number) for number in range(40)))
    assert all(owner.take() for owner in owners.values())
    for key in FIRST_KEEPS:
        station.send(key, partition_key=key, ordering_key="k8")
    assert owners["second"].texts == FIRST_KEEPS


def test_a_batch_goes_by_the_key_of_its_entry(station):
    first, second = station.consume(KEY_SHARED, name="first"), station.consume(KEY_SHARED, name="second")
    station.send_batch("x", "y", keys=["k1", "k8"])
    assert (first.texts, second.texts) == (["x+y"], [])
    assert first.consumer.unacknowledged == 2


def test_delayed_messages_wait_and_then_keep_to_their_owner(station):
    first, second = station.consume(KEY_SHARED, name="first"), station.consume(KEY_SHARED, name="second")
    station.send("late", partition_key="k8", deliver_at_ms=station.now_ms + 3000)
    station.send("now", partition_key="k8")
    assert second.texts == ["now"]
    station.advance(3)
    assert (first.texts, second.texts) == ([], ["now", "late"])


def test_no_more_is_read_ahead_than_the_limit(station, monkeypatch):
    monkeypatch.setattr(sticky_key, "LOOK_AHEAD", 2)
    slow = station.consume(KEY_SHARED, name="second", permits=0)
    station.consume(KEY_SHARED, name="first")
    station.send(*(str(number) for number in range(10)), partition_key="k8")
    subscription = station.subscription()
    assert subscription.dispatcher.replay_count == 4
    assert subscription.cursor.has_unread
    station.flow(slow, 100)
    assert slow.texts == [str(number) for number in range(10)]


def test_waiting_messages_go_to_the_last_consumer_in_order(station):
    slow = station.consume(KEY_SHARED, name="second", permits=0)
    first = station.consume(KEY_SHARED, name="first")
    send_each(station, KEYS, "one")
    station.close(slow)
    assert first.texts == [*with_suffix(FIRST_KEEPS, "one"), *with_suffix(SECOND_GETS, "one")]


def test_out_of_order_delivery_drains_nothing(station):
    policy = KeySharedPolicy(allow_out_of_order_delivery=True)
    first = station.consume(KEY_SHARED, name="first", key_shared=policy)
    send_each(station, KEYS, "one")
    second = station.consume(KEY_SHARED, name="second", key_shared=policy)
    send_each(station, KEYS, "two")
    assert second.texts == with_suffix(SECOND_GETS, "two")
    assert first.texts == [*with_suffix(KEYS, "one"), *with_suffix(FIRST_KEEPS, "two")]


def test_sticky_consumers_get_their_ranges_and_the_rest_stays(station):
    def sticky(*ranges):
        return KeySharedPolicy(KeySharedMode.STICKY, ranges=ranges)

    low = station.consume(KEY_SHARED, name="low", key_shared=sticky((0, 20_000)))
    send_each(station, KEYS, "one")
    got = len(low.texts)
    assert 0 < got < len(KEYS)
    assert station.subscription().backlog == len(KEYS)
    high = station.consume(KEY_SHARED, name="high", key_shared=sticky((20_001, 65_535)))
    assert len(high.texts) == len(KEYS) - got


def test_slots_of_many_keys_are_remembered_within_bounds(monkeypatch):
    monkeypatch.setattr(sticky_key, "RANGE_SIZE", 4)
    station = Station()
    first, second = station.consume(KEY_SHARED, name="first"), station.consume(KEY_SHARED, name="second")
    send_each(station, KEYS, "one")
    assert first.texts == with_suffix(FIRST_KEEPS, "one")
    assert second.texts == with_suffix(SECOND_GETS, "one")


def test_a_blocked_subscription_sends_nothing(station, monkeypatch):
    from pfemu.broker.dispatch import multiple

    monkeypatch.setattr(multiple, "MAX_UNACKNOWLEDGED", 1)
    first = station.consume(KEY_SHARED, name="first")
    station.consume(KEY_SHARED, name="second")
    station.send("1", partition_key="k1")
    station.send("2", partition_key="k1")
    assert first.texts == ["1"]
    station.acknowledge(first, "1")
    assert first.texts == ["1", "2"]


def test_skipping_sends_nothing_of_a_slot_that_nobody_drains(station):
    owner = station.consume(KEY_SHARED)
    station.send("1", "2", partition_key="k")
    station.subscription().skip(1)
    station.redeliver(owner, "1", "2")
    assert owner.received == [("1", 0), ("2", 0), ("2", 1)]
