"""A producer as the broker sees it (``org.apache.pulsar.broker.service.Producer``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pfemu.model.message import Entry, MessageMetadata

if TYPE_CHECKING:
    from pfemu.broker.topic import Topic


class Producer:
    """One connected producer of a topic."""

    __slots__ = ("connected", "last_sequence_id", "name", "producer_id", "properties", "topic")

    def __init__(self, topic: Topic, producer_id: int, name: str, properties: Mapping[str, str] | None = None) -> None:
        self.topic = topic
        self.producer_id = producer_id
        self.name = name
        self.properties = dict(properties or {})
        self.connected = True
        self.last_sequence_id = -1

    def publish(self, payload: bytes, sequence_id: int, metadata: MessageMetadata, now_ms: int) -> Entry:
        """Store one entry on the topic."""
        self.last_sequence_id = sequence_id
        return self.topic.publish(self.name, payload, sequence_id, metadata, now_ms)
