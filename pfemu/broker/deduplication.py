"""Which messages were published before (``MessageDeduplication``).

* By producer name: the highest sequence id that was stored. One that is not higher is a duplicate, and is not stored.
* The sender of a duplicate gets the id with ledger and entry -1, and no error. What came in counts it all the same.
* A batch counts with the sequence id of its first message: the C++ client tells the broker no higher one (``highest_sequence_id``).

Differs: names of producers are remembered as long as the topic is, not six hours.
"""

from pfemu.model.message import PLAIN, Entry, MessageMetadata, Segment

_NOWHERE = Segment(-1, 0)


class MessageDeduplication:
    """The highest sequence ids of one topic's producers."""

    __slots__ = ("dropped_bytes", "dropped_messages", "highest")

    def __init__(self) -> None:
        self.highest: dict[str, int] = {}
        self.dropped_messages = 0
        self.dropped_bytes = 0

    def duplicate(self, producer_name: str, payload: bytes, sequence_id: int, metadata: MessageMetadata) -> Entry | None:
        """Return what a duplicate is answered with; None for a message that is new, which is remembered."""
        if sequence_id <= self.highest.get(producer_name, -1):
            self.dropped_messages += len(metadata.batch or (metadata,))
            self.dropped_bytes += len(payload)
            return Entry(b"", -1, _NOWHERE, 0, producer_name, sequence_id, PLAIN)
        self.highest[producer_name] = sequence_id
        return None
