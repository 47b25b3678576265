"""How large a message may be (``ProducerImpl.cc``): what goes to the broker, metadata included, at most 5 MiB.

Differs: the size of metadata is an estimate, right to some bytes. Compressed sizes are those of zlib, exact for ZLIB only; they are
looked at only for messages above the limit.
"""

from __future__ import annotations

import zlib
from copy import copy

import _pulsar

from pfemu.client.producing.outgoing import metadata_kind
from pfemu.model.message import MessageMetadata

MAX_MESSAGE_SIZE = 5 * 1024 * 1024
_METADATA_ALWAYS = 24
_FIELD = 4


def is_too_big(payload: bytes, metadata: MessageMetadata, producer_name: str, compression: _pulsar.CompressionType) -> bool:
    """Whether a broker would be sent more than it takes."""
    size = len(payload)
    if size > MAX_MESSAGE_SIZE and compression != _pulsar.CompressionType.NONE:
        size = len(zlib.compress(payload, level=1))
    return size + metadata_size(metadata, producer_name) > MAX_MESSAGE_SIZE


def as_compressed(metadata: MessageMetadata) -> MessageMetadata:
    """Return the same metadata of a message that was compressed."""
    changed = copy(metadata)
    changed.__class__ = metadata_kind(type(metadata), compressed=True)
    return changed


def metadata_size(metadata: MessageMetadata, producer_name: str) -> int:
    """Return about how many bytes a message's metadata takes."""
    size = _METADATA_ALWAYS + len(producer_name)
    size += sum(len(key.encode()) + len(value.encode()) + 2 * _FIELD for key, value in metadata.properties.items())
    return size + len(metadata.partition_key.encode()) + len(metadata.ordering_key.encode()) + 2 * _FIELD
