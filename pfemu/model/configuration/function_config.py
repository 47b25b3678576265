"""A function's configuration as people and programs write it (``FunctionConfig.java``, 4.0): read from JSON and YAML, written as JSON.

``from_json`` is the worker's reading and ``from_yaml`` the one of ``pulsar-admin functions``; both let unknown fields pass, and unknown
names of a choice, and neither says so: :attr:`FunctionConfig.dropped` remembers them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pfemu.errors import ConfigError
from pfemu.model.configuration.choices import ProcessingGuarantees, Runtime, SubscriptionPosition
from pfemu.model.configuration.config_parts import CLIENT, FUNCTIONS, ConsumerConfig, CryptoConfig, ProducerConfig, Resources, WindowConfig
from pfemu.model.configuration.config_reading import (
    Dropped,
    JsonValue,
    Path,
    Place,
    Reading,
    Written,
    parse_json,
    read_flag,
    read_integer,
    read_long,
    read_text,
)
from pfemu.model.configuration.config_structures import (
    Choice,
    MapReader,
    Shape,
    part,
    part_json,
    read_text_map,
    read_texts,
    read_value_map,
    setting,
)
from pfemu.model.configuration.settling import settle

__all__ = [
    "ConsumerConfig",
    "CryptoConfig",
    "Dropped",
    "FunctionConfig",
    "ProducerConfig",
    "Resources",
    "WindowConfig",
]

NOT_PROVIDED = "Function config is not provided"

_CONFIG = FUNCTIONS + "FunctionConfig"
_read_consumer_config = part(ConsumerConfig, FUNCTIONS + "ConsumerConfig", of_text=ConsumerConfig.of_schema_type)
_read_input_specs = MapReader(_read_consumer_config, FUNCTIONS + "ConsumerConfig")
_read_producer_config = part(ProducerConfig, FUNCTIONS + "ProducerConfig")
_read_resources = part(Resources, FUNCTIONS + "Resources")
read_window_config = part(WindowConfig, FUNCTIONS + "WindowConfig")
_guarantees = Choice(ProcessingGuarantees, _CONFIG + "$ProcessingGuarantees")
_runtime = Choice(Runtime, _CONFIG + "$Runtime")
_position = Choice(SubscriptionPosition, CLIENT + "SubscriptionInitialPosition")


@dataclass(frozen=True, slots=True)
class FunctionConfig:
    """What ``pulsar-admin functions create`` and the worker's REST take. None: not given.

    JSON names are the fields' names in camel case. ``timeout_ms`` is in milliseconds, ``ram`` and ``disk`` are in bytes. From Python the
    names of choices may be texts, and nested parts maps.

    Raises:
        ConfigError: a name is not among those to choose from, a map has a field that the part has not, or ``inputs`` is a text.
    """

    runtime_flags: str | None = setting(read_text)
    tenant: str | None = setting(read_text)
    namespace: str | None = setting(read_text)
    name: str | None = setting(read_text)
    class_name: str | None = setting(read_text)
    inputs: Sequence[str | None] | None = setting(read_texts)
    custom_serde_inputs: Mapping[str, str | None] | None = setting(read_text_map)
    topics_pattern: str | None = setting(read_text)
    custom_schema_inputs: Mapping[str, str | None] | None = setting(read_text_map)
    custom_schema_outputs: Mapping[str, str | None] | None = setting(read_text_map)
    input_specs: Mapping[str, ConsumerConfig | None] | None = setting(_read_input_specs)
    input_type_class_name: str | None = setting(read_text)
    output: str | None = setting(read_text)
    producer_config: ProducerConfig | None = setting(_read_producer_config)
    output_schema_type: str | None = setting(read_text)
    output_type_class_name: str | None = setting(read_text)
    output_serde_class_name: str | None = setting(read_text)
    log_topic: str | None = setting(read_text)
    processing_guarantees: ProcessingGuarantees | None = setting(_guarantees)
    retain_ordering: bool | None = setting(read_flag)
    retain_key_ordering: bool | None = setting(read_flag)
    batch_builder: str | None = setting(read_text)
    forward_source_message_property: bool | None = setting(read_flag)
    user_config: Mapping[str, JsonValue] | None = setting(read_value_map)
    secrets: Mapping[str, JsonValue] | None = setting(read_value_map, secret=True)
    runtime: Runtime | None = setting(_runtime)
    auto_ack: bool | None = setting(read_flag)
    max_message_retries: int | None = setting(read_integer)
    dead_letter_topic: str | None = setting(read_text)
    sub_name: str | None = setting(read_text)
    parallelism: int | None = setting(read_integer)
    resources: Resources | None = setting(_read_resources)
    fqfn: str | None = setting(read_text)
    window_config: WindowConfig | None = setting(read_window_config)
    timeout_ms: int | None = setting(read_long)
    jar: str | None = setting(read_text)
    py: str | None = setting(read_text)
    go: str | None = setting(read_text)
    function_type: str | None = setting(read_text)
    cleanup_subscription: bool | None = setting(read_flag)
    custom_runtime_options: str | None = setting(read_text)
    max_pending_async_requests: int | None = setting(read_integer)
    expose_pulsar_admin_client_enabled: bool | None = setting(read_flag)
    skip_to_latest: bool | None = setting(read_flag)
    subscription_position: SubscriptionPosition | None = setting(_position)
    dropped: tuple[Dropped, ...] = field(default=(), compare=False, repr=False)
    """What was written but is not known to Pulsar 4.0, which leaves it out without a word."""

    def __post_init__(self) -> None:
        settle(self)
        if isinstance(self.inputs, str):
            raise ConfigError(f"inputs is a list of topics, not a text: [{self.inputs!r}]")

    @classmethod
    def from_json(cls, value: JsonValue, written: Mapping[Path, Written] | None = None) -> "FunctionConfig":
        """Read JSON as the worker does (Jackson). ``written``: how the values stand in the text they come from.

        Raises:
            ConfigError: nothing was given.
            UnreadableConfigError: a value has a form its field cannot take.
        """
        if value is None:
            raise ConfigError(NOT_PROVIDED)
        reading = Reading(written)
        given = _SHAPE.read(reading, Place(), value)
        return _make(**given, dropped=tuple(reading.dropped))

    @classmethod
    def from_json_text(cls, text: str) -> "FunctionConfig":
        """Read the ``functionConfig`` part of a REST call, in which nothing may follow the value.

        Raises:
            ConfigError: the text is empty or null.
            UnreadableConfigError: it is not JSON, or a value has a form its field cannot take.
        """
        if not text:
            raise ConfigError(NOT_PROVIDED)
        return cls.from_json(parse_json(text, alone=True))

    @classmethod
    def from_yaml(cls, text: str, file_name: str = "<text>") -> "FunctionConfig":
        """Read YAML as ``pulsar-admin functions --function-config-file`` does (``CmdUtils.loadConfig``).

        A custom resource of function-mesh (``kind: Function``) is recognised and put into Pulsar's fields.

        Raises:
            ConfigError: the text is no YAML, or a value has a form its field cannot take; the command's words, which name ``file_name``.
        """
        from pfemu.model.configuration.config_yaml import function_config_from_yaml  # reads with PyYAML, which few need

        return function_config_from_yaml(text, file_name)

    def to_json(self) -> dict[str, JsonValue]:
        """Return it as Jackson writes it: None is left out, also in maps, and numbers that JSON has not are texts."""
        return part_json(self)


_make: Callable[..., FunctionConfig] = FunctionConfig

_SHAPE = Shape.of(FunctionConfig, _CONFIG)


def consumer_config_from_json_text(text: str) -> ConsumerConfig | None:
    """Read the JSON text of a ConsumerConfig; None for null.

    Raises:
        UnreadableConfigError: it is not JSON, or a value has a form its field cannot take.
    """
    return _read_consumer_config(Reading(), Place(), parse_json(text))
