"""How many bytes a broker stores of an entry: what the producer's client made of its messages (``Commands.cc``, ``CompressionCodec*.cc``).

* A batch is, for each message, four bytes of length, its ``SingleMessageMetadata`` and its payload; then the whole is compressed.
* Before it come the entry's own metadata, and 10 bytes: a magic number, a checksum and the metadata's size.

Nothing of this happens to what the emulator stores. It is computed when somebody asks for it.

Differs: the sizes of what ZSTD and SNAPPY compress are not known.
"""

from __future__ import annotations

import zlib

from pfemu.model.lz4 import lz4_length
from pfemu.model.message import BatchedMessage, Entry
from pfemu.model.protobuf import append_bytes, append_number

_BEFORE_METADATA = 10
_PROPERTIES, _PARTITION_KEY, _PAYLOAD_SIZE, _EVENT_TIME, _ORDERING_KEY, _SEQUENCE_ID, _NULL_VALUE = 1, 2, 3, 5, 7, 8, 9
_KEY, _VALUE = 1, 2


def uncompressed_size(entry: Entry) -> int:
    """Return the size of an entry's messages before they are compressed."""
    return len(_batch_payload(entry)) if entry.metadata.in_batch else len(entry.payload)


def batch_size(entry: Entry) -> int | None:
    """Return the size that a broker tells of a stored batch; None where it is not known."""
    payload = _batch_payload(entry)
    compression = entry.metadata.compression
    if not compression:
        return len(payload) + _BEFORE_METADATA
    if compression == "LZ4":
        return lz4_length(payload) + _BEFORE_METADATA
    if compression == "ZLIB":
        return len(zlib.compress(payload)) + _BEFORE_METADATA
    return None


def _batch_payload(entry: Entry) -> bytes:
    messages = entry.metadata.batch or (BatchedMessage(entry.payload, entry.sequence_id, entry.metadata),)
    parts: list[bytes | bytearray] = []
    for message in messages:
        metadata = _single_message_metadata(message)
        parts += (len(metadata).to_bytes(4, "big"), metadata, message.payload)
    return b"".join(parts)


def _single_message_metadata(message: BatchedMessage) -> bytearray:
    metadata, data = message.metadata, bytearray()
    for key, value in metadata.properties.items():
        append_bytes(data, _PROPERTIES, _property(key, value))
    if metadata.partition_key:
        append_bytes(data, _PARTITION_KEY, metadata.partition_key)
    append_number(data, _PAYLOAD_SIZE, len(message.payload))
    if metadata.event_time_ms:
        append_number(data, _EVENT_TIME, metadata.event_time_ms)
    if metadata.ordering_key:
        append_bytes(data, _ORDERING_KEY, metadata.ordering_key)
    append_number(data, _SEQUENCE_ID, message.sequence_id)
    if metadata.null_value:
        append_number(data, _NULL_VALUE, 1)
    return data


def _property(key: str, value: str) -> bytearray:
    data = bytearray()
    append_bytes(data, _KEY, key)
    append_bytes(data, _VALUE, value)
    return data
