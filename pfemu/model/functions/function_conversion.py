"""From a configuration to what the instances get (``FunctionConfigUtils.convert``, 4.0).

* A later kind of input replaces the entry of the same topic: ``inputs``, ``topicsPattern``, ``customSerdeInputs``, ``customSchemaInputs``,
  ``inputSpecs``.
* Where a schema and a SerDe are given for one input, the schema wins.
* A text that is blank counts as not given, in most fields.
"""

from collections.abc import Mapping, Sequence
from typing import NoReturn

from pfemu.errors import ConfigError, UnexplainedConfigError, UnreadableConfigError
from pfemu.model.configuration.choices import (
    CompressionType,
    ConsumerCryptoFailureAction,
    ProcessingGuarantees,
    ProducerCryptoFailureAction,
    Runtime,
    SubscriptionPosition,
    SubscriptionType,
)
from pfemu.model.configuration.config_parts import (
    DEFAULT_CPU,
    DEFAULT_DISK_BYTES,
    DEFAULT_RAM_BYTES,
    ConsumerConfig,
    CryptoConfig,
    ProducerConfig,
    Resources,
    WindowConfig,
)
from pfemu.model.configuration.config_reading import JsonValue
from pfemu.model.configuration.config_structures import part_json
from pfemu.model.configuration.function_config import FunctionConfig, consumer_config_from_json_text
from pfemu.model.functions.function_details import (
    ConsumerSpec,
    CryptoSpec,
    FunctionDetails,
    ProducerSpec,
    ResourceSpec,
    RetryDetails,
    SinkSpec,
)
from pfemu.model.gson.gson_text import gson_text
from pfemu.model.java_text import hash_map, is_blank

WINDOW_CONFIG_KEY = "__WINDOWCONFIGS__"
WINDOW_EXECUTOR = "org.apache.pulsar.functions.windowing.WindowFunctionExecutor"
CONTRADICTORY_AUTO_ACK = (
    "When Guarantees == ATMOST_ONCE, autoAck must be equal to true. This is a contradictory configuration, "
    "autoAck will be removed later. Please refer to PIP: https://github.com/apache/pulsar/issues/15560"
)
"""The worker's words; the address in them is Pulsar's."""


def convert(config: FunctionConfig) -> FunctionDetails:
    """Resolve a configuration. Nothing is validated but what cannot be resolved at all.

    Raises:
        ConfigError: in the worker's words.
    """
    input_specs, sink = convert_inputs(config), _sink(config)
    class_name, user_config, guarantees = _windowed(config)
    details = FunctionDetails(
        tenant=config.tenant or "",
        namespace=config.namespace or "",
        name=config.name or "",
        class_name=class_name,
        log_topic=config.log_topic or "",
        processing_guarantees=guarantees,
        user_config=user_config,
        secrets_map=gson_text(config.secrets) if config.secrets else "",
        runtime=config.runtime or Runtime.JAVA,
        auto_ack=config.auto_ack is not False,
        parallelism=1 if config.parallelism is None else config.parallelism,
        input_specs=input_specs,
        input_type_class_name=config.input_type_class_name or "",
        subscription_type=_subscription_type(config),
        subscription_name=_unless_blank(config.sub_name),
        subscription_position=config.subscription_position or SubscriptionPosition.LATEST,
        timeout_ms=config.timeout_ms or 0,
        negative_ack_redelivery_delay_ms=config.timeout_ms or 0,
        cleanup_subscription=config.cleanup_subscription is not False,
        skip_to_latest=config.skip_to_latest or False,
        sink=sink,
        resources=_resources(config.resources or Resources()),
        retry_details=_retry_details(config),
        runtime_flags=config.runtime_flags or "",
        custom_runtime_options=config.custom_runtime_options or "",
        builtin=_builtin(config.jar or ""),
        retain_ordering=config.retain_ordering or False,
        retain_key_ordering=config.retain_key_ordering or False,
    )
    return refuse_contradictory_auto_ack(details)


def refuse_contradictory_auto_ack(details: FunctionDetails) -> FunctionDetails:
    """Return the details (``validateFunctionDetails``).

    Raises:
        ConfigError: nothing is to be acknowledged, but before it is processed.
    """
    if not details.auto_ack and details.processing_guarantees is ProcessingGuarantees.ATMOST_ONCE:
        raise ConfigError(CONTRADICTORY_AUTO_ACK)
    return details


