"""A received message: a view of a stored entry with the methods of ``pulsar.Message``.

One object a message, nothing computed before somebody asks. It stands for both halves of the real class, so ``_message``,
which pulsar-client's own Python code looks at, is the message itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import _pulsar
import pulsar

from pfemu.client.batch_acker import BatchAcker
from pfemu.client.signatures import shown_as
from pfemu.model.message import Entry, MessageMetadata
from pfemu.model.message_id import MessageId

if TYPE_CHECKING:
    from pfemu.client.consumer_impl import ConsumerImpl


@shown_as("_pulsar", "MessageId")
class ReceivedMessageId(_pulsar.MessageId):  # type: ignore[misc] # _pulsar has no stubs
    """The id of a message of a batch, or of one that came through a consumer of several topics.

    It knows its message, as the native id knows its topic and its batch's acknowledgements (``MessageIdImpl.h``).
    """

    __slots__ = ("message",)
    message: Message

    def __hash__(self) -> int:
        raise TypeError("unhashable type: '_pulsar.MessageId'")

    def serialize(self) -> bytes:
        """Return the protocol's bytes."""
        return self.message.id_value().serialize()


@shown_as("pulsar", "Message")
class Message(pulsar.Message):
    """A message that was sent by itself and is delivered for the first time."""

    __slots__ = ("entry", "source")

    batch_index = -1
    batch_size = 0
    """How many messages its batch has, 0 when it was not sent in one."""
    acker: BatchAcker | None = None

    def __init__(self, entry: Entry, source: ConsumerImpl) -> None:
        self.entry = entry
        self.source = source

    @property
    def _message(self) -> Message:
        return self

    @property
    def _schema(self) -> pulsar.schema.Schema:
        return self.source.schema

    @property
    def metadata(self) -> MessageMetadata:
        """What it carries beside the payload."""
        return self.entry.metadata

    def data(self) -> bytes:
        """Return the payload."""
        return self.entry.payload

    def value(self) -> object:
        """Return the payload decoded by the consumer's schema."""
        return self._schema.decode_message(self)

    def properties(self) -> dict[str, str]:
        """Return the properties, a new dictionary each time."""
        return dict(self.metadata.properties)

    def partition_key(self) -> str:
        """Return the key, empty without one."""
        return self.metadata.partition_key

    def ordering_key(self) -> str:
        """Return the ordering key, empty without one."""
        return self.metadata.ordering_key

    def event_timestamp(self) -> int:
        """Return the event time in milliseconds, 0 without one."""
        return self.metadata.event_time_ms

    def publish_timestamp(self) -> int:
        """Return when it was published, in milliseconds."""
        return self.entry.publish_time_ms

    def id_value(self) -> MessageId:
        """Return its id as a value."""
        entry = self.entry
        return MessageId(entry.ledger_id, entry.entry_id, self.source.partition_index, self.batch_index, self.batch_size)

    def message_id(self) -> _pulsar.MessageId:
        """Return its id as pulsar-client's own class."""
        entry, source = self.entry, self.source
        if self.batch_index < 0 and source.parent is None:
            return _pulsar.MessageId(source.partition_index, entry.segment.ledger_id, entry.position - entry.segment.first, -1)
        known = ReceivedMessageId(source.partition_index, entry.ledger_id, entry.entry_id, self.batch_index)
        known.message = self
        return known

    def topic_name(self) -> str:
        """Return the full name of the topic, or of the partition."""
        return self.source.topic_text

    def redelivery_count(self) -> int:
        """Return how often delivery was asked for again."""
        return 0

    def producer_name(self) -> str:
        """Return the name of the producer."""
        return self.entry.producer_name

    def schema_version(self) -> str:
        """Return the version of the schema it was published with, as the broker's bytes."""
        return self.metadata.schema_version.decode("latin-1")

    def int_schema_version(self) -> int:
        """Return the version of the schema it was published with, -1 without one."""
        version = self.metadata.schema_version
        return int.from_bytes(version, "big") if version else -1

    def has_null_value(self) -> bool:
        """Return whether it is a tombstone."""
        return self.metadata.null_value

    def encryption_context(self) -> None:
        """Return None: nothing is encrypted here."""
        return

    @property
    def sequence_id(self) -> int:
        """The number its producer gave it."""
        return self.entry.sequence_id


@shown_as("pulsar", "Message")
class DetailedMessage(Message):
    """A message of a batch, or one that was delivered before."""

    __slots__ = ("_redelivery_count", "acker", "batch_index")

    def __init__(
        self, entry: Entry, source: ConsumerImpl, batch_index: int, redelivery_count: int, acker: BatchAcker | None = None
    ) -> None:
        self.entry = entry
        self.source = source
        self.batch_index = batch_index
        self._redelivery_count = redelivery_count
        self.acker = acker

    @property
    def batch_size(self) -> int:  # type: ignore[override] # computed here, a plain attribute of the common case
        """How many messages its batch has, 0 when it was not sent in one."""
        metadata = self.entry.metadata
        batch = metadata.batch
        return len(batch) if batch is not None else int(metadata.in_batch)

    @property
    def metadata(self) -> MessageMetadata:
        """What it carries beside the payload."""
        batch = self.entry.metadata.batch
        return self.entry.metadata if batch is None else batch[self.batch_index].metadata

    def data(self) -> bytes:
        """Return the payload."""
        batch = self.entry.metadata.batch
        return self.entry.payload if batch is None else batch[self.batch_index].payload

    def redelivery_count(self) -> int:
        """Return how often delivery was asked for again."""
        return self._redelivery_count

    @property
    def sequence_id(self) -> int:
        """The number its producer gave it."""
        batch = self.entry.metadata.batch
        return self.entry.sequence_id if batch is None else batch[self.batch_index].sequence_id


def native_id(value: MessageId) -> _pulsar.MessageId:
    """Return pulsar-client's own id for a value; its topic is not known to it, as that of an id ``send`` returned."""
    if value.batch_index < 0:
        return _pulsar.MessageId(value.partition, value.ledger_id, value.entry_id, -1)
    return _pulsar.MessageId.deserialize(value.serialize())
