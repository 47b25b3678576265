"""A consumer as the broker sees it (``org.apache.pulsar.broker.service.Consumer``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from pfemu.model.message import Entry

if TYPE_CHECKING:
    from pfemu.broker.subscription import Subscription

MAX_UNACKNOWLEDGED_PER_CONSUMER = 50_000


class Delivery(NamedTuple):
    """Entries on their way to one consumer; ``redelivery_counts`` has one number an entry, None when all are 0."""

    consumer: Consumer
    entries: list[Entry]
    redelivery_counts: list[int] | None


class Consumer:
    """One connected consumer: its permits, and what it holds unacknowledged (Shared and Key_Shared only).

    ``owner`` is whoever the engine hands deliveries to; the core never looks at it.
    """

    __slots__ = ("connected", "consumer_id", "name", "owner", "pending", "permits", "priority_level", "properties", "sent_total", "subscription")

    def __init__(  # noqa: PLR0913 - the fields of CommandSubscribe
        self,
        subscription: Subscription,
        consumer_id: int,
        name: str,
        *,
        owner: object = None,
        priority_level: int = 0,
        properties: Mapping[str, str] | None = None,
    ) -> None:
        self.subscription = subscription
        self.consumer_id = consumer_id
        self.name = name
        self.owner = owner
        self.priority_level = priority_level
        self.properties = dict(properties or {})
        self.permits = 0
        self.pending: dict[int, Entry] = {}
        self.connected = True
        self.sent_total = 0

    @property
    def wants(self) -> int:
        """How many more messages may be sent to it now."""
        return min(self.permits, MAX_UNACKNOWLEDGED_PER_CONSUMER - len(self.pending))

    def __repr__(self) -> str:
        return f"<Consumer {self.name} of {self.subscription.name}>"
