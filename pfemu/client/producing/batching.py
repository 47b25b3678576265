"""A producer that sends messages in batches (``ProducerImpl.cc``, ``BatchMessageContainer.cc``, ``BatchMessageKeyBasedContainer.cc``).

* A batch goes when it is full (messages or bytes), its delay is over, or at ``flush``. ``send`` waits for that. ``close`` does not send it.
* A message that finds the queue full is refused and has the batch sent at once; what was sent is in the queue until its senders are told.
* Messages with a delivery time go by themselves, at once, even past the batch that is being filled.
* Key-based: one batch a key (ordering key before partition key); all are sent together, by their first sequence id.
* A batch has one entry and one sequence id, that of its first message; its key is its first message's.

Differs: with ``block_if_queue_full`` a full queue is sent at once, where a real client waits for the delay.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import _pulsar
import pulsar

from pfemu.client.async_twins import call_back
from pfemu.client.message import Message, native_id
from pfemu.client.producing.message_size import metadata_size
from pfemu.client.producing.outgoing import metadata_kind, outgoing_of, plain_outgoing
from pfemu.client.producing.producer_impl import NO_ID, OK, Answer, NotPublished, ProducerImpl, as_bytes
from pfemu.client.producing.producer_settings import ProducerSettings
from pfemu.client.producing.routing import BatchLimits
from pfemu.client.results import client_error
from pfemu.client.waiting import Callback, wait
from pfemu.engine import Engine
from pfemu.errors import BrokerError, MessageTooBig, WaitsForeverError
from pfemu.model.message import BatchedMessage, BatchMetadata, Entry, MessageMetadata
from pfemu.model.message_id import MessageId
from pfemu.model.topic_name import TopicName
from pfemu.ports import Timer

_FLUSH_IS_LOST = (
    "flush would wait for ever: a callback of send_async raised, and what comes after it in the batch, flush included, is not told."
    " Catch it in the callback."
)


class Batch:
    """Messages that will be one entry, and who is to be told."""

    __slots__ = ("callbacks", "messages")

    def __init__(self) -> None:
        self.messages: list[BatchedMessage] = []
        self.callbacks: list[Callback | None] = []

    def add(self, message: BatchedMessage, callback: Callback | None) -> None:
        """Take a message in."""
        self.messages.append(message)
        self.callbacks.append(callback)

    def metadata_as(self, kind: type[BatchMetadata]) -> BatchMetadata:
        """Return the entry's own metadata."""
        first = self.messages[0].metadata
        return kind(tuple(self.messages), first.partition_key, first.ordering_key)


class BatchContainer:
    """The batches being filled: one, or one a key."""

    __slots__ = ("_batches", "_key_based", "_limits", "size_bytes")

    def __init__(self, limits: BatchLimits, *, key_based: bool) -> None:
        self._limits = limits
        self._key_based = key_based
        self._batches: dict[str, Batch] = {}
        self.size_bytes = 0

    def __len__(self) -> int:
        return sum(len(batch.messages) for batch in self._batches.values())

    def has_space_for(self, length: int) -> bool:
        """Whether a payload of that length fits in."""
        limits = self._limits
        return (limits.max_messages <= 0 or len(self) < limits.max_messages) and (
            limits.max_bytes <= 0 or self.size_bytes + length <= limits.max_bytes
        )

    def add(self, message: BatchedMessage, callback: Callback | None) -> bool:
        """Take a message in; True when it is the first of its batch."""
        key = message.metadata.ordering_key or message.metadata.partition_key if self._key_based else ""
        batch = self._batches.get(key)
        first = batch is None
        if batch is None:
            batch = self._batches[key] = Batch()
        batch.add(message, callback)
        self.size_bytes += len(message.payload)
        return first

    @property
    def is_full(self) -> bool:
        """Whether it has to go now."""
        limits = self._limits
        return 0 < limits.max_messages <= len(self) or 0 < limits.max_bytes <= self.size_bytes

    def take(self) -> list[Batch]:
        """Empty it: the batches by their first sequence id."""
        batches = sorted(self._batches.values(), key=lambda batch: batch.messages[0].sequence_id)
        self._batches = {}
        self.size_bytes = 0
        return batches


