"""The settings of a function as keyword arguments: the fields of :class:`FunctionConfig`, for editors and type checkers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypedDict

from pfemu.errors import ConfigError
from pfemu.model.configuration.choices import ProcessingGuarantees, Runtime, SubscriptionPosition
from pfemu.model.configuration.config_parts import ConsumerConfig, ProducerConfig, Resources, WindowConfig
from pfemu.model.configuration.config_reading import JsonValue
from pfemu.model.configuration.setting_types import check_setting
from pfemu.model.nearest_name import nearest_name


class FunctionSettings(TypedDict, total=False):
    """What ``pulsar-admin functions create`` takes, in snake case. Choices may be given by name, a single input as text, parts as maps."""

    runtime_flags: str
    tenant: str
    namespace: str
    name: str
    class_name: str
    inputs: Sequence[str] | str
    custom_serde_inputs: Mapping[str, str]
    topics_pattern: str
    custom_schema_inputs: Mapping[str, str]
    custom_schema_outputs: Mapping[str, str]
    input_specs: Mapping[str, ConsumerConfig | Mapping[str, JsonValue]]
    input_type_class_name: str
    output: str
    producer_config: ProducerConfig | Mapping[str, JsonValue]
    output_schema_type: str
    output_type_class_name: str
    output_serde_class_name: str
    log_topic: str
    processing_guarantees: ProcessingGuarantees | str
    retain_ordering: bool
    retain_key_ordering: bool
    batch_builder: str
    forward_source_message_property: bool
    user_config: Mapping[str, JsonValue]
    secrets: Mapping[str, JsonValue]
    runtime: Runtime | str
    auto_ack: bool
    max_message_retries: int
    dead_letter_topic: str
    sub_name: str
    parallelism: int
    resources: Resources | Mapping[str, JsonValue]
    fqfn: str
    window_config: WindowConfig | Mapping[str, JsonValue]
    timeout_ms: int
    jar: str
    py: str
    go: str
    function_type: str
    cleanup_subscription: bool
    custom_runtime_options: str
    max_pending_async_requests: int
    expose_pulsar_admin_client_enabled: bool
    skip_to_latest: bool
    subscription_position: SubscriptionPosition | str


_CHOICES: Mapping[str, type[StrEnum]] = {
    "processing_guarantees": ProcessingGuarantees,
    "runtime": Runtime,
    "subscription_position": SubscriptionPosition,
}


def as_fields(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as the fields of a configuration take them.

    Raises:
        ConfigError: a choice that Pulsar does not have, or a value of another type than the field's.
    """
    for name, value in settings.items():
        check_setting(name, value)
    fields: dict[str, Any] = {name: _choice(name, value) if name in _CHOICES else value for name, value in settings.items()}
    if isinstance(fields.get("inputs"), str):
        fields["inputs"] = [topic.strip() for topic in fields["inputs"].split(",")]
    return fields


def _choice(name: str, value: object) -> StrEnum | None:
    """Return a choice by its value or name, in any case.

    Differs: a cluster takes an unknown choice for none, without a word, so a misspelt guarantee becomes ATLEAST_ONCE; here it is refused.
    """
    choices = _CHOICES[name]
    if value is None or isinstance(value, choices):
        return value
    spellings = {spelling.upper(): choice for choice in choices for spelling in (choice.name, choice.value)}
    found = spellings.get(str(value).upper())
    if found is None:
        nearest = nearest_name(str(value).upper(), spellings)
        hint = "." if nearest is None else f"; did you mean {str(spellings[nearest])!r}?"
        raise ConfigError(f"{name} has no choice {value!r}{hint} The choices are: {', '.join(choices)}")
    return found
