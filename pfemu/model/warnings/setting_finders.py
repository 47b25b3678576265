"""Where in a configuration a setting stands that does nothing, or stops the function later: what the rows of ``ignored_settings`` look for.

A finder is a function from a configuration to the names of what it found, spelled as configurations spell them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from pfemu.errors import ConfigError
from pfemu.model.configuration.config_parts import ConsumerConfig, CryptoConfig, ProducerConfig
from pfemu.model.configuration.config_reading import JsonValue
from pfemu.model.configuration.function_config import FunctionConfig, consumer_config_from_json_text
from pfemu.model.java_text import camel_case, is_blank

Find: TypeAlias = Callable[[FunctionConfig], Iterable[str]]

_SCHEMAS_OF_RECORDS = {"json", "avro"}
_SCHEMAS_OF_JAVA_ONLY = {
    *("auto", "auto_consume", "auto_publish", "boolean", "bytes", "date", "double", "float", "instant", "int8", "int16", "int32", "int64"),
    *("key_value", "local_date", "local_date_time", "local_time", "none", "protobuf", "protobuf_native", "time", "timestamp"),
}
_BATCH_BUILDERS = {None, "", "DEFAULT", "KEY_BASED"}


def given(*fields: str) -> Find:
    """Find fields that say something: their own names, in camel case."""

    def find(config: FunctionConfig) -> Iterator[str]:
        for field in fields:
            if getattr(config, field) not in (None, False):
                yield camel_case(field)

    return find


def when(name: str, applies: Callable[[FunctionConfig], object]) -> Find:
    """Find one field where something is true of the configuration."""
    return lambda config: [name] if applies(config) else []


def of_inputs(suffix: str, applies: Callable[[ConsumerConfig], object]) -> Find:
    """Find a field of the inputs of which something is true."""

    def find(config: FunctionConfig) -> Iterator[str]:
        for topic, consumer_config in (config.input_specs or {}).items():
            if consumer_config is not None and applies(consumer_config):
                yield f"inputSpecs.{topic}.{suffix}"

    return find


def of_producer(suffix: str, applies: Callable[[ProducerConfig], object]) -> Find:
    """Find a field of the producer of which something is true."""
    return lambda config: [f"producerConfig.{suffix}"] if config.producer_config is not None and applies(config.producer_config) else []


def of_crypto(suffix: str, applies: Callable[[CryptoConfig], object]) -> Find:
    """Find a field of the encryption of inputs and of the output."""

    def has_it(part: ConsumerConfig | ProducerConfig) -> bool:
        return part.crypto_config is not None and bool(applies(part.crypto_config))

    def find(config: FunctionConfig) -> Iterator[str]:
        yield from of_inputs(f"cryptoConfig.{suffix}", has_it)(config)
        yield from of_producer(f"cryptoConfig.{suffix}", has_it)(config)

    return find


def custom_schemas(config: FunctionConfig) -> Iterator[str]:
    """Of the ConsumerConfig in a text of ``customSchemaInputs`` the worker keeps the schema type and two maps."""
    for topic, text in (config.custom_schema_inputs or {}).items():
        try:
            written = consumer_config_from_json_text(text or "null")
        except ConfigError:
            continue  # refused when it is created, which says more
        if written is not None and written != _kept(written):
            yield f"customSchemaInputs.{topic}"


def _kept(written: ConsumerConfig) -> ConsumerConfig:
    return ConsumerConfig(
        schema_type=written.schema_type,
        schema_properties=written.schema_properties,
        consumer_properties=written.consumer_properties,
    )


def nulls(field: str, name: str) -> Find:
    """Find the nulls in a map."""

    def find(config: FunctionConfig) -> Iterable[str]:
        entries: Mapping[str, JsonValue] = getattr(config, field) or {}
        return [f"{name}.{key}" for key, value in entries.items() if value is None]

    return find


def _input_schemas(config: FunctionConfig) -> Iterator[tuple[str, str]]:
    for topic, consumer_config in (config.input_specs or {}).items():
        if consumer_config is not None and not is_blank(consumer_config.schema_type):
            yield f"inputSpecs.{topic}.schemaType", (consumer_config.schema_type or "").lower()


def _schemas(config: FunctionConfig) -> Iterator[tuple[str, str]]:
    yield from _input_schemas(config)
    if not is_blank(config.output_schema_type):
        yield "outputSchemaType", (config.output_schema_type or "").lower()


def without_record_class(config: FunctionConfig) -> Iterator[str]:
    """Find schemas of records for which no class is given."""
    for name, schema in _schemas(config):
        record_class = config.output_type_class_name if name == "outputSchemaType" else config.input_type_class_name
        if schema in _SCHEMAS_OF_RECORDS and not record_class:
            yield name


def record_class_unused(config: FunctionConfig) -> Iterator[str]:
    """Find classes of records for which no schema asks."""
    inputs = [schema for _, schema in _input_schemas(config) if schema != "string"]
    if config.input_type_class_name and not inputs and not config.custom_schema_inputs:
        yield "inputTypeClassName"
    output = (config.output_schema_type or "").strip().lower()
    if config.output_type_class_name and output in {"", "string"}:
        yield "outputTypeClassName"


def unknown_batching(config: FunctionConfig) -> Iterator[str]:
    """Find names of batch builders that nobody knows."""
    if config.batch_builder not in _BATCH_BUILDERS:
        yield "batchBuilder"
    if config.producer_config is not None and config.producer_config.batch_builder not in _BATCH_BUILDERS:
        yield "producerConfig.batchBuilder"


def of_no_output(config: FunctionConfig) -> Iterable[str]:
    """Find what is said about an output that there is none of."""
    settings = ("output_schema_type", "output_serde_class_name", "producer_config", "batch_builder", "custom_schema_outputs")
    return [] if config.output else given(*(each for each in settings if getattr(config, each) != ""))(config)


def other_packages(config: FunctionConfig) -> Iterator[str]:
    """Find a package beside the one that is used."""
    if config.py is not None and config.go is not None:
        yield "go"


def java_schemas(config: FunctionConfig) -> Iterable[str]:
    """Find types of schemas that only Java has."""
    return [name for name, schema in _schemas(config) if schema in _SCHEMAS_OF_JAVA_ONLY]
