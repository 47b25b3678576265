"""Where delivery starts inside what the broker sends (``ConsumerImpl.cc``: ``startMessageId_``).

The broker starts at an entry; the client leaves out what lies before the wanted message: the entry itself unless it is to be included,
or the first messages of its batch. What is left out stays unacknowledged.
"""

from __future__ import annotations

from dataclasses import dataclass

from pfemu.model.message import Entry
from pfemu.model.message_id import EARLIEST, LATEST, MessageId


@dataclass(frozen=True, slots=True)
class MessageStart:
    """Start after a message, or at it."""

    message_id: MessageId
    inclusive: bool

    @classmethod
    def at(cls, message_id: MessageId, *, inclusive: bool) -> MessageStart | None:
        """Return the start at an id; None when nothing can lie before it."""
        if is_either_end(message_id):
            return None
        return cls(message_id, inclusive)

    def leaves_out(self, entry: Entry) -> bool:
        """Whether the whole entry is left out."""
        start = self.message_id
        if entry.ledger_id != start.ledger_id or entry.entry_id > start.entry_id:
            return False
        if entry.entry_id < start.entry_id:
            return True
        if entry.metadata.in_batch:
            return self.first_index(entry) >= entry.message_count
        return not self.inclusive

    def first_index(self, entry: Entry) -> int:
        """Return the first message of a batch that is delivered."""
        start = self.message_id
        if (entry.ledger_id, entry.entry_id) != (start.ledger_id, start.entry_id) or start.batch_index < 0:
            return 0
        return start.batch_index if self.inclusive else start.batch_index + 1


def is_either_end(message_id: MessageId) -> bool:
    """Whether it is ``MessageId.earliest`` or ``MessageId.latest``."""
    place = (message_id.ledger_id, message_id.entry_id)
    return place in {(EARLIEST.ledger_id, EARLIEST.entry_id), (LATEST.ledger_id, LATEST.entry_id)}
