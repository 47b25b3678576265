"""A live emulator's client on other threads: every call reaches the broker on its own thread, and waits in the caller's."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pulsar
import pytest

from pfemu.broker.broker_service import BrokerService
from pfemu.client.client import Client
from pfemu.client.hand_over import HandedOver
from pfemu.engine import Engine
from pfemu.scheduling.live import LiveScheduler

LONG_MS = 20_000


class Live:
    def __init__(self):
        self.errors = []
        self.scheduler = LiveScheduler(self.errors.append)
        self.engine = Engine(BrokerService(), self.scheduler)
        self.client = Client(self.engine)


@pytest.fixture
def live():
    made = Live()
    yield made
    made.scheduler.close()
    assert made.errors == []


@pytest.fixture
def client(live):
    return live.client


def test_native_halves_are_handed_over_on_a_live_scheduler_only(client, emulation):
    assert isinstance(client.create_producer("t")._producer, HandedOver)
    assert not isinstance(emulation.client.create_producer("t")._producer, HandedOver)


def test_a_message_goes_from_thread_to_thread(client):
    consumer = client.subscribe("t", "s")
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(consumer.receive)
        message_id = client.create_producer("t").send(b"x")
        message = waiting.result()
    assert (message.data(), message.message_id()) == (b"x", message_id)
    consumer.acknowledge(message)
    assert consumer.get_last_message_id() == message_id
    consumer.close()


def test_a_listener_gets_a_consumer_that_answers_from_any_thread(live, client):
    acknowledged = Future()

    def listen(consumer, message):
        consumer.acknowledge(message)
        acknowledged.set_result((threading.current_thread().name, message.data()))

    consumer = client.subscribe("t", "s", message_listener=listen)
    client.create_producer("t").send(b"x")
    assert acknowledged.result(LONG_MS) == ("pfemu-listener", b"x")
    consumer.close()


def test_nothing_to_receive_is_a_timeout_and_leaves_nobody_waiting(client):
    consumer = client.subscribe("t", "s")
    with pytest.raises(pulsar.Timeout):
        consumer.receive(timeout_millis=1)
    client.create_producer("t").send(b"x")
    assert consumer.receive(timeout_millis=LONG_MS).data() == b"x"


def test_closing_wakes_who_waits(live, client):
    consumer = client.subscribe("t", "s")
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(consumer.receive)
        asked = threading.Event()
        live.scheduler.soon(asked.set)
        asked.wait()
        consumer.close()
        with pytest.raises(pulsar.AlreadyClosed):
            waiting.result()


def test_callbacks_come_and_flush_waits_for_them(client):
    producer = client.create_producer("t", batching_enabled=True, batching_max_publish_delay_ms=LONG_MS)
    told = []
    for number in range(3):
        producer.send_async(str(number).encode(), lambda result, message_id: told.append((result, message_id.batch_index())))
    producer.flush()
    assert told == [(pulsar.Result.Ok, index) for index in range(3)]


def test_send_waits_for_its_batch(client):
    producer = client.create_producer("t", batching_enabled=True, batching_max_publish_delay_ms=1)
    assert producer.send(b"x").batch_index() == 0


def test_wrong_arguments_are_refused_in_the_callers_thread(client):
    consumer = client.subscribe("t", "s")
    producer = client.create_producer("t")
    for call, text in (
        (lambda: consumer.acknowledge(None), r"acknowledge\(\): incompatible function arguments"),
        (
            lambda: consumer.negative_acknowledge(5),
            r"negative_acknowledge\(\): incompatible function arguments",
        ),
        (lambda: producer.send("text"), "Invalid record obj of type <class 'str'>"),
    ):
        with pytest.raises(TypeError, match=text):
            call()


def test_a_closed_consumer_refuses_in_the_callers_thread(client):
    consumer = client.subscribe("t", "s")
    consumer.close()
    with pytest.raises(pulsar.AlreadyClosed):
        consumer.acknowledge(pulsar.MessageId.earliest)
    with pytest.raises(pulsar.AlreadyClosed):
        consumer.receive(timeout_millis=10)


def test_refusals_of_the_broker_reach_the_caller(client):
    client.subscribe("t", "s")
    with pytest.raises(pulsar.ConsumerBusy):
        client.subscribe("t", "s")
    with pytest.raises(pulsar.TopicNotFound):
        client.create_producer("public/no-namespace/t")


def test_readers_and_table_views_read_from_any_thread(client):
    producer = client.create_producer("t")
    producer.send(b"1", partition_key="k")
    reader = client.create_reader("t", pulsar.MessageId.earliest)
    assert reader.has_message_available()
    assert reader.read_next(timeout_millis=LONG_MS).data() == b"1"
    assert not reader.has_message_available()
    assert client.create_table_view("t").get("k") == b"1"


def test_an_acknowledgement_timeout_and_a_seek_run_on_the_brokers_thread(client):
    consumer = client.subscribe("t", "s", unacked_messages_timeout_ms=10_000)
    client.create_producer("t").send(b"x")
    first = consumer.receive(timeout_millis=LONG_MS)
    consumer.seek(pulsar.MessageId.earliest)
    assert consumer.receive(timeout_millis=LONG_MS).message_id() == first.message_id()
    client.close()
