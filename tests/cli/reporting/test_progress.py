from io import StringIO

import pytest

from pfemu.cli.reporting.progress import ProgressBar


class Stopwatch:
    """A stopwatch that stands where it is set."""

    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def stopwatch():
    return Stopwatch()


@pytest.fixture
def stream():
    return StringIO()


@pytest.fixture
def bar(stream, stopwatch):
    return ProgressBar(stream, 1000, stopwatch)


def test_short_work_shows_nothing(bar, stream, stopwatch):
    stopwatch.seconds += 0.4
    bar.advance_to(900, 9)
    bar.hide()
    assert stream.getvalue() == ""


def test_long_work_shows_how_much_is_done_and_how_fast(bar, stream, stopwatch):
    stopwatch.seconds += 2
    bar.advance_to(500, 4000)
    assert "50%" in stream.getvalue()
    assert "4,000 messages" in stream.getvalue()
    assert "2,000/s" in stream.getvalue()


def test_it_is_drawn_at_most_ten_times_a_second(bar, stream, stopwatch):
    stopwatch.seconds += 1
    for done in range(100):
        stopwatch.seconds += 0.01
        bar.advance_to(done, done)
    assert stream.getvalue().count("%") <= 11


def test_hiding_erases_it_once(bar, stream, stopwatch):
    stopwatch.seconds += 1
    bar.advance_to(500, 1)
    shown = stream.getvalue()
    bar.hide()
    bar.hide()
    assert stream.getvalue() == shown + "\r\x1b[2K"


def test_more_than_the_whole_is_the_whole(bar, stream, stopwatch):
    stopwatch.seconds += 1
    bar.advance_to(2000, 1)
    assert "100%" in stream.getvalue()
