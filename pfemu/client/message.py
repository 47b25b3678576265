"""A received message: a view of a stored entry with the methods of ``pulsar.Message``.

One object a message, nothing computed before somebody asks. Functions hold it, so its public names are those of ``pulsar.Message``:
what this package alone needs begins with an underscore.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import _pulsar
import pulsar

from pfemu.client.consuming.batch_acker import BatchAcker
from pfemu.client.signatures import shown_as
from pfemu.model.message import Entry, MessageMetadata
from pfemu.model.message_id import MessageId

if TYPE_CHECKING:
    from pfemu.client.consuming.consumer_impl import ConsumerImpl


@shown_as("_pulsar", "MessageId")
class ReceivedMessageId(_pulsar.MessageId):  # type: ignore[misc] # _pulsar has no stubs
    """The id of a message of a batch, or of one that came through a consumer of several topics.

    It knows its message, as the native id knows its topic and its batch's acknowledgements (``MessageIdImpl.h``).
    """

    __slots__ = ("_message",)
    _message: Message

    def __hash__(self) -> int:
        raise TypeError("unhashable type: '_pulsar.MessageId'")

    def serialize(self) -> bytes:
        """Return the protocol's bytes."""
        return self._message._id_value().serialize()


@shown_as("pulsar", "Message")
class Message(pulsar.Message):
    """A message that was sent by itself and is delivered for the first time."""

    __slots__ = ("_entry", "_source")

    _batch_index = -1
    _batch_size = 0
    """How many messages its batch has, 0 when it was not sent in one."""
    _acker: BatchAcker | None = None

    def __init__(self, entry: Entry, source: ConsumerImpl) -> None:
        self._entry = entry
        self._source = source

    @property
    def _message(self) -> NativeMessage:
        return NativeMessage(self)

    @property
    def _schema(self) -> pulsar.schema.Schema:
        return self._source.schema

    @property
    def _metadata(self) -> MessageMetadata:
        """What it carries beside the payload."""
        return self._entry.metadata

    def data(self) -> bytes:
        """Return the payload."""
        return self._entry.payload

    def value(self) -> object:
        """Return the payload decoded by the consumer's schema."""
        return self._schema.decode_message(NativeMessage(self))

    def properties(self) -> dict[str, str]:
        """Return the properties, a new dictionary each time."""
        return dict(self._metadata.properties)

    def partition_key(self) -> str:
        """Return the key, empty without one."""
        return self._metadata.partition_key

    def ordering_key(self) -> str:
        """Return the ordering key, empty without one."""
        return self._metadata.ordering_key

    def event_timestamp(self) -> int:
        """Return the event time in milliseconds, 0 without one."""
        return self._metadata.event_time_ms

    def publish_timestamp(self) -> int:
        """Return when it was published, in milliseconds."""
        return self._entry.publish_time_ms

    def _id_value(self) -> MessageId:
        """Return its id as a value."""
        entry = self._entry
        return MessageId(entry.ledger_id, entry.entry_id, self._source.partition_index, self._batch_index, self._batch_size)

    def message_id(self) -> _pulsar.MessageId:
        """Return its id as pulsar-client's own class."""
        entry, source = self._entry, self._source
        if self._batch_index < 0 and source.parent is None:
            return _pulsar.MessageId(source.partition_index, entry.segment.ledger_id, entry.position - entry.segment.first, -1)
        known = ReceivedMessageId(source.partition_index, entry.ledger_id, entry.entry_id, self._batch_index)
        known._message = self
        return known

    def topic_name(self) -> str:
        """Return the full name of the topic, or of the partition."""
        return self._source.topic_text

    def redelivery_count(self) -> int:
        """Return how often delivery was asked for again."""
        return 0

    def producer_name(self) -> str:
        """Return the name of the producer."""
        return self._entry.producer_name

    def schema_version(self) -> str:
        """Return the version of the schema it was published with, as the broker's bytes."""
        return self._metadata.schema_version.decode("latin-1")

    def has_null_value(self) -> bool:
        """Return whether it is a tombstone."""
        return self._metadata.null_value

    def encryption_context(self) -> None:
        """Return None: nothing is encrypted here."""
        return


@shown_as("_pulsar", "Message")
class NativeMessage:
    """The native half of a message, which schemas decode and ``_message`` names: it knows a little more than the other half."""

    __slots__ = ("_shown",)

    def __init__(self, shown: Message) -> None:
        self._shown = shown

    def __getattr__(self, name: str) -> object:
        return getattr(self._shown, name)

    def data(self) -> bytes:
        """Return the payload."""
        return self._shown.data()

    def length(self) -> int:
        """Return the payload's length in bytes."""
        return len(self._shown.data())

    def int_schema_version(self) -> int:
        """Return the version of the schema it was published with, -1 without one."""
        version = self._shown._metadata.schema_version
        return int.from_bytes(version, "big") if version else -1


@shown_as("pulsar", "Message")
class DetailedMessage(Message):
    """A message of a batch, or one that was delivered before."""

    __slots__ = ("_acker", "_batch_index", "_redelivery_count")

    def __init__(
        self, entry: Entry, source: ConsumerImpl, batch_index: int, redelivery_count: int, acker: BatchAcker | None = None
    ) -> None:
        self._entry = entry
        self._source = source
        self._batch_index = batch_index
        self._redelivery_count = redelivery_count
        self._acker = acker

    @property
    def _batch_size(self) -> int:  # type: ignore[override] # computed here, a plain attribute of the common case
        """How many messages its batch has, 0 when it was not sent in one."""
        metadata = self._entry.metadata
        batch = metadata.batch
        return len(batch) if batch is not None else int(metadata.in_batch)

    @property
    def _metadata(self) -> MessageMetadata:
        """What it carries beside the payload."""
        batch = self._entry.metadata.batch
        return self._entry.metadata if batch is None else batch[self._batch_index].metadata

    def data(self) -> bytes:
        """Return the payload."""
        batch = self._entry.metadata.batch
        return self._entry.payload if batch is None else batch[self._batch_index].payload

    def redelivery_count(self) -> int:
        """Return how often delivery was asked for again."""
        return self._redelivery_count


def native_id(value: MessageId) -> _pulsar.MessageId:
    """Return pulsar-client's own id for a value; its topic is not known to it, as that of an id ``send`` returned."""
    if value.batch_index < 0:
        return _pulsar.MessageId(value.partition, value.ledger_id, value.entry_id, -1)
    return _pulsar.MessageId.deserialize(value.serialize())
