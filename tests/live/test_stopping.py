"""Stopping a live function while its code runs."""

import threading

import pytest

LONG_MS = 20_000
LONG_S = 20


@pytest.fixture
def go_on():
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def slow(live, client, go_on):
    """Return a function that is in the middle of its first message."""
    begun = threading.Event()

    def wait(text):
        begun.set()
        assert go_on.wait(LONG_S)
        return text

    function = live.create_function(wait, inputs=["in"], output="out", name="slow")
    producer = client.create_producer("in")
    producer.send(b"1")
    producer.send(b"2")
    assert begun.wait(LONG_S)
    return function


def test_the_broker_stops_a_function_without_waiting_for_its_code(live, client, slow, go_on):
    live.scheduler.call(slow.function.stop)
    assert not go_on.is_set()
    consumer = client.subscribe("other", "s")
    client.create_producer("other").send(b"x")
    assert consumer.receive(LONG_MS).data() == b"x"


def test_what_a_stopped_function_has_not_answered_comes_to_the_next(live, client, slow, go_on):
    thread = slow.function.instances[0].thread
    live.scheduler.call(slow.function.stop)
    go_on.set()
    assert thread.stop(LONG_S)
    consumer = client.subscribe("out", "s")
    slow.function.start()
    assert [consumer.receive(LONG_MS).data() for _ in range(2)] == [b"1", b"2"]
