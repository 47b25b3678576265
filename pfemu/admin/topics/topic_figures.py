"""A topic's figures with all the fields a client of the admin API expects (``TopicStatsImpl``, ``NonPersistentTopicStatsImpl``).

What the broker here counts comes from :mod:`pfemu.broker.stats`; what it has no use for is as in a broker where nothing of the kind
happens: no rates, no offloading, no transactions, no throttling, no filters.

Differs: rates are 0, and clients have no address.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from pfemu.broker.internal_stats import internal_stats, position_text
from pfemu.broker.policies import BROKER_QUOTA, DESTINATION_STORAGE, MESSAGE_AGE
from pfemu.broker.stats import Shown, shown, summed, topic_stats

if TYPE_CHECKING:
    from pfemu.broker.subscription import Subscription
    from pfemu.broker.topic import Topic

_RATES_OUT: dict[str, Shown] = {"msgRateOut": 0.0, "msgThroughputOut": 0.0}
_NEVER: dict[str, Shown] = {"nonContiguousDeletedMessagesRangesSerializedSize": 0, "delayedMessageIndexSizeInBytes": 0}
_TOPIC: dict[str, Shown] = {
    **_RATES_OUT,
    "msgRateIn": 0.0,
    "msgThroughputIn": 0.0,
    "systemTopicBytesInCounter": 0,
    "bytesOutInternalCounter": 0,
    "averageMsgSize": 0.0,
    "msgChunkPublished": False,
    "oldestBacklogMessageAgeSeconds": -1,
    "publishRateLimitedTimes": 0,
    "earliestMsgPublishTimeInBacklogs": 0,
    "offloadedStorageSize": 0,
    "lastOffloadLedgerId": 0,
    "lastOffloadSuccessTimeStamp": 0,
    "lastOffloadFailureTimeStamp": 0,
    "ongoingTxnCount": 0,
    "abortedTxnCount": 0,
    "committedTxnCount": 0,
    "replication": {},
    **_NEVER,
}
_COMPACTION: dict[str, Shown] = {"lastCompactionFailedTimestamp": 0, "lastCompactionDurationTimeInMills": 0}
_LIMITS = ("BySubscriptionLimit", "ByTopicLimit", "ByBrokerLimit")
_SUBSCRIPTION: dict[str, Shown] = {
    **_RATES_OUT,
    "msgRateRedeliver": 0.0,
    "messageAckRate": 0.0,
    "chunkedMessageRate": 0.0,
    "backlogSize": 0,
    "earliestMsgPublishTimeInBacklog": 0,
    "msgRateExpired": 0.0,
    "lastConsumedFlowTimestamp": 0,
    "lastConsumedTimestamp": 0,
    "lastAckedTimestamp": 0,
    "lastMarkDeleteAdvancedTimestamp": 0,
    "consumersAfterMarkDeletePosition": {},
    **_NEVER,
    **{f"filter{what}MsgCount": 0 for what in ("Processed", "Accepted", "Rejected", "Rescheduled")},
    **{f"dispatchThrottled{what}Events{by}": 0 for by in _LIMITS for what in ("Msg", "Bytes")},
}
_CONSUMER: dict[str, Shown] = {
    **_RATES_OUT,
    "msgRateRedeliver": 0.0,
    "messageAckRate": 0.0,
    "chunkedMessageRate": 0.0,
    "lastAckedTimestamp": 0,
    "lastConsumedFlowTimestamp": 0,
}
_PUBLISHER: dict[str, Shown] = {
    "msgRateIn": 0.0,
    "msgThroughputIn": 0.0,
    "averageMsgSize": 0.0,
    "chunkedMessageRate": 0.0,
    "supportsPartialProducer": False,
}
_NOT_SHOWN = ("topicCreationTimeStamp", "lastPublishTimeStamp")
_LEDGER: dict[str, Shown] = {"offloaded": False, "underReplicated": False}
_STORED: dict[str, Shown] = {"timestamp": 0, "isOffloaded": False}
_CURSOR: dict[str, Shown] = {
    "waitingReadOp": False,
    "pendingReadOps": 0,
    "cursorLedger": -1,
    "cursorLedgerLastEntry": -1,
    "subscriptionHavePendingRead": False,
    "subscriptionHavePendingReplayRead": False,
}


def topic_figures(topic: Topic, owner: str) -> dict[str, Shown]:
    """Return the figures of one topic or partition; ``owner`` is the broker that has it, ``host:port``."""
    found = cast("dict[str, Shown]", shown(topic_stats(topic)))
    quotas = topic.policies.backlog_quotas or {}
    figures: dict[str, Shown] = {
        **_TOPIC,
        **{name: value for name, value in found.items() if name not in _NOT_SHOWN},
        "backlogQuotaLimitSize": quotas.get(DESTINATION_STORAGE, BROKER_QUOTA).limit_size,
        "backlogQuotaLimitTime": quotas.get(MESSAGE_AGE, BROKER_QUOTA).limit_time,
        "publishers": _all_connected(_PUBLISHER, found["publishers"]),
        "subscriptions": _subscriptions(found["subscriptions"]),
        "compaction": {**_COMPACTION, **cast("dict[str, Shown]", found["compaction"])},
        "nonContiguousDeletedMessagesRanges": sum(len(one.cursor.acknowledged_ranges) for one in topic.subscriptions.values()),
        "ownerBroker": owner,
    }
    return figures if topic.is_persistent else _not_stored(figures)


def _not_stored(figures: dict[str, Shown]) -> dict[str, Shown]:
    """Return the figures of a topic that stores nothing: no backlog, no deduplication, but what was dropped."""
    del figures["deduplicationStatus"]
    nothing = dict.fromkeys(("storageSize", "backlogSize", "backlogQuotaLimitSize", "backlogQuotaLimitTime"), 0)
    return {**figures, **nothing, "oldestBacklogMessageAgeSeconds": 0, "msgDropRate": 0.0}


def _parts(value: Shown) -> list[dict[str, Shown]]:
    return cast("list[dict[str, Shown]]", value)


def all_figures(partitions: list[dict[str, Shown]]) -> dict[str, Shown]:
    """Return the figures of all partitions added up; whose they are and who publishes is said of each alone."""
    total = cast("dict[str, Shown]", summed(cast("list[Shown]", partitions)))
    publishers = [{name: one[name] for name in _PUBLISHER} | {"producerId": 0} for one in _parts(total["publishers"])]
    same = {name: partitions[0][name] for name in ("backlogQuotaLimitSize", "backlogQuotaLimitTime")}
    added = {name: value for name, value in total.items() if name not in {"ownerBroker", "deduplicationStatus"}}
    return {**added, **same, "oldestBacklogMessageAgeSeconds": 0, "publishers": cast("Shown", publishers)}


def _subscriptions(found: Shown) -> dict[str, Shown]:
    return {name: _subscription(one) for name, one in cast("dict[str, dict[str, Shown]]", found).items()}


def _subscription(found: dict[str, Shown]) -> dict[str, Shown]:
    return {
        **_SUBSCRIPTION,
        **found,
        "isReplicated": False,
        "durable": found["isDurable"],
        "replicated": False,
        "consumers": _all_connected(_CONSUMER, found["consumers"]),
    }


def _all_connected(others: dict[str, Shown], found: Shown) -> list[Shown]:
    """Return producers or consumers, with the time they came as a text."""
    return [{**others, **one, "connectedSince": _when(cast("int", one["connectedSince"]))} for one in _parts(found)]


def log_figures(topic: Topic) -> dict[str, Shown]:
    """Return what there is to know of a topic's log and its cursors."""
    found = cast("dict[str, Shown]", shown(internal_stats(topic)))
    idle: dict[str, Shown] = {"waitingCursorsCount": 0, "pendingAddEntriesCount": 0}
    if not topic.is_persistent:
        return idle | {name: value for name, value in found.items() if name not in {"lastConfirmedEntry", "state", "ledgers"}}
    created = _when(topic.created_ms)
    cursors = cast("dict[str, dict[str, Shown]]", found["cursors"])
    none: dict[str, Shown] = {"ledgerId": -1, "entries": -1, "size": -1}
    return {
        **idle,
        **found,
        "lastLedgerCreatedTimestamp": created,
        "ledgers": [{**one, **_LEDGER} for one in _parts(found["ledgers"])],
        "cursors": {name: {**_CURSOR, **one, "lastLedgerSwitchTimestamp": created} for name, one in cursors.items()},
        "schemaLedgers": [],
        "compactedLedger": {**none, **_LEDGER},
    }


def stored_log(topic: Topic) -> dict[str, Shown]:
    """Return what is stored of a topic's ledgers and cursors."""
    dates: dict[str, Shown] = {"version": 1, "creationDate": _when(topic.created_ms), "modificationDate": _when(topic.created_ms)}
    *closed, current = topic.ledger.segments
    ledgers: list[Shown] = [
        *({"ledgerId": one.ledger_id, "entries": len(one.entries), "size": one.size_bytes} | _STORED for one in closed),
        {"ledgerId": current.ledger_id} | _STORED,
    ]
    cursors: dict[str, Shown] = {name: dates | _stored_cursor(one) for name, one in topic.subscriptions.items() if one.durable}
    return {**dates, "ledgers": ledgers, "cursors": cursors}


def _stored_cursor(subscription: Subscription) -> dict[str, Shown]:
    place = position_text(subscription.topic.ledger, subscription.cursor.mark_delete)
    ledger_id, _, entry_id = place.partition(":")
    return {"cursorsLedgerId": -1, "markDelete": {"ledgerId": int(ledger_id), "entryId": int(entry_id)}}


def _when(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
