"""A configuration is refused in the worker's words, the first fault first."""

import pytest

from pfemu.errors import ConfigError, UnreadableConfigError
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.functions.function_registration import create
from pfemu.model.functions.function_validation import is_package_url, problem, validate

IN = "persistent://public/ns/in"
NO_WORDS = None  # the worker takes it
MISSING = object()
CONTRADICTORY = (
    "When Guarantees == ATMOST_ONCE, autoAck must be equal to true. This is a contradictory configuration, autoAck will be removed"
    " later. Please refer to PIP: https://github.com/apache/pulsar/issues/15560"
)

# What creating a function over REST answered on Pulsar 4.0.8; every row is laid over CONFIG, MISSING takes a field away.
CONFIG = {"className": "function.F", "inputs": [IN], "runtime": "PYTHON", "py": "function.py"}
RECORDED = {
    "no tenant": ({"tenant": MISSING}, NO_WORDS),
    "no class": ({"className": MISSING}, "Function classname cannot be null"),
    "empty class": ({"className": ""}, "Function classname cannot be null"),
    "no inputs": ({"inputs": MISSING}, "No input topic(s) specified for the function"),
    "empty inputs": ({"inputs": []}, "No input topic(s) specified for the function"),
    "no runtime, but py": ({"runtime": MISSING}, NO_WORDS),
    "no runtime, no py": ({"runtime": MISSING, "py": MISSING}, "Function language runtime is either not set or cannot be determined"),
    "runtime without py": ({"py": MISSING}, NO_WORDS),
    "runtime GO with py": ({"runtime": "GO"}, NO_WORDS),
    "runtime JAVA with py": ({"runtime": "JAVA"}, NO_WORDS),
    "unknown runtime": ({"runtime": "RUBY"}, NO_WORDS),
    "lower-case runtime": ({"runtime": "python"}, NO_WORDS),
    "input a/b": ({"inputs": ["a/b"]}, "Input topic a/b is invalid"),
    "input persistent://": ({"inputs": ["persistent://"]}, "Input topic persistent:// is invalid"),
    "input without a topic": ({"inputs": ["persistent://public/ns"]}, "Input topic persistent://public/ns is invalid"),
    "input of another scheme": ({"inputs": ["http://public/ns/x"]}, "Input topic http://public/ns/x is invalid"),
    "empty input": ({"inputs": [""]}, "Input topic  is invalid"),
    "blank input": ({"inputs": [" "]}, "Input topic   is invalid"),
    "input of four parts": ({"inputs": ["public/ns/x/y"]}, "Input topic public/ns/x/y is invalid"),
    "input with a blank": ({"inputs": ["persistent://public/ns/a b"]}, NO_WORDS),
    "input with an umlaut": ({"inputs": ["persistent://public/ns/ü"]}, NO_WORDS),
    "input with leading slashes": ({"inputs": ["//x"]}, NO_WORDS),
    "output a/b": ({"output": "a/b"}, "Output topic a/b is invalid"),
    "blank output": ({"output": " "}, "Output topic   is invalid"),
    "log topic a/b": ({"logTopic": "a/b"}, "LogTopic topic a/b is invalid"),
    "dead letter a/b": ({"deadLetterTopic": "a/b", "maxMessageRetries": 1}, "DeadLetter topic a/b is invalid"),
    "output is an input": (
        {"output": IN},
        f"Output topic {IN} is also being used as an input topic (topics must be one or the other)",
    ),
    "output is a short input": (
        {"inputs": ["x"], "output": "x"},
        "Output topic x is also being used as an input topic (topics must be one or the other)",
    ),
    "the same input twice": ({"inputs": [IN, IN]}, NO_WORDS),
    "pattern a/b": ({"inputs": MISSING, "topicsPattern": "a/b"}, "Input topic a/b is invalid"),
    "a pattern that is no expression": ({"topicsPattern": "("}, NO_WORDS),
    "parallelism 0": ({"parallelism": 0}, "Function parallelism must be a positive number"),
    "parallelism -1": ({"parallelism": -1}, "Function parallelism must be a positive number"),
    "parallelism 1.5": ({"parallelism": 1.5}, NO_WORDS),
    "cpu 0": ({"resources": {"cpu": 0}}, "The cpu allocation for the function must be positive"),
    "ram 0": ({"resources": {"ram": 0}}, "The ram allocation for the function must be positive"),
    "disk -1": ({"resources": {"disk": -1}}, "The disk allocation for the function must be positive"),
    "unknown guarantee": ({"processingGuarantees": "ONCE"}, NO_WORDS),
    "lower-case guarantee": ({"processingGuarantees": "atleast_once"}, NO_WORDS),
    "effectively once": (
        {"processingGuarantees": "EFFECTIVELY_ONCE"},
        "Effectively-once processing guarantees not yet supported in Python",
    ),
    "effectively once with key order": (
        {"processingGuarantees": "EFFECTIVELY_ONCE", "retainKeyOrdering": True},
        "When effectively once processing guarantee is specified, retain Key ordering cannot be set",
    ),
    "effectively once with retries": (
        {"processingGuarantees": "EFFECTIVELY_ONCE", "maxMessageRetries": 1},
        "MaxMessageRetries and Effectively once don't gel well",
    ),
    "at most once without acknowledging": (
        {"processingGuarantees": "ATMOST_ONCE", "autoAck": False},
        CONTRADICTORY,
    ),
    "both orders": ({"retainOrdering": True, "retainKeyOrdering": True}, "Only one of retain ordering or retain key ordering can be set"),
    "timeout 0": ({"timeoutMs": 0}, "Function timeout must be a positive number"),
    "timeout -1": ({"timeoutMs": -1}, "Function timeout must be a positive number"),
    "timeout at most once": (
        {"timeoutMs": 1000, "processingGuarantees": "ATMOST_ONCE"},
        "Message timeout can only be specified with processing guarantee is ATLEAST_ONCE",
    ),
    "timeout with manual": (
        {"timeoutMs": 1000, "processingGuarantees": "MANUAL"},
        "Message timeout can only be specified with processing guarantee is ATLEAST_ONCE",
    ),
    "timeout below what the client takes": ({"timeoutMs": 5000}, NO_WORDS),
    "retries": ({"maxMessageRetries": 2}, "Message retries not yet supported in python"),
    "dead letters without retries": (
        {"deadLetterTopic": "persistent://public/ns/dlq"},
        "Dead Letter Topic specified, however max retries is set to infinity",
    ),
    "window": ({"windowConfig": {"windowLengthCount": 1}}, "There is currently no support windowing in python"),
    "window with acknowledging": (
        {"windowConfig": {"windowLengthCount": 1}, "autoAck": True},
        "There is currently no support windowing in python",
    ),
    "window of time and count": (
        {"windowConfig": {"windowLengthCount": 1, "windowLengthDurationMs": 1}},
        "Window length for time and count are set! Please set one or the other.",
    ),
    "effectively once in Go": (
        {"py": MISSING, "go": "f", "processingGuarantees": "EFFECTIVELY_ONCE"},
        "Effectively-once processing guarantees not yet supported in Go function",
    ),
    "window in Go": (
        {"py": MISSING, "go": "f", "windowConfig": {"windowLengthCount": 1}},
        "Windowing is not supported in Go function yet",
    ),
    "retries in Go": ({"py": MISSING, "go": "f", "maxMessageRetries": 1}, "Message retries not yet supported in Go function"),
    "key order in Go": ({"py": MISSING, "go": "f", "retainKeyOrdering": True}, "Retain Key Orderering not yet supported in Go function"),
    "queue size -1": ({"inputSpecs": {IN: {"receiverQueueSize": -1}}}, "Receiver queue size should be >= zero"),
    "unknown field": ({"nope": 1}, NO_WORDS),
    "unknown field of an input": ({"inputSpecs": {IN: {"nope": 1}}}, NO_WORDS),
    "unknown position": ({"subscriptionPosition": "Middle"}, NO_WORDS),
    "custom schema that is not JSON": ({"customSchemaInputs": {IN: "{"}}, f"Incorrect custom schema inputs,Topic {IN} "),
    "unknown batch builder": ({"batchBuilder": "X"}, NO_WORDS),
    "unknown compression": ({"producerConfig": {"compressionType": "X"}}, NO_WORDS),
}
UNREADABLE = {
    "parallelism": "two",
    "userConfig": [1],
    "inputs": "x",
    "autoAck": "maybe",
}


