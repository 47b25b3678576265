"""The native half of a client (``ClientImpl.cc``): what ``_pulsar.Client`` offers to pulsar-client's Python code."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from hashlib import sha256
from typing import Any, TypeVar

import _pulsar
import pulsar

from pfemu.client.consuming import consumer_settings
from pfemu.client.consuming.consumer import listeners_view
from pfemu.client.consuming.consumer_impl import ConsumerImpl
from pfemu.client.consuming.consumer_settings import BYTES, ConsumerSettings
from pfemu.client.consuming.inbox import Listener
from pfemu.client.consuming.listener_thread import new_listener_thread
from pfemu.client.consuming.multi_topics import MultiTopicsConsumerImpl, check_queue_of_partitioned
from pfemu.client.consuming.reader_impl import ReaderImpl, acknowledging, start_reading
from pfemu.client.consuming.table_view_impl import TableViewImpl
from pfemu.client.consuming.topic_pattern import TopicPattern
from pfemu.client.hand_over import handed_over
from pfemu.client.producing import producer_settings
from pfemu.client.producing.batching import new_producer
from pfemu.client.producing.open_batches import OpenBatches
from pfemu.client.producing.partitioned_producer import AnyProducerImpl, PartitionedProducerImpl
from pfemu.client.producing.producer_settings import MessageRouter, ProducerSettings
from pfemu.client.results import as_client_error, check_topics, client_error
from pfemu.client.schema_info import native_schema_info, schema_info_of
from pfemu.client.waiting import wait
from pfemu.engine import Engine
from pfemu.errors import BrokerError, SubscriptionNotFound
from pfemu.model.message_id import EARLIEST, LATEST, MessageId
from pfemu.model.subscription import InitialPosition, ProducerAccessMode
from pfemu.model.topic_name import TopicName, refused_by_broker_alone

T = TypeVar("T")
AnyConsumerImpl = ConsumerImpl | MultiTopicsConsumerImpl

OPERATION_TIMEOUT_MS = 30_000


@dataclass(frozen=True, slots=True)
class Given:
    """Arguments that a native configuration takes but cannot be asked for again."""

    schema: pulsar.schema.Schema = BYTES
    properties: Mapping[str, str] | None = None
    listener: Listener | None = None
    router: MessageRouter | None = None
    subscription_name: str | None = None
    chunking: bool = False


@lru_cache(maxsize=1000)
def _ten_digits(number: int) -> str:
    return sha256(str(number).encode()).hexdigest()[:10]


class ClientImpl:
    """Makes producers, consumers and readers on an engine.

    ``for_instance``: for a function instance, whose batches end with each message, see :class:`OpenBatches`, unless ``timed_batches``.
    """

    def __init__(self, engine: Engine, *, for_instance: bool = False, timed_batches: bool = False) -> None:
        self._engine = engine
        self._scheduler = engine.scheduler
        self._for_instance = for_instance
        self._timed_batches = timed_batches
        self.open_batches = OpenBatches() if for_instance and not (timed_batches or engine.scheduler.threaded) else None
        self._listener_thread = None if for_instance else new_listener_thread(engine.scheduler)
        self._given = threading.local()
        self._closed = False
        self._shut_down = False
        self._opened: list[AnyProducerImpl | AnyConsumerImpl] = []
        self._forget_closed_at = 64

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

    def _ask(self, run: Callable[[], T]) -> T:
        """Run it on the scheduler's thread; a refusal of the broker becomes pulsar-client's."""
        if self._closed:
            raise client_error("AlreadyClosed")
        try:
            return self._scheduler.call(run)
        except BrokerError as error:
            raise as_client_error(error) from None

    def _name_of(self, topic: str) -> TopicName:
        """Read a topic's name.

        Raises:
            InvalidTopicName: the client refuses it.
            pulsar.Timeout: only the broker refuses it, again and again.
        """
        if refused_by_broker_alone(topic):
            raise client_error("Timeout")
        return TopicName.parse(topic)

    def _note(self, made: AnyProducerImpl | AnyConsumerImpl) -> None:
        """Remember what is to be closed with the client; as in a real one, what the user dropped stays connected until then."""
        self._opened.append(made)
        if len(self._opened) >= self._forget_closed_at:
            self._opened = [one for one in self._opened if not one.is_closed]
            self._forget_closed_at = max(64, 2 * len(self._opened))

    def _random_text(self) -> str:
        """Return ten hexadecimal digits that nobody had: random in a real client, the same in every run here."""
        return _ten_digits(self._engine.new_id())

    # ----------------------------------------------------------------------------------------------------------- producers

    def create_producer(self, topic: str, conf: Any) -> Any:  # noqa: ANN401 - _pulsar.ProducerConfiguration, a native half or one handed over
        """Make a producer of a topic."""
        return self.open_producer(topic, producer_settings.settings_of(conf), self._now_given)

    def open_producer(self, topic: str, asked: ProducerSettings, given: Given) -> Any:  # noqa: ANN401 - a native half or one handed over
        """Make a producer of a topic with settings that pulsar-client has checked."""
        settings = producer_settings.changed(
            asked,
            properties=dict(given.properties or {}),
            chunking=given.chunking,
            for_instance=self._for_instance,
            timed_batches=self._timed_batches,
            open_batches=self.open_batches,
            router=given.router,
        )
        producer = self._ask(partial(self._new_producer, topic, settings))
        if settings.access_mode is ProducerAccessMode.WAIT_FOR_EXCLUSIVE:
            self._wait_for_access(producer)
        return handed_over(producer, self._scheduler, batching=settings.batching is not None)

    def _new_producer(self, topic: str, settings: ProducerSettings) -> AnyProducerImpl:
        name = self._name_of(topic)
        partitions = self._engine.partitions_of(name)
        made: AnyProducerImpl
        if partitions:
            made = PartitionedProducerImpl(self._engine, name, partitions, settings)
        else:
            made = new_producer(self._engine, name, settings)
        self._note(made)
        return made

    def _wait_for_access(self, producer: AnyProducerImpl) -> None:
        """Wait until the producer has exclusive access.

        Raises:
            pulsar.Timeout: it has none within 30 s (``operation_timeout_seconds``); it is closed.
            pulsar.ProducerFenced: another one shut it out meanwhile.
        """
        for one in producer.producers if isinstance(producer, PartitionedProducerImpl) else [producer]:
            try:
                wait(self._scheduler, one.when_connected, OPERATION_TIMEOUT_MS)
            except pulsar.exceptions.PulsarException:
                self._scheduler.call(producer.close)
                raise

    # ----------------------------------------------------------------------------------------------------------- consumers

    def subscribe(self, topic: str, subscription_name: str, conf: Any) -> Any:  # noqa: ANN401 - _pulsar.ConsumerConfiguration, a native half or one handed over
        """Make a consumer of a topic."""
        return self.open_consumer(topic, subscription_name, consumer_settings.settings_of(conf), self._now_given)

    def open_consumer(self, topic: str, subscription_name: str, asked: ConsumerSettings, given: Given) -> Any:  # noqa: ANN401 - as in open_producer
        """Make a consumer of a topic with settings that pulsar-client has checked."""
        return self._subscribe(subscription_name, partial(self._new_consumer, topic, subscription_name, asked, given))

    def subscribe_topics(self, topics: Any, subscription_name: str, conf: Any) -> Any:  # noqa: ANN401 - as in subscribe
        """Make a consumer of several topics."""
        check_topics(topics, subscription_name, conf)
        settings = self._settings(consumer_settings.settings_of(conf), self._now_given)
        return self._subscribe(subscription_name, partial(self._new_consumer_of_list, topics, subscription_name, settings))

    def subscribe_pattern(self, pattern: str, subscription_name: str, conf: Any) -> Any:  # noqa: ANN401 - as in subscribe
        """Make a consumer of all topics a pattern matches."""
        settings, mode = self._settings(consumer_settings.settings_of(conf), self._now_given), conf.regex_subscription_mode()
        return self._subscribe(subscription_name, partial(self._new_consumer_of_pattern, pattern, mode, subscription_name, settings))

    def _settings(self, asked: ConsumerSettings, given: Given, consumer_name: str | None = None) -> ConsumerSettings:
        return consumer_settings.changed(
            asked,
            schema=given.schema,
            listener=given.listener,
            listener_thread=self._listener_thread,
            properties=dict(given.properties or {}),
            consumer_name=asked.consumer_name if consumer_name is None else consumer_name,
            joins_at_once=self._for_instance,
        )

    def _subscribe(self, subscription_name: str, make: Callable[[], AnyConsumerImpl]) -> Any:  # noqa: ANN401 - as in open_producer
        if not subscription_name:
            raise client_error("InvalidConfiguration")
        return self._ask(partial(self._connect, make))

    def _connect(self, make: Callable[[], AnyConsumerImpl]) -> Any:  # noqa: ANN401 - as in subscribe
        try:
            consumer = make()
        except SubscriptionNotFound:  # the client asks again and again for ``operation_timeout_seconds``
            raise client_error("Timeout") from None
        self._note(consumer)
        native = handed_over(consumer, self._scheduler)
        consumer.inbox.handle = listeners_view(native)
        return native

    def _new_consumer(self, topic: str, subscription_name: str, asked: ConsumerSettings, given: Given) -> AnyConsumerImpl:
        name = self._name_of(topic)
        if asked.read_compacted and not name.is_persistent:
            raise client_error("InvalidConfiguration")
        partitions = self._engine.partitions_of(name)
        settings = self._settings(asked, given, asked.consumer_name or self._random_text())
        if not partitions:
            return ConsumerImpl(self._engine, name, subscription_name, settings)
        check_queue_of_partitioned(settings)
        return MultiTopicsConsumerImpl(self._engine, name.full, subscription_name, settings, partial(self._partitions, [name]))

    def _partitions(self, names: list[TopicName]) -> list[TopicName]:
        """Return the topics, or their partitions where they have some."""
        found: list[TopicName] = []
        for name in names:
            partitions = self._engine.partitions_of(name)
            found += [name.partition(index) for index in range(partitions)] if partitions else [name]
        return found

    def _new_consumer_of_list(self, topics: list[str], subscription_name: str, settings: ConsumerSettings) -> AnyConsumerImpl:
        names = [self._name_of(topic) for topic in topics]
        shown = f"{names[-1].full}-TopicsConsumerFakeName-{self._random_text()}" if names else "EmptyTopics"
        return MultiTopicsConsumerImpl(self._engine, shown, subscription_name, settings, partial(self._partitions, names))

    def _new_consumer_of_pattern(
        self, text: str, mode: _pulsar.RegexSubscriptionMode, subscription_name: str, settings: ConsumerSettings
    ) -> AnyConsumerImpl:
        pattern = TopicPattern(text, mode)
        namespace = pattern.name.namespace_name
        return MultiTopicsConsumerImpl(
            self._engine, pattern.name.full, subscription_name, settings, lambda: pattern.select(self._engine.topics_of(namespace))
        )

    # ------------------------------------------------------------------------------------------------- readers, table views

    def create_reader(self, topic: str, start_message_id: Any, conf: Any) -> Any:  # noqa: ANN401 - _pulsar.MessageId, _pulsar.ReaderConfiguration, a native half or one handed over
        """Make a reader of a topic."""
        given = self._now_given
        start = MessageId.deserialize(start_message_id.serialize())
        return self._ask(partial(self._new_reader, topic, start, conf, given))

    def _new_reader(self, topic: str, start: MessageId, conf: Any, given: Given) -> Any:  # noqa: ANN401 - as in create_reader
        prefix = f"{conf.subscription_role_prefix()}-reader-" if conf.subscription_role_prefix() else "reader-"
        settings = ConsumerSettings(
            schema=given.schema,
            listener=acknowledging(given.listener, self._scheduler) if given.listener is not None else None,
            listener_thread=self._listener_thread,
            receiver_queue_size=conf.receiver_queue_size(),
            consumer_name=conf.reader_name(),
            start_inclusive=conf.start_message_id_inclusive(),
            read_compacted=conf.read_compacted(),
            durable=False,
            schema_info=schema_info_of(given.schema.schema_info()),
        )
        consumer = self._new_reading_consumer(topic, prefix + self._random_text(), settings, start)
        native = handed_over(ReaderImpl(self._scheduler, consumer), self._scheduler)
        consumer.inbox.handle = listeners_view(native)
        return native

    def _new_reading_consumer(self, topic: str, subscription_name: str, settings: ConsumerSettings, start: MessageId) -> AnyConsumerImpl:
        name = self._name_of(topic)
        settings = replace(settings, initial_position=InitialPosition.LATEST if start == LATEST else InitialPosition.EARLIEST)
        partitions = self._engine.partitions_of(name)
        consumer: AnyConsumerImpl
        if partitions:
            names = partial(self._partitions, [name])
            consumer = MultiTopicsConsumerImpl(self._engine, name.full, subscription_name, settings, names)
        else:
            consumer = ConsumerImpl(self._engine, name, subscription_name, settings)
        self._note(consumer)
        for one in consumer.consumers if isinstance(consumer, MultiTopicsConsumerImpl) else [consumer]:
            start_reading(one, start, inclusive=settings.start_inclusive)
        return consumer

    def create_table_view(self, topic: str, _conf: Any) -> Any:  # noqa: ANN401 - _pulsar.TableViewConfiguration, a native half or one handed over
        """Make a table view of a topic; it has read all there is."""
        given = self._now_given
        view = self._ask(partial(self._new_table_view, topic, given))
        wait(self._scheduler, view.when_caught_up)
        return handed_over(view, self._scheduler)

    def _new_table_view(self, topic: str, given: Given) -> TableViewImpl:
        view = TableViewImpl()
        schema_info = schema_info_of(given.schema.schema_info())
        settings = ConsumerSettings(listener=view.take, durable=False, read_compacted=True, schema_info=schema_info)
        view.follow(self._new_reading_consumer(topic, given.subscription_name or f"reader-{self._random_text()}", settings, EARLIEST))
        return view

    # ---------------------------------------------------------------------------------------------------------- what there is

    def get_topic_partitions(self, topic: str) -> list[str]:
        """Return the names of a topic's partitions, or its own."""
        return self._ask(lambda: [name.full for name in self._partitions([self._name_of(topic)])])

    def get_schema_info(self, topic: str, version: int) -> _pulsar.SchemaInfo:
        """Return a version of a topic's schema.

        Raises:
            pulsar.TopicNotFound: there is none.
        """
        return native_schema_info(self._ask(lambda: self._engine.schema_of(self._name_of(topic), version)))

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
        self._ask(self._close_all)

    def shutdown(self) -> None:
        """Close everything the client made; a second time does nothing."""
        if not self._closed:
            self._shut_down = True
            self._ask(self._close_all)

    def close_async(self, callback: Callable[[pulsar.Result], object] | None) -> None:
        """Close everything, then call back."""
        self.close()
        if callback is not None:
            self._scheduler.soon(partial(callback, pulsar.Result.Ok))

    def _close_all(self) -> None:
        self._closed = True
        for made in self._opened:
            if not made.is_closed:
                made.close()
        self._opened.clear()
        if self._listener_thread is not None:
            self._listener_thread.close()