def convert_inputs(config: FunctionConfig) -> dict[str, ConsumerSpec]:
    """Return the inputs by topic; a later kind of input replaces an earlier one's entry, in its place.

    Raises:
        ConfigError: in the worker's words.
    """
    specs: dict[str, ConsumerSpec] = {_not_null(topic, "inputs"): ConsumerSpec() for topic in config.inputs or ()}
    if config.topics_pattern:
        specs[config.topics_pattern] = ConsumerSpec(is_regex_pattern=True)
    for topic, serde in (config.custom_serde_inputs or {}).items():
        specs[topic] = ConsumerSpec(serde_class_name=_not_null(serde, f"customSerdeInputs of topic {topic}"))
    for topic, text in (config.custom_schema_inputs or {}).items():
        specs[topic] = _custom_schema_input(topic, text)
    for topic, consumer_config in (config.input_specs or {}).items():
        specs[topic] = _consumer_spec(consumer_config)
    return specs


def _custom_schema_input(topic: str, text: str | None) -> ConsumerSpec:
    consumer_config = _custom_schema(text, f"Incorrect custom schema inputs,Topic {topic} ", "getSchemaType()")
    return ConsumerSpec(
        schema_type=_not_null(consumer_config.schema_type, f"schemaType in customSchemaInputs of topic {topic}"),
        schema_properties=_text_map(consumer_config.schema_properties, "schemaProperties"),
        consumer_properties=_text_map(consumer_config.consumer_properties, "consumerProperties"),
    )


def _custom_schema(text: str | None, refusal: str, first_call: str) -> ConsumerConfig:
    if text is None:
        raise ConfigError('argument "content" is null')
    try:
        consumer_config = consumer_config_from_json_text(text)
    except UnreadableConfigError:
        raise ConfigError(refusal) from None
    if consumer_config is None:
        raise_null_call(f"org.apache.pulsar.common.functions.ConsumerConfig.{first_call}", "consumerConfig")
    return consumer_config


def _consumer_spec(config: ConsumerConfig | None) -> ConsumerSpec:
    if config is None:
        raise_null_call("org.apache.pulsar.common.functions.ConsumerConfig.isRegexPattern()", "consumerConf")
    has_schema = not is_blank(config.schema_type)
    return ConsumerSpec(
        schema_type=_unless_blank(config.schema_type),
        serde_class_name="" if has_schema else _unless_blank(config.serde_class_name),
        is_regex_pattern=config.is_regex_pattern,
        receiver_queue_size=config.receiver_queue_size,
        schema_properties=_text_map(config.schema_properties or {}, "schemaProperties"),
        crypto_spec=None if config.crypto_config is None else _crypto_spec(config.crypto_config),
        consumer_properties=_text_map(config.consumer_properties, "consumerProperties"),
        pool_messages=config.pool_messages,
    )


def _sink(config: FunctionConfig) -> SinkSpec:
    properties: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})
    if config.custom_schema_outputs is not None and config.output is not None:
        properties = _custom_schema_output(config.output, config.custom_schema_outputs.get(config.output))
    return SinkSpec(
        topic=config.output or "",
        serde_class_name=_unless_blank(config.output_serde_class_name),
        schema_type=_unless_blank(config.output_schema_type),
        type_class_name=config.output_type_class_name or "",
        forward_source_message_property=config.forward_source_message_property or False,
        schema_properties=properties[0],
        consumer_properties=properties[1],
        producer_spec=_producer_spec(config),
    )


def _custom_schema_output(topic: str, text: str | None) -> tuple[Mapping[str, str], Mapping[str, str]]:
    if not text:
        return {}, {}
    consumer_config = _custom_schema(text, f"Incorrect custom schema outputs,Topic {topic} ", "getSchemaProperties()")
    return (
        _text_map(consumer_config.schema_properties, "schemaProperties"),
        _text_map(consumer_config.consumer_properties, "consumerProperties"),
    )


