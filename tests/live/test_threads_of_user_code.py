"""Functions that start threads of their own: live they just work; stepping, what cannot work is explained."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pulsar
import pytest

from pfemu.emulator import Emulator
from pfemu.errors import WaitsForeverError
from pfemu.scheduling.live import LiveScheduler

LONG_MS = 20_000


def publish_on_threads(text, context):
    """Publish and count on other threads, and wait for them."""
    with ThreadPoolExecutor(3) as threads:
        for done in [threads.submit(context.publish, "side", f"{text}-{number}") for number in range(3)]:
            done.result()
        for done in [threads.submit(context.incr_counter, "published", 1) for _ in range(3)]:
            done.result()
    return str(context.get_counter("published"))


def test_a_live_function_may_wait_for_its_own_threads(live, client):
    function = live.create_function(publish_on_threads, inputs=["in"], output="out", name="f")
    side, out = client.subscribe("side", "s"), client.subscribe("out", "s")
    client.create_producer("in").send(b"x")
    assert sorted(side.receive(LONG_MS).data() for _ in range(3)) == [b"x-0", b"x-1", b"x-2"]
    assert out.receive(LONG_MS).data() == b"3"
    assert function.exceptions == []


def test_a_stepping_function_that_waits_for_its_own_threads_is_told_why_that_cannot_work():
    with Emulator() as emulator:
        emulator.scheduler.patience_s = 0.1
        function = emulator.create_function(publish_on_threads, inputs=["in"], output="out", name="f")
        emulator.topic("in").send("x")
        [failure] = function.exceptions
        assert isinstance(failure.error, WaitsForeverError)
        assert "must not wait there for other threads that call the emulator" in str(failure.error)
        emulator.run_until_idle()
        assert emulator.topic("side").values() == []


def test_a_stepping_function_may_leave_its_threads_behind():
    started = []

    def publish_later(text, context):
        started.append(threading.Thread(target=context.publish, args=("side", text)))
        started[-1].start()

    with Emulator() as emulator:
        emulator.create_function(publish_later, inputs=["in"], name="f")
        emulator.topic("in").send("x")
        [thread] = started
        while thread.is_alive():
            emulator.run_until_idle()
        emulator.advance(1)
        assert emulator.topic("side").values() == ["x"]


def test_waiting_for_a_thread_that_receives_is_explained():
    with Emulator() as emulator:
        emulator.scheduler.patience_s = 0.1
        with ThreadPoolExecutor(1) as threads, pytest.raises(WaitsForeverError, match="make the emulator live"):
            threads.submit(emulator.client.create_reader, "t", pulsar.MessageId.earliest).result()


def test_a_keyboard_interrupt_of_a_functions_own_ends_its_thread():
    def leave(text):
        raise KeyboardInterrupt(text)

    told, errors = threading.Event(), []

    def note(warning):
        if warning.about == "KeyboardInterrupt in process":
            told.set()

    scheduler = LiveScheduler(errors.append)
    with Emulator(scheduler=scheduler, on_warning=note) as emulator:
        function = emulator.create_function(leave, inputs=["in"], output="out", name="f")
        emulator.client.create_producer("in").send(b"tea")
        assert told.wait(LONG_MS / 1000)
        assert isinstance(function.ended_by, KeyboardInterrupt)
    scheduler.close()
    assert errors == []
