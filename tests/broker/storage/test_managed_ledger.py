"""The log: segments, ids, trimming, retention, history."""

import pytest

from pfemu.broker.policies import Policies, RetentionPolicies
from pfemu.broker.storage.managed_ledger import LedgerLimits, ManagedLedger
from pfemu.model.message import PLAIN
from tests.broker.station import EXCLUSIVE, Station


def ledger_of(count, **limits):
    ids = iter(range(10, 100))
    ledger = ManagedLedger(ids.__next__, LedgerLimits(**limits), lambda: None)
    for number in range(count):
        ledger.append(str(number).encode(), number * 1000, "p", number, PLAIN)
    return ledger


def test_entries_count_from_0_in_each_ledger_and_positions_for_ever():
    ledger = ledger_of(5, max_entries=2)
    entries = [ledger.entry_at(position) for position in range(5)]
    assert [(entry.ledger_id, entry.entry_id) for entry in entries] == [(10, 0), (10, 1), (11, 0), (11, 1), (12, 0)]
    assert [entry.position for entry in entries] == list(range(5))
    assert ledger.last_entry is entries[4]


def test_a_full_segment_is_closed_by_size_as_well():
    assert len(ledger_of(5, max_bytes=3).segments) == 2


def test_what_is_not_there_is_none():
    ledger = ledger_of(4, max_entries=2)
    ledger.trim(2)
    assert [ledger.entry_at(position) for position in (-1, 0, 1, 4)] == [None] * 4
    assert ledger_of(0).last_entry is None


def test_reading_stays_in_a_segment_and_starts_at_what_is_left():
    ledger = ledger_of(5, max_entries=2)
    assert [entry.position for entry in ledger.read(1, 10)] == [1]
    assert [entry.position for entry in ledger.read(2, 10)] == [2, 3]
    assert [entry.position for entry in ledger.read(2, 1)] == [2]
    assert ledger.read(5, 10) == []
    ledger.trim(4)
    assert [entry.position for entry in ledger.read(0, 10)] == [4]


@pytest.mark.parametrize(
    ("ledger_id", "entry_id", "position"),
    [(10, 0, 2), (11, 0, 2), (11, 1, 3), (11, 7, 3), (11, -1, 1), (12, 0, 4), (12, 9, 5), (99, 0, 5), (-1, -1, 1)],
)
def test_any_id_maps_to_the_nearest_position_that_is_there(ledger_id, entry_id, position):
    ledger = ledger_of(5, max_entries=2)
    ledger.trim(2)
    if ledger_id == 10:
        position = ledger.first_position - 1
    assert ledger.position_of(ledger_id, entry_id) == position


def test_only_closed_segments_that_nobody_needs_are_dropped():
    ledger = ledger_of(5, max_entries=2)
    ledger.trim(3)
    assert (ledger.first_position, len(ledger.segments)) == (2, 2)
    ledger.trim(99)
    assert (ledger.first_position, len(ledger.segments)) == (4, 1)


def test_counters_go_on_over_what_was_dropped():
    ledger = ledger_of(5, max_entries=2)
    ledger.trim(4)
    assert (ledger.messages_in_total, ledger.bytes_in_total, ledger.size_bytes) == (5, 5, 1)
    assert ledger.size_after(3) == 1
    assert ledger.size_after(4) == 0
    assert ledger_of(5, max_entries=2).size_after(0) == 4


@pytest.mark.parametrize("keep", [True, False])
def test_dropped_entries_are_kept_aside_only_on_request(keep):
    ledger = ledger_of(5, max_entries=2, keep_history=keep)
    ledger.trim(4)
    assert [entry.position for entry in ledger.history()] == ([0, 1, 2, 3, 4] if keep else [4])


def test_a_time_maps_to_the_first_entry_published_then_or_later():
    ledger = ledger_of(5, max_entries=2)
    assert [ledger.position_at(time_ms) for time_ms in (-5, 0, 1, 1000, 3999, 4000, 4001)] == [0, 0, 1, 1, 4, 4, 5]
    assert ledger_of(0).position_at(0) == 0


@pytest.mark.parametrize(
    ("retention", "left"),
    [
        (None, 1),
        (RetentionPolicies(0, -1), 1),
        (RetentionPolicies(-1, 0), 1),
        (RetentionPolicies(-1, -1), 5),
        (RetentionPolicies(2, -1), 3),
        (RetentionPolicies(-1, 3), 3),
        (RetentionPolicies(1, 3), 2),
    ],
)
def test_retention_keeps_acknowledged_segments_within_time_and_size(retention, left):
    station = Station(max_entries=1)
    station.broker.set_policies("public/default", Policies(retention=retention))
    owner = station.consume(EXCLUSIVE)
    for letter in "abcde":
        station.send(letter * 1024 * 1024)
        station.advance(60)
    station.engine.acknowledge_cumulative(owner.consumer, 4)
    assert len(station.topic().ledger.segments) == left


def test_closing_a_segment_drops_what_no_subscription_needs():
    station = Station(max_entries=2)
    slow, fast = station.consume(EXCLUSIVE), station.consume(EXCLUSIVE, subscription="fast")
    station.send(*"01234")
    station.engine.acknowledge_cumulative(fast.consumer, 4)
    ledger = station.topic().ledger
    assert ledger.first_position == 0
    station.acknowledge(slow, "0")
    assert ledger.first_position == 0
    station.acknowledge(slow, "1")
    assert ledger.first_position == 2
    station.topic().remove_subscription("s", force=True)
    assert ledger.first_position == 4
    station.topic().remove_subscription("fast", force=True)
    station.send(*"567")
    assert ledger.first_position == 6
