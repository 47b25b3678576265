"""The native half of a producer of a partitioned topic (``PartitionedProducerImpl.cc``): one producer a partition, and a router.

* All are made at once; a name that is asked for is the name of each.
* New partitions are found once a minute.

Differs: ``lazy_start_partitioned_producers`` changes nothing but the moment a partition's producer is made, and is not done.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pulsar

from pfemu.client.async_twins import answer, call_back
from pfemu.client.discovery import Discovery
from pfemu.client.message import Message
from pfemu.client.producing.batching import new_producer
from pfemu.client.producing.outgoing import Outgoing, outgoing_of, plain_outgoing
from pfemu.client.producing.producer_impl import NO_ID, Answer, NotPublished, ProducerImpl
from pfemu.client.producing.producer_settings import ProducerSettings
from pfemu.client.producing.routing import (
    RoundRobinRouter,
    Router,
    SinglePartitionRouter,
    StickyRoundRobinRouter,
    custom_partition,
    partition_of_key,
)
from pfemu.client.results import client_error, result_of_error
from pfemu.client.waiting import Callback
from pfemu.engine import Engine
from pfemu.model.topic_name import TopicName

if TYPE_CHECKING:
    import _pulsar

UPDATE_PERIOD_MS = 60_000


class PartitionedProducerImpl:
    """Producers of all partitions of a topic."""

    def __init__(self, engine: Engine, name: TopicName, partitions: int, settings: ProducerSettings) -> None:
        self._engine = engine
        self._name = name
        self._settings = settings
        self._closed = False
        self._producers: list[ProducerImpl] = []
        self._make_producers(partitions)
        self._router = _router_of(engine, settings)
        self._discovery = Discovery(engine, UPDATE_PERIOD_MS, self._grow)

    def _make_producers(self, partitions: int) -> None:
        try:
            for index in range(len(self._producers), partitions):
                self._producers.append(new_producer(self._engine, self._name.partition(index), self._settings, index))
        except Exception:
            for producer in self._producers:
                producer.close()
            raise

    def _grow(self) -> None:
        self._make_producers(self._engine.partitions_of(self._name))

    def _choose(self, outgoing: Outgoing) -> ProducerImpl:
        partitions = len(self._producers)
        if self._settings.router is not None:
            return self._producers[custom_partition(self._settings.router, outgoing, partitions)]
        if outgoing.partition_key:
            return self._producers[partition_of_key(outgoing.partition_key, partitions)]
        return self._next(outgoing.payload)

    def _next(self, payload: bytes) -> ProducerImpl:
        producers = self._producers
        return producers[self._router.without_key(len(payload), len(producers))]

    def _routes_plain(self) -> bool:
        return self._settings.router is None and not self._closed

    def send_bytes(self, payload: bytes) -> _pulsar.MessageId:
        """Send a message that is nothing but a payload, and return its id."""
        if self._routes_plain():
            return self._next(payload).send_bytes(payload)
        return self.send(plain_outgoing(payload))

    def send_bytes_async(self, payload: bytes, callback: Callback | None) -> None:
        """Send a message that is nothing but a payload, then call back."""
        if self._routes_plain():
            self._next(payload).send_bytes_async(payload, callback)
        else:
            self.send_async(plain_outgoing(payload), callback)

    def send(self, message: object) -> _pulsar.MessageId:
        """Send a message and return its id.

        Raises:
            pulsar.exceptions.PulsarException: the broker refuses it, it is too big, the producer is closed, …
        """
        if self._closed:
            raise client_error("AlreadyClosed")
        outgoing = outgoing_of(message)
        return self._choose(outgoing).send(outgoing)

    def send_async(self, message: object, callback: Callback | None) -> None:
        """Send a message, then call back with the result and the id."""
        outgoing = outgoing_of(message)
        try:
            if self._closed:
                raise client_error("AlreadyClosed")
            producer = self._choose(outgoing)
        except pulsar.exceptions.PulsarException as error:
            if callback is not None:
                self._engine.scheduler.soon(partial(call_back, callback, result_of_error(error), NO_ID))
            return
        producer.send_async(outgoing, callback)

    def send_output(self, content: object, origin: Message, published: Answer, not_published: NotPublished) -> None:
        """Send a function's output; see :meth:`ProducerImpl.send_output`."""
        length = len(content) if isinstance(content, bytes) else 0
        self._producers[self._router.without_key(length, len(self._producers))].send_output(content, origin, published, not_published)

    @property
    def producers(self) -> list[ProducerImpl]:
        """The partitions' producers."""
        return self._producers

    def when_connected(self, callback: Callback) -> None:
        """Call back once all partitions' producers are connected, or one of them was fenced."""
        left = len(self._producers)

        def tell(result: object) -> None:
            nonlocal left
            left -= 1
            if left == 0 or result != pulsar.Result.Ok:
                callback(result)

        for producer in self._producers:
            producer.when_connected(tell)

    def now_ms(self) -> int:
        """Return the time by which messages are delayed, in milliseconds since the epoch."""
        return self._engine.scheduler.now_ms()

    def topic(self) -> str:
        """Return the full name of the partitioned topic."""
        return self._name.full

    def producer_name(self) -> str:
        """Return the name of the first partition's producer."""
        return self._producers[0].producer_name()

    def last_sequence_id(self) -> int:
        """Return the highest of the partitions' last sequence ids."""
        return max(producer.last_sequence_id() for producer in self._producers)

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        return self._closed

    def is_connected(self) -> bool:
        """Whether all partitions' producers are."""
        return not self._closed and all(producer.is_connected() for producer in self._producers)

    def flush(self) -> None:
        """Send what waits to be sent, and wait until all callbacks were called.

        Raises:
            pulsar.AlreadyClosed: the producer is closed.
        """
        if self._closed:
            raise client_error("AlreadyClosed")
        for producer in self._producers:
            producer.flush()

    def flush_async(self, callback: Callback | None) -> None:
        """Send what waits to be sent, then call back."""
        *others, last = self._producers
        for producer in others:
            producer.flush_async(None)
        last.flush_async(callback)

    def close(self) -> None:
        """Disconnect.

        Raises:
            pulsar.AlreadyClosed: it is closed.
        """
        if self._closed:
            raise client_error("AlreadyClosed")
        self._closed = True
        self._discovery.close()
        for producer in self._producers:
            producer.close()

    def close_async(self, callback: Callback | None) -> None:
        """Disconnect, then call back."""
        answer(self._engine.scheduler, callback, self.close)


def _router_of(engine: Engine, settings: ProducerSettings) -> Router:
    start = engine.new_id()
    if settings.single_partition:
        return SinglePartitionRouter(start)
    if settings.batching is not None and not settings.for_instance:
        return StickyRoundRobinRouter(start, settings.batching, engine.scheduler.now_ms)
    return RoundRobinRouter(start if settings.for_instance else 0)


AnyProducerImpl = ProducerImpl | PartitionedProducerImpl
