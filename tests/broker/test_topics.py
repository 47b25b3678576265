"""Topics that are made and deleted by request, partitioned and not."""

import pytest

from pfemu.broker.refusals import Conflict, MethodNotAllowed, NotAcceptable, NotFound, PreconditionFailed, Unprocessable
from pfemu.engine import interruptions
from pfemu.errors import TopicNotFound
from pfemu.model.subscription import InitialPosition, ProducerAccessMode
from pfemu.model.topic_name import TopicName


def named(text):
    return TopicName.parse(text)


@pytest.fixture
def broker(station):
    station.broker.create_topic(named("plain"))
    station.broker.create_partitioned_topic(named("parts"), 3)
    return station.broker


FULL = "persistent://public/default"


REFUSED = [
    ("create_topic", (named("plain"),), Conflict, "This topic already exists"),
    ("create_topic", (named("parts"),), Conflict, "This topic already exists"),
    ("create_topic", (named("public/nope/x"),), NotFound, "Namespace not found"),
    ("create_partitioned_topic", (named("parts"), 3), Conflict, "This topic already exists"),
    ("create_partitioned_topic", (named("plain"), 3), Conflict, "This topic already exists"),
    ("create_partitioned_topic", (named("public/nope/x"), 3), NotFound, "Namespace not found"),
    ("create_partitioned_topic", (named("x"), 0), NotAcceptable, "Number of partitions should be more than 0"),
    ("update_partitions", (named("parts"), 1), Unprocessable, "Desired partitions 1 can't be less than the current partitions 3."),
    ("update_partitions", (named("plain"), 2), Conflict, f"Topic {FULL}/plain is not the partitioned topic."),
    (
        "delete_topic",
        (named("parts"),),
        Conflict,
        f"{FULL}/parts is a partitioned topic, instead of calling delete topic, please call delete-partitioned-topic.",
    ),
    (
        "delete_partitioned_topic",
        (named("plain"),),
        Conflict,
        f"{FULL}/plain is a non-partitioned topic. Instead of calling delete-partitioned-topic please call delete.",
    ),
    ("delete_topic", (named("missing"),), TopicNotFound, f"Topic {FULL}/missing not found"),
    ("delete_partitioned_topic", (named("missing"),), TopicNotFound, f"Topic {FULL}/missing not found."),
    ("existing", (named("missing"),), TopicNotFound, f"Topic {FULL}/missing not found"),
    ("delete_namespace", ("public/nope",), NotFound, "Namespace public/nope does not exist."),
    ("delete_namespace", ("public/default",), Conflict, "Cannot delete non empty namespace"),
]


@pytest.mark.parametrize(("method", "arguments", "kind", "text"), REFUSED, ids=[f"{row[0]} {row[1]}" for row in REFUSED])
def test_what_is_refused(broker, method, arguments, kind, text):
    with pytest.raises(kind) as caught:
        getattr(broker, method)(*arguments)
    assert str(caught.value) == text
    assert broker.partitions_of(named("parts")) == 3
    assert broker.topic(named("plain")) is not None


def test_a_topic_in_use_is_deleted_by_force_only(station, broker):
    producer = station.producer("p", topic="plain")
    owner = station.consume(topic="plain")
    with pytest.raises(PreconditionFailed, match="Topic has 2 connected producers/consumers"):
        broker.delete_topic(named("plain"))
    broker.delete_topic(named("plain"), force=True)
    assert broker.topic(named("plain")) is None
    assert not producer.connected
    assert not owner.consumer.connected


def test_a_partitioned_topic_in_use_stays_whole(station, broker):
    station.producer(topic="parts-partition-2")
    with pytest.raises(PreconditionFailed, match="Topic has active producers/subscriptions"):
        broker.delete_partitioned_topic(named("parts"))
    assert len(list(broker.topics_of("public/default"))) == 4
    broker.delete_topic(named("parts-partition-1"))
    broker.delete_partitioned_topic(named("parts"), force=True)
    assert [topic.name.local_name for topic in broker.topics_of("public/default")] == ["plain"]
    assert broker.partitions_of(named("parts")) == 0


