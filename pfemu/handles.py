"""What tests and scripts touch of a topic: send to it, and see all that it ever held, as Python objects.

Values always pass through bytes, both ways: through the SerDe or schema of a function that reads or writes the topic, else
through Pulsar's own IdentitySerDe, so ``b"42"`` reads as the integer 42, here as there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pulsar

from pfemu.errors import SubscriptionNotFound, TopicNotFound
from pfemu.model.message import BatchedMessage, Entry
from pfemu.model.message_id import MessageId
from pfemu.runtime.values.value_text import value_text
from pfemu.topic_codec import TopicCodec, what_would_be_taken

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

    @property
    def attributes(self) -> str:
        """What it carries beside the value, as ``name=value``; empty without any."""
        named = [f"{name}={value!r}" for name in ("key", "ordering_key", "properties", "event_time") if (value := getattr(self, name))]
        return " ".join([*named, f"partition={self.partition}"] if self.partition >= 0 else named)

    def __repr__(self) -> str:
        return f"<{' '.join(filter(None, [value_text(self.value), self.attributes]))}>"


class Values(list[object]):
    """The values of a topic's messages: a list that knows where it comes from, so that a failed comparison can show it."""

    def __init__(self, topic: TopicHandle, messages: Sequence[StoredMessage]) -> None:
        super().__init__(message.value for message in messages)
        self.topic = topic


