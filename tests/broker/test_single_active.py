"""Exclusive and Failover: order, rewinding, and who is active."""

import pytest

from pfemu.model.message import PLAIN, BatchedMessage, BatchMetadata
from tests.broker.station import EXCLUSIVE, FAILOVER, KEY_SHARED, SHARED, Station

# recorded from a real Pulsar: topics failover-0 to failover-3 of public/default, consumers in the order they joined
RECORDED = {
    ("failover-0", "ab"): "a joined a, b joined b, b left a, a left",
    ("failover-0", "ba"): "b joined b, a joined b, b left a, a left",
    ("failover-0", "abc"): "a joined a, b joined b, c joined b, b left c, c left a, a left",
    ("failover-1", "ab"): "a joined a, b joined a, a left b, b left",
    ("failover-1", "ba"): "b joined b, a joined a, a left b, b left",
    ("failover-1", "abc"): "a joined a, b joined a, c joined a, a left b, b left c, c left",
    ("failover-2", "ab"): "a joined a, b joined b, b left a, a left",
    ("failover-2", "ba"): "b joined b, a joined b, b left a, a left",
    ("failover-2", "abc"): "a joined a, b joined b, c joined b, b left c, c left a, a left",
    ("failover-3", "ab"): "a joined a, b joined b, b left a, a left",
    ("failover-3", "ba"): "b joined b, a joined b, b left a, a left",
    ("failover-3", "abc"): "a joined a, b joined b, c joined b, b left a, a left c, c left",
}


@pytest.mark.parametrize(("topic", "names"), RECORDED)
def test_the_active_consumer_of_a_plain_topic_is_the_recorded_one(station, topic, names):
    owners, steps = {}, []
    for name in names:
        owners[name] = station.consume(FAILOVER, topic=topic, name=name)
        steps.append(f"{name} joined {station.subscription(topic=topic).dispatcher.active_consumer.name}")
    while owners:
        leaving = station.subscription(topic=topic).dispatcher.active_consumer.name
        station.close(owners.pop(leaving))
        active = station.subscription(topic=topic).dispatcher.active_consumer
        steps.append(f"{leaving} left {active.name if active else ''}".strip())
    assert ", ".join(steps) == RECORDED[topic, names]


def test_partition_n_goes_to_the_nth_consumer_by_name(station):
    station.broker.create_partitioned_topic(station.topic("x").name.parse("parts"), 5)
    partitions = [f"parts-partition-{index}" for index in range(5)]
    owners = {(topic, name): station.consume(FAILOVER, topic=topic, name=name) for topic in partitions for name in "bac"}
    assert [station.subscription(topic=topic).dispatcher.active_consumer.name for topic in partitions] == list("abcab")
    for topic in partitions:
        station.close(owners[topic, "a"])
    assert [station.subscription(topic=topic).dispatcher.active_consumer.name for topic in partitions] == list("bcbcb")


def test_only_consumers_of_the_first_priority_level_are_active(station):
    station.consume(FAILOVER, topic="failover-0", name="b", priority_level=1)
    station.consume(FAILOVER, topic="failover-0", name="a", priority_level=0)
    assert station.subscription(topic="failover-0").dispatcher.active_consumer.name == "a"


def test_a_new_active_consumer_starts_at_the_first_unacknowledged_message(station):
    first = station.consume(FAILOVER, topic="failover-0", name="a")
    station.send("0", "1", "2", topic="failover-0")
    station.acknowledge(first, "0")
    second = station.consume(FAILOVER, topic="failover-0", name="b")
    assert (first.texts, second.texts) == (["0", "1", "2"], ["1", "2"])
    station.close(second)
    assert first.received[3:] == [("1", 0), ("2", 0)]


def test_redelivery_that_a_passive_consumer_asks_for_changes_nothing(station):
    active = station.consume(FAILOVER, topic="failover-1", name="a")
    passive = station.consume(FAILOVER, topic="failover-1", name="b")
    station.send("m", topic="failover-1")
    station.redeliver(passive)
    assert (active.texts, passive.texts) == (["m"], [])


@pytest.mark.parametrize("kind", [EXCLUSIVE, FAILOVER])
def test_any_redelivery_sends_everything_unacknowledged_again_with_count_0(station, kind):
    owner = station.consume(kind)
    station.send("0", "1", "2")
    station.acknowledge(owner, "1")
    station.redeliver(owner, "2")
    assert owner.received == [("0", 0), ("1", 0), ("2", 0), ("0", 0), ("2", 0)]
    assert owner.consumer.unacknowledged == 0


@pytest.mark.parametrize("kind", [EXCLUSIVE, FAILOVER])
def test_delayed_messages_are_sent_at_once(station, kind):
    owner = station.consume(kind)
    station.send("late", deliver_at_ms=station.now_ms + 10_000)
    assert owner.texts == ["late"]