def test_new_partitions_have_the_durable_subscriptions_of_the_first(station, broker):
    station.consume(topic="parts-partition-0", subscription="kept")
    station.consume(topic="parts-partition-0", subscription="reader", durable=False)
    broker.update_partitions(named("parts"), 5)
    assert broker.partitions_of(named("parts")) == 5
    assert list(station.topic("parts-partition-4").subscriptions) == ["kept"]
    assert station.topic("parts-partition-2").subscriptions == {}


def test_partitioned_topics_are_listed_by_namespace(broker):
    broker.create_partitioned_topic(named("also"), 1)
    broker.create_namespace("public/other")
    broker.create_partitioned_topic(named("public/other/x"), 1)
    assert broker.partitioned_of("public/default") == [f"{FULL}/also", f"{FULL}/parts"]


def test_an_empty_namespace_is_deleted_and_force_is_refused(station, broker):
    broker.create_namespace("public/other")
    owner = station.consume(topic="public/other/t")
    with pytest.raises(MethodNotAllowed, match="Broker doesn't allow forced deletion of namespaces"):
        broker.delete_namespace("public/other", force=True)
    assert owner.consumer.connected
    broker.delete_topic(named("public/other/t"), force=True)
    broker.delete_namespace("public/other")
    assert "public/other" not in broker.namespaces.policies


def test_deleting_a_topic_disconnects_an_exclusive_producer_and_the_one_that_waits(station, broker):
    first = station.producer(topic="plain", access_mode=ProducerAccessMode.EXCLUSIVE)
    waiting = station.producer(topic="plain", access_mode=ProducerAccessMode.WAIT_FOR_EXCLUSIVE)
    broker.delete_topic(named("plain"), force=True)
    assert not first.connected
    assert not waiting.connected


def test_a_subscription_that_nobody_ever_joined_can_be_skipped_moved_and_left(station):
    station.send(*"0123")
    subscription = station.topic().ensure_subscription("s", 0)
    subscription.skip(2)
    assert subscription.backlog == 2
    subscription.reset(1)
    assert subscription.backlog == 3
    stranger = station.consume(subscription="other").consumer
    subscription.remove_consumer(stranger)
    subscription.redeliver(stranger, None)
    subscription.acknowledge(stranger, 1)
    assert (subscription.backlog, subscription.dispatch(0)) == (2, [])


def test_subscriptions_are_made_at_either_end_or_anywhere(station):
    station.send(*"0123")
    topic = station.topic()
    for name, position, backlog in [("l", InitialPosition.LATEST, 0), ("e", InitialPosition.EARLIEST, 4), ("2", 2, 2)]:
        assert topic.ensure_subscription(name, position, properties={"a": "b"}).backlog == backlog
        assert topic.ensure_subscription(name, 0).backlog == backlog
    assert topic.subscription("l").properties == {"a": "b"}


def test_a_topic_that_is_unloaded_goes_on_in_a_new_ledger_and_keeps_what_it_has(station):
    station.send("a", "b")
    topic = station.topic()
    interruptions.unload(station.engine, topic.name)
    interruptions.unload(station.engine, topic.name)
    assert len(topic.ledger.segments) == 2
    assert topic.ledger.first_position == 0
    station.send("c")
    assert [entry.entry_id for segment in topic.ledger.segments for entry in segment.entries] == [0, 1, 0]


def test_an_unloaded_topic_lets_the_ledger_go_that_was_read_to_its_end_when_the_next_is_read(station):
    owner = station.consume()
    station.send("a", "b")
    station.acknowledge(owner, "a", "b")
    topic = station.topic()
    interruptions.unload(station.engine, topic.name)
    assert topic.ledger.first_position == 0
    again = station.consume()
    station.send("c")
    station.acknowledge(again, "c")
    assert topic.ledger.first_position == 2
