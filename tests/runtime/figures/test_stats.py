"""What an instance counts: totals, minutes, exceptions, user metrics. Recorded on Pulsar 4.0.8 where it says so."""

from decimal import Decimal
from fractions import Fraction
from math import inf, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfemu.runtime.figures.stats import FunctionStats, Totals

START_MS = 1_000_000


@pytest.fixture
def stats():
    return FunctionStats(START_MS)


def _fail(stats, count, now_ms, text="error {}"):
    for number in range(count):
        stats.count_user_exception(ValueError(text.format(number)), f"trace {number}", now_ms)


# --------------------------------------------------------------------------------------------------------- user metrics


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("5", "unsupported operand type(s) for +=: 'float' and 'str'"),
        (None, "unsupported operand type(s) for +=: 'float' and 'NoneType'"),
        ([1], "unsupported operand type(s) for +=: 'float' and 'list'"),
        (b"1", "unsupported operand type(s) for +=: 'float' and 'bytes'"),
        (Decimal(1), "unsupported operand type(s) for +=: 'float' and 'decimal.Decimal'"),
    ],
    ids=["text", "None", "list", "bytes", "Decimal"],
)
def test_a_value_that_is_no_number_is_refused_after_the_count_has_risen(stats, value, text):
    with pytest.raises(TypeError) as raised:
        stats.record_metric("m", value)
    assert str(raised.value) == text
    assert stats.user_metrics() == {"user_metric_m_sum": 0.0, "user_metric_m_count": 1.0}


def test_a_number_too_large_for_a_float_is_refused_after_the_count_has_risen(stats):
    with pytest.raises(OverflowError, match=r"^int too large to convert to float$"):
        stats.record_metric("m", 10**400)
    assert stats.user_metrics() == {"user_metric_m_sum": 0.0, "user_metric_m_count": 1.0}


def test_a_name_that_cannot_be_hashed_is_refused_and_leaves_no_metric(stats):
    with pytest.raises(TypeError, match="unhashable"):
        stats.record_metric([1], 1)
    assert stats.user_metrics() == {}


def test_values_of_one_name_add_up(stats):
    for value in (1, 2.5, -1, True, Fraction(1, 2)):
        assert stats.record_metric("m", value) is None
    assert stats.user_metrics() == {"user_metric_m_sum": 4.0, "user_metric_m_count": 5.0}


def test_names_are_kept_as_text_and_equal_names_of_other_types_join_the_first(stats):
    for name, value in [(5, 1), ("5", 10), (None, 1), ("", 3), (True, 1), (1, 5), (1.0, 7), ("1", 100), (("a", "b"), 2)]:
        stats.record_metric(name, value)
    sums = {name: figure for name, figure in stats.user_metrics().items() if name.endswith("_sum")}
    assert sums == {
        "user_metric_5_sum": 11.0,
        "user_metric_None_sum": 1.0,
        "user_metric__sum": 3.0,
        "user_metric_True_sum": 13.0,
        "user_metric_1_sum": 100.0,
        "user_metric_('a', 'b')_sum": 2.0,
    }


@pytest.mark.parametrize(("value", "total"), [(inf, inf), (-inf, -inf), (10**20, 1e20), (1e-7, 1e-7)])
def test_extreme_values_are_summed_as_floats(stats, value, total):
    stats.record_metric("m", value)
    assert stats.user_metrics()["user_metric_m_sum"] == total


def test_a_value_that_is_not_a_number_spoils_the_sum(stats):
    stats.record_metric("m", nan)
    stats.record_metric("m", 1)
    assert isnan(stats.user_metrics()["user_metric_m_sum"])


def test_resetting_keeps_the_names(stats):
    stats.record_metric("m", 2)
    stats.reset_user_metrics()
    assert stats.user_metrics() == {"user_metric_m_sum": 0.0, "user_metric_m_count": 0.0}
    stats.record_metric("m", 3)
    assert stats.user_metrics() == {"user_metric_m_sum": 3.0, "user_metric_m_count": 1.0}


def test_a_metric_is_as_old_as_the_call_that_first_recorded_it(stats):
    stats.record_metric("before any message", 1)
    stats.last_invocation_ms = START_MS + 70
    stats.record_metric("during", 1)
    stats.last_invocation_ms = START_MS + 90
    stats.record_metric("during", 1)
    created = {metric.name: metric.created_ms for metric in stats.snapshot(START_MS + 100).user_metrics}
    assert created == {"before any message": START_MS, "during": START_MS + 70}


# ----------------------------------------------------------------------------------------------------------- exceptions


def test_the_last_ten_exceptions_are_kept_with_their_times(stats):
    _fail(stats, 12, START_MS + 5)
    stats.count_system_exception(TypeError("t"), "system trace", START_MS + 6)
    snapshot = stats.snapshot(START_MS + 7)
    assert snapshot.latest_user_exceptions == tuple((f"trace {number}", START_MS + 5) for number in range(2, 12))
    assert snapshot.latest_system_exceptions == (("system trace", START_MS + 6),)
    assert (snapshot.totals.user_exceptions, snapshot.totals.system_exceptions) == (12, 1)


