"""Backlogs that became too large or too old (``BacklogQuotaManager``, ``PersistentTopic.checkBacklogQuotaExceeded``).

* The backlog of a topic is what its slowest durable subscription has not acknowledged. It is too large from ``limit_size`` bytes on, and
  too old when the ledger that begins with it was closed more than ``limit_time`` seconds ago.
* A new producer is refused at once; the broker looks every minute for what is there already: producers are sent away, and come back when
  the backlog is small enough, or subscriptions lose what is oldest, until nine tenths of the limit are left.

Differs: the broker's own quota, 10 GiB, is not looked at; sizes are those of payloads; when a ledger was closed its newest message says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.broker.policies import DESTINATION_STORAGE, MESSAGE_AGE, BacklogQuotaPolicy
from pfemu.errors import ProducerBlockedQuotaExceeded, ProducerBlockedQuotaHold

if TYPE_CHECKING:
    from pfemu.broker.policies import BacklogQuota
    from pfemu.broker.subscription import Subscription
    from pfemu.broker.topic import Topic

CHECK_INTERVAL_MS = 60 * 1000
"""``backlogQuotaCheckIntervalInSeconds``."""
_LEFT = 0.9


def is_watched(topic: Topic) -> bool:
    """Whether the broker looks at a topic every minute, for its backlog or for what is to be compacted."""
    return bool(topic.policies.backlog_quotas or topic.policies.compaction_threshold)


def check_backlog(topic: Topic) -> None:
    """Check that a producer may come.

    Raises:
        ProducerBlockedQuotaExceeded: the backlog is too large or too old, and producers are to be told.
        ProducerBlockedQuotaHold: they are to wait.
    """
    quota = _exceeded(topic)
    if quota is None or quota.policy is BacklogQuotaPolicy.CONSUMER_BACKLOG_EVICTION:
        return
    words = "Cannot create producer on topic with backlog quota exceeded"
    raise (ProducerBlockedQuotaHold if quota.policy is BacklogQuotaPolicy.PRODUCER_REQUEST_HOLD else ProducerBlockedQuotaExceeded)(words)


def enforce(topic: Topic, now_ms: int) -> None:
    """Do what the quotas of a topic say, if its backlog is too large or too old."""
    quotas = topic.policies.backlog_quotas or {}
    age = quotas.get(MESSAGE_AGE)
    topic.backlog_is_too_old = age is not None and _is_too_old(topic, age, now_ms)
    quota = _exceeded(topic)
    if quota is None:
        return
    if quota.policy is not BacklogQuotaPolicy.CONSUMER_BACKLOG_EVICTION:
        topic.access.send_away()
    elif quota is age:
        _evict_old(topic, age, now_ms)
    else:
        _evict_beyond(topic, quota.limit_size)


def _exceeded(topic: Topic) -> BacklogQuota | None:
    quotas = topic.policies.backlog_quotas or {}
    size = quotas.get(DESTINATION_STORAGE)
    if size is not None and 0 <= size.limit_size <= _backlog_bytes(topic) and _slowest(topic) is not None:
        return size
    return quotas.get(MESSAGE_AGE) if topic.backlog_is_too_old else None


def _slowest(topic: Topic) -> Subscription | None:
    return min((one for one in topic.subscriptions.values() if one.durable), key=lambda one: one.cursor.mark_delete, default=None)


def _backlog_bytes(topic: Topic) -> int:
    slowest = _slowest(topic)
    return 0 if slowest is None else topic.ledger.size_after(slowest.cursor.mark_delete)


def _is_too_old(topic: Topic, quota: BacklogQuota, now_ms: int) -> bool:
    return quota.limit_time > 0 and _old_up_to(topic, quota, now_ms) is not None


def _old_up_to(topic: Topic, quota: BacklogQuota, now_ms: int) -> int | None:
    """Return the last position of the closed ledgers that are too old and not quite acknowledged."""
    slowest = _slowest(topic)
    if slowest is None:
        return None
    closed = topic.ledger.segments[:-1]
    old = [one for one in closed if one.entries and now_ms - one.entries[-1].publish_time_ms > quota.limit_time * 1000]
    last = max((one.entries[-1].position for one in old), default=-1)
    return last if last > slowest.cursor.mark_delete else None


def _evict_old(topic: Topic, quota: BacklogQuota, now_ms: int) -> None:
    position = _old_up_to(topic, quota, now_ms)
    for subscription in list(topic.subscriptions.values()):
        if subscription.durable and position is not None and subscription.cursor.mark_delete < position:
            subscription.acknowledge_cumulative(position)


def _evict_beyond(topic: Topic, limit_bytes: int) -> None:
    """Skip of the slowest subscription what its part of the backlog above the target is, again until that is not one entry."""
    target = limit_bytes * _LEFT
    while (backlog := _backlog_bytes(topic)) > target:
        slowest = _slowest(topic)
        count = 0 if slowest is None else int((backlog - target) / backlog * slowest.backlog)
        if slowest is None or not count:
            return
        slowest.skip(count)
