"""Message ids (``MessageIdData`` of PulsarApi.proto, ``lib/MessageId.cc`` of the native client).

* Serialised: protobuf fields ledger 1 and entry 2 always, partition 3 and batch index 4 unless -1, batch size 6 unless 0. Negative
  numbers take ten bytes.
* Equal: ledger, entry, partition and batch index are. The batch size never counts.
* ``<`` compares ledger, entry and batch index and does not see the partition; ``<=`` is ``<`` or ``==``; ``>`` is not ``<=``; ``>=`` is not
  ``<``. So of two ids that differ only in the partition neither is less, and each is greater than the other.
* As text: ``(ledger,entry,partition,batch index)``.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_LEDGER_ID, _ENTRY_ID, _PARTITION, _BATCH_INDEX, _ACK_SET, _BATCH_SIZE, _FIRST_CHUNK_ID = range(1, 8)
_VARINT, _FIXED64, _LENGTH_DELIMITED, _FIXED32 = 0, 1, 2, 5
_FIXED_SIZES = {_FIXED64: 8, _FIXED32: 4}
_MAX_TAG_BYTES = 5
_MAX_VARINT_BYTES = 10


@dataclass(frozen=True, slots=True)
class MessageId:
    """Where a message is: 64-bit ledger and entry ids, 32-bit partition, batch index and batch size."""

    ledger_id: int
    entry_id: int
    partition: int = -1
    """-1 for a topic that is no partition."""
    batch_index: int = -1
    """-1 for a message that was not in a batch."""
    batch_size: int = field(default=0, compare=False)
    """0 for a message that was not in a batch."""

    def __lt__(self, other: MessageId) -> bool:
        return (self.ledger_id, self.entry_id, self.batch_index) < (other.ledger_id, other.entry_id, other.batch_index)

    def __le__(self, other: MessageId) -> bool:
        return self < other or self == other

    def __gt__(self, other: MessageId) -> bool:
        return not self <= other

    def __ge__(self, other: MessageId) -> bool:
        return not self < other

    def __str__(self) -> str:
        return f"({self.ledger_id},{self.entry_id},{self.partition},{self.batch_index})"

    def serialize(self) -> bytes:
        """Return the bytes that ``pulsar.MessageId.serialize()`` gives for it."""
        data = bytearray()
        _append_field(data, _LEDGER_ID, self.ledger_id)
        _append_field(data, _ENTRY_ID, self.entry_id)
        if self.partition != -1:
            _append_field(data, _PARTITION, self.partition)
        if self.batch_index != -1:
            _append_field(data, _BATCH_INDEX, self.batch_index)
        if self.batch_size != 0:
            _append_field(data, _BATCH_SIZE, self.batch_size)
        return bytes(data)

    @staticmethod
    def deserialize(data: bytes) -> MessageId:
        """Return the id that ``pulsar.MessageId.deserialize()`` reads; unknown fields are skipped, the last of a repeated one counts.

        Raises:
            ValueError: the bytes are no protobuf message, or the ledger or the entry id is missing.

        Differs: of a message that was sent in chunks only the id of the last chunk is kept; Pulsar's keeps that of the first, too.
        Differs: unknown fields in protobuf's old group encoding are refused; Pulsar has none.
        """
        numbers: dict[int, int] = {}
        for number, value in _fields(data):
            if isinstance(value, int):
                numbers[number] = value
            elif number == _ACK_SET:
                _check_packed(value)
            elif number == _FIRST_CHUNK_ID:
                MessageId.deserialize(value)
        if _LEDGER_ID not in numbers or _ENTRY_ID not in numbers:
            raise _unreadable()
        return MessageId(
            _signed(numbers[_LEDGER_ID], 64),
            _signed(numbers[_ENTRY_ID], 64),
            _signed(numbers.get(_PARTITION, -1), 32),
            _signed(numbers.get(_BATCH_INDEX, -1), 32),
            _signed(numbers.get(_BATCH_SIZE, 0), 32),
        )


EARLIEST: Final = MessageId(-1, -1)
"""Before all messages."""
LATEST: Final = MessageId(2**63 - 1, 2**63 - 1)
"""After all messages."""


def to_url_safe_base64(message_id_bytes: bytes) -> str:
    """Return a serialised id as a function's output carries it in ``__pfn_input_msg_id__``."""
    return urlsafe_b64encode(message_id_bytes).decode()


def _append_field(data: bytearray, number: int, value: int) -> None:
    data.append(number << 3)
    value &= 2**64 - 1
    while value > 127:
        data.append(value & 127 | 128)
        value >>= 7
    data.append(value)


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield number and content of each field: an int, or bytes for those with a length. Fields of fixed size are left out."""
    position = 0
    while position < len(data):
        tag, position = _varint(data, position, _MAX_TAG_BYTES)
        number, wire_type = tag >> 3, tag & 7
        if not 0 < tag >> 3 < 2**29:
            raise _unreadable()
        if wire_type == _VARINT:
            value, position = _varint(data, position, _MAX_VARINT_BYTES)
            yield number, value
        elif wire_type == _LENGTH_DELIMITED:
            length, start = _varint(data, position, _MAX_TAG_BYTES)
            position = _within(data, start + length)
            yield number, data[start:position]
        elif wire_type in _FIXED_SIZES:
            position = _within(data, position + _FIXED_SIZES[wire_type])
        else:
            raise _unreadable()


def _varint(data: bytes, position: int, most_bytes: int) -> tuple[int, int]:
    value = 0
    for shift, byte in enumerate(data[position : position + most_bytes]):
        value |= (byte & 127) << 7 * shift
        if byte < 128:
            return value, position + shift + 1
    raise _unreadable()


def _check_packed(data: bytes) -> None:
    position = 0
    while position < len(data):
        _, position = _varint(data, position, _MAX_VARINT_BYTES)


def _within(data: bytes, end: int) -> int:
    if end > len(data):
        raise _unreadable()
    return end


def _signed(value: int, bits: int) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def _unreadable() -> ValueError:
    return ValueError("Failed to parse serialized message id")
