"""Shared: rounds, permits, priorities, redelivery, limits."""

import pytest

from pfemu.broker import consumer as consumers
from pfemu.broker.dispatch import multiple
from tests.broker.station import SHARED, Station


def numbers(count, start=0):
    return [str(number) for number in range(start, start + count)]


def test_without_permits_nothing_is_sent(station):
    owner = station.consume(permits=0)
    station.send("a")
    assert owner.texts == []
    assert station.subscription().backlog == 1
    station.flow(owner, 1)
    assert owner.texts == ["a"]


def test_messages_sent_one_by_one_go_round(station):
    first, second = station.consume(name="a", permits=3), station.consume(name="b", permits=10)
    for number in numbers(20):
        station.send(number)
    assert first.texts == ["0", "2", "4"]
    assert second.texts == ["1", "3", "5", "6", "7", "8", "9", "10", "11", "12"]


def test_a_backlog_goes_in_rounds_of_twenty(station):
    station.close(station.consume())
    station.send(*numbers(50))
    first, second = station.consume(name="a", permits=0), station.consume(name="b", permits=0)
    first.consumer.permits = second.consumer.permits = 1000
    station.flow(first, 1)
    assert first.texts == [*numbers(20), *numbers(10, 40)]
    assert second.texts == numbers(20, 20)


def test_what_consumers_wait_for_goes_one_by_one_as_long_as_they_may_have_it(station):
    first, second = station.consume(name="a", permits=2), station.consume(name="b", permits=4)
    station.send(*numbers(8))
    assert (first.texts, second.texts) == (["0", "2"], ["1", "3", "4", "5"])
    station.redeliver(second, "4")
    station.flow(first, 6)
    assert first.texts[2:] == ["4", "6", "7"]


def test_redelivery_counts_are_told_for_what_goes_one_by_one(station):
    first, second = station.consume(name="a"), station.consume(name="b")
    station.send("0", "1")
    station.redeliver(first, "0")
    station.send(*numbers(4, 2))
    assert first.received == [("0", 0), ("0", 1), ("3", 0), ("5", 0)]
    assert second.received == [("1", 0), ("2", 0), ("4", 0)]


def test_a_lower_priority_level_goes_first_while_it_has_permits(station):
    low = station.consume(name="low", priority_level=1)
    high = station.consume(name="high", priority_level=0, permits=2)
    station.send(*numbers(5))
    assert high.texts == ["0", "1"]
    assert low.texts == ["2", "3", "4"]


def test_acknowledging_takes_messages_off_backlog_and_consumer(station):
    owner = station.consume()
    station.send("a", "b", "c")
    station.acknowledge(owner, "b")
    assert (station.subscription().backlog, owner.consumer.unacknowledged) == (2, 2)
    station.acknowledge(owner, "b")
    assert (station.subscription().backlog, owner.consumer.unacknowledged) == (2, 2)
    station.acknowledge(owner, "a", "c")
    assert (station.subscription().backlog, owner.consumer.unacknowledged) == (0, 0)


def test_anybody_may_acknowledge_what_another_holds(station):
    first, second = station.consume(name="a"), station.consume(name="b", permits=0)
    station.send("m")
    station.engine.acknowledge(second.consumer, first.entries[0].position)
    assert first.consumer.unacknowledged == 0
    assert station.subscription().backlog == 0


def test_a_negative_acknowledgement_raises_the_count_and_comes_before_new_messages(station):
    owner = station.consume(permits=2)
    station.send("a", "b", "c")
    station.redeliver(owner, "b")
    station.redeliver(owner, "a")
    station.flow(owner, 1)
    station.flow(owner, 2)
    assert owner.received == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("c", 0)]


def test_what_a_consumer_does_not_hold_is_not_redelivered(station):
    owner = station.consume()
    station.send("a")
    station.acknowledge(owner, "a")
    station.redeliver(owner, "a")
    assert owner.received == [("a", 0)]


def test_redelivery_of_everything_raises_every_count(station):
    owner = station.consume()
    station.send("a", "b")
    station.redeliver(owner)
    assert owner.received == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]


def test_what_a_leaving_consumer_held_goes_to_the_others_with_its_counts(station):
    first = station.consume(name="a")
    station.send("m")
    station.redeliver(first, "m")
    second = station.consume(name="b")
    station.close(first)
    assert second.received == [("m", 1)]


def test_counts_are_forgotten_when_nobody_is_left(station):
    owner = station.consume()
    station.send("m")
    station.redeliver(owner, "m")
    station.close(owner)
    assert station.consume().received == [("m", 0)]


def test_an_acknowledged_message_that_waits_to_be_sent_again_is_not_sent(station):
    owner = station.consume(permits=1)
    station.send("a", "b")
    station.redeliver(owner, "a")
    station.acknowledge(owner, "a")
    station.flow(owner, 5)
    assert owner.texts == ["a", "b"]


def test_batches_take_permits_for_each_message_and_are_never_split(station):
    owner = station.consume(permits=10)
    for _ in range(10):
        station.send_batch("w", "x", "y", "z")
    assert len(owner.entries) == 3
    assert (owner.consumer.permits, owner.consumer.unacknowledged) == (-2, 12)
    assert (station.subscription().backlog, station.subscription().unacknowledged) == (10, 12)


