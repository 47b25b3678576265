"""How a client makes consumers: of one topic, of several, of those a pattern matches (``ClientImpl::subscribeAsync`` and its like)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from pfemu.client.connection import Connection, Given
from pfemu.client.consuming import consumer_settings
from pfemu.client.consuming.consumer import listeners_view
from pfemu.client.consuming.consumer_impl import ConsumerImpl
from pfemu.client.consuming.consumer_settings import ConsumerSettings
from pfemu.client.consuming.multi_topics import AnyConsumerImpl, MultiTopicsConsumerImpl, check_queue_of_partitioned
from pfemu.client.consuming.topic_pattern import TopicPattern
from pfemu.client.results import client_error
from pfemu.errors import BrokerError, SubscriptionNotFound
from pfemu.model.topic_name import TopicName

if TYPE_CHECKING:
    import _pulsar


class Consumers:
    """Makes the consumers of one client."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_topic(self, topic: str, subscription_name: str, asked: ConsumerSettings, given: Given) -> Any:  # noqa: ANN401 - a native half, or what stands for it on other threads
        """Make a consumer of a topic, partitioned or not."""
        return self._subscribe(subscription_name, partial(self._new_of_topic, topic, subscription_name, asked, given))

    def of_list(self, topics: list[str], subscription_name: str, asked: ConsumerSettings, given: Given) -> Any:  # noqa: ANN401 - as in of_topic
        """Make a consumer of several topics."""
        settings = self._settings(asked, given)
        return self._subscribe(subscription_name, partial(self._new_of_list, topics, subscription_name, settings))

    def of_pattern(
        self, pattern: str, mode: _pulsar.RegexSubscriptionMode, subscription_name: str, asked: ConsumerSettings, given: Given
    ) -> Any:  # noqa: ANN401 - as in of_topic
        """Make a consumer of all topics a pattern matches."""
        settings = self._settings(asked, given)
        return self._subscribe(subscription_name, partial(self._new_of_pattern, pattern, mode, subscription_name, settings))

    def _settings(self, asked: ConsumerSettings, given: Given, consumer_name: str | None = None) -> ConsumerSettings:
        return consumer_settings.changed(
            asked,
            schema=given.schema,
            listener=given.listener,
            listener_thread=self._connection.listener_thread,
            properties=dict(given.properties or {}),
            consumer_name=asked.consumer_name if consumer_name is None else consumer_name,
            joins_at_once=self._connection.for_instance,
        )

    def _subscribe(self, subscription_name: str, make: Callable[[], AnyConsumerImpl]) -> Any:  # noqa: ANN401 - as in of_topic
        if not subscription_name:
            raise client_error("InvalidConfiguration")
        return self._connection.ask(partial(self._connect, make))

    def _connect(self, make: Callable[[], AnyConsumerImpl]) -> Any:  # noqa: ANN401 - as in of_topic
        try:
            consumer = make()
        except SubscriptionNotFound:  # the client asks again and again for ``operation_timeout_seconds``
            raise client_error("Timeout") from None
        self._connection.note(consumer)
        native = self._connection.hand_over(consumer)
        consumer.inbox.handle = listeners_view(native)
        return native

    def _new_of_topic(self, topic: str, subscription_name: str, asked: ConsumerSettings, given: Given) -> AnyConsumerImpl:
        connection = self._connection
        name = connection.name_of(topic)
        if asked.read_compacted and not name.is_persistent:
            raise client_error("InvalidConfiguration")
        partitions = connection.engine.partitions_of(name)
        settings = self._settings(asked, given, asked.consumer_name or connection.random_text())
        if not partitions:
            return ConsumerImpl(connection.engine, name, subscription_name, settings)
        check_queue_of_partitioned(settings)
        return MultiTopicsConsumerImpl(connection.engine, name.full, subscription_name, settings, partial(connection.partitions, [name]))

    def _new_of_list(self, topics: list[str], subscription_name: str, settings: ConsumerSettings) -> AnyConsumerImpl:
        connection = self._connection
        names = [connection.name_of(topic) for topic in topics]
        shown = f"{names[-1].full}-TopicsConsumerFakeName-{connection.random_text()}" if names else "EmptyTopics"
        there, refused = self._those_there(names)
        of_names = partial(connection.partitions, there)
        consumer = MultiTopicsConsumerImpl(connection.engine, shown, subscription_name, settings, of_names)
        if refused:
            consumer.close()
            raise refused[0]
        return consumer

    def _those_there(self, names: list[TopicName]) -> tuple[list[TopicName], list[BrokerError]]:
        """Return the topics that can be asked for, and why others cannot: the subscriptions on the former stay, as with any refusal."""
        there: list[TopicName] = []
        refused: list[BrokerError] = []
        for name in names:
            try:
                self._connection.engine.partitions_of(name)
            except BrokerError as error:
                refused.append(error)
            else:
                there.append(name)
        return there, refused

    def _new_of_pattern(
        self, text: str, mode: _pulsar.RegexSubscriptionMode, subscription_name: str, settings: ConsumerSettings
    ) -> AnyConsumerImpl:
        pattern = TopicPattern(text, mode)
        engine, namespace = self._connection.engine, pattern.name.namespace_name
        return MultiTopicsConsumerImpl(
            engine, pattern.name.full, subscription_name, settings, lambda: pattern.select(engine.topics_of(namespace))
        )
