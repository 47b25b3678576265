"""The pipe that wakes who waits for input."""

import os
from select import select

import pytest

from pfemu.cli.running.wake_pipe import WakePipe


@pytest.fixture
def pipe():
    made = WakePipe()
    yield made
    made.close()


def test_who_waits_is_woken_once_for_all_who_wake(pipe):
    pipe.wake()
    pipe.wake()
    assert select([pipe], [], [], 0)[0] == [pipe]
    pipe.clear()
    assert select([pipe], [], [], 0)[0] == []


def test_a_full_pipe_takes_more(pipe):
    for _ in range(100_000):
        pipe.wake()
    assert select([pipe], [], [], 0)[0] == [pipe]


def test_who_comes_late_wakes_nobody_and_writes_into_nothing_that_was_opened_since():
    pipe = WakePipe()
    pipe.close()
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    pipe.wake()
    with pytest.raises(BlockingIOError):
        os.read(reader, 1)
    os.close(reader)
    os.close(writer)
