"""Listeners of a live client: they may take their time, wait and fail, and hold up nobody but each other."""

import threading
from queue import SimpleQueue

import pulsar
import pytest

from pfemu.errors import WaitsForeverError

LONG_MS = 20_000
LONG_S = 20


@pytest.fixture
def came():
    return SimpleQueue()


def test_a_listener_of_a_consumer_may_not_close_it_through_a_client_it_does_not_have(client, came):
    def listen(consumer, message):
        try:
            consumer.close()
        except AttributeError as error:
            came.put((str(error), message.data(), consumer.is_connected()))

    client.subscribe("t", "s", message_listener=listen)
    client.create_producer("t").send(b"x")
    assert came.get(timeout=LONG_S) == ("'Consumer' object has no attribute '_client'", b"x", False)


def test_a_listener_of_a_reader_is_given_a_consumer_that_cannot_read(client, came):
    def listen(reader, message):
        refused = []
        for attribute in ("read_next", "has_message_available"):
            with pytest.raises(AttributeError):
                refused.append(getattr(reader, attribute))
        came.put((type(reader), reader.topic(), message.data()))

    client.create_reader("t", pulsar.MessageId.earliest, reader_listener=listen)
    client.create_producer("t").send(b"x")
    assert came.get(timeout=LONG_S) == (pulsar.Consumer, "persistent://public/default/t", b"x")


def test_a_waiting_listener_holds_up_neither_broker_nor_callers(client, came):
    go_on = threading.Event()

    def listen(consumer, message):
        came.put(("begun", message.data()))
        assert go_on.wait(LONG_S)
        came.put(("ended", message.data()))

    client.subscribe("slow", "s", message_listener=listen)
    client.create_producer("slow").send(b"x")
    assert came.get(timeout=LONG_S) == ("begun", b"x")
    consumer = client.subscribe("t", "s")
    client.create_producer("t").send(b"y")
    assert consumer.receive(LONG_MS).data() == b"y"
    go_on.set()
    assert came.get(timeout=LONG_S) == ("ended", b"x")


def test_a_listener_may_receive_elsewhere_and_send_in_a_batch(client, came):
    other = client.subscribe("other", "s")
    producer = client.create_producer("out", batching_enabled=True, batching_max_publish_delay_ms=1)

    def listen(consumer, message):
        reply = other.receive(LONG_MS)
        consumer.acknowledge(message)
        came.put((message.data(), reply.data(), producer.send(b"z").batch_index()))

    client.subscribe("t", "s", message_listener=listen)
    client.create_producer("t").send(b"x")
    client.create_producer("other").send(b"y")
    assert came.get(timeout=LONG_S) == (b"x", b"y", 0)


def test_a_listener_cannot_receive_from_its_own_consumer(client, came):
    consumers = SimpleQueue()

    def listen(_consumer, _message):
        with pytest.raises(pulsar.InvalidConfiguration) as refused:
            consumers.get(timeout=LONG_S).receive(LONG_MS)
        came.put(str(refused.value))

    consumers.put(client.subscribe("t", "s", message_listener=listen))
    client.create_producer("t").send(b"x")
    assert came.get(timeout=LONG_S) == "Pulsar error: InvalidConfiguration"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_listener_that_fails_is_logged_and_gets_the_next_message(client, came, caplog):
    def listen(_consumer, message):
        came.put(message.data())
        if message.data() == b"bad":
            raise ValueError("no good")

    client.subscribe("t", "s", message_listener=listen)
    producer = client.create_producer("t")
    producer.send(b"bad")
    producer.send(b"good")
    assert [came.get(timeout=LONG_S) for _ in range(2)] == [b"bad", b"good"]
    assert [record.getMessage() for record in caplog.records] == ["Exception thrown from listener"]


def test_what_ends_a_listener_by_force_is_told_and_the_next_message_follows(client, came, errors):
    def listen(_consumer, message):
        came.put(message.data())
        if message.data() == b"exit":
            raise SystemExit(3)

    client.subscribe("t", "s", message_listener=listen)
    producer = client.create_producer("t")
    producer.send(b"exit")
    producer.send(b"next")
    assert [came.get(timeout=LONG_S) for _ in range(2)] == [b"exit", b"next"]
    assert [type(error) for error in errors] == [SystemExit]
    errors.clear()


def test_a_paused_listener_finishes_its_message_and_takes_no_other(client, came):
    go_on = threading.Event()

    def listen(_consumer, message):
        came.put(message.data())
        assert go_on.wait(LONG_S)

    consumer = client.subscribe("t", "s", message_listener=listen)
    marker = client.subscribe("marker", "s", message_listener=lambda _consumer, message: came.put(message.data()))
    producer = client.create_producer("t")
    producer.send(b"1")
    producer.send(b"2")
    assert came.get(timeout=LONG_S) == b"1"
    consumer.pause_message_listener()
    go_on.set()
    client.create_producer("marker").send(b"marker")
    assert came.get(timeout=LONG_S) == b"marker"
    consumer.resume_message_listener()
    assert came.get(timeout=LONG_S) == b"2"
    marker.close()


def test_closing_drops_what_a_listener_has_not_begun(client, live, came):
    go_on = threading.Event()

    def listen(_consumer, message):
        came.put(message.data())
        assert go_on.wait(LONG_S)

    consumer = client.subscribe("t", "s", message_listener=listen)
    producer = client.create_producer("t")
    producer.send(b"1")
    producer.send(b"2")
    assert came.get(timeout=LONG_S) == b"1"
    consumer.close()
    go_on.set()
    again = client.subscribe("t", "s")
    assert [again.receive(LONG_MS).data() for _ in range(2)] == [b"1", b"2"]
    assert came.empty()


def test_listeners_of_one_client_never_run_at_the_same_time(client, came):
    running = threading.Lock()
    messages = 200

    def listen(consumer, message):
        alone = running.acquire(blocking=False)
        consumer.acknowledge(message)
        if alone:
            running.release()
        came.put((alone, message.data()))

    for topic in "abc":
        client.subscribe(topic, "s", message_listener=listen)
    producers = [client.create_producer(topic) for topic in "abc"]
    for number in range(messages):
        for producer in producers:
            producer.send_async(b"%d" % number, None)
    got = [came.get(timeout=LONG_S) for _ in range(3 * messages)]
    assert all(alone for alone, _ in got)
    assert sorted(payload for _, payload in got) == sorted(b"%d" % number for number in range(messages) for _ in range(3))


def test_who_waits_in_a_callback_on_the_emulators_thread_is_told_so(client, errors):
    consumer = client.subscribe("t", "s")
    raised = SimpleQueue()

    def published(_result, _message_id):
        try:
            consumer.receive()
        except WaitsForeverError as error:
            raised.put(error)

    client.create_producer("elsewhere").send_async(b"x", published)
    assert "called in a callback on the emulator's own thread" in str(raised.get(timeout=LONG_S))
    client.create_producer("t").send(b"y")
    assert consumer.receive(LONG_MS).data() == b"y"
