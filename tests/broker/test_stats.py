"""Statistics: the field names and figures of the admin API."""

import pytest

from pfemu.broker.internal_stats import internal_stats
from pfemu.broker.policies import Policies
from pfemu.broker.stats import shown, summed, topic_stats
from tests.broker.station import EXCLUSIVE, FAILOVER, KEY_SHARED, SHARED, Station

# what REST shows of each part that pfemu has, with the names of a real Pulsar 4.0.8
TOPIC = """msgInCounter bytesInCounter msgOutCounter bytesOutCounter storageSize backlogSize publishers waitingPublishers subscriptions
    deduplicationStatus topicCreationTimeStamp lastPublishTimeStamp compaction"""
PUBLISHER = "accessMode producerId producerName connectedSince metadata"
SUBSCRIPTION = """type msgBacklog msgBacklogNoDelayed msgDelayed msgInReplay unackedMessages blockedSubscriptionOnUnackedMsgs isDurable
    allowOutOfOrderDelivery msgOutCounter bytesOutCounter totalMsgExpired lastExpireTimestamp nonContiguousDeletedMessagesRanges
    droppedTotal subscriptionProperties consumers drainingHashesCount drainingHashesClearedTotal drainingHashesUnackedMessages"""
CONSUMER = """consumerName availablePermits unackedMessages avgMessagesPerEntry blockedConsumerOnUnackedMsgs msgOutCounter bytesOutCounter
    connectedSince lastConsumedTimestamp metadata drainingHashesCount drainingHashesClearedTotal drainingHashesUnackedMessages"""


def fields_of(part):
    return set(part)


def test_what_is_no_part_of_statistics_is_not_shown():
    with pytest.raises(TypeError, match="not a part of statistics: b'x'"):
        shown({"a": b"x"})


def test_fields_have_the_names_of_the_admin_api(station):
    station.consume(SHARED)
    station.producer("p")
    stats = shown(topic_stats(station.topic()))
    subscription = stats["subscriptions"]["s"]
    assert fields_of(stats) == set(TOPIC.split())
    assert fields_of(stats["publishers"][0]) == set(PUBLISHER.split())
    assert fields_of(subscription) == set(SUBSCRIPTION.split())
    assert fields_of(subscription["consumers"][0]) == set(CONSUMER.split())
    assert stats["compaction"] == {"lastCompactionRemovedEventCount": 0, "lastCompactionSucceedTimestamp": 0}


@pytest.mark.parametrize(
    ("kind", "backlog", "unacked", "active"),
    [(EXCLUSIVE, 4, 0, "c"), (SHARED, 4, 4, None), (FAILOVER, 4, 0, "c"), (KEY_SHARED, 4, 4, None)],
)
def test_figures_are_those_a_real_pulsar_gave(station, kind, backlog, unacked, active):
    owner = station.consume(kind, properties={"a": "b"}, subscription_properties={"c": "d"})
    producer = station.producer("me")
    station.advance(1)
    station.send(*["hello"] * 5, producer=producer)
    station.engine.acknowledge(owner.consumer, owner.entries[0].position)
    stats = topic_stats(station.topic())
    subscription, consumer = stats.subscriptions["s"], stats.subscriptions["s"].consumers[0]
    assert (stats.msg_in_counter, stats.bytes_in_counter, stats.msg_out_counter, stats.bytes_out_counter) == (5, 25, 5, 25)
    assert (stats.storage_size, stats.backlog_size) == (25, 20)
    assert (stats.topic_creation_time_stamp, stats.last_publish_time_stamp) == (station.now_ms - 1000, station.now_ms)
    assert (subscription.type, subscription.msg_backlog, subscription.unacked_messages) == (kind.value, backlog, unacked)
    assert subscription.active_consumer_name == active
    assert subscription.subscription_properties == {"c": "d"}
    assert (consumer.available_permits, consumer.unacked_messages, consumer.avg_messages_per_entry) == (995, unacked, 1)
    assert (consumer.metadata, consumer.last_consumed_timestamp) == ({"a": "b"}, station.now_ms)
    assert [(one.producer_name, one.access_mode) for one in stats.publishers] == [("me", "Shared")]
    assert (subscription.key_shared_mode, consumer.key_hash_range_arrays) == (
        ("AUTO_SPLIT", [[1, 65535]]) if kind is KEY_SHARED else (None, None)
    )


