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

_BEFORE_METADATA = 10
_PROPERTIES, _PARTITION_KEY, _PAYLOAD_SIZE, _EVENT_TIME, _ORDERING_KEY, _SEQUENCE_ID, _NULL_VALUE = 1, 2, 3, 5, 7, 8, 9
_KEY, _VALUE = 1, 2
_LENGTH_DELIMITED = 2


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
    parts: list[bytes] = []
    for message in messages:
        metadata = _single_message_metadata(message)
        parts += (len(metadata).to_bytes(4, "big"), metadata, message.payload)
    return b"".join(parts)


def _single_message_metadata(message: BatchedMessage) -> bytes:
    metadata = message.metadata
    parts = [_text(_PROPERTIES, _text(_KEY, key) + _text(_VALUE, value)) for key, value in metadata.properties.items()]
    if metadata.partition_key:
        parts.append(_text(_PARTITION_KEY, metadata.partition_key))
    parts.append(_number(_PAYLOAD_SIZE, len(message.payload)))
    if metadata.event_time_ms:
        parts.append(_number(_EVENT_TIME, metadata.event_time_ms))
    if metadata.ordering_key:
        parts.append(_text(_ORDERING_KEY, metadata.ordering_key))
    parts.append(_number(_SEQUENCE_ID, message.sequence_id))
    if metadata.null_value:
        parts.append(_number(_NULL_VALUE, 1))
    return b"".join(parts)


def _text(field: int, value: str | bytes) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | _LENGTH_DELIMITED) + _varint(len(data)) + data


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _varint(value: int) -> bytes:
    value &= 2**64 - 1
    data = bytearray()
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)
