"""What a subscription, a consumer or a producer is asked to be."""

from dataclasses import dataclass
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


class KeySharedMode(Enum):
    """How the consumers of a Key_Shared subscription come by their keys; the values are the names REST shows."""

    AUTO_SPLIT = "AUTO_SPLIT"
    STICKY = "STICKY"


@dataclass(frozen=True, slots=True)
class KeySharedPolicy:
    """``KeySharedMeta`` of CommandSubscribe. ``ranges`` are first and last slots, for the sticky mode only."""

    mode: KeySharedMode = KeySharedMode.AUTO_SPLIT
    allow_out_of_order_delivery: bool = False
    ranges: tuple[tuple[int, int], ...] = ()

    def agrees_with(self, other: "KeySharedPolicy") -> bool:
        """Whether two consumers of one subscription may have these policies."""
        return (self.mode, self.allow_out_of_order_delivery) == (other.mode, other.allow_out_of_order_delivery)


class ProducerAccessMode(Enum):
    """Who else may produce beside a producer; the values are the names REST shows."""

    SHARED = "Shared"
    EXCLUSIVE = "Exclusive"
    WAIT_FOR_EXCLUSIVE = "WaitForExclusive"
    EXCLUSIVE_WITH_FENCING = "ExclusiveWithFencing"