def test_five_exceptions_of_a_minute_become_labels_and_stay(stats):
    _fail(stats, 12, START_MS + 59_999, "first {}")
    _fail(stats, 7, START_MS + 60_000, "second {}")
    _fail(stats, 1, START_MS + 119_999, "too many {}")
    assert stats.snapshot(START_MS + 120_000).user_exception_labels == (
        *(f"first {number}" for number in range(5)),
        *(f"second {number}" for number in range(5)),
    )


def test_a_repeated_text_uses_up_one_of_the_five(stats):
    for text in ["same", "same", "same", "same", "other", "sixth"]:
        stats.count_user_exception(ValueError(text), "", START_MS)
    assert stats.snapshot(START_MS).user_exception_labels == ("same", "other")


def test_the_minute_of_labels_begins_with_the_first_exception_after_the_last_one(stats):
    _fail(stats, 5, START_MS + 90_000, "a {}")
    _fail(stats, 1, START_MS + 149_999, "refused {}")
    _fail(stats, 1, START_MS + 150_000, "b {}")
    assert stats.snapshot(START_MS + 150_000).user_exception_labels == ("a 0", "a 1", "a 2", "a 3", "a 4", "b 0")


def test_user_and_system_labels_are_limited_apart(stats):
    _fail(stats, 6, START_MS)
    stats.count_system_exception(TypeError("system"), "", START_MS)
    assert stats.snapshot(START_MS).system_exception_labels == ("system",)


def test_an_exception_whose_text_cannot_be_made_is_counted_before_it_raises(stats):
    class Broken(Exception):  # noqa: N818 - a name for a test
        def __str__(self):
            raise RuntimeError("no text")

    with pytest.raises(RuntimeError, match="no text"):
        stats.count_user_exception(Broken(), "trace", START_MS)
    snapshot = stats.snapshot(START_MS)
    assert snapshot.totals.user_exceptions == 1
    assert snapshot.latest_user_exceptions == (("trace", START_MS),)


# -------------------------------------------------------------------------------------------------------------- minutes


def test_untouched_statistics_are_zero(stats):
    snapshot = stats.snapshot(START_MS)
    assert snapshot.totals == snapshot.minute == Totals()
    assert snapshot.totals.average_latency_ms == 0.0
    assert snapshot.last_invocation_ms == 0


def test_minute_figures_tumble_while_totals_stay(stats):
    stats.received += 2
    stats.processed_successfully += 2
    stats.latency_sum_ms += 3.0
    stats.latency_count += 2
    at_once = stats.snapshot(START_MS + 59_999)
    assert at_once.minute == at_once.totals == Totals(2, 2, 0, 0, 3.0, 2)
    assert at_once.minute.average_latency_ms == 1.5
    later = stats.snapshot(START_MS + 60_000)
    assert later.minute == Totals()
    assert later.totals == at_once.totals
    stats.received += 1
    assert stats.snapshot(START_MS + 60_001).minute == Totals(received=1)
    assert stats.snapshot(START_MS + 60_001).totals.received == 3


def test_a_timer_that_rolls_each_minute_finds_the_next_one(stats):
    assert stats.minute_ends_ms == START_MS + 60_000
    stats.roll_minute(START_MS + 59_999)
    assert stats.minute_ends_ms == START_MS + 60_000
    stats.roll_minute(stats.minute_ends_ms)
    assert stats.minute_ends_ms == START_MS + 120_000


def test_an_exception_begins_the_minute_it_belongs_to(stats):
    stats.received += 1
    stats.count_system_exception(Exception("published too late"), "", START_MS + 61_000)
    stats.count_user_exception(ValueError(), "", START_MS + 62_000)
    assert stats.snapshot(START_MS + 63_000).minute == Totals(user_exceptions=1, system_exceptions=1)


def test_minutes_that_nobody_rolled_are_skipped_in_whole(stats):
    stats.received += 5
    assert stats.snapshot(START_MS + 200_500).minute == Totals()
    assert stats.minute_ends_ms == START_MS + 240_000


def test_a_snapshot_does_not_change_any_more(stats):
    stats.record_metric("m", 1)
    _fail(stats, 1, START_MS)
    snapshot = stats.snapshot(START_MS)
    stats.received += 1
    stats.record_metric("m", 1)
    stats.record_metric("n", 1)
    _fail(stats, 3, START_MS)
    assert snapshot.totals.received == 0
    assert [(metric.name, metric.total, metric.count) for metric in snapshot.user_metrics] == [("m", 1.0, 1)]
    assert snapshot.user_exception_labels == ("error 0",)
    assert len(snapshot.latest_user_exceptions) == 1


@given(st.lists(st.tuples(st.integers(0, 150_000), st.integers(0, 5)), max_size=30))
def test_with_a_timer_minute_figures_are_what_was_counted_since_the_last_full_minute(steps):
    stats = FunctionStats(START_MS)
    now_ms, counted = START_MS, []
    for wait_ms, received in steps:
        until_ms = now_ms + wait_ms
        while stats.minute_ends_ms <= until_ms:
            stats.roll_minute(stats.minute_ends_ms)
        now_ms = until_ms
        stats.received += received
        counted.append((now_ms, received))
        began_ms = START_MS + (now_ms - START_MS) // 60_000 * 60_000
        assert stats.snapshot(now_ms).minute.received == sum(amount for at_ms, amount in counted if at_ms >= began_ms)
