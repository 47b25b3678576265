"""What the worker refuses, in its words and in its order (``FunctionConfigUtils.doCommonChecks``, ``doPythonChecks``, ``doGolangChecks``).

A configuration with two faults gets the answer to the first. The class named in it is never looked at: a wrong one fails when it starts.

Differs: no class is looked for in a Java archive, so a function that would run in Java is refused as one whose class is missing there.
"""

from collections.abc import Iterator
from enum import Enum

from pfemu.errors import ConfigError
from pfemu.model.configuration.choices import ProcessingGuarantees, Runtime
from pfemu.model.configuration.config_parts import ConsumerConfig, CryptoConfig, Resources, WindowConfig
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.functions.function_conversion import convert, raise_null_call
from pfemu.model.java_text import is_blank
from pfemu.model.topic_name import java_topic_name_problem

NO_RUNTIME = "Function language runtime is either not set or cannot be determined"
_BUILTIN = "builtin://"
_END_OF_ARCHIVE = b"PK\x05\x06"
_LONGEST_END = 22 + 0xFFFF
_PACKAGE_TYPES = ("function", "sink", "source")


class PackageKind(Enum):
    """What came along with a configuration to a worker, as far as it matters to Java."""

    MISSING = "none"
    ARCHIVE = "an archive, or an empty file, which passes for one"
    OTHER = "anything else"

    @classmethod
    def of(cls, content: bytes | None) -> "PackageKind":
        """Return the kind of a file."""
        if content is None:
            return cls.MISSING
        return cls.ARCHIVE if not content or _END_OF_ARCHIVE in content[-_LONGEST_END:] else cls.OTHER


def problem(config: FunctionConfig) -> str | None:
    """Return the worker's first refusal of a configuration with its tenant, namespace, name and runtime filled in; None if it takes it."""
    try:
        validate(config)
        convert(config)
    except ConfigError as error:
        return str(error)
    return None


def validate(config: FunctionConfig, package: PackageKind | None = None) -> None:
    """Check a configuration as ``validateNonJavaFunction`` does, and for a worker, which gets a ``package``, one for Java as well.

    Raises:
        ConfigError: the first refusal, in the worker's words.
    """
    for refusal in _refusals(config, package):
        raise ConfigError(refusal)


def _refusals(config: FunctionConfig, package: PackageKind | None) -> Iterator[str]:
    for_java = config.runtime is Runtime.JAVA and package is not None
    if for_java:
        yield from _java_package_refusals(config, package)
    yield from _common_refusals(config)
    if for_java:
        yield from _java_refusals(config)
    elif config.runtime is Runtime.GO:
        yield from _go_refusals(config)
    elif config.runtime is Runtime.PYTHON:
        yield from _python_refusals(config)
    else:
        yield NO_RUNTIME


def _common_refusals(config: FunctionConfig) -> Iterator[str]:
    yield from _name_refusals(config)
    yield from _topic_refusals(config)
    if config.window_config is not None:
        if config.auto_ack:
            yield "Cannot enable auto ack when using windowing functionality"
        yield from _window_refusals(config.window_config)
    if config.resources is not None:
        yield from _resource_refusals(config.resources)
    yield from _guarantee_refusals(config)
    yield from _package_refusals(config)
    for consumer_config in (config.input_specs or {}).values():
        yield from _consumer_refusals(consumer_config)
    if config.producer_config is not None and config.producer_config.crypto_config is not None:
        yield from _producer_crypto_refusals(config.producer_config.crypto_config)


def _name_refusals(config: FunctionConfig) -> Iterator[str]:
    if not config.tenant:
        yield "Function tenant cannot be null"
    if not config.namespace:
        yield "Function namespace cannot be null"
    if not config.name:
        yield "Function name cannot be null"
    if config.runtime is Runtime.PYTHON and not config.class_name:
        yield "Function classname cannot be null"


def all_inputs(config: FunctionConfig) -> list[str | None]:
    """Return the topics of all kinds of input, some of them twice (``collectAllInputTopics``)."""
    topics: list[str | None] = list(config.inputs or ())
    if config.topics_pattern is not None:
        topics.append(config.topics_pattern)
    for named in (config.custom_serde_inputs, config.custom_schema_inputs, config.input_specs):
        topics += list(named or ())
    return topics


def _topic_refusals(config: FunctionConfig) -> Iterator[str]:
    inputs = all_inputs(config)
    if not inputs:
        yield "No input topic(s) specified for the function"
    for topic in inputs:
        if topic is None or not _is_valid(topic):
            yield f"Input topic {'null' if topic is None else topic} is invalid"
    for kind, named in (("Output", config.output), ("LogTopic", config.log_topic), ("DeadLetter", config.dead_letter_topic)):
        if named and not _is_valid(named):
            yield f"{kind} topic {named} is invalid"
    if config.parallelism is not None and config.parallelism <= 0:
        yield "Function parallelism must be a positive number"
    if config.output is not None and config.output in inputs:
        yield f"Output topic {config.output} is also being used as an input topic (topics must be one or the other)"


def _is_valid(topic: str) -> bool:
    return java_topic_name_problem(topic) is None