def of(changes):
    return FunctionConfig.from_json({name: value for name, value in (CONFIG | changes).items() if value is not MISSING})


@pytest.mark.parametrize(("changes", "words"), [row for row in RECORDED.values() if row[1]], ids=[n for n, r in RECORDED.items() if r[1]])
def test_what_the_worker_refuses_is_refused_in_its_words(changes, words):
    with pytest.raises(ConfigError) as refused:
        create(of(changes), "public", "ns", "f")
    assert str(refused.value) == words


@pytest.mark.parametrize("changes", [row[0] for row in RECORDED.values() if not row[1]], ids=[n for n, r in RECORDED.items() if not r[1]])
def test_what_the_worker_takes_is_taken(changes):
    assert create(of(changes), "public", "ns", "f").fqfn == "public/ns/f"


@pytest.mark.parametrize(("name", "value"), UNREADABLE.items())
def test_a_value_of_the_wrong_form_is_refused_before_anything_is_looked_at(name, value):
    with pytest.raises(UnreadableConfigError):
        of({name: value, "parallelism": value if name == "parallelism" else 0})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"className": "", "inputs": []}, "Function classname cannot be null"),
        ({"inputs": ["a/b"], "output": "c/d"}, "Input topic a/b is invalid"),
        ({"output": "c/d", "logTopic": "e/f"}, "Output topic c/d is invalid"),
        ({"logTopic": "e/f", "parallelism": 0}, "LogTopic topic e/f is invalid"),
        ({"parallelism": 0, "output": IN}, "Function parallelism must be a positive number"),
        ({"resources": {"cpu": 0, "ram": 0}, "timeoutMs": 0}, "The cpu allocation for the function must be positive"),
        ({"timeoutMs": 0, "maxMessageRetries": 1}, "Function timeout must be a positive number"),
        (
            {"retainOrdering": True, "retainKeyOrdering": True, "py": "builtin://x"},
            "Only one of retain ordering or retain key ordering can be set",
        ),
        ({"py": "builtin://x", "inputSpecs": {IN: {"receiverQueueSize": -1}}}, "The supplied python file does not exist"),
        ({"inputSpecs": {IN: {"receiverQueueSize": -1}}, "maxMessageRetries": 1}, "Receiver queue size should be >= zero"),
        ({"maxMessageRetries": 1, "customSchemaInputs": {IN: "{"}}, "Message retries not yet supported in python"),
        (
            {"customSchemaInputs": {IN: "{"}, "processingGuarantees": "ATMOST_ONCE", "autoAck": False},
            f"Incorrect custom schema inputs,Topic {IN} ",
        ),
    ],
)
def test_of_two_faults_the_worker_names_the_first(changes, words):
    with pytest.raises(ConfigError) as refused:
        create(of(changes), "public", "ns", "f")
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (FunctionConfig(), "Function tenant cannot be null"),
        (FunctionConfig(tenant="t"), "Function namespace cannot be null"),
        (FunctionConfig(tenant="t", namespace="n"), "Function name cannot be null"),
        (
            FunctionConfig(tenant="t", namespace="n", name="f", inputs=["a"]),
            "Function language runtime is either not set or cannot be determined",
        ),
    ],
)
def test_a_configuration_that_nobody_completed_is_refused_for_its_name_first(config, words):
    with pytest.raises(ConfigError, match=words):
        validate(config)
    assert problem(config) == words


def test_a_window_that_is_to_acknowledge_by_itself_is_refused():
    config = FunctionConfig.from_json(CONFIG | {"tenant": "t", "namespace": "n", "name": "f", "windowConfig": {}, "autoAck": True})
    assert problem(config) == "Cannot enable auto ack when using windowing functionality"


def test_a_sound_configuration_has_no_problem():
    assert problem(FunctionConfig.from_json(CONFIG | {"tenant": "t", "namespace": "n", "name": "f"})) is None


def test_a_problem_is_also_one_that_only_converting_finds():
    config = FunctionConfig.from_json(CONFIG | {"tenant": "t", "namespace": "n", "name": "f", "customSchemaInputs": {"a": "x"}})
    assert problem(config) == "Incorrect custom schema inputs,Topic a "


@pytest.mark.parametrize(
    ("package", "is_url"),
    [
        ("http://host/f.py", True),
        ("https://host/f.py", True),
        ("file:///f.py", True),
        ("function://public/default/f@1", True),
        ("function.py", False),
        ("functions/f.py", False),
        ("builtin://f", False),
        ("", False),
        (" ", False),
        (None, False),
    ],
)
def test_an_address_of_a_package_is_told_from_a_path(package, is_url):
    assert is_package_url(package) is is_url
