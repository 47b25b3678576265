"""When negative acknowledgements and acknowledgement timeouts ask for messages again; pure of any broker."""

import pytest

from pfemu.client.consuming.batch_acker import BatchAcker
from pfemu.client.consuming.negative_acks import NegativeAcksTracker
from pfemu.client.consuming.unacked import UnackedMessageTracker
from pfemu.scheduling.stepping import SteppingScheduler


class Asked:
    """Notes what was asked for, and when."""

    def __init__(self):
        self.scheduler = SteppingScheduler()
        self.start_ms = self.scheduler.now_ms()
        self.asked = []

    def __call__(self, positions):
        self.asked.append((self.scheduler.now_ms() - self.start_ms, positions))


@pytest.fixture
def asked():
    return Asked()


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


def test_a_batch_is_done_when_all_of_it_is():
    acker = BatchAcker(3)
    assert [acker.acknowledge(index) for index in (2, 2, 0, 1)] == [False, False, False, True]


def test_a_batch_is_done_when_all_up_to_its_end_is():
    acker = BatchAcker(3)
    assert (acker.acknowledge_up_to(1), acker.acknowledge_up_to(2)) == (False, True)


def test_the_entry_before_a_batch_is_told_once():
    acker = BatchAcker(2)
    assert (acker.should_tell_previous(), acker.should_tell_previous()) == (True, False)
