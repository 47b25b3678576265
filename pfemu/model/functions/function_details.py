"""What the worker makes of a configuration and hands to the instances of a function (``FunctionDetails`` of ``Function.proto``, 4.0).

Every default is resolved here, except the subscription's name: empty, the instance makes it of tenant, namespace and name. As in protobuf,
an empty text is a field that was not set.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pfemu.model.configuration.choices import (
    CompressionType,
    ConsumerCryptoFailureAction,
    ProcessingGuarantees,
    ProducerCryptoFailureAction,
    Runtime,
    SubscriptionPosition,
    SubscriptionType,
)
from pfemu.model.configuration.config_parts import DEFAULT_CPU, DEFAULT_DISK_BYTES, DEFAULT_RAM_BYTES


@dataclass(frozen=True, slots=True)
class CryptoSpec:
    """End-to-end encryption (``CryptoSpec``); ``crypto_key_reader_config`` is a JSON text."""

    crypto_key_reader_class_name: str = ""
    crypto_key_reader_config: str = ""
    producer_encryption_key_names: tuple[str, ...] = ()
    producer_crypto_failure_action: ProducerCryptoFailureAction = ProducerCryptoFailureAction.FAIL
    consumer_crypto_failure_action: ConsumerCryptoFailureAction = ConsumerCryptoFailureAction.FAIL


@dataclass(frozen=True, slots=True)
class ConsumerSpec:
    """How one input is consumed (``ConsumerSpec``). ``receiver_queue_size`` None: the client's default of 1000."""

    schema_type: str = ""
    serde_class_name: str = ""
    is_regex_pattern: bool = False
    receiver_queue_size: int | None = None
    schema_properties: Mapping[str, str] = field(default_factory=dict)
    consumer_properties: Mapping[str, str] = field(default_factory=dict)
    crypto_spec: CryptoSpec | None = None
    pool_messages: bool = False


@dataclass(frozen=True, slots=True)
class ProducerSpec:
    """How the output is produced (``ProducerSpec``); 0 pending messages: the client's default."""

    max_pending_messages: int = 0
    max_pending_messages_across_partitions: int = 0
    use_thread_local_producers: bool = False
    crypto_spec: CryptoSpec | None = None
    batch_builder: str = ""
    compression_type: CompressionType = CompressionType.LZ4


@dataclass(frozen=True, slots=True)
class SinkSpec:
    """Where the output goes (``SinkSpec``); ``producer_spec`` None: nothing was said about the producer."""

    topic: str = ""
    serde_class_name: str = ""
    type_class_name: str = ""
    schema_type: str = ""
    forward_source_message_property: bool = False
    schema_properties: Mapping[str, str] = field(default_factory=dict)
    consumer_properties: Mapping[str, str] = field(default_factory=dict)
    producer_spec: ProducerSpec | None = None


@dataclass(frozen=True, slots=True)
class ResourceSpec:
    """What an instance is to get: cores, bytes, bytes (``Resources``)."""

    cpu: float = DEFAULT_CPU
    ram: int = DEFAULT_RAM_BYTES
    disk: int = DEFAULT_DISK_BYTES


@dataclass(frozen=True, slots=True)
class RetryDetails:
    """How often a message is tried again, and where it goes then (``RetryDetails``). The worker refuses both for Python."""

    max_message_retries: int
    dead_letter_topic: str = ""


@dataclass(frozen=True, slots=True)
class FunctionDetails:
    """A function as its instances see it.

    ``input_specs`` go by the topics as they were configured (short names stay short), in the order of the configuration.
    ``user_config`` and ``secrets_map`` are JSON texts, empty where nothing was configured. Times are in milliseconds, 0 is not set.
    """

    tenant: str = ""
    namespace: str = ""
    name: str = ""
    class_name: str = ""
    log_topic: str = ""
    processing_guarantees: ProcessingGuarantees = ProcessingGuarantees.ATLEAST_ONCE
    user_config: str = ""
    secrets_map: str = field(default="", repr=False)
    runtime: Runtime = Runtime.JAVA
    auto_ack: bool = False
    parallelism: int = 0
    input_specs: Mapping[str, ConsumerSpec] = field(default_factory=dict)
    input_type_class_name: str = ""
    subscription_type: SubscriptionType = SubscriptionType.SHARED
    subscription_name: str = ""
    subscription_position: SubscriptionPosition = SubscriptionPosition.LATEST
    timeout_ms: int = 0
    negative_ack_redelivery_delay_ms: int = 0
    cleanup_subscription: bool = False
    skip_to_latest: bool = False
    sink: SinkSpec = field(default_factory=SinkSpec)
    resources: ResourceSpec = field(default_factory=ResourceSpec)
    retry_details: RetryDetails | None = None
    runtime_flags: str = ""
    custom_runtime_options: str = ""
    builtin: str = ""
    retain_ordering: bool = False
    retain_key_ordering: bool = False

    @property
    def fqfn(self) -> str:
        """The fully qualified name ``tenant/namespace/name``, which is also the subscription's name unless one is configured."""
        return f"{self.tenant}/{self.namespace}/{self.name}"
