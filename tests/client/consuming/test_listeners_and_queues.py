"""Listeners and receiver queues: closing, waiting and partitions within them."""

import pulsar
import pytest

from pfemu.errors import WaitsForeverError


@pytest.fixture
def partitioned(emulation):
    emulation.create_partitioned("parts", 2)
    return "parts"


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