def test_counters_outlive_consumers_and_batches_count_as_what_they_hold(station):
    station.close(station.consume(SHARED))
    assert topic_stats(station.topic()).subscriptions["s"].consumers == []
    owner = station.consume(SHARED)
    station.send_batch("a", "b", "c")
    assert topic_stats(station.topic()).subscriptions["s"].consumers[0].avg_messages_per_entry == 3
    station.close(owner)
    stats = topic_stats(station.topic())
    assert (stats.msg_in_counter, stats.msg_out_counter, stats.bytes_out_counter) == (3, 3, 5)


def test_a_subscription_that_nobody_used_has_no_type(station):
    station.topic().ensure_subscription("s", 0)
    station.broker.set_policies("public/default", Policies(deduplication=True))
    stats = topic_stats(station.topic())
    assert (stats.subscriptions["s"].type, stats.subscriptions["s"].msg_in_replay) == ("None", 0)
    assert (stats.deduplication_status, stats.last_publish_time_stamp, stats.backlog_size) == ("Enabled", 0, 0)


def test_draining_keys_and_what_waits_for_them_are_counted(station):
    first = station.consume(KEY_SHARED, name="first")
    station.send("1", "2", partition_key="k8")
    station.consume(KEY_SHARED, name="second")
    station.send("3", partition_key="k8")
    subscription = topic_stats(station.topic()).subscriptions["s"]
    assert [consumer.draining_hashes_count for consumer in subscription.consumers] == [1, 0]
    assert subscription.msg_in_replay == 1
    assert first.consumer.unacknowledged == 2


def test_the_log_and_its_cursors_are_shown_as_ledger_and_entry():
    station = Station(max_entries=2)
    owner = station.consume(EXCLUSIVE)
    station.topic().ensure_subscription("idle", 0)
    station.send(*"01234")
    station.acknowledge(owner, "0", "2")
    stats = internal_stats(station.topic())
    first, second, third = (ledger.ledger_id for ledger in stats.ledgers)
    assert [(ledger.entries, ledger.size) for ledger in stats.ledgers] == [(2, 2), (2, 2), (0, 0)]
    assert (stats.entries_added_counter, stats.number_of_entries, stats.current_ledger_entries) == (5, 5, 1)
    assert (stats.last_confirmed_entry, stats.state) == (f"{third}:0", "LedgerOpened")
    cursor = stats.cursors["s"]
    assert (cursor.mark_delete_position, cursor.read_position) == (f"{first}:0", f"{third}:1")
    assert cursor.individually_deleted_messages == f"[({first}:1..{second}:0]]"
    assert (cursor.messages_consumed_counter, cursor.active) == (2, True)
    assert stats.cursors["idle"].mark_delete_position == f"{first}:-1"
    station.topic().terminate()
    assert internal_stats(station.topic()).state == "Terminated"
    assert shown(stats)["cursors"]["s"]["totalNonContiguousDeletedMessagesRange"] == 1


def test_figures_of_partitions_are_added_up_and_names_matched():
    first = {
        "n": 1,
        "on": False,
        "lastTimestamp": 5,
        "subscriptions": {"a": {"type": "Shared", "n": 2}},
        "consumers": [{"n": 1}],
        "none": None,
    }
    second = {"n": 2, "on": True, "lastTimestamp": 3, "subscriptions": {"a": {"type": "Shared", "n": 3}, "b": {"n": 7}}, "consumers": []}
    assert summed([first, second]) == {
        "n": 3,
        "on": True,
        "lastTimestamp": 5,
        "subscriptions": {"a": {"type": "Shared", "n": 5}, "b": {"n": 7}},
        "consumers": [{"n": 1}],
        "none": None,
    }


def test_hashes_that_drain_are_counted_until_they_are_free(station):
    first = station.consume(KEY_SHARED, name="first")
    for number in range(20):
        station.send(str(number), partition_key=f"k{number}")
    station.consume(KEY_SHARED, name="second")
    stats = topic_stats(station.topic()).subscriptions["s"]
    count = stats.draining_hashes_count
    assert count > 0
    assert (stats.draining_hashes_unacked_messages, stats.draining_hashes_cleared_total) == (count, 0)
    station.acknowledge(first, *first.texts)
    after = topic_stats(station.topic()).subscriptions["s"]
    assert (after.draining_hashes_count, after.draining_hashes_unacked_messages, after.draining_hashes_cleared_total) == (0, 0, count)
