"""The native half of a consumer of one topic or partition (``ConsumerImpl.cc``).

* The broker may send as many messages as the receiver queue is long; permits go back when half of it was taken.
* A listener, or whoever receives, takes from the inbox; :class:`AcknowledgingConsumer` has the way back, :class:`SeekingConsumer` the way
  to other places.
"""

from __future__ import annotations

import logging
from sys import maxsize

from pfemu.broker.consumer import Consumer, ConsumerTraits, Delivery
from pfemu.client.chunking import ChunkAssembler
from pfemu.client.consuming.batch_acker import BatchAcker
from pfemu.client.consuming.consumer_settings import ConsumerSettings
from pfemu.client.consuming.inbox import Inbox
from pfemu.client.consuming.seeking_consumer import SeekingConsumer
from pfemu.client.message import DetailedMessage, Message
from pfemu.client.results import as_client_error, client_error
from pfemu.client.waiting import Callback
from pfemu.engine import Engine
from pfemu.errors import BrokerError, ConsumerBusy
from pfemu.model.message import Entry
from pfemu.model.subscription import InitialPosition
from pfemu.model.topic_name import TopicName

RECONNECT_MS = 100
"""How long the client waits before it connects again, at first."""

TAKEOVER_DELAY_MS = 1_000
"""``activeConsumerFailoverDelayTimeMillis`` of the broker."""

_log = logging.getLogger(__name__)