def _window_refusals(window: WindowConfig) -> Iterator[str]:
    """``WindowConfigUtils.validate``: reached also by a Python function, which is refused for having windows only later."""
    count, duration_ms = window.window_length_count, window.window_length_duration_ms
    if duration_ms is None and count is None:
        yield "Window length is not specified"
    if duration_ms is not None and count is not None:
        yield "Window length for time and count are set! Please set one or the other."
    yield from _not_positive("Window length", count, duration_ms)
    yield from _not_positive("Sliding interval", window.sliding_interval_count, window.sliding_interval_duration_ms)
    if window.timestamp_extractor_class_name is not None:
        if window.max_lag_ms is not None and window.max_lag_ms < 0:
            yield f"Lag duration must be positive [{window.max_lag_ms}]"
        yield from _not_positive("Watermark interval", window.watermark_emit_interval_ms)


def _not_positive(what: str, *numbers: int | None) -> Iterator[str]:
    return (f"{what} must be positive [{number}]" for number in numbers if number is not None and number <= 0)


def _resource_refusals(resources: Resources) -> Iterator[str]:
    for name, amount in (("cpu", resources.cpu), ("ram", resources.ram), ("disk", resources.disk)):
        if amount is not None and not amount > 0:
            yield f"The {name} allocation for the function must be positive"


def _guarantee_refusals(config: FunctionConfig) -> Iterator[str]:
    effectively_once = config.processing_guarantees is ProcessingGuarantees.EFFECTIVELY_ONCE
    has_retries = config.max_message_retries is not None and config.max_message_retries >= 0
    if config.timeout_ms is not None:
        if config.timeout_ms <= 0:
            yield "Function timeout must be a positive number"
        if config.processing_guarantees not in {None, ProcessingGuarantees.ATLEAST_ONCE}:
            yield "Message timeout can only be specified with processing guarantee is ATLEAST_ONCE"
    if has_retries and effectively_once:
        yield "MaxMessageRetries and Effectively once don't gel well"
    if not has_retries and config.dead_letter_topic:
        yield "Dead Letter Topic specified, however max retries is set to infinity"
    if config.retain_key_ordering and effectively_once:
        yield "When effectively once processing guarantee is specified, retain Key ordering cannot be set"
    if config.retain_key_ordering and config.retain_ordering:
        yield "Only one of retain ordering or retain key ordering can be set"


def is_package_url(package: str | None) -> bool:
    """Tell whether a package is named by an address the worker can fetch (``Utils.isFunctionPackageUrlSupported``)."""
    if package is None or is_blank(package):
        return False
    return package.startswith(("http", "file")) or (package.startswith(_PACKAGE_TYPES) and "://" in package)


def _package_refusals(config: FunctionConfig) -> Iterator[str]:
    """Only a ``builtin://`` address is looked for, as a file of that name, which there never is."""
    for kind, package in (("python", config.py), ("go", config.go)):
        if package and package.startswith(_BUILTIN):
            if ".." in package:
                yield f"Invalid filename: {package}"
            yield f"The supplied {kind} file does not exist"


def _consumer_refusals(consumer_config: ConsumerConfig | None) -> Iterator[str]:
    if consumer_config is None:
        raise_null_call("org.apache.pulsar.common.functions.ConsumerConfig.getReceiverQueueSize()", "conf")
    if consumer_config.receiver_queue_size is not None and consumer_config.receiver_queue_size < 0:
        yield "Receiver queue size should be >= zero"
    if consumer_config.crypto_config is not None and is_blank(consumer_config.crypto_config.crypto_key_reader_class_name):
        yield "CryptoKeyReader class name required"


def _producer_crypto_refusals(crypto: CryptoConfig) -> Iterator[str]:
    if is_blank(crypto.crypto_key_reader_class_name):
        yield "CryptoKeyReader class name required"
    if not crypto.encryption_keys:
        yield "Must provide encryption key name for crypto key reader"


def _java_package_refusals(config: FunctionConfig, package: PackageKind | None) -> Iterator[str]:
    """``FunctionsImpl.validateUpdateRequestParams``: the archive is opened before the configuration is looked at."""
    if config.jar and config.jar.startswith(_BUILTIN):
        yield f"No Function {config.jar.removeprefix(_BUILTIN)} found"
    if package is PackageKind.MISSING:
        yield "Function package is not provided"
    if package is PackageKind.OTHER:
        yield "java.util.zip.ZipException: zip END header not found"


def _java_refusals(config: FunctionConfig) -> Iterator[str]:
    if not config.class_name:
        yield "Function class name is not provided."
    yield f"Function class {config.class_name} must be in class path"


def _python_refusals(config: FunctionConfig) -> Iterator[str]:
    if config.processing_guarantees is ProcessingGuarantees.EFFECTIVELY_ONCE:
        yield "Effectively-once processing guarantees not yet supported in Python"
    if config.window_config is not None:
        yield "There is currently no support windowing in python"
    if config.max_message_retries is not None and config.max_message_retries >= 0:
        yield "Message retries not yet supported in python"


def _go_refusals(config: FunctionConfig) -> Iterator[str]:
    if config.processing_guarantees is ProcessingGuarantees.EFFECTIVELY_ONCE:
        yield "Effectively-once processing guarantees not yet supported in Go function"
    if config.window_config is not None:
        yield "Windowing is not supported in Go function yet"
    if config.max_message_retries is not None and config.max_message_retries >= 0:
        yield "Message retries not yet supported in Go function"
    if config.retain_key_ordering:
        yield "Retain Key Orderering not yet supported in Go function"
