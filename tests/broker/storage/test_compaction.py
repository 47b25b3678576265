"""Compaction: the recorded view of a real Pulsar, and what comes after it."""

import pytest

from pfemu.model.subscription import InitialPosition
from tests.broker.station import EXCLUSIVE, FAILOVER, Station

SENT = [("a", "1"), ("b", "1"), ("a", "2"), (None, "no key"), ("c", "1"), ("b", ""), ("c", "2"), ("", "empty key")]


@pytest.fixture
def compacted(station):
    station.consume(EXCLUSIVE, subscription="keep", permits=0)
    for key, value in SENT:
        station.send(value, **({} if key is None else {"partition_key": key}))
    station.topic().compact(station.now_ms)
    station.send("3", partition_key="a")
    return station


def read(station, kind=EXCLUSIVE, *, read_compacted=True, permits=1000, position=InitialPosition.EARLIEST):
    return station.consume(kind, subscription="r", position=position, read_compacted=read_compacted, permits=permits)


def shown(owner):
    return [(entry.metadata.partition_key, entry.payload.decode()) for entry in owner.entries]


@pytest.mark.parametrize("kind", [EXCLUSIVE, FAILOVER])
def test_the_last_value_of_each_key_comes_then_what_was_sent_since(compacted, kind):
    assert shown(read(compacted, kind)) == [("a", "2"), ("b", ""), ("c", "2"), ("a", "3")]


def test_who_does_not_ask_for_it_reads_everything(compacted):
    assert shown(read(compacted, read_compacted=False)) == [(key or "", value) for key, value in SENT] + [("a", "3")]


def test_permits_hold_in_the_compacted_part_as_well(compacted):
    owner = read(compacted, permits=1)
    assert shown(owner) == [("a", "2")]
    compacted.flow(owner, 2)
    assert shown(owner) == [("a", "2"), ("b", ""), ("c", "2")]


def test_acknowledged_entries_are_not_read_again(compacted):
    owner = read(compacted)
    compacted.acknowledge(owner, "2", "3")
    owner.entries.clear()
    compacted.engine.redeliver(owner.consumer, None)
    compacted.run()
    assert shown(owner) == [("a", "2"), ("b", "")]


def test_when_all_that_is_left_is_acknowledged_the_log_follows(compacted):
    owner = read(compacted)
    for entry in owner.entries[:3]:
        compacted.engine.acknowledge(owner.consumer, entry.position)
    owner.entries.clear()
    compacted.engine.redeliver(owner.consumer, None)
    compacted.run()
    assert shown(owner) == [("a", "3")]


def test_compacting_again_looks_at_what_was_left_and_what_came_since(compacted):
    compacted.topic().compact(compacted.now_ms)
    assert shown(read(compacted)) == [("b", ""), ("c", "2"), ("a", "3")]
    assert compacted.topic().compacted.removed == 1
    compacted.topic().compact(compacted.now_ms)
    assert compacted.topic().compacted.removed == 0


def test_compacting_an_empty_topic_leaves_nothing(station):
    station.topic().compact(station.now_ms)
    station.send("1", partition_key="a")
    assert shown(read(station)) == [("a", "1")]


def test_what_was_compacted_outlives_trimming():
    station = Station(max_entries=2)
    writer = station.consume(EXCLUSIVE)
    for number in range(6):
        station.send(str(number), partition_key=f"k{number % 3}")
    station.topic().compact(station.now_ms)
    station.engine.acknowledge_cumulative(writer.consumer, 5)
    station.send("6", partition_key="k0")
    assert station.topic().ledger.first_position > 3
    assert [value for _, value in shown(read(station))] == ["3", "4", "5", "6"]


def test_in_a_batch_the_place_of_what_is_gone_is_kept(station):
    station.send_batch("1", "2", "3", keys=["a", "b", "a"])
    station.send("4", partition_key="b")
    station.topic().compact(station.now_ms)
    batch = read(station).entries[0].metadata.batch
    assert [(message.payload, message.compacted_out) for message in batch] == [(b"", True), (b"", True), (b"3", False)]
    station.send("5", partition_key="a")
    station.topic().compact(station.now_ms)
    assert [entry.payload for entry in station.topic().compacted.entries] == [b"4", b"5"]


def test_an_empty_payload_in_a_batch_takes_its_key_away(station):
    station.send("1", partition_key="a")
    station.send_batch("2", "", "3", keys=["b", "a", "c"])
    station.topic().compact(station.now_ms)
    assert [[message.payload for message in entry.metadata.batch] for entry in read(station).entries] == [[b"2", b"", b"3"]]


def test_the_brokers_own_subscription_is_made_by_the_first_compaction_and_keeps_what_comes_until_the_next(station):
    topic = station.topic()
    station.send("1", "2", partition_key="a")
    topic.compact(station.now_ms)
    own = topic.subscription("__compaction")
    assert (own.type, own.durable, own.backlog) == (EXCLUSIVE, True, 0)
    station.send("3", partition_key="a")
    assert own.backlog == 1
    assert topic.expiring == []
    topic.compact(station.now_ms)
    assert own.backlog == 0
