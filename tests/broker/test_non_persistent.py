"""Topics that store nothing."""

import pytest

from pfemu.broker.refusals import NotAcceptable
from pfemu.broker.stats import topic_stats
from pfemu.errors import MessageTooBig, NotAllowedError
from pfemu.model.message import PLAIN
from tests.broker.station import EXCLUSIVE, FAILOVER, KEY_SHARED, SHARED, TYPES

NAME = "non-persistent://public/default/np"


def test_too_large_messages_are_refused(station):
    with pytest.raises(MessageTooBig):
        station.engine.publish(station.producer(topic=NAME), b"x" * (5 * 1024 * 1024 + 1), 0, PLAIN)


@pytest.mark.parametrize("kind", TYPES)
def test_messages_go_to_who_is_there_and_has_permits(station, kind):
    station.send("nobody", topic=NAME)
    owner = station.consume(kind, topic=NAME, permits=2)
    entries = station.send("0", "1", "2", topic=NAME)
    assert owner.texts == ["0", "1"]
    assert {(entry.ledger_id, entry.entry_id) for entry in entries} == {(0, 0)}
    station.flow(owner, 5)
    assert owner.texts == ["0", "1"]
    stats = topic_stats(station.topic(NAME))
    assert (stats.msg_in_counter, stats.bytes_in_counter, stats.msg_out_counter) == (4, 9, 2)
    assert (stats.subscriptions["s"].dropped_total, stats.subscriptions["s"].msg_backlog) == (1, 0)
    assert not stats.subscriptions["s"].is_durable


def test_acknowledging_redelivering_and_seeking_change_nothing(station):
    owner = station.consume(SHARED, topic=NAME)
    station.send("m", topic=NAME)
    station.acknowledge(owner, "m")
    station.redeliver(owner)
    station.engine.acknowledge_cumulative(owner.consumer, 0)
    station.engine.seek(owner.consumer, 0)
    station.run()
    assert owner.received == [("m", 0)]
    assert owner.consumer.unacknowledged == 0


def test_shared_consumers_take_turns_and_keyed_ones_have_their_keys(station):
    shared = [station.consume(SHARED, topic=NAME, name=name) for name in "ab"]
    keyed = {name: station.consume(KEY_SHARED, topic=NAME, subscription="k", name=name) for name in ("first", "second")}
    for key in ("k0", "k1", "k2", "k3"):
        station.send(key, topic=NAME, partition_key=key)
    assert [owner.texts for owner in shared] == [["k0", "k2"], ["k1", "k3"]]
    assert keyed["first"].texts == ["k1", "k3"]
    assert keyed["second"].texts == ["k0", "k2"]


def test_only_the_active_consumer_gets_anything(station):
    owners = [station.consume(FAILOVER, topic=NAME, name=name) for name in "ab"]
    station.send("m", topic=NAME)
    assert sorted(len(owner.texts) for owner in owners) == [0, 1]


def test_a_subscription_goes_with_its_last_consumer_and_what_was_on_its_way(station):
    owner = station.consume(EXCLUSIVE, topic=NAME)
    station.engine.publish(station.producer(topic=NAME), b"m", 0, PLAIN)
    station.close(owner)
    assert owner.texts == []
    assert station.topic(NAME).subscriptions == {}


def test_a_subscription_without_consumers_drops(station):
    station.topic(NAME).ensure_subscription("idle", 0)
    station.send("m", topic=NAME)
    assert station.topic(NAME).subscription("idle").dropped_total == 1


def test_it_is_not_terminated_nor_read_compacted(station):
    with pytest.raises(NotAcceptable, match="Need to provide a persistent topic name"):
        station.topic(NAME).terminate()
    with pytest.raises(NotAllowedError, match="readCompacted only allowed on persistent topics"):
        station.consume(EXCLUSIVE, topic=NAME, read_compacted=True)
