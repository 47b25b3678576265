"""A subscription: a cursor, and a dispatcher of its current type (``PersistentSubscription``).

* The type is that of the consumers now connected; the first one to come may change it.
* Durable ones stay when their last consumer leaves; those of readers go with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pfemu.broker.consumer import Consumer, Delivery
from pfemu.broker.dispatch.dispatcher import Dispatcher
from pfemu.broker.dispatch.failover import FailoverChoice
from pfemu.broker.dispatch.multiple import MultipleConsumersDispatcher
from pfemu.broker.dispatch.single_active import SingleActiveDispatcher
from pfemu.broker.dispatch.sticky_key import StickyKeyDispatcher
from pfemu.broker.managed_cursor import ManagedCursor
from pfemu.errors import ConsumerBusy
from pfemu.model.subscription import SubscriptionType

if TYPE_CHECKING:
    from pfemu.broker.topic import Topic


class Subscription:
    """One named reader of a topic and its consumers."""

    __slots__ = ("cursor", "dispatcher", "durable", "expired_total", "name", "properties", "queued", "topic", "trim_at", "type")

    def __init__(self, topic: Topic, name: str, start: int, *, durable: bool, properties: Mapping[str, str] | None = None) -> None:
        self.topic = topic
        self.name = name
        self.durable = durable
        self.properties = dict(properties or {})
        self.cursor = ManagedCursor(topic.ledger, start)
        self.type: SubscriptionType | None = None
        self.dispatcher: Dispatcher | None = None
        self.queued = False
        self.trim_at = topic.ledger.boundary_after(start - 1)
        self.expired_total = 0

    def add_consumer(self, consumer: Consumer, subscription_type: SubscriptionType) -> None:
        """Connect a consumer.

        Raises:
            ConsumerBusy: consumers of another type are connected, or an exclusive one.
        """
        if self.dispatcher is None or (self.type is not subscription_type and not self.dispatcher.consumers):
            self.cursor.rewind()
            self.dispatcher = self._new_dispatcher(subscription_type)
            self.type = subscription_type
        elif self.type is not subscription_type:
            raise ConsumerBusy("Subscription is of different type")
        self.dispatcher.add_consumer(consumer)

    def _new_dispatcher(self, subscription_type: SubscriptionType) -> Dispatcher:
        ledger, cursor = self.topic.ledger, self.cursor
        if subscription_type is SubscriptionType.SHARED:
            return MultipleConsumersDispatcher(ledger, cursor)
        if subscription_type is SubscriptionType.KEY_SHARED:
            return StickyKeyDispatcher(ledger, cursor)
        if subscription_type is SubscriptionType.EXCLUSIVE:
            return SingleActiveDispatcher(cursor, None)
        name = self.topic.name
        return SingleActiveDispatcher(cursor, FailoverChoice(name.full, name.partition_index))

    def remove_consumer(self, consumer: Consumer) -> None:
        """Disconnect a consumer; what it had not acknowledged is for the others, or stays."""
        consumer.connected = False
        if self.dispatcher is not None and consumer in self.dispatcher.consumers:
            self.dispatcher.remove_consumer(consumer)

    def acknowledge(self, consumer: Consumer, position: int) -> None:
        """Acknowledge one entry, whoever holds it."""
        if self.dispatcher is not None:
            self.dispatcher.acknowledged(consumer, position)
        self.cursor.acknowledge(position)
        if self.cursor.mark_delete >= self.trim_at:
            self.topic.trim()

    def acknowledge_cumulative(self, position: int) -> None:
        """Acknowledge everything up to that entry."""
        self.cursor.acknowledge_cumulative(position)
        if self.dispatcher is not None:
            self.dispatcher.acknowledged_up_to(position)
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

    def dispatch(self, now_ms: int) -> list[Delivery]:
        """Deal out what can be sent now."""
        return [] if self.dispatcher is None else self.dispatcher.dispatch(now_ms)

    @property
    def consumers(self) -> list[Consumer]:
        """Those connected now."""
        return [] if self.dispatcher is None else self.dispatcher.consumers

    @property
    def unacknowledged(self) -> int:
        """How many entries consumers hold; always 0 for Exclusive and Failover, as the broker counts them."""
        return sum(len(consumer.pending) for consumer in self.consumers)

    @property
    def backlog(self) -> int:
        """How many entries are not acknowledged."""
        return self.cursor.backlog
