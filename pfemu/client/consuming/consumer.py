"""``pulsar.Consumer`` with shorter ways to messages and acknowledgements."""

from __future__ import annotations

from typing import Any

import pulsar

from pfemu.client.message import Message
from pfemu.client.signatures import as_in, shown_as


@shown_as("pulsar", "Consumer")
class Consumer(pulsar.Consumer):
    """A consumer; what the real class checks is checked by the real class.

    Messages are handed out as they are, for they are ``pulsar.Message`` already; acknowledgements go to the native half directly.
    """

    def __init__(self, consumer: Any, schema: pulsar.schema.Schema, client: object) -> None:  # noqa: ANN401 - an implementation, or one handed over
        self._consumer = consumer
        self._schema = schema
        self._client = client
        self.__dict__.update(acknowledge=consumer.acknowledge, acknowledge_cumulative=consumer.acknowledge_cumulative)

    @as_in(pulsar.Consumer.receive)
    def receive(self, timeout_millis: int | None = None) -> Message:
        """Take the next message, or wait for one."""
        wrapped: Any = super().receive(timeout_millis)  # type: ignore[no-untyped-call] # pulsar-client has no types here
        message: Message = wrapped._message
        return message

    @as_in(pulsar.Consumer.batch_receive)
    def batch_receive(self) -> list[Message]:
        """Take several messages."""
        taken: list[Message] = self._consumer.batch_receive()
        return taken

    def _redeliver_negatively_acknowledged(self) -> int:
        """Ask for what was negatively acknowledged now, not after the delay; return how many entries that is."""
        count: int = self._consumer.redeliver_negatively_acknowledged()
        return count


def listeners_view(native: object) -> pulsar.Consumer:
    """Return what a listener is given as its consumer: a ``pulsar.Consumer`` that has a native half and no more, a reader's listener, too.

    So it can acknowledge and tell who it is; ``close`` closes and then raises AttributeError (``_listener_wrapper``).
    """
    view = pulsar.Consumer()
    view._consumer = native  # type: ignore[attr-defined] # pulsar-client keeps its native half there
    return view


@shown_as("pulsar", "Reader")
class Reader(pulsar.Reader):
    """A reader; what the real class checks is checked by the real class."""

    def __init__(self, reader: Any, schema: pulsar.schema.Schema, client: object) -> None:  # noqa: ANN401 - as in Consumer
        self._reader = reader
        self._schema = schema
        self._client = client

    @as_in(pulsar.Reader.read_next)
    def read_next(self, timeout_millis: int | None = None) -> Message:
        """Read the next message, or wait for one."""
        wrapped: Any = super().read_next(timeout_millis)  # type: ignore[no-untyped-call] # as in Consumer
        message: Message = wrapped._message
        return message
