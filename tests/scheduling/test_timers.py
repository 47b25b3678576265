"""The timer queue against a sorted list."""

from hypothesis import given
from hypothesis import strategies as some

from pfemu.scheduling.timers import TimerQueue


def test_an_empty_queue_has_nothing_due():
    queue = TimerQueue()
    assert (queue.next_due_ms(), queue.pop_due(10**9), len(queue)) == (None, None, 0)


def test_a_call_is_taken_once_and_cancelling_it_later_is_harmless():
    queue = TimerQueue()
    call = queue.add(5, lambda: "ran")
    assert queue.pop_due(4) is None
    assert queue.pop_due(5)() == "ran"
    call.cancel()
    assert (queue.pop_due(5), len(queue)) == (None, 0)


def test_cancelled_calls_do_not_pile_up():
    queue = TimerQueue()
    kept = queue.add(10**6, lambda: None)
    for number in range(1000):
        queue.add(number, lambda: None).cancel()
    assert len(queue) == 1
    assert len(queue._heap) < 200
    kept.cancel()
    kept.cancel()
    assert queue.next_due_ms() is None


@given(some.lists(some.tuples(some.integers(0, 20), some.booleans()), max_size=200), some.integers(0, 20))
def test_due_calls_come_in_order_of_time_and_arrival(made, now_ms):
    queue = TimerQueue()
    expected = []
    for number, (due_ms, cancelled) in enumerate(made):
        call = queue.add(due_ms, lambda number=number: number)
        if cancelled:
            call.cancel()
        else:
            expected.append((due_ms, number))
    assert len(queue) == len(expected)
    assert queue.next_due_ms() == min((due_ms for due_ms, _ in expected), default=None)
    came = []
    while (run := queue.pop_due(now_ms)) is not None:
        came.append(run())
    assert came == [number for due_ms, number in sorted(expected) if due_ms <= now_ms]
