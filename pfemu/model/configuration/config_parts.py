"""The nested parts of a function's configuration (``org.apache.pulsar.common.functions``); a field that is None was not given.

Their fields stand in the order in which the worker writes them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pfemu.model.configuration.choices import CompressionType, ConsumerCryptoFailureAction, ProducerCryptoFailureAction, WindowGuarantees
from pfemu.model.configuration.config_reading import JsonValue, read_double, read_flag, read_integer, read_long, read_plain_flag, read_text
from pfemu.model.configuration.config_structures import (
    Choice,
    map_setting,
    part,
    read_text_array,
    read_text_map,
    read_value,
    read_value_map,
    setting,
)
from pfemu.model.configuration.settling import settle

FUNCTIONS = "org.apache.pulsar.common.functions."
CLIENT = "org.apache.pulsar.client.api."

DEFAULT_CPU = 1.0
DEFAULT_RAM_BYTES = 1 << 30
DEFAULT_DISK_BYTES = 10 << 30

_producer_failure = Choice(ProducerCryptoFailureAction, CLIENT + "ProducerCryptoFailureAction")
_consumer_failure = Choice(ConsumerCryptoFailureAction, CLIENT + "ConsumerCryptoFailureAction")
_compression_type = Choice(CompressionType, CLIENT + "CompressionType")
_window_guarantees = Choice(WindowGuarantees, FUNCTIONS + "WindowConfig$ProcessingGuarantees")


@dataclass(frozen=True, slots=True)
class CryptoConfig:
    """End-to-end encryption of an input or of the output (``CryptoConfig.java``)."""

    crypto_key_reader_class_name: str | None = setting(read_text)
    crypto_key_reader_config: Mapping[str, JsonValue] | None = setting(read_value_map)
    encryption_keys: Sequence[str | None] | None = setting(read_text_array)
    producer_crypto_failure_action: ProducerCryptoFailureAction | None = setting(_producer_failure)
    consumer_crypto_failure_action: ConsumerCryptoFailureAction | None = setting(_consumer_failure)

    def __post_init__(self) -> None:
        settle(self)


_read_crypto_config = part(CryptoConfig, FUNCTIONS + "CryptoConfig")


@dataclass(frozen=True, slots=True)
class ConsumerConfig:
    """How one input is consumed (``ConsumerConfig.java``).

    The two maps are empty where nothing is written; None is a null that was written, with which the worker fails.
    """

    schema_type: str | None = setting(read_text)
    serde_class_name: str | None = setting(read_text)
    schema_properties: Mapping[str, str | None] | None = map_setting(read_text_map)
    consumer_properties: Mapping[str, str | None] | None = map_setting(read_text_map)
    receiver_queue_size: int | None = setting(read_integer)
    crypto_config: CryptoConfig | None = setting(_read_crypto_config)
    pool_messages: bool = setting(read_plain_flag, default=False)
    is_regex_pattern: bool = setting(read_plain_flag, default=False, name="regexPattern")

    def __post_init__(self) -> None:
        settle(self)

    @classmethod
    def of_schema_type(cls, text: str) -> "ConsumerConfig":
        """Return what a text in the place of a ConsumerConfig makes: the Java constructor of one argument leaves its maps null."""
        return cls(schema_type=text, schema_properties=None, consumer_properties=None)


@dataclass(frozen=True, slots=True)
class ProducerConfig:
    """How the output is produced (``ProducerConfig.java``).

    ``batching_config`` is a field of versions after 4.0, which leaves it out whatever it is; it is kept so that it can be named as ignored.
    """

    max_pending_messages: int | None = setting(read_integer)
    max_pending_messages_across_partitions: int | None = setting(read_integer)
    use_thread_local_producers: bool | None = setting(read_flag)
    crypto_config: CryptoConfig | None = setting(_read_crypto_config)
    batch_builder: str | None = setting(read_text)
    compression_type: CompressionType | None = setting(_compression_type)
    batching_config: JsonValue = setting(read_value)

    def __post_init__(self) -> None:
        settle(self)


@dataclass(frozen=True, slots=True)
class Resources:
    """What an instance is to get: cores, bytes, bytes (``Resources.java``). None is a null that was written; the default holds then."""

    cpu: float | None = setting(read_double, default=DEFAULT_CPU)
    ram: int | None = setting(read_long, default=DEFAULT_RAM_BYTES)
    disk: int | None = setting(read_long, default=DEFAULT_DISK_BYTES)


@dataclass(frozen=True, slots=True)
class WindowConfig:
    """Windows of messages, which only Java has (``WindowConfig.java``)."""

    window_length_count: int | None = setting(read_integer)
    window_length_duration_ms: int | None = setting(read_long)
    sliding_interval_count: int | None = setting(read_integer)
    sliding_interval_duration_ms: int | None = setting(read_long)
    late_data_topic: str | None = setting(read_text)
    max_lag_ms: int | None = setting(read_long)
    watermark_emit_interval_ms: int | None = setting(read_long)
    timestamp_extractor_class_name: str | None = setting(read_text)
    actual_window_function_class_name: str | None = setting(read_text)
    processing_guarantees: WindowGuarantees | None = setting(_window_guarantees)

    def __post_init__(self) -> None:
        settle(self)
