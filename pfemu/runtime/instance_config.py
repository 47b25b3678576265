"""The instance's own description, in the shape of the real one (``InstanceConfig`` and ``FunctionDetails`` of Function.proto).

``context.instance_config`` is not part of the API, but published functions read it, so field names are the protocol's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pfemu.model.functions.function_details import ConsumerSpec, FunctionDetails


_GUARANTEES = {name: number for number, name in enumerate(("ATLEAST_ONCE", "ATMOST_ONCE", "EFFECTIVELY_ONCE", "MANUAL"))}
_RUNTIMES = {"JAVA": 0, "PYTHON": 1, "GO": 3}
_SUBSCRIPTION_TYPES = {name: number for number, name in enumerate(("SHARED", "FAILOVER", "KEY_SHARED"))}
_POSITIONS = {"LATEST": 0, "EARLIEST": 1}
_FUNCTION = 1
"""``ComponentType.FUNCTION``."""


class SourceView:
    """``SourceSpec``, read-only."""

    def __init__(self, details: FunctionDetails) -> None:
        self._details = details

    @property
    def subscriptionType(self) -> int:  # noqa: N802 - the protocol's name
        """The protocol's number of the type."""
        return _SUBSCRIPTION_TYPES[self._details.subscription_type.name]

    @property
    def subscriptionPosition(self) -> int:  # noqa: N802 - the protocol's name
        """The protocol's number of the position."""
        return _POSITIONS[self._details.subscription_position.name]

    @property
    def cleanupSubscription(self) -> bool:  # noqa: N802 - the protocol's name
        """Whether the subscriptions go with the function."""
        return self._details.cleanup_subscription

    @property
    def typeClassName(self) -> str:  # noqa: N802 - the protocol's name
        """The class path of the inputs' record class, ``''`` without one."""
        return self._details.input_type_class_name

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
        self.forwardSourceMessageProperty = sink.forward_source_message_property


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
        self.resources = details.resources
        self.retainOrdering = details.retain_ordering
        self.retainKeyOrdering = details.retain_key_ordering
        self.componentType = _FUNCTION
        self._details = details

    @property
    def processingGuarantees(self) -> int:  # noqa: N802 - the protocol's name
        """The protocol's number of the guarantee."""
        return _GUARANTEES[self._details.processing_guarantees.name]

    @property
    def runtime(self) -> int:
        """The protocol's number of the runtime."""
        return _RUNTIMES[self._details.runtime.name]


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
