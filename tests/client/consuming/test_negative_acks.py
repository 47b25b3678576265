"""When negative acknowledgements ask for messages again; pure of any broker."""

import pytest

from pfemu.client.consuming.negative_acks import NegativeAcksTracker


def test_a_negative_acknowledgement_waits_for_the_default_minute(asked):
    NegativeAcksTracker(asked.scheduler, 60_000, asked).add(7)
    asked.scheduler.advance(59_999)
    assert asked.asked == []
    asked.scheduler.advance(1)
    assert asked.asked == [(60_000, [7])]


@pytest.mark.parametrize(
    ("delay_ms", "added_at_ms", "expected"),
    [  # as a real client was seen to do
        (6000, (0, 1500, 3000, 4500), [(6500, [0]), (8500, [1]), (10_500, [2, 3])]),
        (60_000, (0, 100, 340, 1000, 5000, 10_000, 19_000), [(79_000, [0, 1, 2, 3, 4, 5, 6])]),
    ],
)
def test_each_negative_acknowledgement_winds_the_timer_up_anew(asked, delay_ms, added_at_ms, expected):
    tracker = NegativeAcksTracker(asked.scheduler, delay_ms, asked)
    for position, at_ms in enumerate(added_at_ms):
        asked.scheduler.advance(at_ms - (asked.scheduler.now_ms() - asked.start_ms))
        tracker.add(position)
    asked.scheduler.advance(200_000)
    assert asked.asked == expected


def test_entries_that_are_due_together_come_in_order(asked):
    tracker = NegativeAcksTracker(asked.scheduler, 3000, asked)
    for position in (3, 1, 2):
        tracker.add(position)
    asked.scheduler.advance(3000)
    assert [positions for _ms, positions in asked.asked] == [[1, 2, 3]]


def test_a_short_delay_is_at_least_a_tenth_of_a_second(asked):
    NegativeAcksTracker(asked.scheduler, -1, asked).add(1)
    asked.scheduler.advance(99)
    assert asked.asked == []
    asked.scheduler.advance(201)
    assert [positions for _ms, positions in asked.asked] == [[1]]


def test_an_idle_tracker_sets_no_timer(asked):
    tracker = NegativeAcksTracker(asked.scheduler, 1000, asked)
    assert asked.scheduler.next_due_ms() is None
    tracker.add(1)
    asked.scheduler.advance(2000)
    assert asked.scheduler.next_due_ms() is None
    tracker.add(1)
    tracker.clear()
    assert (asked.scheduler.next_due_ms(), len(tracker)) == (None, 0)