class BatchingProducerImpl(ProducerImpl):
    """One producer of one topic that sends messages in batches."""

    def __init__(self, engine: Engine, name: TopicName, settings: ProducerSettings, limits: BatchLimits, partition: int = -1) -> None:
        super().__init__(engine, name, settings, partition)
        self._limits = limits
        self._container = BatchContainer(limits, key_based=settings.key_based)
        self._timer: Timer | None = None
        self._in_flight = 0
        """How many messages were sent and their senders not yet told."""
        self._flush_is_lost = False
        self._open_batches = settings.open_batches
        self._batch_class = metadata_kind(BatchMetadata, compression=settings.compression_name, schema_version=self.producer.schema_version)

    def send_bytes(self, payload: bytes) -> _pulsar.MessageId:
        """Send a message that is nothing but a payload; see :meth:`send`."""
        return self.send(plain_outgoing(payload))

    def send_bytes_async(self, payload: bytes, callback: Callback | None) -> None:
        """Send a message that is nothing but a payload; see :meth:`send_async`."""
        self.send_async(plain_outgoing(payload), callback)

    def send(self, message: object) -> _pulsar.MessageId:
        """Put a message into a batch, wait until the batch is sent, and return the message's id."""
        return wait(self._scheduler, partial(self.send_async, message))

    def send_async(self, message: object, callback: Callback | None) -> None:
        """Put a message into a batch; call back with the result and the id when that is sent."""
        outgoing = outgoing_of(message)
        if outgoing.deliver_at_ms or self._closed:
            super().send_async(outgoing, callback)
            return
        self._put(outgoing.payload, lambda: (self._next_sequence_id(outgoing), self._metadata_of(outgoing)), callback)

    def _put(self, payload: bytes, number: Callable[[], tuple[int, MessageMetadata]], callback: Callback | None) -> None:
        """Put a message into a batch; ``number`` gives it its sequence id and metadata once there is room."""
        if not self._has_room():
            if callback is not None:  # at once, from within the call, as the native client does
                call_back(callback, pulsar.Result.ProducerQueueIsFull, NO_ID)
            return
        try:
            if not self._container.has_space_for(len(payload)):
                self._send_batches()
            sequence_id, metadata = number()
            if len(payload) > self._always_sendable:
                self._sized(payload, metadata)
        except (MessageTooBig, pulsar.exceptions.PulsarException) as error:
            self._tell_failure(callback, error, _no_id(0))
            return
        self._add(BatchedMessage(payload, sequence_id, metadata), callback)

    def _has_room(self) -> bool:
        """Whether the queue takes one more message; if it is full, what is in the batch is sent first."""
        maximum = self._settings.max_pending_messages
        if not 0 < maximum <= len(self._container) + self._in_flight:
            return True
        self._send_batches()
        return self._settings.block_if_queue_full

    def _add(self, message: BatchedMessage, callback: Callback | None) -> None:
        if self._container.add(message, callback):
            self._arm()
            if self._open_batches is not None:
                self._open_batches.add(self)
        if self._container.is_full:
            self._send_batches()

    def _arm(self) -> None:
        """Set the timer anew: each key's first message does."""
        self._stop_timer()
        self._timer = self._scheduler.at(self._scheduler.now_ms() + max(0, self._limits.max_delay_ms), self._send_batches)

    def _send_batches(self) -> None:
        self._stop_timer()
        for batch in self._container.take():
            self._send_batch(batch)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _send_batch(self, batch: Batch) -> None:
        sequence_id = batch.messages[0].sequence_id
        payload = b"".join(message.payload for message in batch.messages)
        try:
            metadata: MessageMetadata = batch.metadata_as(self._batch_class)
            if len(payload) > self._always_sendable:
                metadata = self._sized_batch(batch, payload, metadata)
            entry = self._publish(self.producer, payload, sequence_id, metadata)
        except (BrokerError, pulsar.exceptions.PulsarException) as error:
            for index, callback in enumerate(batch.callbacks):
                self._tell_failure(callback, error, _no_id(index))
            return
        self._last_sequence_id = sequence_id + len(batch.messages) - 1
        self._in_flight += len(batch.messages)
        self._tell_later(partial(self._tell_batch, batch, entry))

    def _sized_batch(self, batch: Batch, payload: bytes, metadata: MessageMetadata) -> MessageMetadata:
        within = sum(metadata_size(message.metadata, "") for message in batch.messages)
        return self._sized(payload + bytes(within), metadata)

    def _tell_batch(self, batch: Batch, entry: Entry) -> None:
        """Call the callbacks in order; one that raises keeps the following ones of the batch from being called."""
        size = len(batch.messages)
        self._in_flight -= size
        for index, callback in enumerate(batch.callbacks):
            if callback is None:
                continue
            message_id = native_id(MessageId(entry.ledger_id, entry.entry_id, self._partition, index, size))
            if not call_back(callback, OK, message_id):
                self._flush_is_lost = True
                return

    def end_batch(self) -> None:
        """Send what is in the batch now."""
        self._send_batches()

    def flush(self) -> None:
        """Send what waits to be sent, and wait until all callbacks were called.

        Differs: where a callback raises, a real client's flush is not told either, and waits for ever; here it says so.

        Raises:
            pulsar.AlreadyClosed: the producer is closed, or was fenced.
            WaitsForeverError: a callback raised.
        """
        self._flush_is_lost = False
        super().flush()
        if self._flush_is_lost:
            raise WaitsForeverError(_FLUSH_IS_LOST)

    def _send_waiting(self) -> None:
        try:
            super()._send_waiting()
        finally:  # where it is no longer connected, the messages of the batch hear why
            self._send_batches()

    def close(self) -> None:
        """Disconnect; what was not sent yet is lost, and its callbacks hear so.

        Raises:
            pulsar.AlreadyClosed: it is closed.
        """
        super().close()
        self._stop_timer()
        for batch in self._container.take():
            for index, callback in enumerate(batch.callbacks):
                self._tell_failure(callback, client_error("AlreadyClosed"), _no_id(index))


