"""Backlogs that are too large or too old: who is refused, sent away or loses messages; and what is compacted at a threshold."""

import pytest

from pfemu.broker.policies import DESTINATION_STORAGE, MESSAGE_AGE, BacklogQuota, BacklogQuotaPolicy, Policies
from pfemu.errors import ProducerBlockedQuotaExceeded, ProducerBlockedQuotaHold, ProducerFenced, RequestHeld
from pfemu.model.message import PLAIN
from pfemu.model.subscription import ProducerAccessMode
from tests.broker.station import Station

HOLD, EXCEPTION, EVICTION = BacklogQuotaPolicy
REFUSALS = [(EXCEPTION, ProducerBlockedQuotaExceeded, ProducerBlockedQuotaExceeded), (HOLD, ProducerBlockedQuotaHold, RequestHeld)]


def limit(station, policy, *, size=-1, seconds=0):
    kind = MESSAGE_AGE if seconds else DESTINATION_STORAGE
    quota = BacklogQuota(limit_size=size, limit_time=seconds, policy=policy)
    station.broker.set_policies("public/default", Policies(backlog_quotas={kind: quota}))
    station.engine.arm_checks()


def subscribed(station, *names):
    for name in names:
        station.close(station.consume(subscription=name))


def send_ten(station):
    producer = station.producer("sends")
    station.send(*(["x" * 1000] * 10), producer=producer)
    station.engine.close_producer(producer)


@pytest.mark.parametrize(("policy", "refused", "held"), REFUSALS)
def test_a_new_producer_is_refused_at_once_and_one_that_is_there_within_a_minute(station, policy, refused, held):
    subscribed(station, "s")
    producer = station.producer("early")
    send_ten(station)
    limit(station, policy, size=5000)
    with pytest.raises(refused, match="backlog quota exceeded"):
        station.producer("late")
    station.engine.publish(producer, b"still", 0, PLAIN)
    station.advance(60)
    with pytest.raises(held):
        station.engine.publish(producer, b"no more", 1, PLAIN)
    station.subscription("s").skip_all()
    assert station.engine.publish(producer, b"again", 1, PLAIN).position == 11
    station.producer("late")


def test_an_exclusive_producer_that_was_sent_away_is_exclusive_again(station):
    subscribed(station, "s")
    producer = station.engine.create_producer(station.topic().name, "one", None, access_mode=ProducerAccessMode.EXCLUSIVE)
    station.engine.publish(producer, b"x" * 5000, 0, PLAIN)
    limit(station, EXCEPTION, size=5000)
    station.engine.check_backlogs()
    station.subscription("s").skip_all()
    station.engine.publish(producer, b"again", 1, PLAIN)
    with pytest.raises(ProducerFenced):
        station.engine.create_producer(station.topic().name, "two", None, access_mode=ProducerAccessMode.EXCLUSIVE)


def test_the_slowest_subscription_loses_what_is_oldest_until_nine_tenths_are_left(station):
    subscribed(station, "slow", "fast")
    send_ten(station)
    station.subscription("fast").skip(8)
    limit(station, EVICTION, size=5000)
    station.advance(60)
    assert (station.subscription("slow").backlog, station.subscription("fast").backlog) == (5, 2)


def test_of_small_messages_nine_tenths_of_the_limit_are_left(station):
    subscribed(station, "s")
    station.send(*["xx"] * 100, producer=station.producer())
    limit(station, EVICTION, size=100)
    station.advance(60)
    assert station.subscription("s").backlog == 45


@pytest.mark.parametrize("size", [-1, 20_000])
def test_a_backlog_below_its_limit_is_left_alone(station, size):
    subscribed(station, "s")
    send_ten(station)
    limit(station, EVICTION, size=size)
    station.advance(60)
    assert station.subscription("s").backlog == 10
    station.producer("more")


def test_a_topic_that_nobody_reads_has_no_backlog(station):
    send_ten(station)
    limit(station, EXCEPTION, size=0)
    station.engine.check_backlogs()
    station.producer("more")


def test_a_reader_has_no_backlog_that_anybody_minds(station):
    station.consume(subscription="reader", durable=False)
    send_ten(station)
    limit(station, EXCEPTION, size=5000)
    station.advance(60)
    station.producer("more")


@pytest.fixture
def small():
    return Station(max_entries=5)


def test_closed_ledgers_grow_old_and_the_open_one_does_not(small):
    subscribed(small, "slow", "fast")
    send_ten(small)
    small.send("opens the third ledger")
    small.subscription("fast").skip_all()
    limit(small, EVICTION, seconds=100)
    small.advance(60)
    assert small.subscription("slow").backlog == 11
    small.advance(60)
    assert (small.subscription("slow").backlog, small.subscription("fast").backlog) == (1, 0)
    small.advance(600)
    assert small.subscription("slow").backlog == 1


def test_producers_hear_of_a_backlog_that_is_too_old(small):
    subscribed(small, "s")
    send_ten(small)
    small.send("opens the third ledger")
    limit(small, EXCEPTION, seconds=30)
    small.producer("first")
    small.advance(60)
    with pytest.raises(ProducerBlockedQuotaExceeded):
        small.producer("second")
    small.subscription("s").skip_all()
    small.advance(60)
    small.producer("second")


def test_a_topic_without_subscriptions_has_nothing_that_grows_old(small):
    send_ten(small)
    limit(small, EXCEPTION, seconds=1)
    small.advance(120)
    small.producer("more")


def test_nothing_is_looked_at_where_no_policy_asks_for_it(station):
    send_ten(station)
    station.engine.arm_checks()
    assert station.scheduler.next_due_ms() is None
    station.broker.set_policies("public/default", Policies(compaction_threshold=500))
    station.producer("arms")
    assert station.scheduler.next_due_ms() is not None


def test_a_topic_is_compacted_when_more_came_than_the_threshold(station):
    send_ten(station)
    station.broker.set_policies("public/default", Policies(compaction_threshold=9_999))
    station.engine.arm_checks()
    station.advance(60)
    assert station.topic().compacted.last_run_ms
    first = station.topic().compacted.last_run_ms
    station.send("x" * 9_999)
    station.advance(60)
    assert station.topic().compacted.last_run_ms == first
    station.send("x")
    station.advance(60)
    assert station.topic().compacted.last_run_ms > first
