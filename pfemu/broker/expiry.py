"""Messages that nobody took in time (``PersistentMessageExpiryMonitor``).

* What is older than the time to live is acknowledged for the subscription, up to the newest such message.
* The broker looks every five minutes, if the namespace or the topic has a time to live.
* A subscription with a consumer and less than a thousand messages to go is left alone unless its oldest message is too old.
"""

from pfemu.broker.refusals import Conflict
from pfemu.broker.subscription import Subscription

CHECK_INTERVAL_MS = 5 * 60 * 1000
"""``messageExpiryCheckIntervalInMinutes``."""
_NEARLY_CAUGHT_UP = 1_000


def expire_messages(subscription: Subscription, older_than_seconds: int, now_ms: int) -> bool:
    """Acknowledge what was published more than that long ago; False when the subscription is left alone."""
    oldest = next(iter(subscription.cursor.unacknowledged()), None)
    if oldest is None:
        return False
    expires_before_ms = now_ms - older_than_seconds * 1000
    is_too_old = older_than_seconds != 0 and oldest.publish_time_ms < expires_before_ms
    if subscription.consumers and subscription.backlog < _NEARLY_CAUGHT_UP and not is_too_old:
        return False
    expire_to(subscription, subscription.topic.ledger.position_at(expires_before_ms) - 1, now_ms)
    return True


def expire_to(subscription: Subscription, position: int, now_ms: int) -> None:
    """Acknowledge everything up to a position as expired."""
    before = subscription.backlog
    subscription.acknowledge_cumulative(position)
    expired = before - subscription.backlog
    if expired:
        subscription.expired_total += expired
        subscription.last_expire_ms = now_ms


def expire_by_request(subscription: Subscription, older_than_seconds: int, now_ms: int) -> None:
    """Do so because an administrator asked.

    Raises:
        Conflict: the subscription is left alone.
    """
    if not expire_messages(subscription, older_than_seconds, now_ms):
        raise Conflict(
            f"Expire message by timestamp not issued on topic {subscription.topic.name.full} for subscription {subscription.name} "
            "due to ongoing message expiration not finished or subscription almost catch  up. If it's performed on a partitioned topic "
            "operation might succeeded on other partitions, please check stats of individual partition."
        )
