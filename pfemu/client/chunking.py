"""Messages cut into chunks (``ProducerImpl::sendAsyncWithStatsUpdate``, ``ConsumerImpl::processMessageChunk``).

* A producer with chunking cuts what is larger than the broker takes; each chunk is an entry, and the message's id is that of the last.
* A consumer puts the chunks together as they come; the permit of each chunk but the last goes back at once. A chunk that does not follow
  the one before it is dropped.
* Acknowledging the message acknowledges all chunks. A negative acknowledgement asks for the last one only, which nobody can use, so the
  message does not come again before its consumer is closed.

Differs: a message that is compressed is cut by its own size. A consumer remembers any number of messages that are not complete
(``max_pending_chunked_message``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import _pulsar

from pfemu.client.message import DetailedMessage
from pfemu.client.producing.message_size import MAX_MESSAGE_SIZE, metadata_size
from pfemu.model.message import ChunkedPayload, ChunkMetadata, Entry, MessageMetadata
from pfemu.model.message_id import MessageId

if TYPE_CHECKING:
    from pfemu.client.consuming.consumer_impl import ConsumerImpl

_CHUNK_FIELDS = 48
"""About how many bytes the protocol takes for the chunk's number, their number, the size and the uuid."""


def cut(payload: bytes, metadata: MessageMetadata, producer_name: str) -> list[tuple[bytes, ChunkMetadata]]:
    """Return the chunks of a payload, each with its metadata."""
    size = MAX_MESSAGE_SIZE - metadata_size(metadata, producer_name) - _CHUNK_FIELDS
    pieces = [payload[start : start + size] for start in range(0, len(payload), size)]
    whole = ChunkedPayload(len(pieces))
    return [(piece, ChunkMetadata(metadata, whole, index)) for index, piece in enumerate(pieces)]


def native_chunk_id(entry: Entry, partition: int) -> _pulsar.MessageId:
    """Return the id of a message whose last chunk this is: it knows the first one, too."""
    chunk = entry.metadata.chunked
    last = entry.message_id(partition)
    if chunk is None or len(chunk.entries) <= 1:
        return _pulsar.MessageId(partition, last.ledger_id, last.entry_id, -1)
    first = chunk.entries[0].message_id(partition).serialize()
    return _pulsar.MessageId.deserialize(last.serialize() + b"\x3a" + bytes([len(first)]) + first)


class ChunkedMessage(DetailedMessage):
    """A message that was put together from chunks."""

    __slots__ = ("_payload",)

    def __init__(self, entry: Entry, whole: ChunkedPayload, source: ConsumerImpl, redelivery_count: int) -> None:
        super().__init__(entry, source, -1, redelivery_count)
        self._payload = whole.joined

    def data(self) -> bytes:
        """Return the payload."""
        return self._payload

    def message_id(self) -> _pulsar.MessageId:
        """Return its id as pulsar-client's own class."""
        return native_chunk_id(self._entry, self._source.partition_index)


class ChunkAssembler:
    """The messages of one consumer of which some chunks came."""

    __slots__ = ("_came", "_source")

    def __init__(self, source: ConsumerImpl) -> None:
        self._source = source
        self._came: dict[ChunkedPayload, int] = {}
        """How many chunks of it came."""

    def take(self, entry: Entry, whole: ChunkedPayload, redelivery_count: int) -> list[DetailedMessage]:
        """Take a chunk; return the message that it completes."""
        index = entry.metadata.chunk_index
        if index == 0:
            self._came[whole] = 0
        if self._came.get(whole) != index:
            self._came.pop(whole, None)
            self._source.give_permits(1)
            return []
        self._came[whole] = index + 1
        if index + 1 < whole.count:
            self._source.give_permits(1)
            return []
        del self._came[whole]
        return [ChunkedMessage(entry, whole, self._source, redelivery_count)]


def first_place(place: MessageId, entry: Entry | None) -> MessageId:
    """Return where the message of that id begins: at its first chunk, if it has some; ``entry`` is what is stored at the id."""
    whole = None if entry is None else entry.metadata.chunked
    return place if whole is None else whole.entries[0].message_id(place.partition)
