"""The engine: steps, timers, watchers, positions, and the same trace on every run."""

import random

import pytest

from pfemu.engine import interruptions
from pfemu.errors import EndlessLoopError, ProducerFenced, TopicNotFound
from pfemu.model.message import PLAIN
from pfemu.model.schema import SchemaInfo
from pfemu.model.subscription import InitialPosition
from pfemu.model.topic_name import TopicName
from tests.broker.station import EXCLUSIVE, KEY_SHARED, SHARED, TYPES, Station


@pytest.fixture
def station():
    return Station()


def test_a_closed_producer_publishes_nothing(station):
    producer = station.producer("p")
    station.engine.close_producer(producer)
    with pytest.raises(ProducerFenced, match="Producer p was fenced or closed"):
        station.engine.publish(producer, b"m", 0, PLAIN)


def test_who_seeks_back_in_every_message_is_stopped_soon(station):
    owner = station.consume(permits=2_000)
    deliver = owner.deliver

    def deliver_and_seek(delivery):
        deliver(delivery)
        station.engine.seek(owner.consumer, 0)

    owner.deliver = deliver_and_seek
    with pytest.raises(EndlessLoopError, match="seek its consumer back"):
        station.send("m")


def test_the_end_of_a_terminated_topic_disconnects_those_who_have_reached_it(station):
    behind, done = station.consume(subscription="behind"), station.consume(subscription="done")
    station.send("m")
    station.acknowledge(done, "m")
    interruptions.terminate(station.topic())
    assert done.texts == ["m", "disconnected"]
    assert behind.texts == ["m"]
    assert not done.consumer.connected


def test_partitions_of_a_missing_namespace_are_refused(station):
    with pytest.raises(TopicNotFound, match="Namespace public/nope not found"):
        station.engine.partitions_of(TopicName.parse("public/nope/t"))
    assert station.engine.partitions_of(TopicName.parse("t")) == 0


def test_what_is_published_in_one_go_is_delivered_in_one_go(station):
    owner = station.consume(EXCLUSIVE)
    batches = []
    owner.deliver = batches.append
    producer = station.producer()
    for number in range(5):
        station.engine.publish(producer, b"m", number, PLAIN)
    assert batches == []
    station.run()
    assert [len(batch.entries) for batch in batches] == [5]


def test_delays_that_come_up_while_dealing_out_are_timed_as_well(station):
    owner = station.consume(permits=1)
    deliver = owner.deliver

    def deliver_and_flow(delivery):
        deliver(delivery)
        station.engine.flow(owner.consumer, 5)

    owner.deliver = deliver_and_flow
    producer = station.producer()
    station.engine.publish(producer, b"now", 0, PLAIN)
    station.send("late", producer=producer, deliver_at_ms=station.now_ms + 1000)
    station.advance(1)
    assert owner.texts == ["now", "late"]


def test_a_consumer_closed_by_an_earlier_delivery_gets_nothing_and_the_other_gets_all(station):
    first, second = station.consume(name="a"), station.consume(name="b")
    deliver = first.deliver

    def deliver_and_close_the_other(delivery):
        deliver(delivery)
        if second.consumer.connected:
            station.engine.close_consumer(second.consumer)

    first.deliver = deliver_and_close_the_other
    station.send(*(str(number) for number in range(40)))
    assert second.texts == []
    assert first.received == [(str(number), 0) for number in (*range(0, 40, 2), *range(1, 40, 2))]


def test_watchers_hear_of_new_topics_until_they_stop_watching(station):
    heard = []
    station.engine.watch_topics(watcher := lambda: heard.append(len(station.engine.topics_of("public/default"))))
    station.producer(topic="a")
    station.producer(topic="a")
    station.consume(topic="b")
    assert heard == [1, 2]
    station.engine.unwatch_topics(watcher)
    station.producer(topic="c")
    assert heard == [1, 2]


def test_positions_are_found_exactly_nearly_and_at_the_end(station):
    owner = station.consume(EXCLUSIVE)
    assert station.engine.last_entry(owner.consumer) is None
    entry = station.send("a", "b")[1]
    ledger_id = entry.ledger_id
    assert station.engine.find_position(owner.consumer, ledger_id, 1) == 1
    assert station.engine.find_position(owner.consumer, ledger_id, 7) is None
    assert station.engine.find_position(owner.consumer, ledger_id + 9, 0) is None
    assert station.engine.position_near(owner.consumer, ledger_id, 7) == 2
    assert station.engine.last_entry(owner.consumer) is entry


def test_the_other_consumers_are_told_when_a_subscription_is_moved(station):
    first, second = station.consume(name="a", permits=1), station.consume(name="b", permits=1)
    station.send("0", "1")
    station.engine.seek(first.consumer, 2)
    station.run()
    assert (first.texts, second.texts) == (["0"], ["1", "rewound"])
    station.flow(second, 1)
    station.engine.reset(station.subscription(), 0)
    station.run()
    assert first.texts == ["0", "rewound"]
    assert second.texts == ["1", "rewound", "rewound", "0"]


def test_a_version_of_a_schema_that_is_not_there_is_refused(station):
    name = TopicName.parse("t")
    station.producer(schema=SchemaInfo("STRING"))
    assert station.engine.schema_of(name, 0).type == "STRING"
    with pytest.raises(TopicNotFound, match="Schema version 1 of persistent://public/default/t not found"):
        station.engine.schema_of(name, 1)


def test_a_reader_starts_where_it_says_and_leaves_nothing_behind(station):
    station.send(*"0123")
    reader = station.consume(EXCLUSIVE, position=2, durable=False)
    assert reader.texts == ["2", "3"]
    station.close(reader)
    assert not station.topic().subscriptions
    assert station.consume(EXCLUSIVE, position=InitialPosition.EARLIEST, durable=False).texts == ["0", "1", "2", "3"]


def trace_of(seed):
    """Return who got what and when, in a run of everything at once."""
    station, chance, trace = Station(max_entries=7), random.Random(seed), []
    owners = {}
    for kind in TYPES:
        for name in ("a", "b") if kind is not EXCLUSIVE else ("a",):
            owner = owners[kind, name] = station.consume(kind, subscription=kind.value, name=name, permits=5)
            owner.deliver = noting(trace, station, owner, f"{kind.value} {name}")
    producer = station.producer()
    for number in range(60):
        station.send(str(number), producer=producer, partition_key=f"k{number % 5}", deliver_at_ms=station.now_ms + chance.randint(0, 3000))
        owner = chance.choice(list(owners.values()))
        station.flow(owner, chance.randint(1, 4))
        for entry in owner.entries[: chance.randint(0, 3)]:
            station.engine.acknowledge(owner.consumer, entry.position)
        if chance.randint(0, 5) == 0:
            station.redeliver(chance.choice([owners[SHARED, "a"], owners[KEY_SHARED, "b"]]))
        station.advance(chance.randint(0, 1))
    return trace


def noting(trace, station, owner, label):
    def deliver(delivery):
        owner.entries += delivery.entries
        trace.append((station.now_ms, label, [entry.position for entry in delivery.entries], delivery.redelivery_counts))

    return deliver


def test_two_runs_give_the_same_trace():
    assert trace_of(1) == trace_of(1)
    assert trace_of(1) != trace_of(2)
