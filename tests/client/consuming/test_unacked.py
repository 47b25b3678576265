"""When acknowledgement timeouts ask for messages again; pure of any broker."""

import pytest

from pfemu.client.consuming.unacked import UnackedMessageTracker


@pytest.mark.parametrize(("received_after_ms", "due_after_ms"), [(0, 11_000), (1, 11_000), (999, 11_000), (1000, 12_000)])
def test_an_acknowledgement_timeout_is_rounded_up_to_ticks_and_one_more(asked, received_after_ms, due_after_ms):
    tracker = UnackedMessageTracker(asked.scheduler, 10_000, asked)
    asked.scheduler.advance(received_after_ms)
    tracker.add(5)
    asked.scheduler.advance(30_000)
    assert asked.asked == [(due_after_ms, [5])]


def test_what_was_answered_does_not_time_out(asked):
    tracker = UnackedMessageTracker(asked.scheduler, 10_000, asked)
    for position in range(5):
        tracker.add(position)
    tracker.remove(3)
    tracker.remove_up_to(1)
    asked.scheduler.advance(30_000)
    assert asked.asked == [(11_000, [2, 4])]
    tracker.add(9)
    tracker.clear()
    assert (asked.scheduler.next_due_ms(), len(tracker)) == (None, 0)


def test_what_came_later_times_out_later(asked):
    tracker = UnackedMessageTracker(asked.scheduler, 10_000, asked)
    tracker.add(1)
    asked.scheduler.advance(5000)
    tracker.add(2)
    tracker.remove(1)
    asked.scheduler.advance(30_000)
    assert asked.asked == [(16_000, [2])]