def _producer_spec(config: FunctionConfig) -> ProducerSpec | None:
    """The older ``batchBuilder`` beside ``producerConfig`` wins over the one in it."""
    if config.producer_config is None and config.batch_builder is None:
        return None
    producer = config.producer_config or ProducerConfig()
    return ProducerSpec(
        max_pending_messages=producer.max_pending_messages or 0,
        max_pending_messages_across_partitions=producer.max_pending_messages_across_partitions or 0,
        use_thread_local_producers=producer.use_thread_local_producers or False,
        crypto_spec=None if producer.crypto_config is None else _crypto_spec(producer.crypto_config),
        batch_builder=(producer.batch_builder if config.batch_builder is None else config.batch_builder) or "",
        compression_type=producer.compression_type or CompressionType.LZ4,
    )


def _crypto_spec(crypto: CryptoConfig) -> CryptoSpec:
    return CryptoSpec(
        crypto_key_reader_class_name=crypto.crypto_key_reader_class_name or "",
        crypto_key_reader_config="" if crypto.crypto_key_reader_config is None else gson_text(crypto.crypto_key_reader_config),
        producer_encryption_key_names=_names(crypto.encryption_keys),
        producer_crypto_failure_action=crypto.producer_crypto_failure_action or ProducerCryptoFailureAction.FAIL,
        consumer_crypto_failure_action=crypto.consumer_crypto_failure_action or ConsumerCryptoFailureAction.FAIL,
    )


def _names(names: Sequence[str | None] | None) -> tuple[str, ...]:
    for index, name in enumerate(names or ()):
        if name is None:
            raise ConfigError(f"Element at index {index} is null.")
    return tuple(name for name in names or () if name is not None)


def _subscription_type(config: FunctionConfig) -> SubscriptionType:
    if config.retain_ordering or config.processing_guarantees is ProcessingGuarantees.EFFECTIVELY_ONCE:
        return SubscriptionType.FAILOVER
    return SubscriptionType.KEY_SHARED if config.retain_key_ordering else SubscriptionType.SHARED


def _retry_details(config: FunctionConfig) -> RetryDetails | None:
    if config.max_message_retries is None or config.max_message_retries < 0:
        return None
    return RetryDetails(config.max_message_retries, config.dead_letter_topic or "")


def _resources(resources: Resources) -> ResourceSpec:
    return ResourceSpec(
        DEFAULT_CPU if resources.cpu is None else resources.cpu,
        DEFAULT_RAM_BYTES if resources.ram is None else resources.ram,
        DEFAULT_DISK_BYTES if resources.disk is None else resources.disk,
    )


def _windowed(config: FunctionConfig) -> tuple[str, str, ProcessingGuarantees]:
    """Return class name, user configuration and guarantees. A window takes the place of all three and carries them along."""
    guarantees = config.processing_guarantees or ProcessingGuarantees.ATLEAST_ONCE
    class_name, user_config = config.class_name or "", dict(config.user_config or {})
    if config.window_config is not None:
        user_config[WINDOW_CONFIG_KEY] = _window(config.window_config, guarantees, config.class_name)
        class_name, guarantees = WINDOW_EXECUTOR, ProcessingGuarantees.MANUAL
    return class_name, gson_text(hash_map(user_config, copied=True)) if user_config else "", guarantees


def _window(window: WindowConfig, guarantees: ProcessingGuarantees, class_name: str | None) -> JsonValue:
    if guarantees in {ProcessingGuarantees.EFFECTIVELY_ONCE, ProcessingGuarantees.MANUAL}:
        raise ConfigError(f"Windows Function not support {guarantees} delivery semantics.")
    chosen: dict[str, JsonValue] = {"processingGuarantees": guarantees.value, "actualWindowFunctionClassName": class_name}
    return {**part_json(window), **chosen}


def _builtin(jar: str) -> str:
    return jar.removeprefix("builtin://") if jar.startswith("builtin://") else ""


def _unless_blank(text: str | None) -> str:
    return "" if text is None or is_blank(text) else text


def _text_map(entries: Mapping[str, str | None] | None, what: str) -> Mapping[str, str]:
    if entries is None:
        raise_null_call("java.util.Map.keySet()", "m")
    return {name: _not_null(text, f"{what}.{name}") for name, text in entries.items()}


def _not_null(text: str | None, what: str) -> str:
    """Return the text; protobuf, which the worker builds, takes no null and says nothing of it."""
    if text is None:
        raise UnexplainedConfigError(f"{what} is null")
    return text


def raise_null_call(call: str, name: str) -> NoReturn:
    """Raise what the worker answers where it stumbles over a null that was written into a configuration."""
    raise ConfigError(f'Cannot invoke "{call}" because "{name}" is null')
