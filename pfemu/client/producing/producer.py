"""``pulsar.Producer`` with a short way for messages that are nothing but bytes."""

from __future__ import annotations

from inspect import signature
from typing import Any

import pulsar

from pfemu.client.message import Message
from pfemu.client.producing.outgoing import Outgoing, delivery_time_ms
from pfemu.client.producing.partitioned_producer import AnyProducerImpl
from pfemu.client.producing.producer_impl import Answer, NotPublished
from pfemu.client.results import incompatible_arguments
from pfemu.client.signatures import as_in, shown_as

_ARGUMENT = {name: index - 1 for index, name in enumerate(signature(pulsar.Producer._build_msg).parameters)}
_CALLBACK_TAKES = ("arg0: _pulsar.Message, arg1: collections.abc.Callable[[pulsar::Result, _pulsar.MessageId], None]",)


@shown_as("pulsar", "Producer")
class Producer(pulsar.Producer):
    """A producer; what the real class checks is checked by the real class."""

    _producer: AnyProducerImpl
    _schema: pulsar.schema.Schema

    def __init__(self, producer: AnyProducerImpl, schema: pulsar.schema.Schema, client: object) -> None:
        self._producer = producer
        self._schema = schema
        self._client = client
        self._takes_bytes = type(schema) is pulsar.schema.BytesSchema
        if self._takes_bytes:
            self._send_output = producer.send_output  # type: ignore[method-assign] # a frame less on the hot path

    @as_in(pulsar.Producer.send)
    def send(self, content: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - pulsar.Producer's own signature
        """Send a message and return its id."""
        if content.__class__ is bytes and not args and not kwargs and self._takes_bytes:
            return self._producer.send_bytes(content)
        return super().send(content, *args, **kwargs)

    @as_in(pulsar.Producer.send_async)
    def send_async(self, content: Any, callback: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - pulsar.Producer's own signature
        """Send a message, then call back with the result and the id."""
        if callback is not None and not callable(callback):
            raise incompatible_arguments("send_async", "Producer", _CALLBACK_TAKES, content, callback)
        if content.__class__ is bytes and not args and not kwargs and self._takes_bytes:
            self._producer.send_bytes_async(content, callback)
        else:
            super().send_async(content, callback, *args, **kwargs)  # type: ignore[no-untyped-call] # pulsar-client has no types here

    def _send_output(self, content: object, origin: Message, published: Answer, not_published: NotPublished) -> None:
        """Send a function's output, encoded by the schema; see :meth:`ProducerImpl.send_output`."""
        encoded = self._schema.encode(content)
        pulsar._check_type(bytes, encoded, "data")
        self._producer.send_output(encoded, origin, published, not_published)

    def _use_schema(self, schema: pulsar.schema.Schema) -> None:
        """Encode with another object for the same schema from now on."""
        self._schema = schema

    def _build_msg(self, *arguments: Any) -> Outgoing:  # noqa: ANN401 - pulsar.Producer's own signature
        """Have pulsar-client check the arguments and build its message; keep what cannot be read back from that."""
        native = super()._build_msg(*arguments)  # type: ignore[no-untyped-call] # as above
        at_ms, after = arguments[_ARGUMENT["deliver_at"]], arguments[_ARGUMENT["deliver_after"]]
        deliver_at_ms = delivery_time_ms(at_ms, after, self._producer.now_ms)
        return Outgoing(native, arguments[_ARGUMENT["sequence_id"]] or -1, deliver_at_ms)
