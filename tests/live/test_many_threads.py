"""Many threads on one live emulator: every message arrives, once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pulsar
import pytest

LONG_MS = 20_000
EACH = 200


def produce_with(client, topic, number):
    """Send in every way there is."""
    producer = client.create_producer(topic, batching_enabled=number % 2 == 0, batching_max_publish_delay_ms=1)
    for index in range(EACH):
        payload = b"%d-%d" % (number, index)
        if index % 10:
            producer.send_async(payload, None)
        else:
            producer.send(payload)
    producer.flush()
    producer.close()


def everything(producers):
    return sorted(b"%d-%d" % (number, index) for number in range(producers) for index in range(EACH))


def test_what_many_send_is_shared_out_among_many(client):
    consumers = [client.subscribe("t", "s", consumer_type=pulsar.ConsumerType.Shared, receiver_queue_size=10) for _ in range(3)]
    got, missing = [], threading.Semaphore(3 * EACH - 1)
    done = threading.Event()

    def consume(consumer):
        while not done.is_set():
            try:
                message = consumer.receive(50)
            except pulsar.Timeout:
                continue
            got.append(message.data())
            consumer.acknowledge(message)
            if not missing.acquire(blocking=False):
                done.set()

    with ThreadPoolExecutor(6) as threads:
        for work in [threads.submit(consume, consumer) for consumer in consumers] + [
            threads.submit(produce_with, client, "t", number) for number in range(3)
        ]:
            work.add_done_callback(lambda ended: done.set() if ended.exception() else None)
    assert sorted(got) == everything(3)


@pytest.mark.parametrize("timeout_ms", [0, 1])
def test_receivers_whose_time_runs_out_take_no_message_with_them(client, timeout_ms):
    consumer = client.subscribe("t", "s")
    got, done = [], threading.Event()

    def consume():
        while not done.is_set():
            try:
                got.append(consumer.receive(timeout_ms).data())
            except pulsar.Timeout:
                continue
            if len(got) == EACH:
                done.set()

    with ThreadPoolExecutor(4) as threads:
        for _ in range(3):
            threads.submit(consume)
        threads.submit(produce_with, client, "t", 0).result(LONG_MS / 1000)
        done.wait(LONG_MS / 1000)
        done.set()
    assert sorted(got) == everything(1)


def test_a_function_answers_every_message_of_every_producer(live, client):
    live.create_function(lambda text: f"{text}!", inputs=["in"], output="out", name="shout")
    consumer = client.subscribe("out", "s")
    with ThreadPoolExecutor(3) as threads:
        for number in range(3):
            threads.submit(produce_with, client, "in", number)
        got = [consumer.receive(LONG_MS).data() for _ in range(3 * EACH)]
    assert sorted(got) == sorted(payload + b"!" for payload in everything(3))
