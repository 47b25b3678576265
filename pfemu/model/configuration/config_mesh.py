"""A custom resource of function-mesh (``kind: Function``), put into the fields of a FunctionConfig.

Its operator runs the same Python instance on Kubernetes, from the same settings under other names (``function_types.go``, ``common.go`` of
``api/compute/v1alpha1``). What only the cluster has a use for is listed, so that it can be named.
"""

from collections.abc import Mapping

from pfemu.errors import ConfigError
from pfemu.model.configuration.config_reading import Dropped, JsonValue

API = "compute.functionmesh.io/"

SAME = {
    "name": "name",
    "className": "className",
    "tenant": "tenant",
    "namespace": "namespace",
    "replicas": "parallelism",
    "logTopic": "logTopic",
    "funcConfig": "userConfig",
    "secretsMap": "secrets",
    "timeout": "timeoutMs",
    "autoAck": "autoAck",
    "maxMessageRetry": "maxMessageRetries",
    "retainOrdering": "retainOrdering",
    "retainKeyOrdering": "retainKeyOrdering",
    "deadLetterTopic": "deadLetterTopic",
    "forwardSourceMessageProperty": "forwardSourceMessageProperty",
    "maxPendingAsyncRequests": "maxPendingAsyncRequests",
    "runtimeFlags": "runtimeFlags",
    "subscriptionName": "subName",
    "cleanupSubscription": "cleanupSubscription",
    "skipToLatest": "skipToLatest",
    "windowConfig": "windowConfig",
}
INPUT = {
    "typeClassName": "inputTypeClassName",
    "topics": "inputs",
    "topicPattern": "topicsPattern",
    "customSerdeSources": "customSerdeInputs",
    "customSchemaSources": "customSchemaInputs",
    "sourceSpecs": "inputSpecs",
}
OUTPUT = {
    "typeClassName": "outputTypeClassName",
    "topic": "output",
    "sinkSerdeClassName": "outputSerdeClassName",
    "sinkSchemaType": "outputSchemaType",
    "producerConf": "producerConfig",
    "customSchemaSinks": "customSchemaOutputs",
}
SOURCE = {"serdeClassname": "serdeClassName", "isRegexPattern": "regexPattern"}
CODE = {"python": "py", "java": "jar", "golang": "go"}
LOWER_CASE = {"processingGuarantee": "processingGuarantees", "subscriptionPosition": "subscriptionPosition"}
ZERO_IS_NOT_GIVEN = {"timeout", "maxMessageRetry"}
HANDLED = SAME.keys() | CODE.keys() | LOWER_CASE.keys() | {"input", "output"}


def is_resource(value: JsonValue) -> bool:
    """Tell whether a document is a resource of Kubernetes."""
    return isinstance(value, Mapping) and "apiVersion" in value and "kind" in value


def is_function_resource(value: Mapping[str, JsonValue]) -> bool:
    """Tell whether a resource is a function of function-mesh."""
    return str(value.get("apiVersion")).startswith(API) and value.get("kind") == "Function"


def mesh_config(resource: Mapping[str, JsonValue]) -> tuple[dict[str, JsonValue], list[Dropped]]:
    """Return a FunctionConfig as JSON, and what of the resource has a meaning on a cluster only.

    Raises:
        ConfigError: the resource has no ``spec``, or a part of it is no map.
    """
    spec = _map(resource, "spec")
    config = _renamed({name: value for name, value in spec.items() if value or name not in ZERO_IS_NOT_GIVEN}, SAME)
    config.setdefault("name", _map(resource, "metadata").get("name"))
    config |= _renamed(_map(spec, "input"), INPUT) | _renamed(_map(spec, "output"), OUTPUT) | _choices(spec)
    specs = _map(config, "inputSpecs")
    if specs:
        config["inputSpecs"] = {topic: {SOURCE.get(name, name): value for name, value in _map(specs, topic).items()} for topic in specs}
    for runtime, field in CODE.items():
        if runtime in spec:
            config[field] = _map(spec, runtime).get(field)
    return config, [Dropped(("spec", name), value, (), is_field=True) for name, value in spec.items() if name not in HANDLED]


def _renamed(part: Mapping[str, JsonValue], names: Mapping[str, str]) -> dict[str, JsonValue]:
    return {names[name]: value for name, value in part.items() if name in names}


def _choices(spec: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The resource writes ``atleast_once`` and ``earliest`` where Pulsar has ``ATLEAST_ONCE`` and ``Earliest``."""
    guarantee, position = spec.get("processingGuarantee"), spec.get("subscriptionPosition")
    chosen: dict[str, JsonValue] = {}
    if guarantee:
        chosen["processingGuarantees"] = str(guarantee).upper()
    if position:
        chosen["subscriptionPosition"] = str(position).capitalize()
    return chosen


def _map(owner: Mapping[str, JsonValue], name: str) -> Mapping[str, JsonValue]:
    value = owner.get(name)
    if value is None and name != "spec":
        return {}
    if not isinstance(value, Mapping):
        raise ConfigError(f"`{name}` of the function-mesh resource must be a map")
    return value
