"""The thread of a function instance: what is paused is resumed, and what waits at the end is left."""

import threading

import pytest

from pfemu.runtime.runners import InstanceThread

LONG_S = 20
MANY = 65  # one that is being taken, and as many in the queue as make it pause


class Input:
    """An input whose consumer is first looked at when ``ready`` is set."""

    def __init__(self):
        self.ready = threading.Event()
        self.looked_at = threading.Event()
        self.paused = threading.Event()
        self.resumed = threading.Event()

    @property
    def consumer(self):
        self.looked_at.set()
        assert self.ready.wait(LONG_S)
        return self

    def pause_message_listener(self):
        self.paused.set()

    def resume_message_listener(self):
        assert self.paused.wait(LONG_S)
        self.resumed.set()


class Taker:
    """Takes messages when it may; ``begun`` and ``all_taken`` tell how far it is."""

    def __init__(self):
        self.taken = []
        self.may_take, self.begun, self.all_taken = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, _source, _consumer, message):
        self.begun.set()
        assert self.may_take.wait(LONG_S)
        self.taken.append(message)
        if len(self.taken) == MANY:
            self.all_taken.set()


@pytest.fixture
def errors():
    return []


@pytest.fixture
def taker():
    return Taker()


@pytest.fixture
def thread(taker, errors):
    made = InstanceThread("instance", taker, errors.append)
    made.start()
    yield made
    taker.may_take.set()
    assert made.stop(LONG_S)
    assert errors == []


def submit(thread, taker, source, count):
    thread.submit(source, None, 0)
    assert taker.begun.wait(LONG_S)
    for number in range(1, count):
        thread.submit(source, None, number)


def test_an_input_paused_after_the_last_message_was_taken_is_resumed(thread, taker):
    source = Input()
    submitting = threading.Thread(target=submit, args=(thread, taker, source, MANY))
    submitting.start()
    assert source.looked_at.wait(LONG_S)
    taker.may_take.set()
    assert taker.all_taken.wait(LONG_S)
    source.ready.set()
    assert source.resumed.wait(LONG_S)
    submitting.join()
    assert taker.taken == list(range(MANY))


def test_what_waits_when_it_is_stopped_is_left(thread, taker):
    source = Input()
    source.ready.set()
    submit(thread, taker, source, 10)
    assert not thread.stop(0)
    taker.may_take.set()
    assert thread.stop(LONG_S)
    assert taker.taken == [0]


def test_where_a_small_receiver_queue_is_asked_for_little_waits(thread, taker):
    source = Input()
    source.ready.set()
    thread.keep_few(1)
    submit(thread, taker, source, 2)
    assert source.paused.is_set()
    assert thread.waiting() == 1
    taker.may_take.set()
    assert source.resumed.wait(LONG_S)
    assert taker.taken == [0, 1]
