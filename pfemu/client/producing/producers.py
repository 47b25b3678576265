"""How a client makes producers (``ClientImpl::createProducerAsync``)."""

from __future__ import annotations

from functools import partial
from typing import Any

import pulsar

from pfemu.client.connection import Connection, Given
from pfemu.client.producing import producer_settings
from pfemu.client.producing.batching import new_producer
from pfemu.client.producing.open_batches import OpenBatches
from pfemu.client.producing.partitioned_producer import AnyProducerImpl, PartitionedProducerImpl
from pfemu.client.producing.producer_settings import ProducerSettings
from pfemu.client.waiting import Callback, wait
from pfemu.model.subscription import ProducerAccessMode

OPERATION_TIMEOUT_MS = 30_000


class Producers:
    """Makes the producers of one client. ``timed_batches``: see :class:`~pfemu.client.client_impl.ClientImpl`."""

    def __init__(self, connection: Connection, *, timed_batches: bool) -> None:
        self._connection = connection
        self._timed_batches = timed_batches
        has_own_batches = connection.for_instance and not (timed_batches or connection.scheduler.threaded)
        self.open_batches = OpenBatches() if has_own_batches else None

    def open(self, topic: str, asked: ProducerSettings, given: Given) -> Any:  # noqa: ANN401 - a native half, or what stands for it on other threads
        """Make a producer; one that is to be alone waits until it is.

        Raises:
            pulsar.Timeout: it is not alone within 30 s (``operation_timeout_seconds``); it is closed.
            pulsar.ProducerFenced: another one shut it out meanwhile.
            pulsar.exceptions.PulsarException: the broker refuses it.
        """
        producer = self._begin(topic, asked, given)
        if asked.access_mode is ProducerAccessMode.WAIT_FOR_EXCLUSIVE:
            try:
                wait(self._connection.scheduler, producer.when_connected, OPERATION_TIMEOUT_MS)
            except pulsar.exceptions.PulsarException:
                self._connection.scheduler.call(producer.close)
                raise
        return self._offered(producer, asked)

    def open_async(self, topic: str, asked: ProducerSettings, given: Given, callback: Callback) -> None:
        """Make a producer; call back with the result and the producer, later if it has to wait.

        Raises:
            pulsar.exceptions.PulsarException: the broker refuses it at once.
        """
        producer = self._begin(topic, asked, given)
        offered = self._offered(producer, asked)
        if asked.access_mode is ProducerAccessMode.WAIT_FOR_EXCLUSIVE:
            self._connection.scheduler.call(partial(self._wait_for_access, producer, lambda result: callback(result, offered)))
        else:
            callback(pulsar.Result.Ok, offered)

    def _offered(self, producer: AnyProducerImpl, asked: ProducerSettings) -> Any:  # noqa: ANN401 - as in open
        return self._connection.hand_over(producer, batching=asked.batching is not None)

    def _wait_for_access(self, producer: AnyProducerImpl, callback: Callback) -> None:
        scheduler = self._connection.scheduler
        told: list[pulsar.Result] = []

        def tell(result: pulsar.Result) -> None:
            if told:
                return
            told.append(result)
            timer.cancel()
            if result != pulsar.Result.Ok:
                producer.close()
            callback(result)

        timer = scheduler.at(scheduler.now_ms() + OPERATION_TIMEOUT_MS, partial(tell, pulsar.Result.Timeout))
        producer.when_connected(tell)

    def _begin(self, topic: str, asked: ProducerSettings, given: Given) -> AnyProducerImpl:
        """Make a producer that may still have to wait for access.

        Raises:
            pulsar.exceptions.PulsarException: the broker refuses it.
        """
        settings = producer_settings.changed(
            asked,
            properties=dict(given.properties or {}),
            chunking=given.chunking,
            for_instance=self._connection.for_instance,
            timed_batches=self._timed_batches,
            open_batches=self.open_batches,
            router=given.router,
        )
        return self._connection.ask(partial(self._new_producer, topic, settings))

    def _new_producer(self, topic: str, settings: ProducerSettings) -> AnyProducerImpl:
        engine = self._connection.engine
        name = self._connection.name_of(topic)
        partitions = engine.partitions_of(name)
        made: AnyProducerImpl
        made = PartitionedProducerImpl(engine, name, partitions, settings) if partitions else new_producer(engine, name, settings)
        self._connection.note(made)
        return made
