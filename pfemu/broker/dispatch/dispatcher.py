"""The seam between a subscription and who gets what (``org.apache.pulsar.broker.service.Dispatcher``)."""

from collections.abc import Iterable
from typing import Protocol

from pfemu.broker.consumer import Consumer, Delivery
from pfemu.model.message import Entry


class Dispatcher(Protocol):
    """Deals the entries of one subscription to its consumers.

    Nothing is sent by itself: every call that may make a delivery possible is followed by :meth:`dispatch`.
    """

    consumers: list[Consumer]

    def add_consumer(self, consumer: Consumer) -> None:
        """Take a consumer in.

        Raises:
            ConsumerBusy: the subscription is Exclusive and has one, or its consumers have another Key_Shared policy.
            ConsumerAssignError: its sticky key ranges overlap those of another.
        """
        ...

    def remove_consumer(self, consumer: Consumer) -> None:
        """Let a consumer go; what it had not acknowledged goes back."""
        ...

    def acknowledged(self, consumer: Consumer, position: int) -> bool:
        """Forget what is known of an acknowledged entry; whether something can be sent now that could not before."""
        ...

    def partly_acknowledged(self, position: int) -> None:
        """Count the redeliveries of an entry anew: some of its messages were acknowledged."""
        ...

    def acknowledged_up_to(self, position: int) -> bool:
        """Forget what is known of all entries up to that one; whether something may be sent now that could not before."""
        ...

    def redeliver(self, consumer: Consumer, positions: Iterable[int] | None) -> None:
        """Send those entries of a consumer again, or all that it has not acknowledged."""
        ...

    def reset(self) -> None:
        """Forget everything after the cursor was moved."""
        ...

    def permitted(self) -> None:
        """Hear that a consumer may have more than before: from now on what comes is waited for, if everything was read."""
        ...

    def dispatch(self, now_ms: int) -> list[Delivery]:
        """Deal out what can be sent now."""
        ...

    def taker_of(self, entry: Entry) -> Consumer | None:
        """Return who takes an entry that nobody stores, None when nobody does now."""
        ...

    def next_due_ms(self) -> int | None:
        """When a delayed entry can be sent, None without one."""
        ...

    @property
    def active_consumer(self) -> Consumer | None:
        """The one that gets everything, None where several do."""
        ...

    @property
    def delayed_count(self) -> int:
        """How many entries wait for their time."""
        ...

    @property
    def replay_count(self) -> int:
        """How many entries wait to be sent again."""
        ...

    @property
    def blocked(self) -> bool:
        """Whether nothing is sent because too much is unacknowledged."""
        ...