def _no_id(index: int) -> _pulsar.MessageId:
    """Return the id of a message that was not stored, of that place in its batch."""
    return _pulsar.MessageId(-1, -1, -1, index)


class TimedBatchingProducerImpl(BatchingProducerImpl):
    """A producer whose outputs of a function wait for their batch like any other message."""

    def send_output(self, content: object, origin: Message, published: Answer, not_published: NotPublished) -> None:
        """Put a function's output into a batch; see :meth:`ProducerImpl.send_output`."""

        def done(result: object, _message_id: object) -> None:
            if result == OK:
                published(origin)
            else:
                not_published(result, origin)

        self._put(as_bytes(content), lambda: self._number_output(origin), done)

    def _number_output(self, origin: Message) -> tuple[int, MessageMetadata]:
        self._sequence_id += 1
        source = origin._source
        return self._sequence_id, self._output_metadata(
            source.topic_text, origin._entry, source.partition_index, origin._batch_index, origin._batch_size
        )


def new_producer(engine: Engine, name: TopicName, settings: ProducerSettings, partition: int = -1) -> ProducerImpl:
    """Return the producer of one topic or partition that the settings ask for; ``partition`` is what its ids name.

    Raises:
        BrokerError: the broker refuses it.
    """
    if settings.batching is None:
        return ProducerImpl(engine, name, settings, partition)
    batching = TimedBatchingProducerImpl if settings.timed_batches else BatchingProducerImpl
    return batching(engine, name, settings, settings.batching, partition)
