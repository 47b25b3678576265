"""Consumers whose topic or subscription was taken away: they connect again, or say why not."""

import pulsar
import pytest

from pfemu.engine import interruptions
from pfemu.errors import TopicNotFound
from pfemu.model.topic_name import TopicName


@pytest.fixture
def partitioned(emulation):
    emulation.create_partitioned("parts", 2)
    return "parts"


def test_consumers_come_back_after_their_topic_was_unloaded_and_keep_what_was_acknowledged(emulation, client):
    shared = client.subscribe("t", "s", pulsar.ConsumerType.Shared)
    reader = client.create_reader("t", pulsar.MessageId.earliest)
    producer = client.create_producer("t")
    for payload in (b"0", b"1", b"2"):
        producer.send(payload)
    messages = [shared.receive(timeout_millis=10) for _ in range(3)]
    shared.acknowledge(messages[1])
    assert reader.read_next(timeout_millis=10).data() == b"0"
    interruptions.unload(emulation.engine, TopicName.parse("t"))
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
        interruptions.delete_topic(emulation.engine, TopicName.parse(topic), force=True)
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
    interruptions.remove_subscription(emulation.engine.broker.topic(TopicName.parse("t")).subscription("s"), force=True)
    other = client.subscribe("t", "s")
    emulation.scheduler.advance(1000)
    assert "the consumer of s does not come back to persistent://public/default/t" in caplog.text
    client.create_producer("t").send(b"x")
    assert other.receive(timeout_millis=10).data() == b"x"
    with pytest.raises(pulsar.Timeout):
        consumer.receive(timeout_millis=10)


def test_a_topic_that_is_not_there_is_not_unloaded(emulation):
    with pytest.raises(TopicNotFound):
        interruptions.unload(emulation.engine, TopicName.parse("nope"))
