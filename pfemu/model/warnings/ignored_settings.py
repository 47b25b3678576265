"""Settings that a cluster takes without a word and that then do nothing, or stop the function later: what to tell a user beforehand.

Each row of :data:`ROWS` is for the Python runtime of Pulsar 4.0 and names the source that shows it. What a file or a REST call spells wrong
is added from :attr:`~pfemu.model.configuration.function_config.FunctionConfig.dropped`.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from operator import attrgetter

from pfemu.model.configuration.choices import ProcessingGuarantees, Runtime
from pfemu.model.configuration.config_reading import Dropped, JsonValue
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.java_text import is_blank
from pfemu.model.nearest_name import nearest_name
from pfemu.model.warnings.function_warning import FunctionWarning
from pfemu.model.warnings.setting_finders import (
    Find,
    custom_schemas,
    given,
    java_schemas,
    nulls,
    of_crypto,
    of_inputs,
    of_no_output,
    of_producer,
    other_packages,
    record_class_unused,
    unknown_batching,
    when,
    without_record_class,
)

MIN_ACK_TIMEOUT_MS = 10_000
_NEWER_FIELDS = {
    "batchingConfig": "producers have no batching of their own there",
    "logLevel": "every instance logs from INFO on",
    "messagePayloadProcessorConfig": "messages come as they are",
}


NEVER_IGNORED = frozenset(
    {
        *("runtime", "tenant", "namespace", "name", "class_name", "inputs", "topics_pattern", "output", "log_topic", "sub_name"),
        *("processing_guarantees", "parallelism", "py"),
    }
)
"""Fields of which, and of nothing else, most configurations consist: no row finds anything in such a one."""
_values_that_may_be_ignored = attrgetter(*({each.name for each in fields(FunctionConfig)} - NEVER_IGNORED - {"dropped"}))


@dataclass(frozen=True, slots=True)
class Row:
    """What to look for: ``find`` gives the names of what a configuration has of it; ``name`` stands for them in a table."""

    name: str
    text: str
    source: str
    find: Find
    strict: bool = True
    """False where it is only good to know."""


def ignored_by_command(in_file: FunctionConfig, flags: Collection[str]) -> list[FunctionWarning]:
    """Return what of a configuration file the command ``functions create`` makes something else of; ``flags``: those given beside it."""
    found = [(row, name) for flag, row in ROWS_OF_COMMAND.items() if flag not in flags for name in row.find(in_file)]
    return [FunctionWarning(name, row.text, row.source, row.strict) for row, name in found]


def ignored(config: FunctionConfig) -> list[FunctionWarning]:
    """Return what of a configuration a cluster takes without a word and then ignores or chokes on, in the order of the table.

    A configuration made of flags always has ``forwardSourceMessageProperty``: whoever shows this to people leaves it out where it was not
    asked for.
    """
    if config.runtime not in {None, Runtime.PYTHON}:
        return []
    dropped = left_out(config)
    if all(value is None for value in _values_that_may_be_ignored(config)):
        return dropped
    return dropped + [FunctionWarning(name, row.text, row.source, row.strict) for row in ROWS for name in row.find(config)]


def left_out(config: FunctionConfig) -> list[FunctionWarning]:
    """Return what is written that Pulsar does not know."""
    return [_dropped(each) for each in config.dropped]


def _dropped(dropped: Dropped) -> FunctionWarning:
    name = ".".join(map(str, dropped.path))
    key = str(dropped.path[-1])
    source = "ObjectMapperFactory.java: unknown fields and names of choices are let pass"
    if dropped.is_field and not dropped.choices:
        return FunctionWarning(name, "is of the cluster and has no effect here", "function-mesh, api/compute/v1alpha1")
    if dropped.is_field and key in _NEWER_FIELDS:
        return FunctionWarning(name, f"is a field that only newer versions than 4.0 know: {_NEWER_FIELDS[key]}", source)
    if dropped.is_field:
        return FunctionWarning(name, f"is no field that Pulsar knows, and is left out{_nearest(key, dropped.choices)}", source)
    names = ", ".join(dropped.choices)
    text = f"has the unknown value {dropped.value!r}, and the default holds: it is one of {names}{_nearest(dropped.value, dropped.choices)}"
    return FunctionWarning(name, text, source)


def _nearest(written: JsonValue, choices: tuple[str, ...]) -> str:
    if written == "isRegexPattern":
        return "; did you mean `regexPattern`, as files and REST spell it?"
    if written == "regexPattern":
        return "; did you mean `isRegexPattern`, as the flag spells it?"
    spelled = {choice.lower(): choice for choice in choices}
    nearest = nearest_name(str(written).lower(), spelled)
    return "" if nearest is None else f"; did you mean `{spelled[nearest]}`?"


_INSTANCE = "python_instance.py"
_CONVERT = "FunctionConfigUtils.convert"

ROWS: tuple[Row, ...] = (
    Row(
        "timeoutMs",
        "below 10000 is taken, but then the client refuses the acknowledgement timeout and the process dies and restarts for ever",
        "pulsar-client: Unacknowledged message timeout should be greater than 10 seconds",
        when("timeoutMs", lambda config: config.timeout_ms is not None and 0 < config.timeout_ms < MIN_ACK_TIMEOUT_MS),
    ),
    Row(
        "timeoutMs",
        "stops no function that takes longer: its messages, and those that wait behind it, are delivered again and processed twice; "
        "the delay after a failure stays 60 s",
        f"{_INSTANCE}: only unacked_messages_timeout_ms is set",
        when("timeoutMs", lambda config: config.timeout_ms is not None and config.timeout_ms >= MIN_ACK_TIMEOUT_MS),
    ),
    Row(
        "autoAck",
        "is not looked at with MANUAL: nothing is acknowledged but by context.ack",
        f"{_INSTANCE}, process_result",
        when("autoAck", lambda config: config.auto_ack and config.processing_guarantees is ProcessingGuarantees.MANUAL),
    ),
    Row(
        "maxMessageRetries",
        "below 0 is the same as not given: a failing message comes back for ever",
        _CONVERT,
        when("maxMessageRetries", lambda config: config.max_message_retries is not None and config.max_message_retries < 0),
    ),
    Row(
        "forwardSourceMessageProperty",
        "forwards nothing in Python: an output carries no properties but __pfn_input_topic__ and __pfn_input_msg_id__",
        f"{_INSTANCE}, process_result",
        given("forward_source_message_property"),
    ),
    Row("skipToLatest", "is never read: a subscription goes on where it was", _INSTANCE, given("skip_to_latest")),
    Row(
        "maxPendingAsyncRequests",
        "is for Java's asynchronous functions: in Python messages are processed one at a time",
        "FunctionConfigUtils.convert leaves it out",
        given("max_pending_async_requests"),
    ),
    Row(
        "exposePulsarAdminClientEnabled",
        "is for Java: Python's context has no admin client",
        "contextimpl.py",
        given("expose_pulsar_admin_client_enabled"),
    ),
    Row(
        "resources",
        "is for Kubernetes: a function in a process of its own gets what the machine has",
        "ProcessRuntime.java; KubernetesRuntime.java reads it",
        given("resources"),
    ),
    Row(
        "customRuntimeOptions",
        "is for Kubernetes, where a manifest customizer reads it",
        "KubernetesRuntimeFactory.java",
        when("customRuntimeOptions", lambda config: config.custom_runtime_options),
    ),
    Row("fqfn", "is never read from a file or a REST call: only the flag --fqfn is", "CmdFunctions.java", given("fqfn")),
    Row("go", "is not looked at beside `py`", "FunctionConfigUtils.inferMissingArguments", other_packages),
    Row(
        "inputSpecs.*.consumerProperties",
        "are not given to the consumer",
        f"{_INSTANCE}: consumer_args",
        of_inputs("consumerProperties", lambda spec: spec.consumer_properties),
    ),
    Row(
        "inputSpecs.*.poolMessages",
        "is for Java's client",
        f"{_INSTANCE}: consumer_args",
        of_inputs("poolMessages", lambda spec: spec.pool_messages),
    ),
    Row(
        "inputSpecs.*.serdeClassName",
        "is not used beside `schemaType`: the schema wins",
        _CONVERT,
        of_inputs("serdeClassName", lambda spec: not is_blank(spec.schema_type) and not is_blank(spec.serde_class_name)),
    ),
    Row(
        "customSchemaInputs.*",
        "keeps of its text only schemaType, schemaProperties and consumerProperties: use `inputSpecs` for the rest",
        _CONVERT,
        custom_schemas,
    ),
    Row(
        "schemaType",
        "is one of Java's types, and Python takes it for the path of a class: with an input's the instance does not start, with the "
        "output's each message fails (it has string, json, avro)",
        f"{_INSTANCE}, get_schema",
        java_schemas,
    ),
    Row(
        "schemaType",
        "needs the class of the record, in inputTypeClassName or outputTypeClassName: without it the schema cannot be made",
        f"{_INSTANCE}, get_schema",
        without_record_class,
    ),
    Row(
        "outputSchemaType",
        "json writes over several lines, with indentation: Python's JsonSchema prints for people, unlike Java's",
        "pulsar-client: JsonSchema.encode",
        when("outputSchemaType", lambda config: (config.output_schema_type or "").lower() == "json" and config.output),
        strict=False,
    ),
    Row(
        "inputTypeClassName, outputTypeClassName",
        "is used only by a json, avro or custom schema of that side",
        f"{_INSTANCE}, get_schema",
        record_class_unused,
    ),
    Row(
        "outputSerdeClassName",
        "is not used beside `outputSchemaType`: the schema writes the output",
        f"{_INSTANCE}, process_result",
        when(
            "outputSerdeClassName",
            lambda config: not is_blank(config.output_serde_class_name) and not is_blank(config.output_schema_type),
        ),
    ),
    Row("output...", "has no effect without `output`: nothing is written", f"{_INSTANCE}, process_result", of_no_output),
    Row(
        "customSchemaOutputs.*",
        "is looked up by the text of `output`, and has no entry of that name",
        _CONVERT,
        when("customSchemaOutputs", lambda config: config.custom_schema_outputs and config.output not in config.custom_schema_outputs),
    ),
    Row(
        "producerConfig.maxPendingMessages",
        "is not given to the producer",
        f"{_INSTANCE}, setup_producer",
        of_producer("maxPendingMessages", lambda producer: producer.max_pending_messages),
    ),
    Row(
        "producerConfig.maxPendingMessagesAcrossPartitions",
        "is not given to the producer",
        f"{_INSTANCE}, setup_producer",
        of_producer("maxPendingMessagesAcrossPartitions", lambda producer: producer.max_pending_messages_across_partitions),
    ),
    Row(
        "producerConfig.useThreadLocalProducers",
        "is for Java: Python has one thread and one producer",
        f"{_INSTANCE}, setup_producer",
        of_producer("useThreadLocalProducers", lambda producer: producer.use_thread_local_producers),
    ),
    Row(
        "producerConfig.batchingConfig",
        "is a field that only newer versions than 4.0 know: batching is on, with 10 ms",
        "ProducerConfig.java of 4.0",
        of_producer("batchingConfig", lambda producer: producer.batching_config is not None),
    ),
    Row(
        "batchBuilder",
        "has an unknown value, and messages are batched as by default: it is DEFAULT or KEY_BASED",
        f"{_INSTANCE}, setup_producer",
        unknown_batching,
    ),
    Row(
        "cryptoConfig.encryptionKeys",
        "has several keys, and only the first is used",
        f"{_INSTANCE}, setup_producer",
        of_crypto("encryptionKeys", lambda crypto: len(crypto.encryption_keys or ()) > 1),
    ),
    Row(
        "cryptoConfig.producerCryptoFailureAction",
        "is not given to the producer: what cannot be encrypted fails",
        f"{_INSTANCE}, setup_producer",
        of_crypto("producerCryptoFailureAction", lambda crypto: crypto.producer_crypto_failure_action),
    ),
    Row(
        "cryptoConfig.consumerCryptoFailureAction",
        "is not given to the consumer: what cannot be decrypted is not delivered",
        f"{_INSTANCE}: consumer_args",
        of_crypto("consumerCryptoFailureAction", lambda crypto: crypto.consumer_crypto_failure_action),
    ),
    Row("userConfig.*", "is null, and a function does not see it at all", "Gson leaves nulls out", nulls("user_config", "userConfig")),
    Row("secrets.*", "is null, and a function does not see it at all", "Gson leaves nulls out", nulls("secrets", "secrets")),
)

NO_CLASS_NAME = Row(
    "className",
    "is not in the file, and is found in the code here; a cluster refuses that: No Function Classname specified",
    "CmdFunctions.validateFunctionConfigs; over REST: Function classname cannot be null",
    when("className", lambda config: is_blank(config.class_name)),
)
ROWS_OF_COMMAND: dict[str, Row] = {
    "classname": NO_CLASS_NAME,
    "schema-type": Row(
        "outputSchemaType",
        "of a file is erased by the command functions create, which writes its --schema-type over it, given or not: the output has no"
        " schema. Give --schema-type; over REST the file's holds",
        "CmdFunctions.mergeArgs",
        when("outputSchemaType", lambda config: not is_blank(config.output_schema_type)),
    ),
}
"""By the flag of the command that settles it: what it makes of a configuration file."""
