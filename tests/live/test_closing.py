"""Closing while others wait: everybody hears of it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pulsar
import pytest

from pfemu.client.client import Client
from pfemu.emulator import Emulator
from pfemu.errors import SchedulerClosedError
from pfemu.scheduling.live import LiveScheduler

LONG_S = 20
LONG_MS = 20_000


def ask_until(live, waiting):
    while not live.scheduler.call(waiting):
        pass


def test_closing_a_client_wakes_all_its_receivers(live, client):
    consumers = [client.subscribe("t", f"s{number}") for number in range(2)] + [client.subscribe(["a", "b"], "s")]
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(consumer.receive) for consumer in consumers] + [threads.submit(consumers[0].batch_receive)]
        for consumer in consumers:
            ask_until(live, lambda inbox=consumer._consumer.inbox: bool(inbox._asked))
        client.close()
        for each in waiting[:3]:
            with pytest.raises(pulsar.AlreadyClosed):
                each.result(LONG_S)
        assert waiting[3].exception(LONG_S) is None or isinstance(waiting[3].exception(), pulsar.AlreadyClosed)


def test_closing_the_scheduler_wakes_whoever_still_waits():
    errors = []
    emulator = Emulator(scheduler=LiveScheduler(errors.append))
    consumer = Client(emulator.engine).subscribe("t", "s")
    inbox = consumer._consumer.inbox
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(consumer.receive), threads.submit(consumer.receive, LONG_MS)]
        ask_until(emulator, lambda: len(inbox._asked) == 2)
        emulator.close()
        emulator.scheduler.close()
        for each in waiting:
            with pytest.raises(SchedulerClosedError):
                each.result(LONG_S)
    with pytest.raises(SchedulerClosedError):
        consumer.receive(1)
    assert errors == []


@pytest.mark.parametrize("receive", [lambda consumer: consumer.receive(), lambda consumer: consumer.batch_receive()], ids=["one", "batch"])
def test_who_asks_while_another_thread_closes_hears_of_it(live, client, receive):
    consumer = client.subscribe("t", "s")
    held_up, go_on = threading.Event(), threading.Event()
    live.scheduler.soon(lambda: (held_up.set(), go_on.wait(LONG_S)))
    assert held_up.wait(LONG_S)
    with ThreadPoolExecutor(2) as threads:
        closing = threads.submit(consumer.close)
        while len(live.scheduler._handed_over) < 1:
            pass
        waiting = threads.submit(receive, consumer)
        while len(live.scheduler._handed_over) < 2:
            pass
        go_on.set()
        with pytest.raises(pulsar.AlreadyClosed):
            waiting.result(LONG_S)
        closing.result(LONG_S)


def test_consumers_opened_and_closed_by_several_threads_leave_none_behind(client):
    def open_and_close(number):
        for _ in range(20):
            consumer = client.subscribe(f"t{number}", "s")
            producer = client.create_producer(f"t{number}")
            producer.send(b"x")
            consumer.acknowledge(consumer.receive(LONG_MS))
            consumer.close()
            producer.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(open_and_close, range(6)))
    assert client._consumers == []


def test_an_id_without_a_topic_is_refused_in_the_callers_thread(client):
    consumer = client.subscribe(["a", "b"], "s")
    message_id = client.create_producer("a").send(b"x")
    with pytest.raises(pulsar.OperationNotSupported):
        consumer.acknowledge(message_id)
    received = consumer.receive(LONG_MS)
    consumer.acknowledge(received.message_id())


def test_an_emulator_that_is_closed_while_an_acknowledgement_is_on_its_way_tells_nobody(live):
    begun, may_end, held_up, go_on = (threading.Event() for _ in range(4))

    class Waits:
        def process(self, input, context):
            begun.set()
            may_end.wait(LONG_S)
            return input

    live.create_function(Waits, inputs=["in"], output="out")
    live.topic("in").send("tea")
    assert begun.wait(LONG_S)
    live.scheduler.soon(lambda: (held_up.set(), go_on.wait(LONG_S)))
    assert held_up.wait(LONG_S)
    may_end.set()
    while len(live.scheduler._handed_over) < 1:  # the output
        pass
    with ThreadPoolExecutor(1) as threads:
        closing = threads.submit(live.close)
        while len(live.scheduler._handed_over) < 2:
            pass
        go_on.set()
        closing.result(LONG_S)
    live.scheduler.call(lambda: None)  # the fixture looks at what was told meanwhile


def test_an_output_whose_inputs_consumer_is_closed_is_sent_and_acknowledges_nothing(live):
    client = Client(live.engine, for_instance=True)
    consumer, producer = client.subscribe("in", "s"), client.create_producer("out")
    client.create_producer("in").send(b"tea")
    received = consumer.receive(LONG_MS)
    consumer.close()
    producer._send_output(b"tea!", received, consumer._consumer.acknowledge, pytest.fail)
    live.scheduler.call(lambda: None)
    assert live.topic("out").values() == ["tea!"]
    assert live.topic("in").backlog("s") == 1
    client.close()


@pytest.mark.parametrize("scheduler", [lambda: None, lambda: LiveScheduler(pytest.fail)], ids=["stepping", "live"])
def test_an_emulator_is_closed_once_however_often_it_is_asked_to(scheduler):
    with Emulator(scheduler=scheduler()) as emulator:
        emulator.topic("t").send("tea")
        emulator.close()
        assert emulator.topic("t").values() == ["tea"]
    if emulator.scheduler.threaded:
        emulator.scheduler.close()
