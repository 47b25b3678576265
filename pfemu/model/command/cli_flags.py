"""The flags of ``pulsar-admin functions create`` and ``update``, and the field each writes (``CmdFunctions.FunctionDetailsCommand``)."""

from enum import StrEnum

from pfemu.model.configuration.choices import ProcessingGuarantees, SubscriptionPosition
from pfemu.model.configuration.config_reading import INT_BITS, LONG_BITS
from pfemu.model.gson.gson_config import Read, read_input_specs, read_producer_config, read_text_map, read_value_map

DEPRECATED = {
    "className": "classname",
    "topicsPattern": "topics-pattern",
    "logTopic": "log-topic",
    "customSerdeInputs": "custom-serde-inputs",
    "outputSerdeClassName": "output-serde-classname",
    "functionConfigFile": "function-config-file",
    "processingGuarantees": "processing-guarantees",
    "userConfig": "user-config",
    "retainOrdering": "retain-ordering",
    "windowLengthCount": "window-length-count",
    "windowLengthDurationMs": "window-length-duration-ms",
    "slidingIntervalCount": "sliding-interval-count",
    "slidingIntervalDurationMs": "sliding-interval-duration-ms",
    "autoAck": "auto-ack",
    "timeoutMs": "timeout-ms",
}
"""Hidden spellings; the newer one wins where both are given, unless it is blank."""
SHORT = {"i": "inputs", "o": "output", "st": "schema-type", "t": "function-type"}

TEXT = {
    "tenant": "tenant",
    "namespace": "namespace",
    "name": "name",
    "input-type-class-name": "input_type_class_name",
    "topics-pattern": "topics_pattern",
    "output": "output",
    "output-type-class-name": "output_type_class_name",
    "log-topic": "log_topic",
    "classname": "class_name",
    "output-serde-classname": "output_serde_class_name",
    "schema-type": "output_schema_type",
    "custom-runtime-options": "custom_runtime_options",
    "dead-letter-topic": "dead_letter_topic",
    "jar": "jar",
    "py": "py",
    "go": "go",
    "runtime-flags": "runtime_flags",
}
TEXT_UNLESS_BLANK = {"batch-builder": "batch_builder", "subs-name": "sub_name"}
TRUTH = {
    "cleanup-subscription": "cleanup_subscription",
    "retain-ordering": "retain_ordering",
    "retain-key-ordering": "retain_key_ordering",
    "forward-source-message-property": "forward_source_message_property",
    "skip-to-latest": "skip_to_latest",
    "auto-ack": "auto_ack",
}
INTEGER = {"parallelism": "parallelism", "max-message-retries": "max_message_retries"}
LONG = {"timeout-ms": "timeout_ms"}
JSON: dict[str, tuple[str, Read[object]]] = {
    "custom-serde-inputs": ("custom_serde_inputs", read_text_map),
    "custom-schema-inputs": ("custom_schema_inputs", read_text_map),
    "custom-schema-outputs": ("custom_schema_outputs", read_text_map),
    "input-specs": ("input_specs", read_input_specs),
    "producer-config": ("producer_config", read_producer_config),
    "user-config": ("user_config", read_value_map),
    "secrets": ("secrets", read_value_map),
}
EMPTY_IS_A_MAP = {"user-config", "secrets"}
WINDOW = {
    "window-length-count": ("window_length_count", INT_BITS),
    "window-length-duration-ms": ("window_length_duration_ms", LONG_BITS),
    "sliding-interval-count": ("sliding_interval_count", INT_BITS),
    "sliding-interval-duration-ms": ("sliding_interval_duration_ms", LONG_BITS),
}
RESOURCES = {"ram": "ram", "disk": "disk"}
CHOICES: dict[str, tuple[str, type[StrEnum]]] = {
    "processing-guarantees": ("processing_guarantees", ProcessingGuarantees),
    "subs-position": ("subscription_position", SubscriptionPosition),
}
OTHERS = {"fqfn", "function-type", "function-config-file", "inputs", "cpu", "update-auth-data"}
KNOWN = (
    TEXT.keys()
    | TEXT_UNLESS_BLANK.keys()
    | TRUTH.keys()
    | INTEGER.keys()
    | LONG.keys()
    | JSON.keys()
    | WINDOW.keys()
    | RESOURCES.keys()
    | CHOICES.keys()
    | OTHERS
)  # fmt: skip - one sum, one look
