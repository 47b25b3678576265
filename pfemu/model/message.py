"""What a topic stores.

An :class:`Entry` is one stored unit: a message, or a batch of messages that were published together. It is kept small
(a stored message may cost 300 bytes beside its payload), so everything most messages do not have sits in a shared
metadata object: :data:`PLAIN` for a message that is nothing but a payload.

Positions count the entries of a topic from 0 for ever; ledger and entry ids, which users see, follow from the segment.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from types import MappingProxyType

from pfemu.model.message_id import MessageId

INPUT_TOPIC = "__pfn_input_topic__"
INPUT_MESSAGE_ID = "__pfn_input_msg_id__"

NO_PROPERTIES: Mapping[str, str] = MappingProxyType({})


def origin_properties(topic: str, message_id: bytes) -> dict[str, str]:
    """Return the properties of a function's output that name its input (``python_instance.py``): topic, and serialised message id."""
    return {INPUT_TOPIC: topic, INPUT_MESSAGE_ID: urlsafe_b64encode(message_id).decode()}


class MessageMetadata:
    """What a message carries beside its payload; the defaults are those of ``MessageMetadata`` in PulsarApi.proto."""

    __slots__ = ()

    partition_key: str = ""
    ordering_key: str = ""
    properties: Mapping[str, str] = NO_PROPERTIES
    event_time_ms: int = 0
    deliver_at_ms: int = 0
    null_value: bool = False
    schema_version: bytes = b""
    batch: tuple[BatchedMessage, ...] | None = None
    compression: str = ""
    """How its producer's client compresses, by the protocol's name; nothing is compressed here."""
    compressed: bool = False
    """Whether its producer compressed it to a size the broker takes: the payload here is larger."""
    in_batch: bool = False
    """Whether ids have a batch index; true with ``batch`` None for a batch of this one message."""
    chunked: ChunkedPayload | None = None
    """The message that this entry is a chunk of."""
    chunk_index: int = 0
    is_packed: bool = False
    """Whether the entry is something else than one message by itself: in a batch, or a chunk."""


PLAIN = MessageMetadata()


class ExplicitMetadata(MessageMetadata):
    """Metadata of a message for which the producer gave some."""

    __slots__ = (
        "deliver_at_ms",
        "event_time_ms",
        "null_value",
        "ordering_key",
        "partition_key",
        "properties",
        "schema_version",
    )

    def __init__(
        self,
        *,
        partition_key: str = "",
        ordering_key: str = "",
        properties: Mapping[str, str] = NO_PROPERTIES,
        event_time_ms: int = 0,
        deliver_at_ms: int = 0,
        null_value: bool = False,
        schema_version: bytes = b"",
    ) -> None:
        self.partition_key = partition_key
        self.ordering_key = ordering_key
        self.properties = properties
        self.event_time_ms = event_time_ms
        self.deliver_at_ms = deliver_at_ms
        self.null_value = null_value
        self.schema_version = schema_version


class BatchOfOneMetadata(ExplicitMetadata):
    """Metadata of a message that a batching producer sent alone: its id has batch index 0 of 1."""

    __slots__ = ()

    in_batch = is_packed = True


class ChunkedPayload:
    """One message that was cut into ``count`` chunks; those that were stored, in order."""

    __slots__ = ("count", "entries")

    def __init__(self, count: int) -> None:
        self.count = count
        self.entries: list[Entry] = []

    @property
    def joined(self) -> bytes:
        """The payload of the message."""
        return b"".join(entry.payload for entry in self.entries)


class ChunkMetadata(ExplicitMetadata):
    """Metadata of a chunk: that of its message, and which part of the message it is."""

    __slots__ = ("chunk_index", "chunked")

    chunked: ChunkedPayload
    is_packed = True

    def __init__(self, metadata: MessageMetadata, chunked: ChunkedPayload, chunk_index: int) -> None:
        super().__init__(
            partition_key=metadata.partition_key,
            ordering_key=metadata.ordering_key,
            properties=metadata.properties,
            event_time_ms=metadata.event_time_ms,
            deliver_at_ms=metadata.deliver_at_ms,
            schema_version=metadata.schema_version,
        )
        self.chunked = chunked
        self.chunk_index = chunk_index


