"""What happens when something fails, or ends, in the middle: batches, partitions, listeners, waiting."""

import pulsar
import pytest

from pfemu.errors import TopicNotFound, WaitsForeverError
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
    producer.flush()
    assert told == [("TopicTerminated", "(-1,-1,-1,-1)")] * 2
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


def test_partitions_pause_resume_redeliver_and_receive_in_batches(emulation, client, partitioned):
    seen = []
    listening = client.subscribe(partitioned, "listening", message_listener=lambda _consumer, message: seen.append(message.data()))
    listening.pause_message_listener()
    consumer = client.subscribe(partitioned, "s", batch_receive_policy=pulsar.ConsumerBatchReceivePolicy(4, -1, -1))
    producer = client.create_producer(partitioned)
    for number in range(4):
        producer.send(str(number).encode())
    emulation.scheduler.run_until_idle()
    assert seen == []
    listening.resume_message_listener()
    emulation.scheduler.run_until_idle()
    assert sorted(seen) == [b"0", b"1", b"2", b"3"]
    assert len(consumer.batch_receive()) == 4
    consumer.redeliver_unacknowledged_messages()
    assert len(consumer.batch_receive()) == 4


def test_what_waits_for_ever_in_a_listener_is_not_hidden(emulation, client):
    other = client.subscribe("other", "s")
    client.subscribe("t", "s", message_listener=lambda _consumer, _message: other.receive())
    client.create_producer("t").send(b"x")
    with pytest.raises(WaitsForeverError):
        emulation.scheduler.run_until_idle()


def test_a_listener_may_close_its_consumer(emulation, client):
    seen = []

    def listen(consumer, message):
        seen.append(message.data())
        consumer.close()

    client.subscribe("t", "s", message_listener=listen)
    producer = client.create_producer("t")
    producer.send(b"0")
    producer.send(b"1")
    emulation.scheduler.run_until_idle()
    assert seen == [b"0"]
    assert emulation.backlog("t", "s") == 2


def test_a_listener_without_a_queue_gets_message_by_message(emulation, client):
    seen = []
    client.subscribe("t", "s", receiver_queue_size=0, message_listener=lambda _consumer, message: seen.append(message.data()))
    producer = client.create_producer("t")
    for number in range(3):
        producer.send(str(number).encode())
    emulation.scheduler.run_until_idle()
    assert seen == [b"0", b"1", b"2"]


def test_a_consumer_with_a_negative_queue_gets_nothing(client):
    consumer = client.subscribe("t", "s", receiver_queue_size=-1)
    client.create_producer("t").send(b"x")
    with pytest.raises(pulsar.Timeout):
        consumer.receive(timeout_millis=1000)


def test_closing_a_partition_consumer_takes_its_messages_along(emulation, client, partitioned):
    consumer = client.subscribe(partitioned, "s")
    producer = client.create_producer(partitioned)
    producer.send(b"x")
    producer.send(b"x")
    emulation.scheduler.run_until_idle()
    consumer.close()
    assert [emulation.backlog(f"parts-partition-{index}", "s") for index in range(2)] == [1, 1]
    assert len([client.subscribe(partitioned, "s").receive(timeout_millis=0)]) == 1


def test_a_schema_of_a_topic_can_be_asked_for(client):
    client.create_producer("t", schema=pulsar.schema.StringSchema())
    native = client._client.get_schema_info("t", 0)
    assert (native.schema_type(), native.schema()) == (pulsar._pulsar.SchemaType.STRING, "null")
    with pytest.raises(pulsar.TopicNotFound):
        client._client.get_schema_info("t", 1)


def test_a_client_tells_of_its_service_and_closes_with_a_callback(emulation, client):
    assert client.get_service_info().service_url == "pulsar://localhost:6650"
    called = []
    client._client.close_async(called.append)
    emulation.scheduler.run_until_idle()
    assert called == [pulsar.Result.Ok]


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
    emulation.engine.delete_topic(TopicName.parse("t"), force=True)
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


def test_consumers_come_back_after_their_topic_was_unloaded_and_keep_what_was_acknowledged(emulation, client):
    shared = client.subscribe("t", "s", pulsar.ConsumerType.Shared)
    reader = client.create_reader("t", pulsar.MessageId.earliest)
    producer = client.create_producer("t")
    for payload in (b"0", b"1", b"2"):
        producer.send(payload)
    messages = [shared.receive(timeout_millis=10) for _ in range(3)]
    shared.acknowledge(messages[1])
    assert reader.read_next(timeout_millis=10).data() == b"0"
    emulation.engine.unload(TopicName.parse("t"))
    producer.send(b"3")
    assert [shared.receive(timeout_millis=200).data() for _ in range(3)] == [b"0", b"2", b"3"]
    assert [reader.read_next(timeout_millis=200).data() for _ in range(3)] == [b"1", b"2", b"3"]


def test_consumers_make_anew_what_was_deleted_by_force(emulation, client):
    emulation.create_partitioned("parts", 1)
    consumers = [client.subscribe(topic, "s") for topic in ("t", "parts")]
    waiting = client.subscribe("zero", "s", receiver_queue_size=0)
    arrived = []
    waiting._consumer.receive_async(lambda _result, message: arrived.append(message.data()))
    closed = client.subscribe("closed", "s")
    for topic in ("t", "parts", "zero", "closed"):
        emulation.engine.delete_topic(TopicName.parse(topic), force=True)
    closed.close()
    emulation.scheduler.advance(100)
    for topic in ("t", "parts-partition-0", "zero"):
        client.create_producer(topic).send(b"new")
    assert [consumer.receive(timeout_millis=200).data() for consumer in consumers] == [b"new", b"new"]
    emulation.scheduler.run_until_idle()
    assert arrived == [b"new"]
    assert emulation.engine.broker.topic(TopicName.parse("closed")) is None


def test_a_consumer_whose_subscription_is_taken_by_another_stays_away_and_says_so(emulation, client, caplog):
    consumer = client.subscribe("t", "s")
    emulation.engine.remove_subscription(emulation.engine.broker.topic(TopicName.parse("t")).subscription("s"), force=True)
    other = client.subscribe("t", "s")
    emulation.scheduler.advance(1000)
    assert "the consumer of s does not come back to persistent://public/default/t" in caplog.text
    client.create_producer("t").send(b"x")
    assert other.receive(timeout_millis=10).data() == b"x"
    with pytest.raises(pulsar.Timeout):
        consumer.receive(timeout_millis=10)


def test_a_topic_that_is_not_there_is_not_unloaded(emulation):
    with pytest.raises(TopicNotFound):
        emulation.engine.unload(TopicName.parse("nope"))
