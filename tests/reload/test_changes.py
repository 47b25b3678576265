"""The pure change detector, driven with events and times."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfemu.reload.changes import GONE_MS, LONGEST_BURST_MS, LONGEST_QUIET_MS, QUIET_MS, UNSURE_MS, ChangeDetector, FileEvent, Kind

W, S, C, G = Kind.WRITING, Kind.SEEN, Kind.COMPLETE, Kind.GONE


def told(events, until_ms=10_000):
    """Feed (ms, kind, path) to a detector that is asked at each moment it named; return (ms, files) of each answer."""
    detector, answers = ChangeDetector(), []
    for at_ms, kind, path in [*events, (until_ms, None, "")]:
        while (due_ms := detector.due_ms()) is not None and due_ms <= at_ms:
            answers.append((due_ms, sorted(detector.take(due_ms))))
        if kind is not None:
            detector.note(FileEvent(path, kind), at_ms)
    return answers


def test_nothing_is_due_before_anything_happened():
    detector = ChangeDetector()
    assert detector.due_ms() is None
    assert detector.take(10**9) == frozenset()


def test_a_file_that_is_still_being_written_is_never_told():
    assert told([(0, W, "f")], until_ms=3_600_000) == []


def test_a_save_is_told_a_quiet_moment_after_it_was_closed():
    assert told([(0, W, "f"), (3, W, "f"), (4, C, "f")]) == [(4 + QUIET_MS, ["f"])]


def test_half_of_a_file_waits_for_the_other_half_however_long_that_takes():
    assert told([(0, W, "f"), (5_000, W, "f"), (5_001, C, "f")]) == [(5_001 + QUIET_MS, ["f"])]


def test_a_rename_over_the_file_is_told_after_a_quiet_moment():
    assert told([(0, G, "f~"), (0, C, "f")]) == [(GONE_MS, ["f", "f~"])]
    assert told([(0, C, "f")]) == [(QUIET_MS, ["f"])]


def test_a_finished_file_waits_for_one_that_is_saved_with_it():
    assert told([(0, C, "f"), (2, W, "g"), (50, C, "g")]) == [(50 + QUIET_MS, ["f", "g"])]


def test_a_deleted_file_gets_time_to_come_back():
    assert told([(0, G, "f"), (40, C, "f")]) == [(40 + LONGEST_QUIET_MS, ["f"])]
    assert told([(0, G, "f")]) == [(GONE_MS, ["f"])]


def test_a_file_that_is_deleted_while_it_is_written_holds_nothing_up():
    assert told([(0, W, "f"), (10, G, "f"), (10, C, "g")]) == [(10 + GONE_MS, ["f", "g"])]


def test_a_file_seen_to_differ_is_told_when_it_differs_no_more():
    assert told([(0, S, "f"), (50, S, "f"), (90, S, "f")]) == [(90 + UNSURE_MS, ["f"])]


def test_looking_at_a_file_that_is_being_written_does_not_finish_it():
    assert told([(0, W, "f"), (500, S, "f")], until_ms=60_000) == []


def test_when_nobody_tells_of_closing_any_more_an_open_file_is_taken_as_it_is():
    detector = ChangeDetector()
    detector.note(FileEvent("f", W), 0)
    detector.lose_events(10)
    assert detector.take(10 + UNSURE_MS) == {"f"}


def test_many_files_at_once_are_told_together():
    checkout = [(pause, C, f"f{pause}") for pause in range(0, 40, 4)]
    assert told(checkout) == [(36 + QUIET_MS, sorted(path for _, _, path in checkout))]


def test_the_pauses_of_a_burst_stretch_the_quiet_moment():
    assert told([(0, C, "a"), (7, C, "b"), (27, C, "c")]) == [(7 + 14, ["a", "b"]), (27 + 40, ["c"])]
    assert told([(0, C, "a"), (7, C, "b"), (20, C, "c")]) == [(20 + 26, ["a", "b", "c"])]


def test_a_burst_that_does_not_end_is_told_now_and_then():
    answers = told([(ms, C, "f") for ms in range(0, 1000, 10)])
    assert 5 <= len(answers) <= 12
    assert all(later - earlier <= LONGEST_BURST_MS + 20 for (earlier, _), (later, _) in pairwise(answers))
    assert answers[-1][0] >= 990


EVENTS = st.lists(st.tuples(st.integers(0, 80), st.sampled_from(Kind), st.sampled_from("abc")), max_size=30)


@given(EVENTS)
def test_whatever_happens_no_open_file_is_told_and_no_change_is_lost(steps):
    detector, now_ms, being_written, changed = ChangeDetector(), 0, set(), set()
    for pause_ms, kind, path in steps:
        for _ in range(pause_ms):
            now_ms += 1
            told_now = detector.take(now_ms)
            assert not (told_now and being_written)
            changed -= told_now
        detector.note(FileEvent(path, kind), now_ms)
        if kind is W:
            being_written.add(path)
        elif kind is not S:
            being_written.discard(path)
        changed.add(path)
    for path in being_written:
        detector.note(FileEvent(path, C), now_ms)
    assert changed <= detector.take(now_ms + LONGEST_BURST_MS)


@pytest.mark.parametrize("kind", [S, C, G])
def test_what_was_told_is_forgotten(kind):
    detector = ChangeDetector()
    detector.note(FileEvent("f", kind), 0)
    assert detector.take(1_000) == {"f"}
    assert detector.take(10_000) == frozenset()
