"""A consumer as the broker sees it (``org.apache.pulsar.broker.service.Consumer``).

* Permits count messages; they may fall below 0, because an entry is never split.
* At ``MAX_UNACKNOWLEDGED_PER_CONSUMER`` unacknowledged messages, or as many as its namespace allows, it is blocked, until half of them are
  acknowledged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from sys import maxsize
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pfemu.model.message import Entry
from pfemu.model.subscription import KeySharedPolicy

if TYPE_CHECKING:
    from pfemu.broker.policies import Policies
    from pfemu.broker.subscription import Subscription
    from pfemu.model.schema import SchemaInfo

MAX_UNACKNOWLEDGED_PER_CONSUMER = 50_000
"""``maxUnackedMessagesPerConsumer``."""

AUTO_SPLIT = KeySharedPolicy()


@dataclass(frozen=True, slots=True)
class ConsumerTraits:
    """What a consumer says of itself when it connects (``CommandSubscribe``)."""

    name: str
    properties: Mapping[str, str] = field(default_factory=dict)
    priority_level: int = 0
    key_shared: KeySharedPolicy = AUTO_SPLIT
    read_compacted: bool = False
    schema: SchemaInfo | None = None
    takeover_delay_ms: int = 0
    """How long it waits when it becomes the active one of a Failover subscription."""
    joins_at_once: bool = False
    """Whether it waits only where the active one left, not where somebody joined."""


class Delivery(NamedTuple):
    """Entries on their way to one consumer; ``redelivery_counts`` has one number an entry, None when all are 0."""

    consumer: Consumer
    entries: list[Entry]
    redelivery_counts: list[int] | None


class DeliveryTarget(Protocol):
    """Whoever owns a consumer: the client library's half, or a connection."""

    def deliver(self, delivery: Delivery) -> None:
        """Take a batch of entries."""
        ...

    def rewound(self) -> None:
        """Drop what was delivered and not yet given out: the cursor was moved, and it comes again if it is to come."""
        ...

    def disconnected(self) -> None:
        """Hear that the broker closed the consumer: its subscription or its topic was taken away."""
        ...


class Consumer:
    """One connected consumer: its permits, and what it holds unacknowledged (Shared and Key_Shared only).

    ``owner`` is whom the engine hands deliveries to; the core never calls it.
    """

    __slots__ = (
        "batched_pending",
        "blocked",
        "bytes_sent_total",
        "connected",
        "connected_since_ms",
        "consumer_id",
        "entries_sent_total",
        "last_sent_ms",
        "max_unacknowledged",
        "name",
        "owner",
        "pending",
        "permits",
        "priority_level",
        "sent_total",
        "subscription",
        "subscription_limit",
        "traits",
    )

    def __init__(self, subscription: Subscription, consumer_id: int, owner: DeliveryTarget, traits: ConsumerTraits, now_ms: int) -> None:
        self.subscription = subscription
        self.consumer_id = consumer_id
        self.owner = owner
        self.traits = traits
        self.name = traits.name
        self.priority_level = traits.priority_level
        self.permits = 0
        self.pending: dict[int, Entry] = {}
        self.batched_pending = 0
        """By how much the messages in ``pending`` outnumber its entries: batches count as what they hold."""
        self.max_unacknowledged: int
        """At how many messages it is blocked."""
        self.subscription_limit: int | None
        """What its namespace says of all consumers of its subscription together."""
        self.apply(subscription.topic.policies)
        self.blocked = False
        self.connected = True
        self.connected_since_ms = now_ms
        self.sent_total = 0
        self.entries_sent_total = 0
        self.bytes_sent_total = 0
        self.last_sent_ms = 0

    @property
    def unacknowledged(self) -> int:
        """How many messages it holds unacknowledged; always 0 for Exclusive and Failover, as the broker counts them."""
        return len(self.pending) + self.batched_pending

    @property
    def wants(self) -> int:
        """How many more messages may be sent to it now."""
        if self.blocked:
            return 0
        return min(self.permits, self.max_unacknowledged - len(self.pending) - self.batched_pending)

    def apply(self, policies: Policies) -> None:
        """Let the policies of its topic count from now on."""
        limit = policies.max_unacked_messages_per_consumer
        self.max_unacknowledged = MAX_UNACKNOWLEDGED_PER_CONSUMER if limit is None else limit or maxsize
        self.subscription_limit = policies.max_unacked_messages_per_subscription

    def hold(self, entries: list[Entry], messages: int) -> None:
        """Note what it holds from now on: ``messages`` in ``entries``."""
        pending = self.pending
        for entry in entries:
            pending[entry.position] = entry
        self.batched_pending += messages - len(entries)
        if len(self.pending) + self.batched_pending >= self.max_unacknowledged:
            self.blocked = True

    def count_sent(self, entries: list[Entry], messages: int, now_ms: int) -> None:
        """Take the permits of what was sent, and count it."""
        self.permits -= messages
        self.sent_total += messages
        self.entries_sent_total += len(entries)
        self.bytes_sent_total += sum([len(entry.payload) for entry in entries])
        self.last_sent_ms = now_ms

    def release(self, position: int) -> Entry | None:
        """Take an entry off what it holds, None when it does not hold it."""
        entry = self.pending.pop(position, None)
        if entry is not None and self.batched_pending:
            self.batched_pending -= entry.message_count - 1
        return entry

    def release_all(self) -> list[Entry]:
        """Take everything off it; it is no longer blocked."""
        entries = list(self.pending.values())
        self.pending.clear()
        self.batched_pending = 0
        self.blocked = False
        return entries

    def unblock(self) -> bool:
        """Let it have messages again once it holds at most half of what it may; whether that is so now."""
        if self.blocked and self.unacknowledged <= self.max_unacknowledged // 2:
            self.blocked = False
            return True
        return False

    def __repr__(self) -> str:
        return f"<Consumer {self.name} of {self.subscription.name}>"
