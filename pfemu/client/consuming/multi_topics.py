"""A consumer of several topics: partitions of one, a list, or those a pattern matches (``MultiTopicsConsumerImpl.cc``).

* One consumer a topic or partition, all with one inbox.
* What is acknowledged or sought by id must have come from here: an id without its topic is ``OperationNotSupported``.
* New partitions, and new topics a pattern matches, are found once in a discovery period, counted from the consumer's start.

Differs: an id that was given a topic with ``MessageId.deserialize(data, topic)`` counts as one without; the native class does
not tell its topic.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pulsar

from pfemu.client.consuming.acknowledging import acknowledged_place, refuse_wrapped_id
from pfemu.client.consuming.consumer_impl import ConsumerImpl
from pfemu.client.consuming.consumer_settings import ConsumerSettings
from pfemu.client.consuming.inbox import Inbox
from pfemu.client.consuming.message_start import is_either_end
from pfemu.client.consuming.named_consumer import NamedConsumer
from pfemu.client.discovery import Discovery
from pfemu.client.message import Message, ReceivedMessageId
from pfemu.client.results import check_seek_target, client_error
from pfemu.client.waiting import Callback
from pfemu.engine import Engine
from pfemu.errors import BrokerError
from pfemu.model.message_id import MessageId
from pfemu.model.topic_name import TopicName

Topics = Callable[[], list[TopicName]]


class MultiTopicsConsumerImpl(NamedConsumer):
    """Consumers with one inbox. ``topics`` tells which topics and partitions belong to it now."""

    def __init__(
        self,
        engine: Engine,
        shown_topic: str,
        subscription_name: str,
        settings: ConsumerSettings,
        topics: Topics,
    ) -> None:
        names = topics()
        super().__init__(engine.scheduler, subscription_name, replace(settings, receiver_queue_size=_queue_size(settings, len(names))))
        self._engine = engine
        self._shown_topic = shown_topic
        self._topics = topics
        self.schema = settings.schema
        self.inbox = Inbox(engine.scheduler, settings.listener, settings.batch_receive, settings.listener_thread)
        self._consumers: dict[str, ConsumerImpl] = {}
        self._subscribe_to_all(names)
        self._discovery = Discovery(engine, settings.discovery_period_ms, self._grow)

    def _subscribe_to_all(self, names: list[TopicName]) -> None:
        """Subscribe to all at once: where one refuses, the subscriptions on the others stay behind."""
        refused: list[Exception] = []
        for name in names:
            try:
                self._subscribe_to(name)
            except (BrokerError, pulsar.exceptions.PulsarException) as error:
                refused.append(error)
        if refused:
            self._close_all()
            raise refused[0]

    def _subscribe_to(self, name: TopicName) -> None:
        if name.full not in self._consumers:
            self._consumers[name.full] = ConsumerImpl(self._engine, name, self._subscription_name, self._settings, self.inbox, self)

    def _grow(self) -> None:
        for name in self._topics():
            self._subscribe_to(name)

    @property
    def consumers(self) -> list[ConsumerImpl]:
        """The consumers of its topics and partitions."""
        return list(self._consumers.values())

    def _own(self, source: object) -> ConsumerImpl:
        if self._closed or not isinstance(source, ConsumerImpl) or source.parent is not self:
            raise client_error("OperationNotSupported")
        return source

    def receive(self, timeout_ms: int | None = None) -> Message:
        """Take the next message, or wait for one; see :meth:`Inbox.receive`."""
        return self.inbox.receive(timeout_ms)

    def receive_async(self, callback: Callback) -> None:
        """Call back with the next message."""
        self.inbox.receive_async(callback)

    def batch_receive(self) -> list[Message]:
        """Take several messages; see :meth:`Inbox.batch_receive`."""
        return self.inbox.batch_receive()

    def acknowledge(self, message: object) -> None:
        """Acknowledge a message, or the id of one that came from here.

        Raises:
            pulsar.AlreadyClosed: the consumer is closed.
            pulsar.OperationNotSupported: the id tells no topic of this consumer.
            TypeError: it is neither.
        """
        if isinstance(message, Message) and message._source.parent is self:
            message._source.acknowledge(message)
            return
        place = acknowledged_place("acknowledge", message)
        if self._closed:
            raise client_error("AlreadyClosed")
        self._source_of(place).acknowledge(place)

    def _source_of(self, place: Message | MessageId) -> ConsumerImpl:
        return self._own(place._source if isinstance(place, Message) else None)

    def acknowledge_cumulative(self, message: object) -> None:
        """Acknowledge everything up to a message on the topic it came from.

        Raises:
            pulsar.OperationNotSupported: the id tells no topic of this consumer, or the consumer is closed.
            pulsar.CumulativeAcknowledgementNotAllowedError: on Shared and Key_Shared.
            TypeError: it is neither a message nor an id.
        """
        place = acknowledged_place("acknowledge_cumulative", message)
        self._source_of(place).acknowledge_cumulative(place)

    def negative_acknowledge(self, message: object) -> None:
        """Ask for a message again after the delay; an id without its topic does nothing.

        Raises:
            TypeError: it is neither a message nor a native message id.
        """
        refuse_wrapped_id("negative_acknowledge", message)
        place = acknowledged_place("negative_acknowledge", message)
        if isinstance(place, Message):
            place._source.negative_acknowledge(place)

    def redeliver_negatively_acknowledged(self) -> int:
        """Ask for what was negatively acknowledged now, not after the delay; return how many entries that is."""
        return sum(consumer.redeliver_negatively_acknowledged() for consumer in self.consumers)

    def redeliver_unacknowledged_messages(self) -> None:
        """Ask for all unacknowledged messages again, now."""
        for consumer in self.consumers:
            consumer.redeliver_unacknowledged_messages()

    def seek(self, target: object) -> None:
        """Move all topics to an end or a time, or the topic a message id came from to that id.

        Raises:
            pulsar.OperationNotSupported: the id tells no topic of this consumer, or the consumer is closed.
            pulsar.AlreadyClosed: the consumer is closed.
            TypeError: the time is negative.
        """
        check_seek_target("Consumer", target)
        if isinstance(target, ReceivedMessageId):
            self._own(target._message._source).seek(target)
            return
        if not isinstance(target, int) and not is_either_end(MessageId.deserialize(target.serialize())):  # type: ignore[attr-defined] # _pulsar.MessageId
            raise client_error("OperationNotSupported")
        if self._closed:
            raise client_error("AlreadyClosed")
        for consumer in self.consumers:
            consumer.seek(target)

    def get_last_message_id(self) -> object:
        """Refuse: there are several.

        Raises:
            pulsar.OperationNotSupported: always.
        """
        raise client_error("OperationNotSupported")

    def has_message_available(self) -> bool:
        """Whether something is here or will come that was not taken yet."""
        return any(consumer.has_message_available() for consumer in self.consumers)

    def topic(self) -> str:
        """Return the partitioned topic, the pattern, or the made-up name of a list."""
        return self._shown_topic

    def unsubscribe(self) -> None:
        """Close the consumer and delete its subscription on every topic.

        Raises:
            pulsar.AlreadyClosed: it is closed; from now on it is a consumer of no topic.
            pulsar.BrokerMetadataError: others are connected.
        """
        if self._closed:
            self._closed = False
            self._consumers.clear()
            self.inbox.reopen()
            raise client_error("AlreadyClosed")
        for consumer in self.consumers:
            consumer.unsubscribe()
        self.close()

    def close(self) -> None:
        """Disconnect; a second time does nothing."""
        if self._closed:
            return
        self._closed = True
        self._discovery.close()
        self._close_all()
        self.inbox.close()

    def _close_all(self) -> None:
        for consumer in self._consumers.values():
            consumer.close()


def _queue_size(settings: ConsumerSettings, topics: int) -> int:
    return min(settings.receiver_queue_size, settings.max_total_receiver_queue_size // max(1, topics))


def check_queue_of_partitioned(settings: ConsumerSettings) -> None:
    """Refuse a receiver queue of size 0 for a partitioned topic.

    Raises:
        pulsar.InvalidConfiguration: it is 0.
    """
    if settings.receiver_queue_size == 0:
        raise client_error("InvalidConfiguration")


AnyConsumerImpl = ConsumerImpl | MultiTopicsConsumerImpl
