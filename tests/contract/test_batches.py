"""Batches: when they go, what their messages' ids are, and how they are acknowledged and sent again."""

from datetime import timedelta

import pulsar
import pytest

from tests.contract.target import counted, drain, place, texts


def batching(client, topic, **settings):
    return client.create_producer(topic, batching_enabled=True, **{"batching_max_publish_delay_ms": 200, **settings})


def send_all(producer, *payloads, **settings):
    told = []
    for payload in payloads:
        producer.send_async(payload.encode(), lambda result, message_id: told.append((result.name, place(message_id))), **settings)
    return told


@pytest.mark.parametrize(
    ("settings", "refusal"),
    [
        ({"batching_max_messages": 0}, "batchingMaxMessages needs to be greater than 1"),
        ({"batching_max_messages": 1}, "batchingMaxMessages needs to be greater than 1"),
        ({"chunking_enabled": True}, "Batching and chunking of messages can't be enabled together."),
        ({"max_pending_messages": -1}, "maxPendingMessages needs to be >= 0"),
    ],
)
def test_impossible_settings_are_refused(client, topic, settings, refusal):
    with pytest.raises(ValueError, match=refusal):
        batching(client, topic, **settings)


def test_a_full_queue_is_told_to_the_callback_at_once_and_has_the_batch_sent(target, client, topic):
    producer = batching(client, topic, max_pending_messages=2, batching_max_publish_delay_ms=60_000)
    told = send_all(producer, "a", "b", "c", "d")
    assert [result for result, _place in told] == ["ProducerQueueIsFull", "ProducerQueueIsFull"]
    target.pass_time(300)
    assert [result for result, _place in told[2:]] == ["Ok", "Ok"]
    assert send_all(producer, "e") == []


def test_a_batch_is_one_entry_and_its_messages_are_numbered(target, client, topic):
    consumer = client.subscribe(topic, "s")
    producer = batching(client, topic)
    told = send_all(producer, "0", "1", "2")
    producer.flush()
    alone = producer.send(b"3")
    target.pass_time(300)
    assert told == [("Ok", (0, -1, 0)), ("Ok", (0, -1, 1)), ("Ok", (0, -1, 2))]
    assert place(alone) == (1, -1, 0)
    received = drain(consumer)
    assert [place(message.message_id()) for message in received] == [(0, -1, 0), (0, -1, 1), (0, -1, 2), (1, -1, 0)]
    assert received[1].message_id().serialize()[-4:] == bytes([0x20, 1, 0x30, 3])
    assert producer.last_sequence_id() == 3


def test_a_batch_goes_when_its_delay_is_over(target, client, topic):
    consumer = client.subscribe(topic, "s")
    send_all(batching(client, topic, batching_max_publish_delay_ms=1000), "0", "1")
    assert texts(drain(consumer, 300)) == []
    target.pass_time(1000)
    assert texts(drain(consumer, 300)) == ["0", "1"]


def test_a_batch_goes_when_it_is_full(client, topic):
    consumer = client.subscribe(topic, "s")
    producer = batching(client, topic, batching_max_messages=2, batching_max_publish_delay_ms=60_000)
    send_all(producer, "0", "1", "2")
    assert [place(message.message_id()) for message in drain(consumer, 300)] == [(0, -1, 0), (0, -1, 1)]
    producer.flush()
    assert [place(message.message_id()) for message in drain(consumer, 300)] == [(1, -1, 0)]


def test_a_batch_that_did_not_go_is_lost_when_its_producer_closes(target, client, topic):
    consumer = client.subscribe(topic, "s")
    producer = batching(client, topic, batching_max_publish_delay_ms=60_000)
    told = send_all(producer, "0", "1")
    producer.close()
    target.pass_time(300)
    assert told == [("AlreadyClosed", (-1, -1, 0)), ("AlreadyClosed", (-1, -1, 1))]
    assert drain(consumer, 300) == []


def test_flushing_waits_for_the_callbacks(client, topic):
    producer = batching(client, topic)
    told = send_all(producer, "0", "1")
    producer.flush()
    assert told == [("Ok", (0, -1, 0)), ("Ok", (0, -1, 1))]


def test_a_batch_goes_when_its_bytes_are_enough(client, topic):
    consumer = client.subscribe(topic, "s")
    producer = batching(client, topic, batching_max_allowed_size_in_bytes=10, batching_max_publish_delay_ms=60_000)
    send_all(producer, "aaaa", "bbbb", "cccc")
    assert texts(drain(consumer, 300)) == ["aaaa", "bbbb"]


def test_a_delayed_message_goes_by_itself(target, client, topic):
    producer = batching(client, topic)
    told = send_all(producer, "batched")
    told_delayed = send_all(producer, "delayed", deliver_after=timedelta(seconds=1))
    target.pass_time(500)
    assert (told_delayed, told) == ([("Ok", (0, -1, -1))], [("Ok", (1, -1, 0))])


