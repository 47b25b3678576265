"""What tests and scripts touch: topics and functions of an emulator, with their values as Python objects.

Values always pass through bytes, both ways: through the SerDe of a function that reads or writes the topic, else through
Pulsar's own IdentitySerDe, so ``b"42"`` reads as the integer 42, here as there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from pfemu.model.message import BatchedMessage, Entry, MessageMetadata
from pfemu.model.message_id import MessageId

if TYPE_CHECKING:
    from pfemu.broker.topic import Topic
    from pfemu.emulator import Emulator
    from pfemu.model.topic_name import TopicName


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """One message of a topic, as it is stored."""

    topic: str
    """Full name of the topic, or of the partition."""
    data: bytes
    key: str
    ordering_key: str
    properties: Mapping[str, str]
    event_time: int
    publish_time: int
    producer_name: str
    sequence_id: int
    message_id: MessageId
    decode: Callable[[bytes], object]

    @property
    def value(self) -> object:
        """The payload as the topic's SerDe reads it."""
        return self.decode(self.data)

    @property
    def partition(self) -> int:
        """The partition it is in, -1 in a topic without partitions."""
        return self.message_id.partition

    def __repr__(self) -> str:
        extras = [f"{name}={value!r}" for name in ("key", "properties", "event_time") if (value := getattr(self, name))]
        return f"<{' '.join([repr(self.value), *extras])}>"


class TopicHandle:
    """A topic by name, partitioned or not: send to it, and see all that it ever held."""

    def __init__(self, emulator: Emulator, name: TopicName, encode: Callable[[object], bytes], decode: Callable[[bytes], object]) -> None:
        self._emulator = emulator
        self._name = name
        self._encode = encode
        self._decode = decode
        self._cleared: dict[str, int] = {}

    @property
    def name(self) -> str:
        """The full name."""
        return self._name.full

    def send(
        self,
        value: object,
        *,
        key: str | None = None,
        ordering_key: str | None = None,
        properties: dict[str, str] | None = None,
        event_time: int | None = None,
        deliver_after: float | timedelta | None = None,
    ) -> None:
        """Publish one message and run everything to idle.

        ``event_time`` is in milliseconds, ``deliver_after`` in seconds or a timedelta.

        Raises:
            TypeError: the SerDe refuses the value.
            pulsar.exceptions.PulsarException: the broker refuses the message.
        """
        delay = timedelta(seconds=deliver_after) if isinstance(deliver_after, int | float) else deliver_after
        self._emulator.producer(self._name).send_async(
            self._encode(value),
            None,
            properties=properties,
            partition_key=key,
            ordering_key=ordering_key,
            event_timestamp=event_time,
            deliver_after=delay,
        )
        self._emulator.settle()

    def send_many(self, values: Iterable[object]) -> None:
        """Publish all the values, then run everything to idle."""
        send, encode = self._emulator.producer(self._name).send_async, self._encode
        for value in values:
            send(encode(value), None)
        self._emulator.settle()

    def _topics(self) -> list[Topic]:
        return self._emulator.topics_of(self._name)

    @property
    def messages(self) -> list[StoredMessage]:
        """All messages since the topic was made or cleared, by time of publishing."""
        found = [message for topic in self._topics() for message in self._messages_of(topic)]
        return found if len(self._topics()) < 2 else sorted(found, key=lambda message: message.publish_time)

    def _messages_of(self, topic: Topic) -> Iterator[StoredMessage]:
        start = self._cleared.get(topic.name.full, 0)
        for entry in topic.ledger.history():
            if entry.position >= start:
                yield from self._open(topic.name, entry)

    def _open(self, name: TopicName, entry: Entry) -> Iterator[StoredMessage]:
        batch = entry.metadata.batch
        if batch is None:
            index = 0 if entry.metadata.in_batch else -1
            yield self._stored(name, entry, entry, entry.metadata, index)
            return
        for index, single in enumerate(batch):
            yield self._stored(name, entry, single, single.metadata, index)

    def _stored(
        self, name: TopicName, entry: Entry, content: Entry | BatchedMessage, metadata: MessageMetadata, index: int
    ) -> StoredMessage:
        return StoredMessage(
            topic=name.full,
            data=content.payload,
            key=metadata.partition_key,
            ordering_key=metadata.ordering_key,
            properties=dict(metadata.properties),
            event_time=metadata.event_time_ms,
            publish_time=entry.publish_time_ms,
            producer_name=entry.producer_name,
            sequence_id=content.sequence_id,
            message_id=entry.message_id(name.partition_index, index),
            decode=self._decode,
        )

    def values(self) -> list[object]:
        """Return the values of all messages."""
        return [message.value for message in self.messages]

    def keys(self) -> list[str]:
        """Return the keys of all messages, ``''`` for those without one."""
        return [message.key for message in self.messages]

    def by_key(self) -> dict[str, list[object]]:
        """Return the values of each key, in order."""
        found: dict[str, list[object]] = {}
        for message in self.messages:
            found.setdefault(message.key, []).append(message.value)
        return found

    def partition(self, index: int) -> TopicHandle:
        """Return one partition."""
        return TopicHandle(self._emulator, self._name.partition(index), self._encode, self._decode)

    def backlog(self, subscription: str) -> int:
        """Return how many entries that subscription has not acknowledged, over all partitions.

        Raises:
            SubscriptionNotFound: no such subscription.
        """
        return sum(topic.subscription(subscription).backlog for topic in self._topics())

    def clear(self) -> None:
        """Look at nothing published so far any more; subscriptions are not touched."""
        self._cleared = {topic.name.full: topic.ledger.next_position for topic in self._topics()}

    def __eq__(self, other: object) -> bool:
        if isinstance(other, TopicHandle):
            return self.name == other.name and self._emulator is other._emulator
        if isinstance(other, Sequence):
            return self.values() == list(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)

    def __len__(self) -> int:
        return len(self.messages)

    def __iter__(self) -> Iterator[StoredMessage]:
        return iter(self.messages)

    def __repr__(self) -> str:
        return f"<topic {self.name}: {len(self)} messages>"