class TopicHandle:
    """A topic by name, partitioned or not."""

    def __init__(self, emulator: Emulator, name: TopicName, codec: TopicCodec | None = None) -> None:
        self._emulator = emulator
        self._name = name
        self._codec = codec

    @property
    def name(self) -> str:
        """The full name."""
        return self._name.full

    @property
    def emulator(self) -> Emulator:
        """Whose topic it is."""
        return self._emulator

    @property
    def exists(self) -> bool:
        """Whether somebody has made it: by sending, subscribing, or on purpose."""
        return bool(self._topics())

    # ------------------------------------------------------------------------------------------------------- sending

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
        given = {
            "properties": properties,
            "partition_key": key,
            "ordering_key": ordering_key,
            "event_timestamp": event_time,
            "deliver_after": delay,
        }
        codec = self._sending_codec()
        self._publish(codec, value, {name: setting for name, setting in given.items() if setting is not None})
        self._emulator.settle()

    def send_many(self, values: Iterable[object]) -> None:
        """Publish all the values, then run everything to idle."""
        codec = self._sending_codec()
        for value in values:
            self._publish(codec, value, {})
        self._emulator.settle()

    def _sending_codec(self) -> TopicCodec:
        self._emulator.used_topics.sent_to(self.name)
        return self._codec or self._emulator.codec(self._name, sending=True)

    def _publish(self, codec: TopicCodec, value: object, settings: dict[str, Any]) -> None:
        try:
            producer = self._emulator.producer(self._name, codec.schema)
            producer.send(codec.encode(value), **settings)
        except pulsar.TopicNotFound as error:
            namespace = self._name.namespace_name
            if namespace not in self._emulator.broker.namespaces.policies:
                makes = f"create_namespace({namespace!r}) of the emulator makes it; those of a function's configuration are made with it"
                error.add_note(f"there is no namespace {namespace}: {makes}")
            raise
        except (TypeError, AttributeError, ValueError) as error:
            error.add_note(f"{value_text(value)} was sent to {self._name.full}, which takes what {codec.whose} takes")
            helps = what_would_be_taken(value, self.name.removeprefix("persistent://public/default/"), codec)
            if helps is not None:
                error.add_note(helps)
            if settings:
                given = ", ".join(f"{name}={setting!r}" for name, setting in settings.items())
                error.add_note(f"it was sent with {given}: a key, and names and values of properties, are texts")
            raise

    # ------------------------------------------------------------------------------------------------------- looking

    def _topics(self) -> list[Topic]:
        return self._emulator.topics_of(self._name)

    @property
    def messages(self) -> list[StoredMessage]:
        """All messages since the topic was made or cleared, by time of publishing."""
        self._emulator.used_topics.read(self.name)
        return self.peek()

    def peek(self) -> list[StoredMessage]:
        """Return all messages without looking, as far as strict tests are concerned."""
        return self._messages_from(self._emulator.used_topics.cleared)

    def history(self) -> list[StoredMessage]:
        """Return all messages it ever held, cleared ones as well, without looking."""
        return self._messages_from({})

    def _messages_from(self, starts: Mapping[str, int]) -> list[StoredMessage]:
        topics = self._topics()
        decode = (self._codec or self._emulator.codec(self._name, sending=False)).decode
        found = [
            message
            for topic in topics
            for entry in topic.ledger.history()
            if entry.position >= starts.get(topic.name.full, 0)
            for message in _open(topic.name, entry, decode)
        ]
        return found if len(topics) < 2 else sorted(found, key=lambda message: message.publish_time)

    def values(self) -> Values:
        """Return the values of all messages."""
        return Values(self, self.messages)

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
        """Return one partition, counted from 0.

        Raises:
            TopicNotFound: the topic has fewer.
        """
        number = self._emulator.broker.partitions_of(self._name)
        if index < 0 or (number and index >= number):
            has = f"has {number} partitions, counted from 0" if number else "counts its partitions from 0"
            raise TopicNotFound(f"{self.name} {has}: there is no partition {index}")
        return TopicHandle(self._emulator, self._name.partition(index), self._codec)

    def backlog(self, subscription: str) -> int:
        """Return how many entries that subscription has not acknowledged, over all partitions.

        Raises:
            SubscriptionNotFound: no such subscription; the text names those there are.
        """
        topics = self._topics()
        names = sorted({name for topic in topics for name in topic.subscriptions})
        if subscription not in names:
            raise SubscriptionNotFound(
                f"no subscription {subscription!r} on {self.name}; there are: {', '.join(map(repr, names)) or 'none'}. "
                "A function's subscription is its full name, tenant/namespace/name."
            )
        self._emulator.used_topics.counted_backlog(self.name, subscription)
        return sum(topic.subscription(subscription).backlog for topic in topics if subscription in topic.subscriptions)

    def clear(self) -> None:
        """Look at nothing published so far any more, through no handle of the topic; subscriptions are not touched."""
        self._emulator.used_topics.cleared.update({topic.name.full: topic.ledger.next_position for topic in self._topics()})

    def __eq__(self, other: object) -> bool:
        if isinstance(other, TopicHandle):
            return self.name == other.name and self._emulator is other._emulator
        if isinstance(other, Sequence) and not isinstance(other, str | bytes):
            return self.values() == list(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)

    def __len__(self) -> int:
        return len(self.messages)

    def __bool__(self) -> bool:
        return bool(self.messages)

    def __iter__(self) -> Iterator[StoredMessage]:
        return iter(self.messages)

    def __contains__(self, value: object) -> bool:
        """Whether it holds a message of that value, as ``==`` compares values; or that very message."""
        return value in self.messages if isinstance(value, StoredMessage) else value in self.values()

    def __repr__(self) -> str:
        count = len(self.peek())
        return f"<topic {self.name}: {count} message{'' if count == 1 else 's'}>"


def _open(name: TopicName, entry: Entry, decode: Callable[[bytes], object]) -> Iterator[StoredMessage]:
    batch = entry.metadata.batch
    if batch is None:
        yield _stored(name, entry, entry, 0 if entry.metadata.in_batch else -1, decode)
        return
    for index, single in enumerate(batch):
        yield _stored(name, entry, single, index, decode)


def _stored(name: TopicName, entry: Entry, content: Entry | BatchedMessage, index: int, decode: Callable[[bytes], object]) -> StoredMessage:
    metadata = content.metadata
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
        decode=decode,
    )
