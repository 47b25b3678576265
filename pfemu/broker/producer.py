"""A producer as the broker sees it (``org.apache.pulsar.broker.service.Producer``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pfemu.model.subscription import ProducerAccessMode

if TYPE_CHECKING:
    from pfemu.broker.topic import Topic
    from pfemu.model.schema import SchemaInfo


class Producer:
    """One producer of a topic. Only a ``connected`` one may publish.

    ``when_ready`` is for one that waits for exclusive access: it is called when the producer is connected, or was fenced meanwhile.
    """

    __slots__ = (
        "access_mode",
        "connected",
        "connected_since_ms",
        "last_sequence_id",
        "name",
        "producer_id",
        "properties",
        "schema",
        "schema_version",
        "sent_away",
        "topic",
        "when_ready",
    )

    def __init__(
        self,
        topic: Topic,
        producer_id: int,
        name: str,
        properties: Mapping[str, str] | None = None,
        *,
        access_mode: ProducerAccessMode = ProducerAccessMode.SHARED,
        schema: SchemaInfo | None = None,
        schema_version: bytes = b"",
        when_ready: Callable[[Producer], object] | None = None,
        now_ms: int = 0,
    ) -> None:
        self.topic = topic
        self.producer_id = producer_id
        self.name = name
        self.properties = dict(properties or {})
        self.access_mode = access_mode
        self.schema = schema
        self.schema_version = schema_version
        self.when_ready = when_ready
        self.connected = False
        self.sent_away = False
        """Whether it was disconnected and may come back: because of its topic's backlog, or as a shared one that was fenced."""
        self.connected_since_ms = now_ms
        self.last_sequence_id = -1
        """The highest sequence id the topic stored under this name before it connected; -1 without deduplication."""

    def __repr__(self) -> str:
        return f"<Producer {self.name} of {self.topic.name.full}>"
