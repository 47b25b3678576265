"""Time to live, expiry by request, and cursors moved by time."""

import pytest

from pfemu.broker.expiry import expire_by_request, expire_messages
from pfemu.broker.policies import Policies
from pfemu.broker.refusals import Conflict, PreconditionFailed
from tests.broker.station import EXCLUSIVE, SHARED


@pytest.fixture
def aged(station):
    """Five messages that nobody took: three are 3 seconds old."""
    station.close(station.consume(EXCLUSIVE))
    station.send("0", "1", "2")
    station.advance(3)
    station.send("3", "4")
    return station


def test_a_negative_time_to_live_is_refused(station):
    for set_policies in (
        lambda policies: station.broker.set_policies("public/default", policies),
        lambda policies: station.broker.set_topic_policies(station.topic(), policies),
    ):
        with pytest.raises(PreconditionFailed, match="Invalid value for message TTL, message TTL must >= 0"):
            set_policies(Policies(message_ttl_seconds=-1))


def test_expiring_by_request_is_refused_with_a_consumer_and_nothing_old_enough(aged):
    aged.consume(EXCLUSIVE)
    with pytest.raises(Conflict, match="not issued on topic persistent://public/default/t for subscription s due to ongoing"):
        expire_by_request(aged.subscription(), 0, aged.now_ms)
    with pytest.raises(Conflict):
        expire_by_request(aged.subscription(), 100, aged.now_ms)


def test_expiring_by_request_is_refused_without_backlog(station):
    station.consume()
    with pytest.raises(Conflict):
        expire_by_request(station.subscription(), 1, station.now_ms)


def test_what_is_older_is_expired_and_counted(aged):
    expire_by_request(aged.subscription(), 2, aged.now_ms)
    subscription = aged.subscription()
    assert (subscription.backlog, subscription.expired_total, subscription.last_expire_ms) == (2, 3, aged.now_ms)
    assert aged.consume(EXCLUSIVE).texts == ["3", "4"]


def test_without_consumers_it_is_tried_even_if_nothing_is_old_enough(aged):
    assert expire_messages(aged.subscription(), 100, aged.now_ms)
    assert (aged.subscription().backlog, aged.subscription().expired_total) == (5, 0)


def test_expired_messages_count_until_their_consumers_leave(aged):
    owner = aged.consume(SHARED)
    assert owner.consumer.unacknowledged == 5
    expire_by_request(aged.subscription(), 2, aged.now_ms)
    assert (owner.consumer.unacknowledged, aged.subscription().backlog) == (5, 2)
    aged.close(owner)
    assert aged.subscription().unacknowledged == 0


def test_a_time_to_live_is_looked_at_every_five_minutes(station):
    station.broker.set_policies("public/default", Policies(message_ttl_seconds=10))
    station.close(station.consume())
    station.advance(60)
    station.send("old")
    station.advance(239)
    assert station.subscription().backlog == 1
    station.send("young")
    station.advance(1)
    assert (station.subscription().backlog, station.subscription().expired_total) == (1, 1)
    station.advance(300)
    assert (station.subscription().backlog, station.subscription().expired_total) == (0, 2)
    assert station.scheduler.next_due_ms() is None


def test_nothing_is_checked_where_nothing_expires(station):
    station.close(station.consume())
    station.send("m")
    station.engine.arm_checks()
    assert station.scheduler.next_due_ms() is None


def test_topics_without_a_time_to_live_are_left_alone(station):
    station.close(station.consume(topic="kept"))
    station.send("m", topic="kept")
    station.close(station.consume())
    station.send("m")
    station.broker.set_topic_policies(station.topic(), Policies(message_ttl_seconds=1))
    station.engine.arm_checks()
    station.advance(300)
    assert (station.subscription().backlog, station.subscription(topic="kept").backlog) == (0, 1)


def test_a_cursor_goes_to_the_first_message_of_a_time(aged):
    owner = aged.consume(EXCLUSIVE)
    for time_ms, position in [(0, 0), (aged.now_ms - 3000, 0), (aged.now_ms - 2999, 3), (aged.now_ms, 3), (aged.now_ms + 1, 5)]:
        assert aged.engine.position_at(owner.consumer, time_ms) == position
