"""What is told of messages that cannot be sent: batches, partitions, closed and terminated topics, topics that are gone."""

import sys

import pulsar
import pytest

from pfemu.engine import interruptions
from pfemu.errors import WaitsForeverError
from pfemu.model.topic_name import TopicName


@pytest.fixture
def told():
    return []


@pytest.fixture
def tell(told):
    return lambda result, message_id: told.append((result.name, str(message_id)))


@pytest.fixture
def partitioned(emulation):
    emulation.create_partitioned("parts", 2)
    return "parts"


def test_a_batch_that_the_topic_refuses_is_told_to_each_callback(emulation, client, told, tell):
    producer = client.create_producer("t", batching_enabled=True)
    producer.send_async(b"0", tell)
    producer.send_async(b"1", tell)
    emulation.engine.broker.topic(TopicName.parse("t")).terminate()
    with pytest.raises(pulsar.AlreadyClosed):
        producer.flush()
    emulation.scheduler.run_until_idle()
    assert told == [("TopicTerminated", "(-1,-1,-1,0)"), ("TopicTerminated", "(-1,-1,-1,1)")]
    assert producer.is_connected() is False
    with pytest.raises(pulsar.TopicTerminated, match="Pulsar error: TopicTerminated"):
        producer.send(b"2")


def test_a_terminated_topic_refuses_single_messages(emulation, client, told, tell):
    producer = client.create_producer("t")
    emulation.engine.broker.topic(TopicName.parse("t")).terminate()
    for arguments in ((b"x",), (b"x", {"a": "1"})):
        with pytest.raises(pulsar.TopicTerminated):
            producer.send(*arguments)
    producer.send_async(b"x", tell)
    producer.send_async(b"x", tell, properties={"a": "1"})
    producer.send_async(b"x", None)
    emulation.scheduler.run_until_idle()
    assert told == [("TopicTerminated", "(-1,-1,-1,-1)")] * 2


def test_a_batch_whose_callback_raises_would_have_flush_wait_for_ever(emulation, client, told, tell):
    producer = client.create_producer("t", batching_enabled=True)
    producer.send_async(b"0", lambda _result, _message_id: 1 / 0)
    producer.send_async(b"1", tell)
    with pytest.raises(WaitsForeverError, match=r"a callback of send_async raised"):
        producer.flush()
    producer.send_async(b"2", tell)
    producer.flush()
    assert [entry.message_count for entry in emulation.entries("t")] == [2, 1]
    assert [result for result, _id in told] == ["Ok"]


def test_a_message_with_more_chunks_than_the_queue_takes_is_refused(emulation, client):
    refusing = client.create_producer("t", chunking_enabled=True, max_pending_messages=1)
    with pytest.raises(pulsar.exceptions.ProducerQueueIsFull):
        refusing.send(b"x" * (6 << 20))
    refusing.send(b"x")
    assert (refusing.last_sequence_id(), len(emulation.entries("t"))) == (1, 1)
    waiting = client.create_producer("t", chunking_enabled=True, max_pending_messages=1, block_if_queue_full=True)
    with pytest.raises(WaitsForeverError, match="has 2 chunks, and the producer's queue takes 1"):
        waiting.send(b"x" * (6 << 20))


def test_a_batch_may_be_larger_than_a_message_when_it_is_compressed(emulation, client, told, tell):
    producer = client.create_producer(
        "t", batching_enabled=True, batching_max_allowed_size_in_bytes=20 << 20, compression_type=pulsar.CompressionType.ZLib
    )
    for _ in range(2):
        producer.send_async(b"0" * (4 << 20), tell)
    producer.flush()
    assert [result for result, _id in told] == ["Ok", "Ok"]
    assert len(emulation.entries("t")) == 1


def test_a_batch_that_is_too_big_is_told_to_each_callback(client, told, tell):
    producer = client.create_producer("t", batching_enabled=True, batching_max_allowed_size_in_bytes=20 << 20)
    for _ in range(2):
        producer.send_async(b"0" * (4 << 20), tell)
    producer.send_async(b"0" * (6 << 20), tell)
    producer.flush()
    assert [result for result, _id in told] == ["MessageTooBig"] * 3