def test_batches_read_at_once_beyond_the_permits_wait_for_the_next_round(station):
    owner = station.consume(permits=0)
    for text in "abcde":
        station.send_batch(text + "1", text + "2")
    station.flow(owner, 3)
    assert owner.texts == ["a1+a2", "b1+b2"]
    station.flow(owner, 5)
    assert owner.texts == ["a1+a2", "b1+b2", "c1+c2", "d1+d2"]
    station.acknowledge(owner, "a1+a2")
    assert owner.consumer.unacknowledged == 6


def test_a_redelivered_batch_counts_off_as_what_it_holds(station):
    owner = station.consume(permits=2)
    station.send_batch("x", "y")
    station.redeliver(owner, "x+y")
    assert owner.consumer.unacknowledged == 0
    station.flow(owner, 2)
    assert owner.received[-1] == ("x+y", 1)


def test_a_consumer_with_too_much_unacknowledged_is_blocked_until_half_is_acknowledged(station, monkeypatch):
    monkeypatch.setattr(consumers, "MAX_UNACKNOWLEDGED_PER_CONSUMER", 4)
    owner = station.consume()
    station.send(*numbers(6))
    assert owner.texts == numbers(4)
    assert owner.consumer.blocked
    station.acknowledge(owner, "0")
    assert owner.texts == numbers(4)
    station.acknowledge(owner, "1")
    assert owner.texts == numbers(6)


@pytest.mark.parametrize("give_back", [True, False])
def test_a_blocked_consumer_is_free_after_redelivery_or_leaving(station, monkeypatch, give_back):
    monkeypatch.setattr(consumers, "MAX_UNACKNOWLEDGED_PER_CONSUMER", 2)
    owner = station.consume(permits=3)
    station.send(*numbers(3))
    assert owner.consumer.blocked
    if give_back:
        station.redeliver(owner)
        assert owner.received == [("0", 0), ("1", 0), ("0", 1)]
    else:
        station.close(owner)
        assert not owner.consumer.blocked


def test_a_subscription_with_too_much_unacknowledged_is_blocked_until_half_is_acknowledged(station, monkeypatch):
    monkeypatch.setattr(multiple, "MAX_UNACKNOWLEDGED", 4)
    first, second = station.consume(name="a", permits=2), station.consume(name="b", permits=50)
    for number in numbers(8):
        station.send(number)
    assert len(first.texts) + len(second.texts) == 4
    assert station.subscription().dispatcher.blocked
    station.acknowledge(first, "0")
    assert station.subscription().dispatcher.blocked
    station.acknowledge(second, "1")
    assert len(first.texts) + len(second.texts) == 8
    assert station.subscription().dispatcher.blocked


def test_a_consumer_that_leaves_frees_a_blocked_subscription(station, monkeypatch):
    monkeypatch.setattr(multiple, "MAX_UNACKNOWLEDGED", 2)
    first, second = station.consume(name="a"), station.consume(name="b")
    station.send("0", "1", "2")
    station.close(first)
    assert sorted(second.texts) == ["0", "1"]


def test_seeking_forgets_what_was_held_and_counted(station):
    owner = station.consume()
    station.send("a", "b")
    station.redeliver(owner, "a")
    station.engine.seek(owner.consumer, 0)
    station.run()
    assert owner.received[-2:] == [("a", 0), ("b", 0)]


def test_skipped_messages_do_not_come_again_and_count_until_they_are_given_back(station):
    owner = station.consume(permits=3)
    station.send("a", "b")
    station.send("late", deliver_at_ms=station.now_ms + 5000)
    station.redeliver(owner, "a")
    station.send("c")
    subscription = station.subscription()
    subscription.skip_all()
    assert (subscription.backlog, owner.consumer.unacknowledged) == (0, 2)
    station.acknowledge(owner, "b")
    assert owner.consumer.unacknowledged == 2
    station.engine.redeliver(owner.consumer, None)
    assert owner.consumer.unacknowledged == 0
    assert (subscription.dispatcher.replay_count, subscription.dispatcher.delayed_count) == (0, 0)
    station.advance(10)
    station.flow(owner, 10)
    assert "late" not in owner.texts


def test_skipping_some_leaves_what_is_held_beyond(station):
    owner = station.consume()
    station.send(*numbers(5))
    station.acknowledge(owner, "1")
    station.subscription().skip(2)
    assert station.subscription().cursor.mark_delete == 2
    assert owner.consumer.unacknowledged == 4
    assert station.subscription().peek(1).payload == b"3"
    assert station.subscription().peek(3) is None
    station.subscription().skip(0)
    assert station.subscription().backlog == 2


def test_a_consumer_shows_its_name_and_subscription(station):
    assert repr(station.consume(SHARED, name="me").consumer) == "<Consumer me of s>"


def test_turns_go_on_where_they_were_when_consumers_come_and_go():
    station = Station()
    owners = [station.consume(name=name) for name in "abc"]
    station.send("0")
    station.send("1")
    station.close(owners[0])
    for number in numbers(4, 2):
        station.send(number)
    assert sorted(owners[1].texts + owners[2].texts) == sorted(["0", *numbers(5, 1)])
    assert abs(len(owners[1].texts) - len(owners[2].texts)) <= 2
