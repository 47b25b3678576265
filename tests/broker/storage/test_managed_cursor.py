"""The cursor against a set of numbers that does the same in the plainest way."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pfemu.broker.storage.managed_cursor import ManagedCursor
from tests.broker.storage.test_managed_ledger import ledger_of

SIZE = 12
calls = some.lists(
    some.one_of(
        some.tuples(some.just("one"), some.integers(-2, SIZE + 2)),
        some.tuples(some.just("up to"), some.integers(-2, SIZE + 2)),
        some.tuples(some.just("read"), some.integers(1, 5)),
        some.tuples(some.just("reset"), some.integers(-2, SIZE)),
        some.tuples(some.just("rewind"), some.just(0)),
    ),
    max_size=40,
)


@given(calls, some.integers(1, 5))
def test_acknowledging_reading_and_moving_agree_with_a_plain_set(made, max_entries):
    ledger = ledger_of(SIZE, max_entries=max_entries)
    cursor = ManagedCursor(ledger, 0)
    left = set(range(SIZE))
    following = 0
    for call, number in made:
        if call == "one":
            assert cursor.acknowledge(number) == (number in left)
            left.discard(number)
        elif call == "up to":
            cursor.acknowledge_cumulative(number)
            left -= set(range(number + 1))
            following = max(following, cursor.mark_delete + 1)
        elif call == "read":
            entries = [entry.position for entry in cursor.read(number)]
            unread = sorted(position for position in left if position >= following)
            assert entries == unread[: len(entries)]
            assert bool(entries) == bool(unread)
            following = entries[-1] + 1 if entries else SIZE
        elif call == "reset":
            cursor.reset(number)
            following = max(number, 0)
            left = set(range(following, SIZE))
        else:
            cursor.rewind()
            following = min(left, default=SIZE)
        check(cursor, left)


def check(cursor, left):
    assert cursor.backlog == len(left)
    assert [entry.position for entry in cursor.unacknowledged()] == sorted(left)
    assert cursor.mark_delete == min(left, default=SIZE) - 1
    assert all(cursor.is_acknowledged(position) == (position not in left) for position in range(SIZE))
    ranges = cursor.acknowledged_ranges
    assert all(last + 1 < first for (_, last), (first, _) in pairwise(ranges))
    beyond = {position for first, last in ranges for position in range(first, last + 1)}
    assert beyond == {position for position in range(cursor.mark_delete + 1, SIZE) if position not in left}


@pytest.mark.parametrize("order", [(3, 5, 4), (5, 4, 3), (3, 4, 5), (5, 3, 4), (8, 3, 5, 4), (3, 5, 9, 8, 4)])
def test_ranges_that_touch_become_one(order):
    cursor = ManagedCursor(ledger_of(SIZE), 0)
    for position in order:
        assert cursor.acknowledge(position)
        assert not cursor.acknowledge(position)
    check(cursor, set(range(SIZE)) - set(order))
    assert cursor.acknowledged_ranges[0] == (3, 5)


def test_acknowledging_up_to_the_middle_of_a_range_takes_all_of_it():
    cursor = ManagedCursor(ledger_of(SIZE), 0)
    for position in (3, 4, 5, 8):
        cursor.acknowledge(position)
    cursor.acknowledge_cumulative(4)
    check(cursor, {6, 7, 9, 10, 11})


def test_acknowledging_up_to_between_ranges_keeps_those_beyond():
    cursor = ManagedCursor(ledger_of(SIZE), 0)
    for position in (2, 3, 8):
        cursor.acknowledge(position)
    cursor.acknowledge_cumulative(5)
    check(cursor, {6, 7, 9, 10, 11})


@pytest.mark.parametrize("start", [0, 3, 5])
def test_a_new_cursor_needs_what_comes_from_its_start_on(start):
    cursor = ManagedCursor(ledger_of(5), start)
    assert (cursor.backlog, cursor.has_unread) == (5 - start, start < 5)
