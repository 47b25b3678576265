"""The native half of a client (``ClientImpl.cc``): what ``_pulsar.Client`` offers to pulsar-client's Python code."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import _pulsar
import pulsar

from pfemu.client.connection import Connection, Given
from pfemu.client.consuming import consumer_settings
from pfemu.client.consuming.consumer_settings import ConsumerSettings
from pfemu.client.consuming.consumers import Consumers
from pfemu.client.consuming.readers import Readers
from pfemu.client.producing import producer_settings
from pfemu.client.producing.open_batches import OpenBatches
from pfemu.client.producing.producer_settings import ProducerSettings
from pfemu.client.producing.producers import Producers
from pfemu.client.results import check_topics
from pfemu.client.schema_info import native_schema_info
from pfemu.engine import Engine
from pfemu.model.message_id import MessageId


class ClientImpl:
    """Makes producers, consumers and readers on an engine.

    ``for_instance``: for a function instance, whose batches end with each message, see :class:`OpenBatches`, unless ``timed_batches``.
    """

    def __init__(self, engine: Engine, *, for_instance: bool = False, timed_batches: bool = False) -> None:
        self._connection = Connection(engine, for_instance=for_instance)
        self._producers = Producers(self._connection, timed_batches=timed_batches)
        self._consumers = Consumers(self._connection)
        self._readers = Readers(self._connection)
        self._given = threading.local()
        self._shut_down = False

    @property
    def open_batches(self) -> OpenBatches | None:
        """What an instance ends after each message; None where time does."""
        return self._producers.open_batches

    @contextmanager
    def given(self, given: Given) -> Iterator[None]:
        """Hold what the next call of this thread needs beside its configuration."""
        self._given.now = given
        try:
            yield
        finally:
            del self._given.now

    @property
    def _now_given(self) -> Given:
        given: Given = getattr(self._given, "now", Given())
        return given

    # ----------------------------------------------------------------------------------------------------------- producers

    def create_producer(self, topic: str, conf: Any) -> Any:  # noqa: ANN401 - _pulsar.ProducerConfiguration, a native half or one handed over
        """Make a producer of a topic."""
        return self.open_producer(topic, producer_settings.settings_of(conf), self._now_given)

    def tell_when_asked(self, asked: Callable[[], object] | None) -> None:
        """Have ``asked`` told before anything that waits for the broker, until None comes in its place."""
        self._connection.asked = asked

    def open_producer(self, topic: str, asked: ProducerSettings, given: Given) -> Any:  # noqa: ANN401 - a native half or one handed over
        """Make a producer of a topic with settings that pulsar-client has checked."""
        return self._producers.open(topic, asked, given)

    def open_producer_async(
        self, topic: str, asked: ProducerSettings, given: Given, callback: Callable[[pulsar.Result, Any], object]
    ) -> None:
        """Make a producer, and call back with the result and the producer; what is refused at once is raised.

        Raises:
            pulsar.exceptions.PulsarException: the broker refuses it.
        """
        self._producers.open_async(topic, asked, given, callback)

    # ----------------------------------------------------------------------------------------------------------- consumers

    def subscribe(self, topic: str, subscription_name: str, conf: Any) -> Any:  # noqa: ANN401 - _pulsar.ConsumerConfiguration, a native half or one handed over
        """Make a consumer of a topic."""
        return self.open_consumer(topic, subscription_name, consumer_settings.settings_of(conf), self._now_given)

    def open_consumer(self, topic: str, subscription_name: str, asked: ConsumerSettings, given: Given) -> Any:  # noqa: ANN401 - as in open_producer
        """Make a consumer of a topic with settings that pulsar-client has checked."""
        return self._consumers.of_topic(topic, subscription_name, asked, given)

    def subscribe_topics(self, topics: Any, subscription_name: str, conf: Any) -> Any:  # noqa: ANN401 - as in subscribe
        """Make a consumer of several topics."""
        check_topics(topics, subscription_name, conf)
        return self.open_consumer_of_list(topics, subscription_name, consumer_settings.settings_of(conf), self._now_given)

    def open_consumer_of_list(self, topics: list[str], subscription_name: str, asked: ConsumerSettings, given: Given) -> Any:  # noqa: ANN401 - as in open_producer
        """Make a consumer of several topics with settings that pulsar-client has checked."""
        return self._consumers.of_list(topics, subscription_name, asked, given)

    def subscribe_pattern(self, pattern: str, subscription_name: str, conf: Any) -> Any:  # noqa: ANN401 - as in subscribe
        """Make a consumer of all topics a pattern matches."""
        return self.open_consumer_of_pattern(pattern, subscription_name, conf, self._now_given)

    def open_consumer_of_pattern(self, pattern: str, subscription_name: str, conf: Any, given: Given) -> Any:  # noqa: ANN401 - as in subscribe
        """Make a consumer of all topics a pattern matches, with what its configuration does not tell."""
        asked, mode = consumer_settings.settings_of(conf), conf.regex_subscription_mode()
        return self._consumers.of_pattern(pattern, mode, subscription_name, asked, given)

    # ------------------------------------------------------------------------------------------------- readers, table views

    def create_reader(self, topic: str, start_message_id: Any, conf: Any) -> Any:  # noqa: ANN401 - _pulsar.MessageId, _pulsar.ReaderConfiguration, a native half or one handed over
        """Make a reader of a topic."""
        return self.open_reader(topic, start_message_id, conf, self._now_given)

    def open_reader(self, topic: str, start_message_id: Any, conf: Any, given: Given) -> Any:  # noqa: ANN401 - as in create_reader
        """Make a reader of a topic, with what its configuration does not tell."""
        return self._readers.of_topic(topic, MessageId.deserialize(start_message_id.serialize()), conf, given)

    def create_table_view(self, topic: str, _conf: Any) -> Any:  # noqa: ANN401 - _pulsar.TableViewConfiguration, a native half or one handed over
        """Make a table view of a topic; it has read all there is."""
        return self._readers.table_view(topic, self._now_given)

    # ---------------------------------------------------------------------------------------------------------- what there is

    def get_topic_partitions(self, topic: str) -> list[str]:
        """Return the names of a topic's partitions, or its own."""
        connection = self._connection
        return self._connection.ask(lambda: [name.full for name in connection.partitions([connection.name_of(topic)])])

    def get_schema_info(self, topic: str, version: int) -> _pulsar.SchemaInfo:
        """Return a version of a topic's schema.

        Raises:
            pulsar.TopicNotFound: there is none.
        """
        connection = self._connection
        return native_schema_info(connection.ask(lambda: connection.engine.schema_of(connection.name_of(topic), version)))

    def get_service_info(self) -> _pulsar.ServiceInfo:
        """Return where the service is: in this process.

        Differs: a real client tells the URL it was given.
        """
        return _pulsar.ServiceInfo("pulsar://localhost:6650", None, None)

    # ---------------------------------------------------------------------------------------------------------------- the end

    def close(self) -> None:
        """Close everything the client made; after :meth:`shutdown` nothing is left to close.

        Raises:
            pulsar.AlreadyClosed: it is closed.
        """
        if self._shut_down:
            self._shut_down = False
            return
        self._connection.ask(self._connection.close_all)

    def shutdown(self) -> None:
        """Close everything the client made; a second time does nothing."""
        if not self._connection.closed:
            self._shut_down = True
            self._connection.ask(self._connection.close_all)

    def close_async(self, callback: Callable[[pulsar.Result], object] | None) -> None:
        """Close everything, then call back."""
        self.close()
        if callback is not None:
            self._connection.scheduler.soon(partial(callback, pulsar.Result.Ok))
