"""Message ids (``MessageIdData`` of PulsarApi.proto, ``lib/MessageId.cc`` of the native client).

* Serialised: protobuf fields ledger 1 and entry 2 always, partition 3 and batch index 4 unless -1, batch size 6 unless 0. Negative
  numbers take ten bytes.
* Equal: ledger, entry, partition and batch index are. The batch size never counts.
* ``<`` compares ledger, entry and batch index and does not see the partition; ``<=`` is ``<`` or ``==``; ``>`` is not ``<=``; ``>=`` is not
  ``<``. So of two ids that differ only in the partition neither is less, and each is greater than the other.
* As text: ``(ledger,entry,partition,batch index)``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pfemu.model.protobuf import append_number, read_fields, read_packed, signed

_LEDGER_ID, _ENTRY_ID, _PARTITION, _BATCH_INDEX, _ACK_SET, _BATCH_SIZE, _FIRST_CHUNK_ID = range(1, 8)


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
        append_number(data, _LEDGER_ID, self.ledger_id)
        append_number(data, _ENTRY_ID, self.entry_id)
        if self.partition != -1:
            append_number(data, _PARTITION, self.partition)
        if self.batch_index != -1:
            append_number(data, _BATCH_INDEX, self.batch_index)
        if self.batch_size != 0:
            append_number(data, _BATCH_SIZE, self.batch_size)
        return bytes(data)

    @staticmethod
    def deserialize(data: bytes) -> MessageId:
        """Return the id that ``pulsar.MessageId.deserialize()`` reads; unknown fields are skipped, the last of a repeated one counts.

        Raises:
            ValueError: the bytes are no protobuf message, or the ledger or the entry id is missing.

        Differs: of a message that was sent in chunks only the id of the last chunk is kept; Pulsar's keeps that of the first, too.
        Differs: unknown fields in protobuf's old group encoding are refused; Pulsar has none.
        """
        try:
            numbers = _numbers(data)
            return MessageId(
                signed(numbers[_LEDGER_ID], 64),
                signed(numbers[_ENTRY_ID], 64),
                signed(numbers.get(_PARTITION, -1), 32),
                signed(numbers.get(_BATCH_INDEX, -1), 32),
                signed(numbers.get(_BATCH_SIZE, 0), 32),
            )
        except (ValueError, KeyError):
            raise ValueError("Failed to parse serialized message id") from None


EARLIEST: Final = MessageId(-1, -1)
"""Before all messages."""
LATEST: Final = MessageId(2**63 - 1, 2**63 - 1)
"""After all messages."""


def _numbers(data: bytes) -> dict[int, int]:
    """Return the fields that are numbers, and look whether the others can be read.

    Raises:
        ValueError: one cannot.
    """
    numbers: dict[int, int] = {}
    for number, value in read_fields(data):
        if isinstance(value, int):
            numbers[number] = value
        elif number == _ACK_SET:
            list(read_packed(value))
        elif number == _FIRST_CHUNK_ID:
            MessageId.deserialize(value)
    return numbers
