"""One topic, or one partition of one: a log, its producers and its subscriptions (``PersistentTopic``)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

from pfemu.broker.consumer import Consumer
from pfemu.broker.deduplication import MessageDeduplication
from pfemu.broker.limits import check_message, check_producers, check_subscriptions, without_delay
from pfemu.broker.policies import NO_POLICIES, Policies
from pfemu.broker.producer import Producer
from pfemu.broker.producer_access import ProducerAccess
from pfemu.broker.refusals import PreconditionFailed
from pfemu.broker.storage.compaction import CompactedLedger
from pfemu.broker.storage.managed_ledger import LedgerLimits, ManagedLedger
from pfemu.broker.subscription import Subscription
from pfemu.errors import ConsumerBusy, MessageTooBig, SubscriptionNotFound, TopicTerminated
from pfemu.model.message import Entry, MessageMetadata
from pfemu.model.subscription import InitialPosition, SubscriptionType
from pfemu.model.topic_name import TopicName

MAX_MESSAGE_BYTES = 5 * 1024 * 1024
COMPACTION_SUBSCRIPTION = "__compaction"
_MEBIBYTE = 1024 * 1024
_MINUTE_MS = 60_000


class Topic:
    """A topic of the broker. ``ready`` is the broker's queue of subscriptions that have something to deal out."""

    __slots__ = (
        "_deduplication",
        "_ready",
        "_watchful",
        "access",
        "backlog_is_too_old",
        "compacted",
        "created_ms",
        "ledger",
        "name",
        "own_policies",
        "policies",
        "properties",
        "subscriptions",
        "terminated",
    )

    is_persistent = True

    def __init__(
        self, name: TopicName, new_ledger_id: Callable[[], int], limits: LedgerLimits, ready: deque[Subscription], now_ms: int = 0
    ) -> None:
        self.name = name
        self._ready = ready
        self.access = ProducerAccess()
        self.subscriptions: dict[str, Subscription] = {}
        self.ledger = ManagedLedger(new_ledger_id, limits, self.trim)
        self.compacted = CompactedLedger()
        self.terminated = False
        self.created_ms = now_ms
        self.backlog_is_too_old = False
        """Whether its quota said so when the broker last looked."""
        self.properties: dict[str, str] = {}
        """What administrators noted of it; it changes nothing."""
        self.own_policies = NO_POLICIES
        """What is set for this topic alone."""
        self.policies = NO_POLICIES
        """What counts for it."""
        self._deduplication: MessageDeduplication | None = None
        self._watchful = False
        """Whether a message is looked at before it is stored."""

    def apply(self, policies: Policies) -> None:
        """Let these policies count from now on."""
        self.policies = policies
        for consumer in self.consumers:
            consumer.apply(policies)
        if not policies.deduplication:
            self._deduplication = None
        elif self._deduplication is None:
            self._deduplication = MessageDeduplication()
        limited = policies.max_message_bytes or policies.delayed_delivery is not None or policies.encryption_required
        self._watchful = bool(self.terminated or limited or self._deduplication is not None)
        retention = policies.retention
        if retention is not None:
            self.ledger.retention_ms = max(retention.time_minutes * _MINUTE_MS, -1)
            self.ledger.retention_bytes = max(retention.size_mb * _MEBIBYTE, -1)
        else:
            self.ledger.retention_ms = self.ledger.retention_bytes = 0

    @property
    def messages_in_total(self) -> int:
        """Messages ever published, with the duplicates of now that deduplication is on."""
        return self.ledger.messages_in_total + (0 if self._deduplication is None else self._deduplication.dropped_messages)

    @property
    def bytes_in_total(self) -> int:
        """Payload bytes ever published, duplicates as above."""
        return self.ledger.bytes_in_total + (0 if self._deduplication is None else self._deduplication.dropped_bytes)

    @property
    def producers(self) -> dict[str, Producer]:
        """Those connected now, by name."""
        return self.access.connected

    def add_producer(self, producer: Producer) -> None:
        """Connect a producer, or let it wait for exclusive access.

        Raises:
            ProducerBusy, ProducerFenced: see :func:`check_producers` and :meth:`ProducerAccess.add`.
            TopicTerminated: the topic takes no more messages.
        """
        if self.terminated:
            raise TopicTerminated("Topic was already terminated")
        check_producers(self)
        self.access.add(producer)
        if self._deduplication is not None:
            producer.last_sequence_id = self._deduplication.highest.get(producer.name, -1)

    def remove_producer(self, producer: Producer) -> None:
        """Disconnect a producer."""
        self.access.remove(producer)

    def publish(self, producer_name: str, payload: bytes, sequence_id: int, metadata: MessageMetadata, now_ms: int) -> Entry:
        """Store one entry and wake the subscriptions; the answer to a duplicate has ledger and entry id -1.

        Raises:
            MessageTooBig: larger than the broker takes.
            TopicTerminated: the topic takes no more messages.
            NotAllowedError: see :func:`check_message`.
        """
        if self._watchful or len(payload) > MAX_MESSAGE_BYTES:
            duplicate = self._checked(producer_name, payload, sequence_id, metadata, now_ms)
            if duplicate is not None:
                return duplicate
            metadata = without_delay(self, metadata)
        entry = self.ledger.append(payload, now_ms, producer_name, sequence_id, metadata)
        for subscription in self.subscriptions.values():
            if not subscription.queued:
                subscription.queued = True
                self._ready.append(subscription)
        return entry

    def _checked(self, producer_name: str, payload: bytes, sequence_id: int, metadata: MessageMetadata, now_ms: int) -> Entry | None:
        if len(payload) > MAX_MESSAGE_BYTES and not metadata.compressed:
            raise MessageTooBig(f"{len(payload)} bytes are more than the {MAX_MESSAGE_BYTES} of maxMessageSize")
        if self.terminated:
            raise TopicTerminated("Topic was already terminated")
        check_message(self, len(payload), metadata, now_ms)
        return None if self._deduplication is None else self._deduplication.duplicate(producer_name, payload, sequence_id, metadata)

    def wake(self, subscription: Subscription) -> None:
        """Queue a subscription that may have something to deal out."""
        if not subscription.queued:
            subscription.queued = True
            self._ready.append(subscription)

    def subscription(self, name: str) -> Subscription:
        """Return the subscription of that name.

        Raises:
            SubscriptionNotFound: there is none.
        """
        found = self.subscriptions.get(name)
        if found is None:
            raise SubscriptionNotFound(f"Subscription {name} not found for topic {self.name.full}")
        return found

    def ensure_subscription(
        self,
        name: str,
        position: InitialPosition | int,
        *,
        durable: bool = True,
        properties: Mapping[str, str] | None = None,
        read_compacted: bool = False,
    ) -> Subscription:
        """Return the subscription of that name, made at that position when there is none.

        Raises:
            Conflict: see :func:`check_subscriptions`.
        """
        found = self.subscriptions.get(name)
        if found is None:
            check_subscriptions(self)
            start = position if isinstance(position, int) else self._start_of(position, read_compacted=read_compacted)
            found = self.subscriptions[name] = self._new_subscription(name, start, durable=durable, properties=properties)
        return found

    def _new_subscription(self, name: str, start: int, *, durable: bool, properties: Mapping[str, str] | None) -> Subscription:
        return Subscription(self, name, start, durable=durable, properties=properties)

    def _start_of(self, position: InitialPosition, *, read_compacted: bool) -> int:
        if position is InitialPosition.LATEST:
            return self.ledger.next_position
        return 0 if read_compacted else self.ledger.first_position

    def remove_subscription(self, name: str, *, force: bool = False) -> None:
        """Delete a subscription; ``force`` disconnects its consumers first.

        Raises:
            SubscriptionNotFound: there is none.
            ConsumerBusy: it has consumers.
        """
        subscription = self.subscription(name)
        if subscription.consumers and not force:
            raise ConsumerBusy("Subscription has active connected consumers")
        for consumer in list(subscription.consumers):
            subscription.remove_consumer(consumer)
        del self.subscriptions[name]
        self.trim()

    def check_unused(self) -> None:
        """Check that the topic can be deleted.

        Raises:
            PreconditionFailed: producers or consumers are connected.
        """
        count = len(self.producers) + sum(len(subscription.consumers) for subscription in self.subscriptions.values())
        if count:
            raise PreconditionFailed(f"Topic has {count} connected producers/consumers")

    def disconnect_all(self) -> None:
        """Disconnect producers and consumers."""
        self.access.fence_all()
        self._disconnect_consumers()

    def unload(self) -> None:
        """Disconnect consumers, what they had not acknowledged is for those who come next; and go on in a new ledger.

        The one before is dropped when a cursor leaves it, also one that was at its end (``ManagedLedgerImpl.updateCursor``).
        """
        self._disconnect_consumers()
        self.ledger.reopen()
        for subscription in self.subscriptions.values():
            subscription.trim_at = self.ledger.boundary_after(subscription.cursor.mark_delete - 1)

    def _disconnect_consumers(self) -> None:
        for subscription in list(self.subscriptions.values()):
            for consumer in list(subscription.consumers):
                subscription.remove_consumer(consumer)

    @property
    def consumers(self) -> list[Consumer]:
        """Those connected now, of all subscriptions."""
        return [consumer for subscription in self.subscriptions.values() for consumer in subscription.consumers]

    @property
    def expiring(self) -> list[Subscription]:
        """The subscriptions that messages expire for: all but the broker's own."""
        return [subscription for name, subscription in self.subscriptions.items() if name != COMPACTION_SUBSCRIPTION]

    def trim(self) -> None:
        """Drop the closed segments that no subscription needs; without any, all of them.

        Differs: a reader keeps what it has not read. In Pulsar only durable subscriptions keep anything.
        """
        ledger = self.ledger
        cursors = [subscription.cursor for subscription in self.subscriptions.values()]
        ledger.trim(min((cursor.mark_delete + 1 for cursor in cursors), default=ledger.next_position))
        for subscription in self.subscriptions.values():
            subscription.trim_at = ledger.boundary_after(subscription.cursor.mark_delete)

    def truncate(self) -> None:
        """Acknowledge everything for everybody and drop what is in closed segments, retention or not (``asyncTruncate``)."""
        for subscription in self.subscriptions.values():
            subscription.skip_all()
        self.ledger.trim(self.ledger.next_position, retained=False)

    def compact(self, now_ms: int) -> None:
        """Compact what there is now; the broker's own subscription, made the first time, keeps what comes until the next time."""
        self.compacted.compact((entry for segment in self.ledger.segments for entry in segment.entries), now_ms)
        own = self.subscriptions.get(COMPACTION_SUBSCRIPTION)
        if own is None:
            own = self._new_subscription(COMPACTION_SUBSCRIPTION, self.ledger.first_position, durable=True, properties=None)
            own.type = SubscriptionType.EXCLUSIVE
            self.subscriptions[own.name] = own
        own.skip_all()

    def compact_at_threshold(self, now_ms: int) -> None:
        """Compact if more bytes came since the last time than the threshold of the policies (``checkCompaction``)."""
        threshold = self.policies.compaction_threshold
        own = self.subscriptions.get(COMPACTION_SUBSCRIPTION)
        mark = self.ledger.first_position - 1 if own is None else own.cursor.mark_delete
        if threshold and self.ledger.size_after(mark) > threshold:
            self.compact(now_ms)

    def terminate(self) -> Entry | None:
        """Take no more messages, and send producers away; return the last message."""
        self.terminated = self._watchful = True
        self.access.send_away()
        return self.ledger.last_entry
