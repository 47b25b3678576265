"""A subscription: a cursor, and a dispatcher of its current type (``PersistentSubscription``).

* The type is that of the consumers now connected; the first one to come may change it.
* Durable ones stay when their last consumer leaves; those of readers go with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from pfemu.broker.consumer import Consumer, Delivery
from pfemu.broker.dispatch.dispatcher import Dispatcher
from pfemu.broker.dispatch.failover import FailoverChoice
from pfemu.broker.dispatch.multiple import MultipleConsumersDispatcher
from pfemu.broker.dispatch.single_active import SingleActiveDispatcher
from pfemu.broker.dispatch.sticky_key import StickyKeyDispatcher
from pfemu.broker.limits import check_consumers
from pfemu.broker.storage.compaction import CompactedView
from pfemu.broker.storage.managed_cursor import ManagedCursor
from pfemu.errors import ConsumerBusy, NotAllowedError
from pfemu.model.message import Entry
from pfemu.model.subscription import SubscriptionType

if TYPE_CHECKING:
    from pfemu.broker.topic import Topic

_SINGLE = frozenset({SubscriptionType.EXCLUSIVE, SubscriptionType.FAILOVER})


class Subscription:
    """One named reader of a topic and its consumers."""

    __slots__ = (
        "cursor",
        "dispatcher",
        "durable",
        "expired_total",
        "gone_bytes",
        "gone_messages",
        "last_expire_ms",
        "name",
        "properties",
        "queued",
        "replicated",
        "topic",
        "trim_at",
        "type",
    )

    def __init__(self, topic: Topic, name: str, start: int, *, durable: bool, properties: Mapping[str, str] | None = None) -> None:
        self.topic = topic
        self.name = name
        self.durable = durable
        self.properties = dict(properties or {})
        self.cursor = ManagedCursor(topic.ledger, start)
        self.type: SubscriptionType | None = None
        self.dispatcher: Dispatcher | None = None
        self.queued = False
        self.replicated = False
        """What administrators noted; nothing is replicated."""
        self.trim_at = topic.ledger.boundary_after(start - 1)
        self.expired_total = 0
        self.last_expire_ms = 0
        self.gone_messages = 0
        """How many messages were sent to consumers that are no longer here."""
        self.gone_bytes = 0

    def add_consumer(self, consumer: Consumer, subscription_type: SubscriptionType) -> None:
        """Connect a consumer.

        Raises:
            ConsumerBusy: consumers of another type or Key_Shared policy are connected, or an exclusive one, or too many.
            ConsumerAssignError: its sticky key ranges overlap those of another.
            NotAllowedError: it asks for compacted messages and is not to be the only active one, or the topic stores none.
        """
        if consumer.traits.read_compacted and not self.topic.is_persistent:
            raise NotAllowedError("readCompacted only allowed on persistent topics")
        check_consumers(self)
        if consumer.traits.read_compacted and subscription_type not in _SINGLE:
            raise NotAllowedError("readCompacted only allowed on failover or exclusive subscriptions")
        dispatcher = self.dispatcher
        if dispatcher is not None and dispatcher.consumers:
            if self.type is not subscription_type:
                raise ConsumerBusy("Subscription is of different type")
            dispatcher.add_consumer(consumer)
            return
        fresh = dispatcher is None or self.type is not subscription_type or subscription_type is SubscriptionType.KEY_SHARED
        following = self._new_dispatcher(subscription_type, consumer) if fresh or dispatcher is None else dispatcher
        following.add_consumer(consumer)
        self.dispatcher = following
        self.type = subscription_type

    def _new_dispatcher(self, subscription_type: SubscriptionType, consumer: Consumer) -> Dispatcher:
        ledger, cursor = self.topic.ledger, self.cursor
        if subscription_type is SubscriptionType.SHARED:
            return MultipleConsumersDispatcher(ledger, cursor)
        if subscription_type is SubscriptionType.KEY_SHARED:
            return StickyKeyDispatcher(ledger, cursor, consumer.traits.key_shared)
        name = self.topic.name
        choice = None if subscription_type is SubscriptionType.EXCLUSIVE else FailoverChoice(name.full, name.partition_index)
        return SingleActiveDispatcher(cursor, choice, CompactedView(cursor, self.topic.compacted))

    def remove_consumer(self, consumer: Consumer) -> None:
        """Disconnect a consumer; what it had not acknowledged is for the others, or stays."""
        consumer.connected = False
        if self.dispatcher is not None and consumer in self.dispatcher.consumers:
            self.dispatcher.remove_consumer(consumer)
            self.gone_messages += consumer.sent_total
            self.gone_bytes += consumer.bytes_sent_total
            if not self.durable and not self.dispatcher.consumers:
                self.topic.subscriptions.pop(self.name, None)

    def acknowledge(self, consumer: Consumer, position: int) -> None:
        """Acknowledge one entry, whoever holds it."""
        if self.dispatcher is not None and self.dispatcher.acknowledged(consumer, position):
            self.topic.wake(self)
        cursor = self.cursor
        cursor.acknowledge(position)
        if cursor.mark_delete >= self.trim_at:
            self.topic.trim()

    def acknowledge_part(self, position: int) -> None:
        """Hear that some messages of an entry are acknowledged: without ``acknowledgmentAtBatchIndexLevelEnabled`` that is forgotten."""
        if self.dispatcher is not None:
            self.dispatcher.partly_acknowledged(position)

    def acknowledge_cumulative(self, position: int) -> None:
        """Acknowledge everything up to that entry."""
        self.cursor.acknowledge_cumulative(position)
        if self.dispatcher is not None and self.dispatcher.acknowledged_up_to(self.cursor.mark_delete):
            self.topic.wake(self)
        if self.cursor.mark_delete >= self.trim_at:
            self.topic.trim()

    def redeliver(self, consumer: Consumer, positions: Iterable[int] | None) -> None:
        """Send those entries of a consumer again, or all that it has not acknowledged."""
        if self.dispatcher is not None:
            self.dispatcher.redeliver(consumer, positions)

    def reset(self, position: int) -> None:
        """Move the cursor; everything from there on is unacknowledged again (seek)."""
        if self.dispatcher is not None:
            self.dispatcher.reset()
        self.cursor.reset(position)
        self.trim_at = self.topic.ledger.boundary_after(self.cursor.mark_delete)

    def offer(self, entry: Entry, now_ms: int) -> None:  # noqa: ARG002 - the seam's arguments
        """Give an entry that is not stored to a consumer."""
        raise NotAllowedError(f"{self.topic.name.full} stores its messages")

    def skip(self, count: int) -> None:
        """Acknowledge the next entries that are not, ``count`` of them."""
        skipped = list(islice(self.cursor.unacknowledged(), count))
        if skipped:
            self.acknowledge_cumulative(skipped[-1].position)

    def skip_all(self) -> None:
        """Acknowledge everything."""
        self.acknowledge_cumulative(self.topic.ledger.next_position - 1)

    def peek(self, number: int) -> Entry | None:
        """Return the ``number``-th entry that is not acknowledged, counted from 1; None beyond the end."""
        return next(islice(self.cursor.unacknowledged(), number - 1, None), None)

    def flow(self, consumer: Consumer, permits: int) -> None:
        """Allow a consumer that many more messages."""
        consumer.permits += permits
        if self.dispatcher is not None:
            self.dispatcher.permitted()

    def dispatch(self, now_ms: int) -> list[Delivery]:
        """Deal out what can be sent now."""
        return [] if self.dispatcher is None else self.dispatcher.dispatch(now_ms)

    @property
    def consumers(self) -> list[Consumer]:
        """Those connected now."""
        return [] if self.dispatcher is None else self.dispatcher.consumers

    @property
    def unacknowledged(self) -> int:
        """How many messages consumers hold; always 0 for Exclusive and Failover, as the broker counts them."""
        return sum(consumer.unacknowledged for consumer in self.consumers)

    @property
    def backlog(self) -> int:
        """How many entries are not acknowledged."""
        return self.cursor.backlog
