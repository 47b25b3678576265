"""A reader of the output topic: hands on what the function puts there, and lets the topic forget it.

It is a non-durable subscription, as ``pulsar.Reader`` makes one, fed by the engine without a client in between: an output
costs no message object.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pfemu.broker.consumer import ConsumerTraits
from pfemu.model.subscription import InitialPosition, SubscriptionType

if TYPE_CHECKING:
    from pfemu.broker.consumer import Delivery
    from pfemu.engine import Engine
    from pfemu.model.message import Entry
    from pfemu.model.topic_name import TopicName

_PERMITS = 10_000

TakeEntries = Callable[["TopicName", "list[Entry]"], object]


class OutputTap:
    """Reads one topic or partition from its end on; ``take`` is called on the engine's thread."""

    def __init__(self, engine: Engine, name: TopicName, take: TakeEntries) -> None:
        self._engine = engine
        self._name = name
        self._take = take
        self._connect()

    def _connect(self) -> None:
        self._consumer = self._engine.subscribe(
            self._name,
            "reader-pfemu-run",
            SubscriptionType.EXCLUSIVE,
            self,
            ConsumerTraits("pfemu-run"),
            position=InitialPosition.LATEST,
            durable=False,
        )
        self._engine.flow(self._consumer, _PERMITS)

    def deliver(self, delivery: Delivery) -> None:
        """Take a batch of entries from the broker."""
        entries = delivery.entries
        self._take(self._name, entries)
        self._engine.acknowledge_cumulative(self._consumer, entries[-1].position)
        self._engine.flow(self._consumer, sum(entry.message_count for entry in entries))

    def rewound(self) -> None:
        """Have nothing to drop: what comes is taken at once."""

    def close(self) -> None:
        """Read no more."""
        self._engine.close_consumer(self._consumer)

    def disconnected(self) -> None:
        """Read the topic that takes the place of one that was deleted."""
        self._connect()
