"""What a subscription is asked to be."""

from enum import Enum


class SubscriptionType(Enum):
    """``SubType`` of CommandSubscribe; the values are the names REST shows."""

    EXCLUSIVE = "Exclusive"
    SHARED = "Shared"
    FAILOVER = "Failover"
    KEY_SHARED = "Key_Shared"


class InitialPosition(Enum):
    """Where a new subscription starts."""

    LATEST = "Latest"
    EARLIEST = "Earliest"