def test_a_blocking_producer_sends_a_full_queue_at_once(emulation, client, told, tell):
    producer = client.create_producer("t", batching_enabled=True, max_pending_messages=2, block_if_queue_full=True)
    for _ in range(3):
        producer.send_async(b"x", tell)
    emulation.scheduler.run_until_idle()
    assert [result for result, _id in told] == ["Ok", "Ok"]


def test_messages_to_partitions_without_anything_else_are_routed_too(emulation, client, partitioned, told, tell):
    producer = client.create_producer(partitioned, message_router=lambda _message, _count: 1)
    producer.send(b"x")
    producer.send_async(b"x", tell)
    producer.flush()
    assert [result for result, _id in told] == ["Ok"]
    assert [len(emulation.entries(f"parts-partition-{index}")) for index in range(2)] == [0, 2]


def test_a_router_that_names_no_partition_is_told_to_the_callback(emulation, client, partitioned, told, tell):
    producer = client.create_producer(partitioned, message_router=lambda _message, _count: 2)
    producer.send_async(b"x", tell)
    producer.send_async(b"x", None)
    emulation.scheduler.run_until_idle()
    assert told == [("UnknownError", "(-1,-1,-1,-1)")]


def test_a_closed_partitioned_producer_tells_the_callback(emulation, client, partitioned, told, tell):
    producer = client.create_producer(partitioned)
    answers = []
    producer._producer.flush_async(answers.append)
    producer._producer.close_async(answers.append)
    producer.send_async(b"x", tell)
    emulation.scheduler.run_until_idle()
    assert answers == [pulsar.Result.Ok, pulsar.Result.Ok]
    assert told == [("AlreadyClosed", "(-1,-1,-1,-1)")]
    for refused in (producer.flush, producer.close):
        with pytest.raises(pulsar.AlreadyClosed):
            refused()


def test_a_producer_goes_on_with_the_topic_that_takes_the_place_of_a_deleted_one(emulation, client):
    class Item(pulsar.schema.Record):
        name = pulsar.schema.String()

    producer = client.create_producer("t", schema=pulsar.schema.JsonSchema(Item))
    producer.send(Item(name="before"))
    name = producer.producer_name()
    emulation.engine.broker.delete_topic(TopicName.parse("t"), force=True)
    producer.send(Item(name="after"))
    (entry,) = emulation.entries("t")
    assert (entry.payload, entry.sequence_id, entry.producer_name) == (b'{\n "name": "after"\n}', 1, name)
    assert emulation.engine.broker.schemas.latest(TopicName.parse("t")) is not None


def test_a_topic_deleted_by_force_is_back_while_a_producer_is_connected(emulation, client):
    producer = client.create_producer("t")
    producer.send(b"before")
    interruptions.delete_topic(emulation.engine, TopicName.parse("t"), force=True)
    producer.flush()
    assert producer.is_connected()
    assert emulation.entries("t") == []


def test_a_producer_whose_namespace_is_gone_is_refused(emulation, client):
    emulation.engine.broker.namespaces.create("public/short")
    producer = client.create_producer("persistent://public/short/t")
    emulation.engine.broker.delete_topic(TopicName.parse("persistent://public/short/t"), force=True)
    emulation.engine.broker.delete_namespace("public/short")
    with pytest.raises(pulsar.exceptions.PulsarException):
        producer.send(b"x")


def test_a_callback_that_would_end_the_process_ends_nothing(emulation, client, caplog):
    producer = client.create_producer("t")
    producer.send_async(b"x", lambda _result, _message_id: sys.exit(3))
    emulation.scheduler.run_until_idle()
    producer.send(b"y")
    assert ([entry.payload for entry in emulation.entries("t")], len(caplog.records)) == ([b"x", b"y"], 1)