def test_key_based_batches_have_one_key_each(client, topic):
    consumer = client.subscribe(topic, "s")
    producer = batching(client, topic, batching_type=pulsar.BatchingType.KeyBased)
    for number, key in enumerate(["a", "b", "a", None, "b"]):
        producer.send_async(str(number).encode(), None, partition_key=key)
    producer.flush()
    received = [(message.data().decode(), message.partition_key(), place(message.message_id())) for message in drain(consumer)]
    assert received == [
        ("0", "a", (0, -1, 0)),
        ("2", "a", (0, -1, 1)),
        ("1", "b", (1, -1, 0)),
        ("4", "b", (1, -1, 1)),
        ("3", "", (2, -1, 0)),
    ]


def test_a_callback_that_raises_keeps_the_rest_of_its_batch_from_being_called(target, client, topic):
    told = []

    def raises(_result, _message_id):
        told.append("raised")
        raise ValueError("in a callback")

    producer = batching(client, topic)
    producer.send_async(b"0", raises)
    producer.send_async(b"1", lambda *_answer: told.append("never"))
    target.pass_time(500)
    producer.send_async(b"2", lambda *_answer: told.append("next batch"))
    target.pass_time(500)
    assert told == ["raised", "next batch"]


@pytest.mark.parametrize("by_index", [False, True])
@pytest.mark.parametrize(("kind", "counts"), [("Shared", 1), ("Exclusive", 0)])
def test_one_unacknowledged_message_brings_back_the_whole_batch(target, client, topic, kind, counts, by_index):
    settings = {"consumer_type": getattr(pulsar.ConsumerType, kind), "batch_index_ack_enabled": by_index}
    consumer = client.subscribe(topic, "s", negative_ack_redelivery_delay_ms=200, **settings)
    producer = batching(client, topic)
    send_all(producer, "0", "1", "2")
    producer.flush()
    first = drain(consumer, 500)
    consumer.acknowledge(first[0])
    consumer.acknowledge(first[2])
    consumer.negative_acknowledge(first[1])
    assert counted(drain(consumer, 1500)) == [("0", counts), ("1", counts), ("2", counts)]
    assert target.backlog(topic, "s") == 1


def test_a_batch_is_acknowledged_when_all_its_messages_are(target, client, topic):
    consumer = client.subscribe(topic, "s")
    producer = batching(client, topic)
    send_all(producer, "0", "1")
    producer.flush()
    first, second = drain(consumer, 500)
    consumer.acknowledge(second)
    assert target.backlog(topic, "s") == 1
    consumer.acknowledge(first.message_id())
    assert target.backlog(topic, "s") == 0


def test_an_id_that_was_read_back_acknowledges_no_batch(target, client, topic):
    consumer = client.subscribe(topic, "s")
    producer = batching(client, topic)
    send_all(producer, "0", "1")
    producer.flush()
    for message in drain(consumer, 500):
        consumer.acknowledge(pulsar.MessageId.deserialize(message.message_id().serialize()))
    assert target.backlog(topic, "s") == 1


def test_acknowledging_up_to_the_middle_of_a_batch_reaches_the_entry_before_it(target, client, topic):
    consumer = client.subscribe(topic, "s")
    producer = batching(client, topic)
    producer.send(b"first")
    send_all(producer, "0", "1", "2")
    producer.flush()
    received = drain(consumer, 500)
    consumer.acknowledge_cumulative(received[2])
    assert target.backlog(topic, "s") == 1
    consumer.acknowledge_cumulative(received[3])
    assert target.backlog(topic, "s") == 0


INDEX = {"consumer_type": pulsar.ConsumerType.Shared, "batch_index_ack_enabled": True, "negative_ack_redelivery_delay_ms": 100}


def test_an_acknowledged_index_has_the_broker_count_redeliveries_anew_and_nothing_else(target, client, topic):
    consumer = client.subscribe(topic, "s", **INDEX)
    producer = batching(client, topic)
    send_all(producer, "a", "b")
    producer.flush()
    first = drain(consumer)
    consumer.redeliver_unacknowledged_messages()
    assert counted(drain(consumer)) == [("a", 1), ("b", 1)]
    consumer.acknowledge(first[0])
    target.pass_time(300)
    consumer.redeliver_unacknowledged_messages()
    assert counted(drain(consumer)) == [("a", 1), ("b", 1)]
    assert target.backlog(topic, "s") == 1


@pytest.mark.parametrize(("by_index", "left"), [(True, 0), (False, 1)])
def test_an_id_that_was_not_received_here_acknowledges_its_whole_batch_where_indexes_are(target, client, topic, by_index, left):
    consumer = client.subscribe(topic, "s", **{**INDEX, "batch_index_ack_enabled": by_index})
    producer = batching(client, topic)
    send_all(producer, "a", "b")
    producer.flush()
    kept = drain(consumer)[0].message_id().serialize()
    consumer.acknowledge(pulsar.MessageId.deserialize(kept))
    target.pass_time(300)
    assert target.backlog(topic, "s") == left
