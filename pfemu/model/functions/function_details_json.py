"""``FunctionDetails`` as protobuf's JSON (``JsonFormat``): what has its default is left out, 64-bit numbers are texts.

The proto's own defaults count, not those of a configuration: an enum's first value, an empty text, zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from pfemu.model.configuration.choices import CompressionType, ProcessingGuarantees, Runtime, SubscriptionPosition, SubscriptionType
from pfemu.model.functions.function_details import ConsumerSpec, CryptoSpec, FunctionDetails, ProducerSpec, ResourceSpec, SinkSpec

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json]"


def details_json(details: FunctionDetails) -> dict[str, Json]:
    """Return the JSON that ``/admin/v2/functions`` shows."""
    retries = details.retry_details
    return _given(
        tenant=details.tenant,
        namespace=details.namespace,
        name=details.name,
        className=details.class_name,
        logTopic=details.log_topic,
        processingGuarantees=_enum(details.processing_guarantees, ProcessingGuarantees.ATLEAST_ONCE),
        userConfig=details.user_config,
        secretsMap=details.secrets_map,
        runtime=_enum(details.runtime, Runtime.JAVA),
        autoAck=details.auto_ack,
        parallelism=details.parallelism,
        source=_source(details),
        sink=_sink(details.sink),
        resources=_resources(details.resources),
        retryDetails=None
        if retries is None
        else _given(maxMessageRetries=retries.max_message_retries, deadLetterTopic=retries.dead_letter_topic),
        runtimeFlags=details.runtime_flags,
        componentType="FUNCTION",
        customRuntimeOptions=details.custom_runtime_options,
        builtin=details.builtin,
        retainOrdering=details.retain_ordering,
        retainKeyOrdering=details.retain_key_ordering,
    )


def _given(**fields: object) -> dict[str, Json]:
    """Keep what is not a default; an empty message is kept, None is none."""
    return {name: value for name, value in fields.items() if isinstance(value, dict) or value}  # type: ignore[misc] # the callers give JSON


def _enum(value: ProcessingGuarantees | Runtime | CompressionType | SubscriptionPosition | SubscriptionType, default: object) -> str:
    return "" if value is default else value.name


def _source(details: FunctionDetails) -> dict[str, Json]:
    return _given(
        subscriptionType=_enum(details.subscription_type, SubscriptionType.SHARED),
        typeClassName=details.input_type_class_name,
        timeoutMs=_long(details.timeout_ms),
        subscriptionName=details.subscription_name,
        inputSpecs={topic: _consumer_spec(spec) for topic, spec in details.input_specs.items()},
        cleanupSubscription=details.cleanup_subscription,
        subscriptionPosition=_enum(details.subscription_position, SubscriptionPosition.LATEST),
        negativeAckRedeliveryDelayMs=_long(details.negative_ack_redelivery_delay_ms),
        skipToLatest=details.skip_to_latest,
    )


def _consumer_spec(spec: ConsumerSpec) -> dict[str, Json]:
    return _given(
        schemaType=spec.schema_type,
        serdeClassName=spec.serde_class_name,
        isRegexPattern=spec.is_regex_pattern,
        receiverQueueSize=None if spec.receiver_queue_size is None else _given(value=spec.receiver_queue_size),
        schemaProperties=_text_map(spec.schema_properties),
        consumerProperties=_text_map(spec.consumer_properties),
        cryptoSpec=_crypto_spec(spec.crypto_spec),
        poolMessages=spec.pool_messages,
    )


def _sink(sink: SinkSpec) -> dict[str, Json]:
    return _given(
        topic=sink.topic,
        producerSpec=_producer_spec(sink.producer_spec),
        serDeClassName=sink.serde_class_name,
        typeClassName=sink.type_class_name,
        schemaType=sink.schema_type,
        forwardSourceMessageProperty=sink.forward_source_message_property,
        schemaProperties=_text_map(sink.schema_properties),
        consumerProperties=_text_map(sink.consumer_properties),
    )


def _producer_spec(spec: ProducerSpec | None) -> dict[str, Json] | None:
    if spec is None:
        return None
    return _given(
        maxPendingMessages=spec.max_pending_messages,
        maxPendingMessagesAcrossPartitions=spec.max_pending_messages_across_partitions,
        useThreadLocalProducers=spec.use_thread_local_producers,
        cryptoSpec=_crypto_spec(spec.crypto_spec),
        batchBuilder=spec.batch_builder,
        compressionType=_enum(spec.compression_type, CompressionType.LZ4),
    )


def _crypto_spec(spec: CryptoSpec | None) -> dict[str, Json] | None:
    if spec is None:
        return None
    return _given(
        cryptoKeyReaderClassName=spec.crypto_key_reader_class_name,
        cryptoKeyReaderConfig=spec.crypto_key_reader_config,
        producerEncryptionKeyName=list(spec.producer_encryption_key_names),
        producerCryptoFailureAction=spec.producer_crypto_failure_action.name if spec.producer_crypto_failure_action else "",
        consumerCryptoFailureAction=spec.consumer_crypto_failure_action.name if spec.consumer_crypto_failure_action else "",
    )


def _resources(resources: ResourceSpec) -> dict[str, Json]:
    return _given(cpu=resources.cpu, ram=_long(resources.ram), disk=_long(resources.disk))


def _long(number: int) -> str:
    return str(number) if number else ""


def _text_map(texts: Mapping[str, str]) -> dict[str, Json] | None:
    return dict(texts) or None
