"""Where results go: the output producer, made at the first result (``setup_producer``, ``process_result``)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pulsar

from pfemu.model.configuration.choices import ProcessingGuarantees
from pfemu.model.functions.function_details import FunctionDetails, ProducerSpec
from pfemu.model.message import origin_properties
from pfemu.model.warnings.happenings import SERDE_RETURNED_NONE
from pfemu.ports import OutputProducer
from pfemu.runtime.function_warnings import Warn, nobody_is_warned
from pfemu.runtime.values.schemas import default_schema

if TYPE_CHECKING:
    from pfemu.ports import Message, Producer, PulsarClient

Answer = Callable[["Message"], object]
Done = Callable[[object, "Message"], object]
Send = Callable[[Any, "Message", Answer, Done], object]
Publish = Callable[[object, "Message", Answer, Done], object]
PARTITIONED_REFUSAL = "Partitioned topic is not available in effectively_once mode."


class Sink:
    """Encodes and publishes outputs, with the two properties that name their input.

    ``publish(output, origin, published, not_published)``, an attribute that is replaced once the producer is made, calls
    ``published(origin)`` or ``not_published(result, origin)`` when the broker has answered, and neither when the SerDe
    returned None, so that nothing was sent. It raises what making the producer, encoding or sending raises.
    """

    def __init__(
        self,
        details: FunctionDetails,
        client: PulsarClient,
        properties: dict[str, str],
        make_schema: Callable[[], Any],
        make_serialize: Callable[[], Callable[[object], Any]],
        make_encryption: Callable[[], dict[str, Any]] = dict,
        warn: Warn = nobody_is_warned,
    ) -> None:
        self._warn = warn
        self._details = details
        self._client = client
        self._properties = properties
        self._make_schema = make_schema
        self._make_serialize = make_serialize
        self._make_encryption = make_encryption
        self._effectively_once = details.processing_guarantees is ProcessingGuarantees.EFFECTIVELY_ONCE
        self.producer: Producer | None = None
        self.schema: Any = None
        """The schema of the producer, None before there is one."""
        self.publish: Publish = self._publish_first

    def _publish_first(self, output: object, origin: Message, published: Answer, not_published: Done) -> None:
        serialize = self._make_serialize()
        if self._effectively_once and origin.message_id().partition() >= 0:
            raise Exception(PARTITIONED_REFUSAL)  # noqa: TRY002 - the class users see in the real traceback
        schema = self._make_schema()
        self.producer, self.schema = self._create_producer(schema), schema
        if schema is not default_schema():
            serialize = _as_it_is
        self.publish = self._publisher(serialize, self.producer)
        self.publish(output, origin, published, not_published)

    def _create_producer(self, schema: Any) -> Producer:  # noqa: ANN401 - pulsar.schema.Schema, which has no stubs
        spec = self._details.sink.producer_spec or ProducerSpec()
        return self._client.create_producer(
            self._details.sink.topic,
            schema=schema,
            producer_name=self._details.sink.topic if self._effectively_once else None,
            block_if_queue_full=True,
            batching_enabled=True,
            batching_type=pulsar.BatchingType.KeyBased if spec.batch_builder == "KEY_BASED" else pulsar.BatchingType.Default,
            batching_max_publish_delay_ms=10,
            compression_type=getattr(pulsar.CompressionType, _COMPRESSION[spec.compression_type.name]),
            send_timeout_millis=0,
            properties=self._properties,
            **self._make_encryption(),
        )

    def _publisher(self, serialize: Callable[[object], Any], producer: Producer) -> Publish:
        send = self._sender(producer)

        def publish(output: object, origin: Message, published: Answer, not_published: Done) -> None:
            content = serialize(output)
            if content is None:
                self._warn(SERDE_RETURNED_NONE.warning())
            else:
                send(content, origin, published, not_published)

        return publish

    def _sender(self, producer: Producer) -> Send:
        if self._effectively_once:
            return partial(_send, producer, in_sequence=True)
        # An OutputProducer has it; to ask whether it is one takes longer than all the rest of this.
        send_output: Send | None = getattr(producer, "_send_output", None)
        return send_output or partial(_send, producer)

    def use(
        self,
        serialize: Callable[[object], Any],
        schema: Any,  # noqa: ANN401 - as in _create_producer
        make_encryption: Callable[[], dict[str, Any]] = dict,
    ) -> None:
        """Encode with these from the next output on; ``schema`` has the definition of the one before. The producer stays."""
        self._make_serialize = lambda: serialize
        self._make_schema = lambda: schema
        self._make_encryption = make_encryption
        if self.producer is None:
            return
        if schema is not default_schema() and isinstance(self.producer, OutputProducer):
            self.producer._use_schema(schema)  # noqa: SLF001 - user code must not see the method
        self.schema = schema
        self.publish = self._publisher(serialize, self.producer)

    def close(self) -> None:
        """Close the producer, if there is one."""
        if self.producer is not None:
            self.producer.close()


_COMPRESSION = {"LZ4": "LZ4", "NONE": "NONE", "ZLIB": "ZLib", "ZSTD": "ZSTD", "SNAPPY": "SNAPPY"}


def _as_it_is(output: object) -> object:
    return output


def _send(  # a client that knows nothing of functions
    producer: Producer, content: object, origin: Message, published: Answer, not_published: Done, *, in_sequence: bool = False
) -> None:
    """Send with the properties rendered; ``in_sequence`` with the input's own sequence id, so that a broker can drop a second copy."""

    def done(result: object, _message_id: object) -> None:
        if result == pulsar.Result.Ok:
            published(origin)
        else:
            not_published(result, origin)

    settings: dict[str, Any] = {}
    if in_sequence:
        message_id = origin.message_id()
        settings["sequence_id"] = (message_id.ledger_id() << 28) | message_id.entry_id()
    producer.send_async(content, done, properties=origin_properties(origin.topic_name(), origin.message_id().serialize()), **settings)
