"""What a topic looks like from outside: values with the field names of the admin API (``TopicStatsImpl`` and its parts).

Counters count since the topic was made. Times are milliseconds since the epoch, 0 for never. :func:`shown` renames fields for JSON.

Differs: rates are 0; sizes are those of payloads, where Pulsar adds its metadata; what only Pulsar's own machinery has (offloading,
replication, dispatch throttling, transactions) is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TypeAlias

from pfemu.broker.consumer import Consumer
from pfemu.broker.dispatch.sticky_key import StickyKeyDispatcher
from pfemu.broker.non_persistent import NonPersistentSubscription
from pfemu.broker.producer import Producer
from pfemu.broker.subscription import Subscription
from pfemu.broker.topic import Topic
from pfemu.model.java_text import camel_case

Shown: TypeAlias = "bool | int | float | str | list[Shown] | dict[str, Shown] | None"
_NOT_ADDED = {"producerId", "connectedSince", "avgMessagesPerEntry", "metadata", "subscriptionProperties", "keyHashRangeArrays"}


@dataclass(frozen=True, slots=True)
class PublisherStats:
    """``PublisherStatsImpl``."""

    access_mode: str
    producer_id: int
    producer_name: str
    connected_since: int
    metadata: dict[str, str]


@dataclass(frozen=True, slots=True)
class ConsumerStats:
    """``ConsumerStatsImpl``."""

    consumer_name: str
    available_permits: int
    unacked_messages: int
    avg_messages_per_entry: int
    blocked_consumer_on_unacked_msgs: bool
    msg_out_counter: int
    bytes_out_counter: int
    connected_since: int
    last_consumed_timestamp: int
    metadata: dict[str, str]
    key_hash_range_arrays: list[list[int]] | None
    draining_hashes_count: int
    draining_hashes_cleared_total: int
    draining_hashes_unacked_messages: int


@dataclass(frozen=True, slots=True)
class SubscriptionStats:
    """``SubscriptionStatsImpl``. ``type`` is the text ``None`` until a first consumer comes."""

    type: str
    msg_backlog: int
    msg_backlog_no_delayed: int
    msg_delayed: int
    msg_in_replay: int
    unacked_messages: int
    active_consumer_name: str | None
    blocked_subscription_on_unacked_msgs: bool
    is_durable: bool
    allow_out_of_order_delivery: bool
    key_shared_mode: str | None
    msg_out_counter: int
    bytes_out_counter: int
    total_msg_expired: int
    last_expire_timestamp: int
    non_contiguous_deleted_messages_ranges: int
    dropped_total: int
    draining_hashes_count: int
    draining_hashes_cleared_total: int
    draining_hashes_unacked_messages: int
    subscription_properties: dict[str, str]
    consumers: list[ConsumerStats]


@dataclass(frozen=True, slots=True)
class CompactionStats:
    """``CompactionStatsImpl``."""

    last_compaction_removed_event_count: int
    last_compaction_succeed_timestamp: int


@dataclass(frozen=True, slots=True)
class TopicStats:
    """``TopicStatsImpl``."""

    msg_in_counter: int
    bytes_in_counter: int
    msg_out_counter: int
    bytes_out_counter: int
    storage_size: int
    backlog_size: int
    publishers: list[PublisherStats]
    waiting_publishers: int
    subscriptions: dict[str, SubscriptionStats]
    deduplication_status: str
    topic_creation_time_stamp: int
    last_publish_time_stamp: int
    compaction: CompactionStats


def topic_stats(topic: Topic) -> TopicStats:
    """Return what there is to know about a topic now."""
    subscriptions = {name: subscription_stats(subscription) for name, subscription in topic.subscriptions.items()}
    newest = topic.ledger.last_entry
    slowest = min((one.cursor.mark_delete for one in topic.subscriptions.values()), default=topic.ledger.next_position - 1)
    return TopicStats(
        msg_in_counter=topic.messages_in_total,
        bytes_in_counter=topic.bytes_in_total,
        msg_out_counter=sum(one.msg_out_counter for one in subscriptions.values()),
        bytes_out_counter=sum(one.bytes_out_counter for one in subscriptions.values()),
        storage_size=topic.ledger.size_bytes,
        backlog_size=topic.ledger.size_after(slowest),
        publishers=[_publisher_stats(producer) for producer in topic.producers.values()],
        waiting_publishers=topic.access.waiting_count,
        subscriptions=subscriptions,
        deduplication_status="Enabled" if topic.policies.deduplication else "Disabled",
        topic_creation_time_stamp=topic.created_ms,
        last_publish_time_stamp=0 if newest is None else newest.publish_time_ms,
        compaction=CompactionStats(topic.compacted.removed, topic.compacted.last_run_ms),
    )


def subscription_stats(subscription: Subscription) -> SubscriptionStats:
    """Return what there is to know about a subscription now."""
    dispatcher = subscription.dispatcher
    delayed = 0 if dispatcher is None else dispatcher.delayed_count
    keyed = dispatcher if isinstance(dispatcher, StickyKeyDispatcher) else None
    active = None if dispatcher is None else dispatcher.active_consumer
    consumers = [_consumer_stats(consumer, keyed) for consumer in subscription.consumers]
    return SubscriptionStats(
        type="None" if subscription.type is None else subscription.type.value,
        msg_backlog=subscription.backlog,
        msg_backlog_no_delayed=subscription.backlog - delayed,
        msg_delayed=delayed,
        msg_in_replay=0 if dispatcher is None else dispatcher.replay_count,
        unacked_messages=subscription.unacknowledged,
        active_consumer_name=None if active is None else active.name,
        blocked_subscription_on_unacked_msgs=dispatcher is not None and dispatcher.blocked,
        is_durable=subscription.durable,
        allow_out_of_order_delivery=keyed is not None and keyed.policy.allow_out_of_order_delivery,
        key_shared_mode=None if keyed is None else keyed.policy.mode.value,
        msg_out_counter=subscription.gone_messages + sum(consumer.sent_total for consumer in subscription.consumers),
        bytes_out_counter=subscription.gone_bytes + sum(consumer.bytes_sent_total for consumer in subscription.consumers),
        total_msg_expired=subscription.expired_total,
        last_expire_timestamp=subscription.last_expire_ms,
        non_contiguous_deleted_messages_ranges=len(subscription.cursor.acknowledged_ranges),
        dropped_total=subscription.dropped_total if isinstance(subscription, NonPersistentSubscription) else 0,
        subscription_properties=subscription.properties,
        draining_hashes_count=sum(one.draining_hashes_count for one in consumers),
        draining_hashes_cleared_total=sum(one.draining_hashes_cleared_total for one in consumers),
        draining_hashes_unacked_messages=sum(one.draining_hashes_unacked_messages for one in consumers),
        consumers=consumers,
    )


def _publisher_stats(producer: Producer) -> PublisherStats:
    return PublisherStats(
        access_mode=producer.access_mode.value,
        producer_id=producer.producer_id,
        producer_name=producer.name,
        connected_since=producer.connected_since_ms,
        metadata=producer.properties,
    )


def _consumer_stats(consumer: Consumer, keyed: StickyKeyDispatcher | None) -> ConsumerStats:
    ranges = None if keyed is None else [list(one) for one in keyed.ranges().get(consumer, [])]
    draining = [] if keyed is None else [held for holder, held in keyed.draining_slots.values() if holder is consumer]
    return ConsumerStats(
        consumer_name=consumer.name,
        available_permits=consumer.permits,
        unacked_messages=consumer.unacknowledged,
        avg_messages_per_entry=round(consumer.sent_total / consumer.entries_sent_total) if consumer.entries_sent_total else 0,
        blocked_consumer_on_unacked_msgs=consumer.blocked,
        msg_out_counter=consumer.sent_total,
        bytes_out_counter=consumer.bytes_sent_total,
        connected_since=consumer.connected_since_ms,
        last_consumed_timestamp=consumer.last_sent_ms,
        metadata=dict(consumer.traits.properties),
        key_hash_range_arrays=ranges,
        draining_hashes_count=len(draining),
        draining_hashes_cleared_total=0 if keyed is None else keyed.cleared_slots.get(consumer, 0),
        draining_hashes_unacked_messages=sum(draining),
    )


def summed(stats: list[Shown]) -> Shown:
    """Add up the figures of partitions, as shown (``PartitionedTopicStatsImpl.add``): numbers are added, names and lists matched."""
    first = stats[0]
    if isinstance(first, dict):
        by_name: dict[str, list[Shown]] = {}
        for one in stats:
            for name, value in one.items() if isinstance(one, dict) else ():
                by_name.setdefault(name, []).append(value)
        return {name: _added(name, values) for name, values in by_name.items()}
    if isinstance(first, list):
        lists = [one for one in stats if isinstance(one, list)]
        return [summed([one[index] for one in lists if index < len(one)]) for index in range(max(map(len, lists)))]
    if isinstance(first, bool):
        return any(stats)
    if isinstance(first, int | float):
        return sum(one for one in stats if isinstance(one, int | float))
    return first


def _added(name: str, values: list[Shown]) -> Shown:
    if name.lower().endswith("timestamp"):
        return max(value for value in values if isinstance(value, int))
    return values[0] if name in _NOT_ADDED else summed(values)


def shown(stats: object) -> Shown:
    """Return statistics as JSON has them: ``camelCase`` names, no field that has no value."""
    if is_dataclass(stats):
        named = ((field.name, getattr(stats, field.name)) for field in fields(stats))
        return {camel_case(name): shown(value) for name, value in named if value is not None}
    if isinstance(stats, list):
        return [shown(one) for one in stats]
    if isinstance(stats, dict):
        return {str(name): shown(value) for name, value in stats.items()}
    if stats is None or isinstance(stats, bool | int | float | str):
        return stats
    raise TypeError(f"not a part of statistics: {stats!r}")
