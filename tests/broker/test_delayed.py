"""Delayed delivery on Shared and Key_Shared."""

import pytest

from tests.broker.station import EXCLUSIVE, FAILOVER, KEY_SHARED, SHARED


@pytest.mark.parametrize("kind", [SHARED, KEY_SHARED])
def test_delayed_messages_come_at_their_time_and_stay_in_the_backlog_until_acknowledged(station, kind):
    owner = station.consume(kind)
    station.send("late", deliver_at_ms=station.now_ms + 4000)
    station.send("at once")
    station.send("past", deliver_at_ms=1000)
    station.send("later", deliver_at_ms=station.now_ms + 6000)
    assert owner.texts == ["at once", "past"]
    assert (station.subscription().backlog, station.subscription().dispatcher.delayed_count) == (4, 2)
    station.advance(3.999)
    assert owner.texts == ["at once", "past"]
    station.advance(0.001)
    assert owner.texts == ["at once", "past", "late"]
    station.advance(2)
    assert owner.texts == ["at once", "past", "late", "later"]


@pytest.mark.parametrize("kind", [EXCLUSIVE, FAILOVER])
def test_types_with_one_active_consumer_know_no_delay(station, kind):
    station.consume(kind)
    station.send("late", deliver_at_ms=station.now_ms + 4000)
    assert station.subscription().dispatcher.delayed_count == 0
    assert station.subscription().dispatcher.next_due_ms() is None


def test_an_earlier_message_moves_the_timer_forward(station):
    owner = station.consume()
    station.send("last", deliver_at_ms=station.now_ms + 9000)
    station.send("first", deliver_at_ms=station.now_ms + 2000)
    station.send("same", deliver_at_ms=station.now_ms + 2000)
    station.advance(2)
    assert owner.texts == ["first", "same"]
    station.advance(7)
    assert owner.texts == ["first", "same", "last"]


def test_many_delayed_messages_do_not_hide_the_one_behind_them(station):
    owner = station.consume(permits=1)
    station.send("a", "b", "c", deliver_at_ms=station.now_ms + 1000)
    station.send("now")
    assert owner.texts == ["now"]
    station.flow(owner, 10)
    station.advance(1)
    assert owner.texts == ["now", "a", "b", "c"]


def test_a_message_that_comes_due_while_nobody_is_there_is_sent_to_the_next(station):
    first = station.consume()
    station.send("late", deliver_at_ms=station.now_ms + 1000)
    station.close(first)
    station.advance(5)
    assert station.consume().texts == ["late"]


def test_a_consumer_that_comes_too_early_still_waits(station):
    station.close(station.consume())
    station.send("late", deliver_at_ms=station.now_ms + 1000)
    owner = station.consume()
    assert owner.texts == []
    station.advance(1)
    assert owner.texts == ["late"]
