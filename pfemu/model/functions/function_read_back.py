"""What GET of a function answers: the stored details as a configuration again (``FunctionConfigUtils.convertFromDetails``, 4.0).

The way there and back loses things: every kind of input comes back as ``inputSpecs``, consumer properties, type names and the package are
gone, and all numbers of the user's configuration are doubles.
"""

from pfemu.model.configuration.choices import ProcessingGuarantees
from pfemu.model.configuration.config_parts import ConsumerConfig, CryptoConfig, ProducerConfig, Resources, WindowConfig
from pfemu.model.configuration.config_reading import JsonValue, Place, Reading
from pfemu.model.configuration.function_config import FunctionConfig, read_window_config
from pfemu.model.functions.function_conversion import WINDOW_CONFIG_KEY, refuse_contradictory_auto_ack
from pfemu.model.functions.function_details import ConsumerSpec, CryptoSpec, FunctionDetails, ProducerSpec
from pfemu.model.gson.gson_text import gson_values
from pfemu.model.java_text import hash_map


def convert_back(details: FunctionDetails) -> dict[str, JsonValue]:
    """Return the JSON that GET of a function answers with.

    Raises:
        ConfigError: the details contradict themselves.
    """
    return read_back(details).to_json()


def read_back(details: FunctionDetails) -> FunctionConfig:
    """Return the stored details as a configuration.

    Raises:
        ConfigError: the details contradict themselves.
    """
    refuse_contradictory_auto_ack(details)
    user_config: dict[str, JsonValue] = gson_values(details.user_config) if details.user_config else {}
    window = read_window_config(Reading(), Place(), user_config.pop(WINDOW_CONFIG_KEY, None))
    return FunctionConfig(
        runtime_flags=details.runtime_flags or None,
        tenant=details.tenant,
        namespace=details.namespace,
        name=details.name,
        class_name=window.actual_window_function_class_name if window else details.class_name,
        input_specs=hash_map({topic: _consumer_config(spec) for topic, spec in details.input_specs.items()}),
        output=details.sink.topic or None,
        producer_config=_producer_config(details.sink.producer_spec or ProducerSpec()),
        output_schema_type=details.sink.schema_type or None,
        output_serde_class_name=details.sink.serde_class_name or None,
        log_topic=details.log_topic or None,
        processing_guarantees=_guarantees(details, window),
        retain_ordering=details.retain_ordering,
        retain_key_ordering=details.retain_key_ordering,
        forward_source_message_property=details.sink.forward_source_message_property or None,
        user_config=user_config,
        secrets=gson_values(details.secrets_map) if details.secrets_map else None,
        runtime=details.runtime,
        auto_ack=details.auto_ack,
        max_message_retries=details.retry_details.max_message_retries if details.retry_details else None,
        dead_letter_topic=(details.retry_details.dead_letter_topic or None) if details.retry_details else None,
        sub_name=details.subscription_name or None,
        parallelism=details.parallelism,
        resources=Resources(details.resources.cpu, details.resources.ram, details.resources.disk),
        window_config=window,
        timeout_ms=details.timeout_ms or None,
        cleanup_subscription=details.cleanup_subscription,
        custom_runtime_options=details.custom_runtime_options or None,
        subscription_position=details.subscription_position,
    )


def _consumer_config(spec: ConsumerSpec) -> ConsumerConfig:
    return ConsumerConfig(
        schema_type=spec.schema_type or None,
        serde_class_name=spec.serde_class_name or None,
        schema_properties=dict(spec.schema_properties),
        receiver_queue_size=spec.receiver_queue_size,
        crypto_config=_crypto_config(spec.crypto_spec),
        pool_messages=spec.pool_messages,
        is_regex_pattern=spec.is_regex_pattern,
    )


def _crypto_config(spec: CryptoSpec | None) -> CryptoConfig | None:
    if spec is None:
        return None
    return CryptoConfig(
        crypto_key_reader_class_name=spec.crypto_key_reader_class_name,
        crypto_key_reader_config=gson_values(spec.crypto_key_reader_config) if spec.crypto_key_reader_config else None,
        encryption_keys=spec.producer_encryption_key_names,
        producer_crypto_failure_action=spec.producer_crypto_failure_action,
        consumer_crypto_failure_action=spec.consumer_crypto_failure_action,
    )


def _producer_config(spec: ProducerSpec) -> ProducerConfig:
    return ProducerConfig(
        max_pending_messages=spec.max_pending_messages or None,
        max_pending_messages_across_partitions=spec.max_pending_messages_across_partitions or None,
        use_thread_local_producers=spec.use_thread_local_producers,
        crypto_config=_crypto_config(spec.crypto_spec),
        batch_builder=spec.batch_builder,
        compression_type=spec.compression_type,
    )


def _guarantees(details: FunctionDetails, window: WindowConfig | None) -> ProcessingGuarantees:
    chosen = window.processing_guarantees if window else None
    return ProcessingGuarantees(chosen.value) if chosen else details.processing_guarantees