class ConsumerImpl(SeekingConsumer):
    """One consumer of one topic. Several may share an ``inbox``; then ``parent`` is who shares it out."""

    def __init__(
        self,
        engine: Engine,
        name: TopicName,
        subscription_name: str,
        settings: ConsumerSettings,
        inbox: Inbox | None = None,
        parent: object = None,
    ) -> None:
        super().__init__(engine, name, subscription_name, settings)
        self.schema = settings.schema
        self.parent = parent
        self.inbox = inbox or Inbox(engine.scheduler, settings.listener, settings.batch_receive, settings.listener_thread)
        self.messages = self.inbox.messages
        self._notify = self.inbox.notify
        self._chunks = ChunkAssembler(self)
        self._fetches_singly = settings.receiver_queue_size == 0 and self.inbox.listener is None
        self._refill_at = maxsize if self._fetches_singly or settings.receiver_queue_size < 0 else max(1, settings.receiver_queue_size // 2)
        self.consumer = self._connect(settings.initial_position)
        if parent is None and self._quick is not None:
            self.inbox.sole_source = self
        self._flow_first()

    def _connect(self, position: InitialPosition | int) -> Consumer:
        settings = self._settings
        traits = ConsumerTraits(
            settings.consumer_name,
            settings.properties,
            key_shared=settings.key_shared,
            read_compacted=settings.read_compacted,
            schema=settings.schema_info,
            takeover_delay_ms=TAKEOVER_DELAY_MS,
            joins_at_once=settings.joins_at_once,
        )
        kind, durable = settings.subscription_type, settings.durable
        return self._engine.subscribe(self._name, self._subscription_name, kind, self, traits, position=position, durable=durable)

    def disconnected(self) -> None:
        """Connect again a little later, as the client does whose broker closed its consumer (``HandlerBase.cc``)."""
        scheduler = self._engine.scheduler
        scheduler.at(scheduler.now_ms() + RECONNECT_MS, self._connect_again)

    def _connect_again(self) -> None:
        if self._closed:
            return
        before = self.consumer.subscription
        is_read_on = not self._settings.durable and self._engine.broker.topic(self._name) is before.topic
        try:
            self.consumer = self._connect(before.cursor.mark_delete + 1 if is_read_on else self._settings.initial_position)
        except BrokerError as error:
            _log.warning("the consumer of %s does not come back to %s: %s", self._subscription_name, self.topic_text, error)
            return
        self.rewound()
        self._taken = 0
        self._flow_first()
        if self._fetches_singly and self.inbox.is_asked:
            self._engine.flow(self.consumer, 1)

    def _flow_first(self) -> None:
        size = self._settings.receiver_queue_size
        if size > 0:
            self._engine.flow(self.consumer, size)
        elif size == 0 and not self._fetches_singly:
            self._engine.flow(self.consumer, 1)

    # ------------------------------------------------------------------------------------------------ what the broker sends

    def deliver(self, delivery: Delivery) -> None:
        """Take entries from the broker."""
        if delivery.redelivery_counts is None and not self._screens:
            messages = self.messages
            for entry in delivery.entries:
                if entry.metadata.is_packed:
                    messages.extend(self._open(entry, 0))
                else:
                    messages.append(Message(entry, self))
        else:
            counts = delivery.redelivery_counts or [0] * len(delivery.entries)
            for entry, count in zip(delivery.entries, counts, strict=True):
                self._screen(entry, count)
        self._notify()

    def _open(self, entry: Entry, redelivery_count: int) -> list[DetailedMessage]:
        """Return the messages of an entry."""
        chunked = entry.metadata.chunked
        if chunked is not None:
            return self._chunks.take(entry, chunked, redelivery_count)
        batch = entry.metadata.batch
        if batch is None:
            return [DetailedMessage(entry, self, 0 if entry.metadata.in_batch else -1, redelivery_count)]
        acker = BatchAcker(len(batch))
        return [DetailedMessage(entry, self, index, redelivery_count, acker) for index in range(len(batch))]

    def _screen(self, entry: Entry, redelivery_count: int) -> None:
        """Take an entry that was sent before, or on a consumer that leaves out some."""
        start = self._start
        if start is not None and start.leaves_out(entry):
            self.give_permits(entry.message_count)
            return
        messages = self._open(entry, redelivery_count)
        if start is not None and (first := start.first_index(entry)):
            self.give_permits(first)
            messages = messages[first:]
        if not messages:
            return
        if self._dead_letters is not None and self._dead_letters.take(list(messages), redelivery_count):
            self.give_permits(len(messages))
            return
        self.messages.extend(messages)

    # ------------------------------------------------------------------------------------------- what the application takes

    def taken(self, message: Message) -> None:
        """Note that the application has a message now."""
        if self._unacked is not None:
            self._unacked.add(message._entry.position)
        self.give_permits(1)

    def give_permits(self, count: int) -> None:
        """Let the broker send as many more, once half the queue was taken."""
        self._taken += count
        if self._taken >= self._refill_at and not self._closed and self.consumer.connected:
            self._engine.flow(self.consumer, self._taken)
            self._taken = 0

    def receive(self, timeout_ms: int | None = None) -> Message:
        """Take the next message, or wait for one; see :meth:`Inbox.receive`."""
        if self._fetches_singly and self.is_connected():
            if timeout_ms is not None:
                raise client_error("InvalidConfiguration")
            self._engine.scheduler.call(lambda: self._engine.flow(self.consumer, 1))
        return self.inbox.receive(timeout_ms)

    def receive_async(self, callback: Callback) -> None:
        """Call back with the next message."""
        if self._fetches_singly and self.is_connected():
            self._engine.flow(self.consumer, 1)
        self.inbox.receive_async(callback)

    def batch_receive(self) -> list[Message]:
        """Take several messages; see :meth:`Inbox.batch_receive`."""
        return [] if self._fetches_singly else self.inbox.batch_receive()

    # ------------------------------------------------------------------------------------------------------ who, and the end

    def topic(self) -> str:
        """Return the full name of the topic."""
        return self.topic_text

    def unsubscribe(self) -> None:
        """Close the consumer and delete its subscription.

        Raises:
            pulsar.AlreadyClosed: it is closed; from now on it is adrift.
            pulsar.NotConnected: it is adrift.
            pulsar.BrokerMetadataError: others are connected.
        """
        if self._closed:
            self._closed, self._adrift = False, True
            self.inbox.reopen()
            raise client_error("AlreadyClosed")
        self._check_connected()
        try:
            self._engine.unsubscribe(self.consumer)
        except ConsumerBusy:
            raise client_error("BrokerMetadataError") from None
        except BrokerError as error:
            raise as_client_error(error) from None
        self._let_go()

    def close(self) -> None:
        """Disconnect; a second time does nothing."""
        if self._closed:
            return
        was_adrift = self._adrift
        self._let_go()
        if not was_adrift:
            self._engine.close_consumer(self.consumer)

    def _let_go(self) -> None:
        self._forget_all()
        if self.parent is None:
            self.inbox.close()
        else:
            self.inbox.drop(self)
