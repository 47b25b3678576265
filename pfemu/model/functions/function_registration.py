"""Creating and updating a function, up to what is stored: the worker's whole way from a configuration to ``FunctionDetails``.

Source: ``FunctionsImpl.registerFunction``, ``updateFunction`` and ``validateUpdateRequestParams``, ``FunctionConfigUtils.validateUpdate``.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from pfemu.errors import ConfigError
from pfemu.model.configuration.choices import Runtime
from pfemu.model.configuration.config_parts import ConsumerConfig, Resources
from pfemu.model.configuration.config_reading import JsonValue
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.functions.function_conversion import convert, raise_null_call
from pfemu.model.functions.function_details import FunctionDetails
from pfemu.model.functions.function_read_back import read_back
from pfemu.model.functions.function_validation import PackageKind, validate
from pfemu.model.java_text import split
from pfemu.model.warnings.ignored_settings import left_out

MAX_PENDING_ASYNC_REQUESTS = 1000
NO_CHANGE = "Update contains no change"
_replaced: Callable[..., FunctionConfig] = replace  # names and values are looked up, so no type checker can follow
_OVERWRITTEN = ("output", "log_topic", "dead_letter_topic", "runtime_flags", "custom_runtime_options", "class_name", "jar")
_OVERWRITTEN_IF_GIVEN = (
    "user_config",
    "secrets",
    "max_message_retries",
    "parallelism",
    "window_config",
    "timeout_ms",
    "cleanup_subscription",
    "producer_config",
)


def create(
    config: FunctionConfig, tenant: str = "", namespace: str = "", name: str = "", *, package: PackageKind | None = None
) -> FunctionDetails:
    """Return what the worker stores for a new function. A name given here, as in a REST path, replaces the configuration's own.

    ``package`` is what came along, None when no worker is asked.

    Raises:
        ConfigError: the first refusal, in the worker's words; its notes are what was written but not known, which may be why.
    """
    if tenant or namespace or name:
        config = replace(config, tenant=tenant or config.tenant, namespace=namespace or config.namespace, name=name or config.name)
    inferred = infer_missing(config)
    try:
        validate(inferred, package)
    except ConfigError as error:
        for warning in left_out(config):
            error.add_note(str(warning))
        raise
    return convert(inferred)


def update(
    existing: FunctionDetails,
    config: FunctionConfig,
    *,
    with_code: bool = False,
    with_auth_data: bool = False,
    package: PackageKind | None = None,
) -> FunctionDetails:
    """Return what the worker stores after an update. ``with_code``: a package or an address of one came with it, which counts as a change.

    ``package`` is what came along or is there already, None when no worker is asked.

    A changed input alone is no change: the stored configuration and the merged one share one map of inputs there.
    Whoever does not forward properties does so after any update, because the stored ``false`` reads as not given.

    Raises:
        ConfigError: the first refusal, in the worker's words.
    """
    before = read_back(existing)
    named = replace(config, tenant=existing.tenant, namespace=existing.namespace, name=existing.name)
    merged = validate_update(before, named)
    if not with_code and not with_auth_data and _same(replace(before, input_specs=None), replace(merged, input_specs=None)):
        raise ConfigError(NO_CHANGE)
    inferred = infer_missing(merged)
    validate(inferred, package)
    return convert(inferred)


def infer_name(class_name: str | None) -> str | None:
    """Return the name of a function that has none: the last part of its class's."""
    if not class_name:
        return None
    parts = split(class_name, ".")
    return parts[-1] if parts else class_name


def infer_missing(config: FunctionConfig) -> FunctionConfig:
    """Fill in what a configuration leaves out (``FunctionConfigUtils.inferMissingArguments``). The package decides the language."""
    runtime = config.runtime
    for package, language in ((config.go, Runtime.GO), (config.py, Runtime.PYTHON), (config.jar, Runtime.JAVA)):
        runtime = runtime if package is None else language
    forwards = config.forward_source_message_property
    return replace(
        config,
        name=config.name or infer_name(config.class_name),
        tenant=config.tenant or "public",
        namespace=config.namespace or "default",
        parallelism=1 if config.parallelism is None else config.parallelism,
        max_pending_async_requests=MAX_PENDING_ASYNC_REQUESTS
        if config.max_pending_async_requests is None
        else config.max_pending_async_requests,
        forward_source_message_property=forwards if forwards is not None else True,
        runtime=runtime,
        auto_ack=config.auto_ack if config.window_config is None else False,
    )


