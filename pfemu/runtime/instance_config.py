"""The instance's own description, in the shape of the real one (``InstanceConfig`` and ``FunctionDetails`` of Function.proto).

``context.instance_config`` is not part of the API, but published functions read it, so field names are the protocol's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pfemu.model.functions.function_details import ConsumerSpec, FunctionDetails


class SourceView:
    """``SourceSpec``, read-only."""

    def __init__(self, details: FunctionDetails) -> None:
        self._details = details

    @property
    def inputSpecs(self) -> dict[str, ConsumerSpec]:  # noqa: N802 - the protocol's name
        """Topic as configured to its consumer spec."""
        return dict(self._details.input_specs)

    @property
    def subscriptionName(self) -> str:  # noqa: N802 - the protocol's name
        """The configured subscription name, ``''`` without one."""
        return self._details.subscription_name

    @property
    def timeoutMs(self) -> int:  # noqa: N802 - the protocol's name
        """The ack timeout, 0 without one."""
        return self._details.timeout_ms


class SinkView:
    """``SinkSpec``, read-only."""

    def __init__(self, details: FunctionDetails) -> None:
        sink = details.sink
        self.topic = sink.topic
        self.serDeClassName = sink.serde_class_name
        self.schemaType = sink.schema_type
        self.typeClassName = sink.type_class_name


class FunctionDetailsView:
    """``FunctionDetails``, read-only."""

    def __init__(self, details: FunctionDetails) -> None:
        self.tenant = details.tenant
        self.namespace = details.namespace
        self.name = details.name
        self.className = details.class_name
        self.logTopic = details.log_topic
        self.userConfig = details.user_config
        self.secretsMap = details.secrets_map
        self.autoAck = details.auto_ack
        self.parallelism = details.parallelism
        self.source = SourceView(details)
        self.sink = SinkView(details)


class InstanceConfig(NamedTuple):
    """Who this instance is."""

    instance_id: str
    function_id: str
    function_version: str
    function_details: FunctionDetailsView
    max_buffered_tuples: int = 1024

    @property
    def client_properties(self) -> dict[str, str]:
        """The properties of every producer and consumer of the instance."""
        details = self.function_details
        return {
            "application": "pulsar-function",
            "id": f"{details.tenant}/{details.namespace}/{details.name}",
            "instance_id": self.instance_id,
        }
