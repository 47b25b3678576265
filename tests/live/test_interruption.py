"""Ctrl-C while a call waits: it is heard at once, and costs no message."""

import signal
import threading

import pulsar
import pytest

LONG_MS = 20_000


@pytest.fixture
def interrupt_once(live):
    """Return what presses Ctrl-C once the main thread's question has reached the broker."""
    threads = []

    def press():
        live.scheduler.call(lambda: None)
        signal.raise_signal(signal.SIGINT)

    def start(waiting):
        def watch():
            while not live.scheduler.call(waiting):
                pass
            press()

        threads.append(threading.Thread(target=watch))
        threads[-1].start()

    yield start
    for thread in threads:
        thread.join()


@pytest.mark.parametrize(
    ("receive", "raised"),
    [
        (lambda consumer: consumer.receive(), pulsar.Interrupted),
        (lambda consumer: consumer.receive(LONG_MS), KeyboardInterrupt),
        (lambda consumer: consumer.batch_receive(), pulsar.Interrupted),
    ],
    ids=["receive", "receive with a timeout", "batch_receive"],
)
def test_ctrl_c_ends_the_waiting_and_the_next_message_is_not_lost(client, interrupt_once, receive, raised):
    consumer = client.subscribe("t", "s", batch_receive_policy=pulsar.ConsumerBatchReceivePolicy(1, -1, -1))
    inbox = consumer._consumer.inbox
    interrupt_once(lambda: bool(inbox._asked or inbox._batch_asked))
    with pytest.raises(raised):
        receive(consumer)
    assert not inbox._asked
    assert not inbox._batch_asked
    client.create_producer("t").send(b"x")
    assert consumer.receive(LONG_MS).data() == b"x"


def test_a_handler_that_raises_nothing_leaves_the_call_waiting(client, live, interrupt_once):
    handled = []
    consumer = client.subscribe("t", "s")
    producer = client.create_producer("t")
    inbox = consumer._consumer.inbox
    before = signal.signal(signal.SIGINT, lambda *_: (handled.append("handled"), producer.send(b"x")))
    try:
        interrupt_once(lambda: bool(inbox._asked))
        assert consumer.receive().data() == b"x"
    finally:
        signal.signal(signal.SIGINT, before)
    assert handled == ["handled"]