def validate_update(existing: FunctionConfig, new: FunctionConfig) -> FunctionConfig:
    """Return the configuration that an update of ``existing`` (as GET shows it) with ``new`` makes.

    Raises:
        ConfigError: something is to change that may not, in the worker's words.
    """
    for mine, other, words in (
        (existing.tenant, new.tenant, "Tenants differ"),
        (existing.namespace, new.namespace, "Namespaces differ"),
        (existing.name, new.name, "Function Names differ"),
    ):
        if mine != other:
            raise ConfigError(words)
    input_specs = _merged_inputs(existing, new)
    _refuse_alterations(existing, new)
    changes: dict[str, object] = {name: getattr(new, name) for name in _OVERWRITTEN if getattr(new, name)}
    changes |= {name: getattr(new, name) for name in _OVERWRITTEN_IF_GIVEN if getattr(new, name) is not None}
    merged = _replaced(existing, **changes)
    return replace(merged, input_specs=input_specs, resources=_merged_resources(existing.resources, new.resources))


def _merged_inputs(existing: FunctionConfig, new: FunctionConfig) -> Mapping[str, ConsumerConfig | None]:
    """Unlike when creating, a text of ``customSchemaInputs`` becomes the schema type as it stands: the worker's own slip."""
    given = dict(new.input_specs or {})
    given |= {str(topic): ConsumerConfig() for topic in new.inputs or ()}
    if new.topics_pattern:
        given[new.topics_pattern] = ConsumerConfig(is_regex_pattern=True)
    given |= {topic: ConsumerConfig(serde_class_name=serde) for topic, serde in (new.custom_serde_inputs or {}).items()}
    given |= {topic: ConsumerConfig(schema_type=text) for topic, text in (new.custom_schema_inputs or {}).items()}
    known = existing.input_specs or {}
    for topic, consumer_config in given.items():
        before = known.get(topic)
        if before is None:
            raise ConfigError("Input Topics cannot be altered")
        if consumer_config is None:
            raise_null_call("org.apache.pulsar.common.functions.ConsumerConfig.isRegexPattern()", "consumerConfig")
        if consumer_config.is_regex_pattern != before.is_regex_pattern:
            raise ConfigError(f"isRegexPattern for input topic {topic} cannot be altered")
    return {**known, **given}


def _refuse_alterations(existing: FunctionConfig, new: FunctionConfig) -> None:
    for name, words in (
        ("output_serde_class_name", "Output Serde mismatch"),
        ("output_schema_type", "Output Schema mismatch"),
        ("processing_guarantees", "Processing Guarantees cannot be altered"),
        ("retain_ordering", "Retain Ordering cannot be altered"),
        ("retain_key_ordering", "Retain Key Ordering cannot be altered"),
        ("runtime", "Runtime cannot be altered"),
        ("auto_ack", "AutoAck cannot be altered"),
        ("sub_name", "Subscription Name cannot be altered"),
    ):
        wanted = getattr(new, name)
        if wanted not in (None, "") and wanted != getattr(existing, name):
            raise ConfigError(words)


def _merged_resources(existing: Resources | None, new: Resources | None) -> Resources | None:
    """What an update leaves out of ``resources`` goes back to the default, because its own defaults are filled in before."""
    if new is None or existing is None:
        return new or existing
    return Resources(
        existing.cpu if new.cpu is None else new.cpu,
        existing.ram if new.ram is None else new.ram,
        existing.disk if new.disk is None else new.disk,
    )


def _same(mine: FunctionConfig, other: FunctionConfig) -> bool:
    """Compare as Java does: 1 and 1.0 are different numbers there."""
    return mine == other and all(_same_value(getattr(mine, name), getattr(other, name)) for name in ("user_config", "secrets"))


def _same_value(mine: JsonValue, other: JsonValue) -> bool:
    if isinstance(mine, Mapping) and isinstance(other, Mapping):
        return mine.keys() == other.keys() and all(_same_value(mine[name], other[name]) for name in mine)
    if isinstance(mine, list | tuple) and isinstance(other, list | tuple):
        return len(mine) == len(other) and all(map(_same_value, mine, other))
    if isinstance(mine, float) and isinstance(other, float):
        return mine == other and math.copysign(1, mine) == math.copysign(1, other)
    return type(mine) is type(other) and mine == other