def test_as_many_entries_are_sent_as_there_are_permits_whatever_they_hold(station):
    owner = station.consume(EXCLUSIVE, permits=0)
    for text in "abc":
        station.send_batch(text, text)
    station.flow(owner, 2)
    assert owner.texts == ["a+a", "b+b"]
    assert owner.consumer.permits == -2


def test_cumulative_acknowledgement_covers_everything_before_and_never_goes_back(station):
    owner = station.consume(EXCLUSIVE)
    station.send(*"0123456")
    station.acknowledge(owner, "2", "5")
    station.engine.acknowledge_cumulative(owner.consumer, 3)
    station.engine.acknowledge_cumulative(owner.consumer, 1)
    assert station.subscription().backlog == 2
    station.engine.acknowledge_cumulative(owner.consumer, 99)
    assert station.subscription().backlog == 0


@pytest.mark.parametrize("kind", [EXCLUSIVE, FAILOVER, SHARED, KEY_SHARED])
def test_seeking_goes_anywhere_and_counts_start_again(kind):
    station = Station()
    owner = station.consume(kind)
    station.send(*"0123")
    station.acknowledge(owner, *"0123")
    owner.take()
    for position, texts in [(0, "0123"), (2, "23"), (4, ""), (-5, "0123")]:
        station.engine.seek(owner.consumer, position)
        station.run()
        assert owner.take() == list(texts)
    assert station.subscription().backlog == 4


def test_a_new_active_consumer_waits_and_starts_where_acknowledgements_have_got_meanwhile(station):
    first = station.consume(FAILOVER, topic="failover-0", name="a", takeover_delay_ms=1000)
    station.send("0", "1", "2", topic="failover-0")
    station.advance(0.999)
    assert first.texts == []
    station.advance(0.001)
    assert first.texts == ["0", "1", "2"]
    second = station.consume(FAILOVER, topic="failover-0", name="b", takeover_delay_ms=1000)
    station.acknowledge(first, "0", "1")
    station.advance(1)
    assert second.texts == ["2"]


def test_another_change_does_not_prolong_the_wait(station):
    first = station.consume(FAILOVER, topic="failover-0", name="a", takeover_delay_ms=1000)
    station.send("0", topic="failover-0")
    station.advance(0.6)
    second = station.consume(FAILOVER, topic="failover-0", name="b", takeover_delay_ms=1000)
    station.advance(0.4)
    assert (first.texts, second.texts) == ([], ["0"])


def test_who_comes_back_waits_anew_even_without_permits_at_first(station):
    station.close(station.consume(FAILOVER, takeover_delay_ms=1000))
    station.send("0")
    again = station.consume(FAILOVER, takeover_delay_ms=1000, permits=0)
    station.advance(0.5)
    station.flow(again, 1)
    assert again.texts == []
    station.advance(0.5)
    assert again.texts == ["0"]


def test_who_joins_at_once_waits_only_where_another_left(station):
    first, second = (station.consume(FAILOVER, topic="failover-0", name=name, takeover_delay_ms=1000, joins_at_once=True) for name in "ab")
    station.send("0", topic="failover-0")
    active, other = sorted((first, second), key=lambda owner: not owner.texts)
    assert active.texts == ["0"]
    station.close(active)
    station.advance(0.999)
    assert other.texts == []
    station.advance(0.001)
    assert other.texts == ["0"]


def test_an_instance_that_is_back_within_the_delay_leaves_nothing_to_the_other(station):
    first, second = (station.consume(FAILOVER, topic="failover-0", name=name, takeover_delay_ms=1000, joins_at_once=True) for name in "ab")
    station.send("0", topic="failover-0")
    active, other = sorted((first, second), key=lambda owner: not owner.texts)
    station.close(active)
    station.advance(0.5)
    again = station.consume(FAILOVER, topic="failover-0", name=active.consumer.name, takeover_delay_ms=1000, joins_at_once=True)
    station.advance(5)
    assert (again.texts, other.texts) == (["0"], [])


def test_an_exclusive_consumer_takes_over_at_once(station):
    owner = station.consume(EXCLUSIVE, takeover_delay_ms=1000)
    station.send("0")
    assert owner.texts == ["0"]


def test_batches_that_are_waited_for_stop_at_the_permits_and_a_backlog_does_not(station):
    owner = station.consume(EXCLUSIVE, permits=3)
    producer = station.producer()
    for _ in range(3):
        messages = tuple(BatchedMessage(b"x", 0, PLAIN) for _ in range(2))
        station.engine.publish(producer, b"xx", 0, BatchMetadata(messages))
    station.run()
    assert (len(owner.entries), owner.consumer.permits) == (2, -1)
    station.engine.redeliver(owner.consumer, None)
    station.flow(owner, 3)
    assert (len(owner.entries), owner.consumer.permits) == (4, -2)


def test_nothing_is_waited_for_after_a_seek(station):
    owner = station.consume(EXCLUSIVE, permits=3)
    station.send_batch("a", "b")
    station.send_batch("c", "d")
    station.engine.seek(owner.consumer, 0)
    station.flow(owner, 2)
    assert (len(owner.entries), owner.consumer.permits) == (3, -1)
