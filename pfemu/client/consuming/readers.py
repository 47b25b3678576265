"""How a client makes readers and table views (``ClientImpl::createReaderAsync``, ``ClientImpl::createTableViewAsync``)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from pfemu.client.connection import Connection, Given
from pfemu.client.consuming.consumer import listeners_view
from pfemu.client.consuming.consumer_impl import ConsumerImpl
from pfemu.client.consuming.consumer_settings import ConsumerSettings
from pfemu.client.consuming.multi_topics import AnyConsumerImpl, MultiTopicsConsumerImpl
from pfemu.client.consuming.reader_impl import ReaderImpl, acknowledging, start_reading
from pfemu.client.consuming.table_view_impl import TableViewImpl
from pfemu.client.schema_info import schema_info_of
from pfemu.client.waiting import wait
from pfemu.model.message_id import EARLIEST, LATEST, MessageId
from pfemu.model.subscription import InitialPosition


class Readers:
    """Makes the readers and table views of one client."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_topic(self, topic: str, start: MessageId, conf: Any, given: Given) -> Any:  # noqa: ANN401 - _pulsar.ReaderConfiguration, which has no stubs, and a native half or what stands for it
        """Make a reader of a topic, partitioned or not."""
        return self._connection.ask(partial(self._new_reader, topic, start, conf, given))

    def _new_reader(self, topic: str, start: MessageId, conf: Any, given: Given) -> Any:  # noqa: ANN401 - as in of_topic
        connection = self._connection
        prefix = f"{conf.subscription_role_prefix()}-reader-" if conf.subscription_role_prefix() else "reader-"
        settings = ConsumerSettings(
            schema=given.schema,
            listener=acknowledging(given.listener, connection.scheduler) if given.listener is not None else None,
            listener_thread=connection.listener_thread,
            receiver_queue_size=conf.receiver_queue_size(),
            consumer_name=conf.reader_name(),
            start_inclusive=conf.start_message_id_inclusive(),
            read_compacted=conf.read_compacted(),
            durable=False,
            schema_info=schema_info_of(given.schema.schema_info()),
        )
        consumer = self._new_consumer(topic, prefix + connection.random_text(), settings, start)
        native = connection.hand_over(ReaderImpl(connection.scheduler, consumer))
        consumer.inbox.handle = listeners_view(native)
        return native

    def _new_consumer(self, topic: str, subscription_name: str, settings: ConsumerSettings, start: MessageId) -> AnyConsumerImpl:
        connection = self._connection
        name = connection.name_of(topic)
        settings = replace(settings, initial_position=InitialPosition.LATEST if start == LATEST else InitialPosition.EARLIEST)
        consumer: AnyConsumerImpl
        if connection.engine.partitions_of(name):
            names = partial(connection.partitions, [name])
            consumer = MultiTopicsConsumerImpl(connection.engine, name.full, subscription_name, settings, names)
        else:
            consumer = ConsumerImpl(connection.engine, name, subscription_name, settings)
        connection.note(consumer)
        for one in consumer.consumers if isinstance(consumer, MultiTopicsConsumerImpl) else [consumer]:
            start_reading(one, start, inclusive=settings.start_inclusive)
        return consumer

    def table_view(self, topic: str, given: Given) -> Any:  # noqa: ANN401 - as in of_topic
        """Make a table view of a topic; it has read all there is."""
        view = self._connection.ask(partial(self._new_table_view, topic, given))
        wait(self._connection.scheduler, view.when_caught_up)
        return self._connection.hand_over(view)

    def _new_table_view(self, topic: str, given: Given) -> TableViewImpl:
        view = TableViewImpl()
        schema_info = schema_info_of(given.schema.schema_info())
        settings = ConsumerSettings(listener=view.take, durable=False, read_compacted=True, schema_info=schema_info)
        view.follow(self._new_consumer(topic, given.subscription_name or f"reader-{self._connection.random_text()}", settings, EARLIEST))
        return view
