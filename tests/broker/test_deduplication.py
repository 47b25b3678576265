"""Deduplication: the recorded answers of a real Pulsar."""

from pfemu.broker.policies import Policies
from pfemu.model.message import PLAIN, BatchedMessage, BatchMetadata
from tests.broker.station import EXCLUSIVE

SENT = [5, 5, 3, 6, 6, 10, 7]


def publish(station, producer, sequence_id, metadata=PLAIN):
    return station.engine.publish(producer, str(sequence_id).encode(), sequence_id, metadata)


def answers(station, producer):
    return [publish(station, producer, sequence_id).entry_id for sequence_id in SENT]


def test_what_was_published_before_is_answered_with_minus_one_and_not_stored(station):
    station.broker.set_policies("public/default", Policies(deduplication=True))
    owner = station.consume(EXCLUSIVE)
    producer = station.producer("p")
    assert producer.last_sequence_id == -1
    assert answers(station, producer) == [0, -1, -1, 1, -1, 2, -1]
    assert publish(station, producer, 4).ledger_id == -1
    station.engine.close_producer(producer)
    assert station.producer("p").last_sequence_id == 10
    other = station.producer("q")
    publish(station, other, 1)
    station.run()
    assert owner.texts == ["5", "6", "10", "1"]


def test_without_it_everything_is_stored(station):
    producer = station.producer("p")
    assert answers(station, producer) == [0, 1, 2, 3, 4, 5, 6]
    station.engine.close_producer(producer)
    assert station.producer("p").last_sequence_id == -1


def test_a_batch_counts_with_its_first_message(station):
    station.broker.set_policies("public/default", Policies(deduplication=True))
    producer = station.producer("p")
    batch = BatchMetadata(tuple(BatchedMessage(b"", sequence_id, PLAIN) for sequence_id in (3, 4, 5)))
    assert publish(station, producer, 3, batch).entry_id == 0
    assert publish(station, producer, 3, batch).entry_id == -1
    assert publish(station, producer, 4).entry_id == 1


def test_a_topic_s_own_policy_wins_and_switching_off_forgets(station):
    topic = station.topic()
    producer = station.producer("p")
    station.broker.set_topic_policies(topic, Policies(deduplication=True))
    publish(station, producer, 1)
    station.broker.set_policies("public/default", Policies(deduplication=False, message_ttl_seconds=7))
    assert publish(station, producer, 1).entry_id == -1
    assert topic.policies.message_ttl_seconds == 7
    station.broker.set_topic_policies(topic, Policies())
    assert publish(station, producer, 1).entry_id == 1


def test_duplicates_are_dropped_on_topics_without_storage_too(station):
    station.broker.set_policies("public/default", Policies(deduplication=True))
    name = "non-persistent://public/default/np"
    owner = station.consume(EXCLUSIVE, topic=name)
    producer = station.producer("p", topic=name)
    assert [publish(station, producer, 1).entry_id, publish(station, producer, 1).entry_id] == [0, -1]
    station.run()
    assert owner.texts == ["1"]


def test_duplicates_count_as_come_in_while_it_is_on(station):
    station.broker.set_policies("public/default", Policies(deduplication=True))
    producer, topic = station.producer("p"), station.topic()
    batch = BatchMetadata(tuple(BatchedMessage(b"x", sequence_id, PLAIN) for sequence_id in (3, 4, 5)))
    publish(station, producer, 3, batch)
    publish(station, producer, 3, batch)
    publish(station, producer, 2)
    assert (topic.messages_in_total, topic.bytes_in_total) == (7, 3)
    station.broker.set_policies("public/default", Policies(deduplication=False))
    assert (topic.messages_in_total, topic.bytes_in_total) == (3, 1)