class OutputMetadata(MessageMetadata):
    """Metadata of a function's output: two properties that name the input, rendered when somebody looks (``python_instance.py``).

    It keeps the id's parts, not the input itself, so that the input's payload can go.
    """

    __slots__ = ("_batch_index", "_batch_size", "_partition", "_position", "_segment", "_topic")

    in_batch = is_packed = True

    def __init__(self, topic: str, origin: Entry, partition: int, batch_index: int, batch_size: int) -> None:
        self._topic = topic
        self._segment = origin.segment
        self._position = origin.position
        self._partition = partition
        self._batch_index = batch_index
        self._batch_size = batch_size

    @property
    def properties(self) -> Mapping[str, str]:  # type: ignore[override] # computed here, a plain attribute elsewhere
        """``__pfn_input_topic__`` and ``__pfn_input_msg_id__``."""
        segment = self._segment
        origin = MessageId(segment.ledger_id, self._position - segment.first, self._partition, self._batch_index, self._batch_size)
        return origin_properties(self._topic, origin.serialize())


class BatchMetadata(MessageMetadata):
    """Metadata of an entry that holds a batch; the key is the one all its messages share, if they do."""

    __slots__ = ("batch", "ordering_key", "partition_key")

    in_batch = is_packed = True

    def __init__(self, batch: tuple[BatchedMessage, ...], partition_key: str = "", ordering_key: str = "") -> None:
        self.batch = batch
        self.partition_key = partition_key
        self.ordering_key = ordering_key


class BatchedMessage:
    """One message of a batch. One that is ``compacted_out`` keeps its place there, without its contents."""

    __slots__ = ("compacted_out", "metadata", "payload", "sequence_id")

    def __init__(self, payload: bytes, sequence_id: int, metadata: MessageMetadata, *, compacted_out: bool = False) -> None:
        self.payload = payload
        self.sequence_id = sequence_id
        self.metadata = metadata
        self.compacted_out = compacted_out


class Segment:
    """One ledger of a topic: entries from position ``first`` on, in order. Closed once the next one is opened."""

    __slots__ = ("entries", "first", "ledger_id", "size_bytes")

    def __init__(self, ledger_id: int, first: int) -> None:
        self.ledger_id = ledger_id
        self.first = first
        self.entries: list[Entry] = []
        self.size_bytes = 0

    @property
    def message_count(self) -> int:
        """How many messages its entries hold."""
        return sum([entry.message_count for entry in self.entries])


class Entry:
    """One stored unit of a topic. ``position`` is its place in the topic, counted from 0."""

    __slots__ = ("metadata", "payload", "position", "producer_name", "publish_time_ms", "segment", "sequence_id")

    def __init__(
        self,
        payload: bytes,
        position: int,
        segment: Segment,
        publish_time_ms: int,
        producer_name: str,
        sequence_id: int,
        metadata: MessageMetadata,
    ) -> None:
        self.payload = payload
        self.position = position
        self.segment = segment
        self.publish_time_ms = publish_time_ms
        self.producer_name = producer_name
        self.sequence_id = sequence_id
        self.metadata = metadata

    @property
    def ledger_id(self) -> int:
        """The id of the ledger it is in."""
        return self.segment.ledger_id

    @property
    def entry_id(self) -> int:
        """Its place in its ledger, from 0."""
        return self.position - self.segment.first

    @property
    def message_count(self) -> int:
        """How many messages it holds: 1, or the size of its batch."""
        batch = self.metadata.batch
        return 1 if batch is None else len(batch)

    def message_id(self, partition: int = -1, batch_index: int = -1) -> MessageId:
        """Return the id of its message, or of the one at ``batch_index``."""
        batch = self.metadata.batch
        size = 0 if batch is None or batch_index < 0 else len(batch)
        return MessageId(self.segment.ledger_id, self.position - self.segment.first, partition, batch_index, size)
