"""The native half of a producer of one topic or partition (``ProducerImpl.cc``).

* Sequence ids count from 0, from what was asked for, or from what the broker remembers of the producer's name.
* A message that is too big still uses up its sequence id.
* Callbacks run in a later step, in order. One that raises is logged. ``close`` waits for none: those not called yet hear ``AlreadyClosed``,
  though the broker stores the messages (``failPendingMessages``).
* Its ids name a partition only if it is one of a partitioned topic's producers; one that was made for a partition by its name does not.
* With chunking, a message above the limit is stored in chunks, see :mod:`pfemu.client.chunking`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import _pulsar
import pulsar

from pfemu.client.async_twins import answer, call_back
from pfemu.client.chunking import cut, native_chunk_id
from pfemu.client.message import Message, native_id
from pfemu.client.producing.message_size import MAX_MESSAGE_SIZE, as_compressed, is_too_big
from pfemu.client.producing.outgoing import Outgoing, metadata_kind, outgoing_of
from pfemu.client.producing.producer_settings import ProducerSettings
from pfemu.client.results import as_client_error, client_error, result_of_error
from pfemu.client.schema_info import BYTES
from pfemu.client.waiting import Callback, wait
from pfemu.engine import Engine
from pfemu.errors import BrokerError, MessageTooBig, WaitsForeverError
from pfemu.model.message import BatchOfOneMetadata, Entry, ExplicitMetadata, MessageMetadata, OutputMetadata
from pfemu.model.message_id import MessageId
from pfemu.model.subscription import ProducerAccessMode
from pfemu.model.topic_name import TopicName

OK = pulsar.Result.Ok
_NO_SEQUENCE_ID = -1
NO_ID = _pulsar.MessageId(-1, -1, -1, -1)
_ROOM_FOR_METADATA = 64 * 1024
_NEVER_ROOM = (
    "this would wait for ever: the message has {chunks} chunks, and the producer's queue takes {room}. Raise max_pending_messages."
)

Answer = Callable[[Message], object]
NotPublished = Callable[[Any, Message], object]


class ProducerImpl:
    """One producer of one topic that sends each message by itself."""

    def __init__(self, engine: Engine, name: TopicName, settings: ProducerSettings, partition: int = -1) -> None:
        self._engine = engine
        self._scheduler = engine.scheduler
        self._name = name
        self._settings = settings
        self._partition = partition
        self._waiting: list[Callback] = []
        self.producer = engine.create_producer(
            name,
            settings.producer_name or None,
            settings.properties,
            access_mode=settings.access_mode,
            schema=settings.schema_info,
            when_ready=self._settle if settings.access_mode is ProducerAccessMode.WAIT_FOR_EXCLUSIVE else None,
        )
        self._sequence_id = self._last_sequence_id = self._first_sequence_id()
        self._publish: Callable[..., Entry] = engine.publish
        self._closed = False
        self._untold = 0
        compression = settings.compression_name
        self._unbatched_class = metadata_kind(ExplicitMetadata, compression=compression)
        self._metadata_class: type[ExplicitMetadata] = (
            metadata_kind(BatchOfOneMetadata, compression=compression) if settings.batching else self._unbatched_class
        )
        self._plain = self._metadata_class(schema_version=self.producer.schema_version)
        self._output_metadata = metadata_kind(OutputMetadata, schema_version=self.producer.schema_version, compression=compression)
        self._always_sendable = MAX_MESSAGE_SIZE - _ROOM_FOR_METADATA

    def _first_sequence_id(self) -> int:
        asked_for = self._settings.initial_sequence_id
        return self.producer.last_sequence_id if asked_for == _NO_SEQUENCE_ID else asked_for

    def when_connected(self, callback: Callback) -> None:
        """Call back once the producer is connected, or was fenced: at once, unless it waits for exclusive access."""
        if self.producer.connected:
            callback(OK)
        else:
            self._waiting.append(callback)

    def _settle(self, _producer: object) -> None:
        """Tell those who wait; what the broker remembers of the name is known now."""
        self._sequence_id = self._last_sequence_id = self._first_sequence_id()
        result = OK if self.producer.connected else pulsar.Result.ProducerFenced
        while self._waiting:
            self._waiting.pop()(result)

    # ------------------------------------------------------------------------------------------------------------- sending

    def send_bytes(self, payload: bytes) -> _pulsar.MessageId:
        """Store a message that is nothing but a payload, and return its id.

        Raises:
            pulsar.exceptions.PulsarException: the broker refuses it, it is too big, or the producer is closed.
        """
        self._sequence_id = sequence_id = self._sequence_id + 1
        try:
            if len(payload) > self._always_sendable:
                entry = self._publish_large(payload, sequence_id, self._plain)
            else:
                entry = self._publish(self.producer, payload, sequence_id, self._plain)
        except BrokerError as error:
            raise as_client_error(error) from None
        self._last_sequence_id = sequence_id
        return self.id_of(entry)

    def send_bytes_async(self, payload: bytes, callback: Callback | None) -> None:
        """Store a message that is nothing but a payload, then call back."""
        self._sequence_id = sequence_id = self._sequence_id + 1
        try:
            if len(payload) > self._always_sendable:
                entry = self._publish_large(payload, sequence_id, self._plain)
            else:
                entry = self._publish(self.producer, payload, sequence_id, self._plain)
        except (BrokerError, pulsar.exceptions.PulsarException) as error:
            self._tell_failure(callback, error)
            return
        self._last_sequence_id = sequence_id
        if callback is not None:
            self._tell_later(partial(self._tell, callback, entry))

    def send(self, message: object) -> _pulsar.MessageId:
        """Store a message and return its id.

        Raises:
            pulsar.exceptions.PulsarException: the broker refuses it, it is too big, or the producer is closed.
        """
        try:
            entry = self._send(outgoing_of(message))
        except BrokerError as error:
            raise as_client_error(error) from None
        return self.id_of(entry)

    def send_async(self, message: object, callback: Callback | None) -> None:
        """Store a message, then call back with the result and the id."""
        try:
            entry = self._send(outgoing_of(message))
        except (BrokerError, pulsar.exceptions.PulsarException) as error:
            self._tell_failure(callback, error)
            return
        if callback is not None:
            self._tell_later(partial(self._tell, callback, entry))

    def _send(self, outgoing: Outgoing) -> Entry:
        sequence_id = self._next_sequence_id(outgoing)
        metadata = self._metadata_of(outgoing)
        return self._publish_large(outgoing.payload, sequence_id, metadata)

    def _publish_large(self, payload: bytes, sequence_id: int, metadata: MessageMetadata) -> Entry:
        """Store a message that may be too big; return the last entry of it."""
        if self._settings.chunking and self._is_too_big(payload, metadata):
            return self._publish_chunks(payload, sequence_id, metadata)
        entry = self._publish(self.producer, payload, sequence_id, self._sized(payload, metadata))
        self._last_sequence_id = sequence_id
        return entry

    def _publish_chunks(self, payload: bytes, sequence_id: int, metadata: MessageMetadata) -> Entry:
        chunks = cut(payload, metadata, self.producer.name)
        self._check_room_for(len(chunks))
        for piece, chunk in chunks:
            entry = self._publish(self.producer, piece, sequence_id, chunk)
            chunk.chunked.entries.append(entry)
        self._last_sequence_id = sequence_id
        return entry

    def _check_room_for(self, chunks: int) -> None:
        """Refuse a message that has more chunks than the queue takes, even an empty one.

        Raises:
            pulsar.ProducerQueueIsFull: it has.
            WaitsForeverError: it has, and the producer waits for room.
        """
        if 0 < self._settings.max_pending_messages < chunks:
            if self._settings.block_if_queue_full:
                raise WaitsForeverError(_NEVER_ROOM.format(chunks=chunks, room=self._settings.max_pending_messages))
            raise client_error("ProducerQueueIsFull")

    def send_output(self, content: object, origin: Message, published: Answer, not_published: NotPublished) -> None:
        """Store a function's output and call ``published(origin)``, or ``not_published(result, origin)``, at once.

        A real client calls back later; nobody can tell, for all that is done then is to answer the input.

        Raises:
            TypeError: the content is not bytes.
        """
        if content.__class__ is not bytes:
            content = as_bytes(content)
        self._sequence_id = sequence_id = self._sequence_id + 1
        source = origin._source
        metadata: MessageMetadata = self._output_metadata(
            source.topic_text, origin._entry, source.partition_index, origin._batch_index, origin._batch_size
        )
        try:
            if len(content) > self._always_sendable:
                metadata = self._sized(content, metadata)
            self._publish(self.producer, content, sequence_id, metadata)
        except (BrokerError, pulsar.exceptions.PulsarException) as error:
            not_published(result_of_error(error), origin)
            return
        self._last_sequence_id = sequence_id
        published(origin)

    def _next_sequence_id(self, outgoing: Outgoing) -> int:
        if outgoing.sequence_id >= 0:
            return outgoing.sequence_id
        self._sequence_id += 1
        return self._sequence_id

    def _metadata_of(self, outgoing: Outgoing) -> MessageMetadata:
        if outgoing.is_plain:
            return self._plain
        made = self._unbatched_class if outgoing.deliver_at_ms else self._metadata_class
        return made(
            partition_key=outgoing.partition_key,
            ordering_key=outgoing.ordering_key,
            properties=outgoing.properties,
            event_time_ms=outgoing.event_time_ms,
            deliver_at_ms=outgoing.deliver_at_ms,
            null_value=outgoing.null_value,
            schema_version=self._plain.schema_version,
        )

    def _sized(self, payload: bytes, metadata: MessageMetadata) -> MessageMetadata:
        if self._is_too_big(payload, metadata):
            raise MessageTooBig(f"a message of {len(payload)} bytes is larger than {MAX_MESSAGE_SIZE} bytes with its metadata")
        return as_compressed(metadata) if len(payload) > MAX_MESSAGE_SIZE else metadata

    def _is_too_big(self, payload: bytes, metadata: MessageMetadata) -> bool:
        return is_too_big(payload, metadata, self.producer.name, self._settings.compression)

    # ------------------------------------------------------------------------------------------------------------- answers

    def id_of(self, entry: Entry) -> _pulsar.MessageId:
        """Return the id of a stored message; one the broker dropped as a duplicate has ledger and entry -1."""
        if entry.metadata.in_batch:
            return native_id(MessageId(entry.ledger_id, entry.entry_id, self._partition, 0, 1))
        if entry.metadata.is_packed:
            return native_chunk_id(entry, self._partition)
        return _pulsar.MessageId(self._partition, entry.segment.ledger_id, entry.position - entry.segment.first, -1)

    def _tell_later(self, tell: Callable[[], object]) -> None:
        self._untold += 1
        self._scheduler.soon(partial(self._tell_now, tell))

    def _tell_now(self, tell: Callable[[], object]) -> None:
        self._untold -= 1
        tell()

    def _tell(self, callback: Callback, entry: Entry) -> None:
        if self._closed:
            call_back(callback, pulsar.Result.AlreadyClosed, NO_ID)
        else:
            call_back(callback, OK, self.id_of(entry))

    def _tell_failure(self, callback: Callback | None, error: Exception, message_id: _pulsar.MessageId = NO_ID) -> None:
        if callback is None:
            return
        if isinstance(error, MessageTooBig):  # the native client looks at the size itself, and calls back from within the call
            call_back(callback, result_of_error(error), message_id)
        else:
            self._tell_later(partial(call_back, callback, result_of_error(error), message_id))

    # ----------------------------------------------------------------------------------------------------- who, and the end

    def now_ms(self) -> int:
        """Return the time by which messages are delayed, in milliseconds since the epoch."""
        return self._scheduler.now_ms()

    def topic(self) -> str:
        """Return the full name of the topic."""
        return self._name.full

    def producer_name(self) -> str:
        """Return the producer's name."""
        return self.producer.name

    def last_sequence_id(self) -> int:
        """Return the sequence id of what was stored last, -1 before that."""
        return self._last_sequence_id

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        return self._closed

    def is_connected(self) -> bool:
        """Whether it is open, and not fenced."""
        return not self._closed and self.producer.connected

    def flush(self) -> None:
        """Send what waits to be sent, and wait until all callbacks were called.

        Raises:
            pulsar.AlreadyClosed: the producer is closed, or was fenced.
        """
        self._scheduler.call(self._send_waiting)
        if self._untold:
            wait(self._scheduler, lambda told: self._scheduler.soon(partial(told, OK)))

    def flush_async(self, callback: Callback | None) -> None:
        """Send what waits to be sent, then call back."""
        answer(self._scheduler, callback, self._send_waiting)

    def _send_waiting(self) -> None:
        """Send what waits to be sent: here, nothing."""
        if self._closed or not self.producer.connected:
            raise client_error("AlreadyClosed")

    def close(self) -> None:
        """Disconnect.

        Raises:
            pulsar.AlreadyClosed: it is closed.
        """
        if self._closed:
            raise client_error("AlreadyClosed")
        self._closed = True
        self._publish = _refuse_as_closed
        self._engine.close_producer(self.producer)

    def close_async(self, callback: Callback | None) -> None:
        """Disconnect, then call back."""
        answer(self._scheduler, callback, self.close)


def as_bytes(content: object) -> bytes:
    """Return the payload of a function's output.

    Raises:
        TypeError: it is not bytes; in the words of pulsar-client's BytesSchema.
    """
    encoded: bytes = BYTES.encode(content)
    return encoded


def _refuse_as_closed(*_message: object) -> Entry:
    raise client_error("AlreadyClosed")
