"""What the worker stores, answers and refuses when functions are created and updated, recorded on Pulsar 4.0.8."""

import json

import pytest

from pfemu.errors import ConfigError, UnreadableConfigError
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.functions.function_conversion import convert
from pfemu.model.functions.function_read_back import convert_back
from pfemu.model.functions.function_registration import create, infer_missing, infer_name, update, validate_update
from tests.model.recorded_rows import rows

CREATES = rows("function_creates.jsonl")
UPDATES = rows("function_updates.jsonl")
IN, OUT = "persistent://public/ns/in", "persistent://public/ns/out"
NO_CHANGE = "Update contains no change"


def answer(attempt):
    """Return what is stored or refused, in the form of the recordings."""
    try:
        details = attempt()
    except UnreadableConfigError as error:
        return {"unreadable": error.original, "chain": error.chain}
    except ConfigError as error:
        return {"refused": str(error)}
    return {"get": convert_back(details), "userConfig": details.user_config}


def same(answered, recorded):
    if recorded.get("refused") == "null":
        return answered["refused"].endswith(" is null")  # the worker answers without words, which is marked as a difference
    if recorded.get("unreadable", "").startswith("Numeric value ("):
        return answered["unreadable"].partition(")")[2] == recorded["unreadable"].partition(")")[2]  # the number as JSON spelled it
    return json.dumps(answered) == json.dumps(recorded)


@pytest.mark.parametrize("row", CREATES, ids=range(len(CREATES)))
def test_creating_a_function_answers_as_the_worker_does(row):
    answered = answer(lambda: create(FunctionConfig.from_json(row["config"]), "public", "ns", "f"))
    assert same(answered, row["answer"]), answered


@pytest.mark.parametrize("row", UPDATES, ids=range(len(UPDATES)))
def test_updating_a_function_answers_as_the_worker_does(row):
    existing = create(FunctionConfig.from_json(row["existing"]), "public", "ns", "f")
    answered = answer(lambda: update(existing, FunctionConfig.from_json(row["config"])))
    assert same(answered, row["answer"]), answered


# One function, updated step by step: what each step answered over REST.
STEPS = [
    ({}, NO_CHANGE),
    ({"inputs": [IN]}, NO_CHANGE),
    ({"userConfig": {"a": 1}}, None),
    ({"inputs": ["persistent://public/ns/in2"]}, "Input Topics cannot be altered"),
    ({"inputs": [IN, "persistent://public/ns/in2"]}, "Input Topics cannot be altered"),
    ({"inputs": ["public/ns/in"]}, "Input Topics cannot be altered"),
    ({"inputSpecs": {IN: {"serdeClassName": "x.Y"}}}, NO_CHANGE),
    ({"inputSpecs": {IN: {"regexPattern": True}}}, f"isRegexPattern for input topic {IN} cannot be altered"),
    ({"inputSpecs": {IN: {"schemaType": "string"}}}, NO_CHANGE),
    ({"output": "persistent://public/ns/out2"}, None),
    ({"output": IN}, f"Output topic {IN} is also being used as an input topic (topics must be one or the other)"),
    ({"outputSerdeClassName": "serde.PickleSerDe"}, "Output Serde mismatch"),
    ({"outputSchemaType": "string"}, "Output Schema mismatch"),
    ({"processingGuarantees": "ATMOST_ONCE"}, "Processing Guarantees cannot be altered"),
    ({"retainOrdering": True}, "Retain Ordering cannot be altered"),
    ({"retainKeyOrdering": True}, "Retain Key Ordering cannot be altered"),
    ({"autoAck": False}, "AutoAck cannot be altered"),
    ({"subName": "other"}, "Subscription Name cannot be altered"),
    ({"runtime": "JAVA"}, "Runtime cannot be altered"),
    ({"tenant": "other"}, NO_CHANGE),
    ({"namespace": "other"}, NO_CHANGE),
    ({"name": "other"}, NO_CHANGE),
    ({"subscriptionPosition": "Earliest"}, NO_CHANGE),
    ({"className": "function.G"}, None),
    ({"className": "function.F"}, None),
    ({"parallelism": 0}, "Function parallelism must be a positive number"),
    ({"resources": {"cpu": 2.0}}, None),
    ({"logTopic": "persistent://public/ns/log2"}, None),
    ({"secrets": {"s": "v"}}, None),
    ({"timeoutMs": 20000}, None),
    ({"inputSpecs": {IN: {"receiverQueueSize": 5}}}, NO_CHANGE),
    ({"cleanupSubscription": False}, None),
    ({"runtimeFlags": "-O"}, None),
    ({"producerConfig": {"compressionType": "ZSTD"}}, None),
    ({"userConfig": {"b": 2}}, None),
    ({"userConfig": {}}, None),
    ({"maxMessageRetries": 3}, "Message retries not yet supported in python"),
    ({"forwardSourceMessageProperty": False}, NO_CHANGE),
    ({"inputSpecs": {IN: {"receiverQueueSize": 5}}, "userConfig": {"with": "queue"}}, None),
    ({"inputSpecs": {IN: {"serdeClassName": "x.Y"}}, "userConfig": {"with": "serde"}}, None),
    ({"parallelism": 1}, NO_CHANGE),
    ({"userConfig": {"with": "serde"}}, NO_CHANGE),
    ({"nope": 1}, NO_CHANGE),
    ({"parallelism": 1, "userConfig": {"z": 1}}, None),
]
AT_LAST = {
    "runtimeFlags": "-O",
    "tenant": "public",
    "namespace": "ns",
    "name": "f",
    "className": "function.F",
    "inputSpecs": {
        IN: {"serdeClassName": "x.Y", "schemaProperties": {}, "consumerProperties": {}, "poolMessages": False, "regexPattern": False}
    },
    "output": "persistent://public/ns/out2",
    "producerConfig": {"useThreadLocalProducers": False, "batchBuilder": "", "compressionType": "ZSTD"},
    "logTopic": "persistent://public/ns/log2",
    "processingGuarantees": "ATLEAST_ONCE",
    "retainOrdering": False,
    "retainKeyOrdering": False,
    "forwardSourceMessageProperty": True,
    "userConfig": {"z": 1.0},
    "secrets": {"s": "v"},
    "runtime": "PYTHON",
    "autoAck": True,
    "parallelism": 1,
    "resources": {"cpu": 2.0, "ram": 1073741824, "disk": 10737418240},
    "timeoutMs": 20000,
    "cleanupSubscription": False,
    "subscriptionPosition": "Latest",
}


def first():
    config = {"className": "function.F", "inputs": [IN], "output": OUT, "userConfig": {"a": 1}, "logTopic": "persistent://public/ns/log"}
    return create(FunctionConfig.from_json(config | {"py": "function.py"}), "public", "ns", "f")


def test_a_function_updated_step_by_step_answers_and_ends_as_recorded():
    details, answers = first(), []
    for config, _ in STEPS:
        try:
            details = update(details, FunctionConfig.from_json(config))
            answers.append(None)
        except ConfigError as error:
            answers.append(str(error))
    assert answers == [words for _, words in STEPS]
    assert json.dumps(convert_back(details)) == json.dumps(AT_LAST)


def test_the_same_code_again_counts_as_a_change():
    assert update(first(), FunctionConfig(), with_code=True).class_name == "function.F"
    assert update(first(), FunctionConfig(), with_auth_data=True).class_name == "function.F"


def test_what_get_shows_is_no_change_but_the_integer_that_it_was_is_one():
    details = create(FunctionConfig.from_json({"className": "f.F", "inputs": [IN], "py": "f.py", "userConfig": {"n": 5, "big": 2**53 + 1}}))
    shown = convert_back(details)["userConfig"]
    assert shown == {"n": 5.0, "big": float(2**53)}
    with pytest.raises(ConfigError, match=NO_CHANGE):
        update(details, FunctionConfig(user_config=shown))
    assert update(details, FunctionConfig(user_config={"n": 5})).user_config == '{"n":5}'


@pytest.mark.parametrize(
    ("before", "after"),
    [({"a": [1.0, {"b": None}]}, {"a": [1.0]}), ({"a": 0.0}, {"a": -0.0}), ({"a": 1.0}, {"a": True}), ({"a": {"b": 1.0}}, {"a": {"b": 1}})],
)
def test_values_of_another_type_or_sign_are_a_change(before, after):
    details = create(FunctionConfig(class_name="f.F", inputs=[IN], py="f.py", secrets=before))
    assert update(details, FunctionConfig(secrets=after)).secrets_map != details.secrets_map


def test_an_update_turns_forwarding_on_that_was_off():
    details = create(FunctionConfig(class_name="f.F", inputs=[IN], py="f.py", forward_source_message_property=False))
    assert not details.sink.forward_source_message_property
    assert update(details, FunctionConfig(parallelism=2)).sink.forward_source_message_property


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (FunctionConfig(tenant="x"), "Tenants differ"),
        (FunctionConfig(tenant="t", namespace="x"), "Namespaces differ"),
        (FunctionConfig(tenant="t", namespace="n", name="x"), "Function Names differ"),
    ],
)
def test_another_functions_configuration_is_no_update(new, words):
    with pytest.raises(ConfigError, match=words):
        validate_update(FunctionConfig(tenant="t", namespace="n", name="f"), new)


def test_the_same_lists_and_maps_are_no_change():
    secrets = {"a": [1.0, {"b": "c"}], "d": True}
    details = create(FunctionConfig(class_name="f.F", inputs=[IN], py="f.py", secrets=secrets))
    with pytest.raises(ConfigError, match=NO_CHANGE):
        update(details, FunctionConfig(secrets=secrets))


def test_an_input_given_as_null_is_refused_in_the_words_of_a_stumbling_worker():
    with pytest.raises(ConfigError, match=r'isRegexPattern\(\)" because "consumerConfig" is null'):
        update(first(), FunctionConfig(input_specs={IN: None}))


def test_a_configuration_keeps_its_own_names_where_no_path_gives_others():
    details = create(FunctionConfig(class_name="m.Echo", inputs=["in"], py="m.py", tenant="t"))
    assert (details.fqfn, details.class_name) == ("t/default/Echo", "m.Echo")


@pytest.mark.parametrize(("class_name", "name"), [("a.b.C", "C"), ("C", "C"), ("a.b.", "b"), ("...", "..."), ("", None), (None, None)])
def test_a_function_without_a_name_is_named_after_its_class(class_name, name):
    assert infer_name(class_name) == name


@pytest.mark.parametrize(
    ("config", "runtime"),
    [
        (FunctionConfig(py="f.py"), "PYTHON"),
        (FunctionConfig(go="f"), "GO"),
        (FunctionConfig(go="f", py="f.py"), "PYTHON"),
        (FunctionConfig(py="f.py", jar="f.jar"), "JAVA"),
        (FunctionConfig(), None),
    ],
)
def test_the_package_decides_the_language(config, runtime):
    assert infer_missing(config).runtime == runtime


def test_details_that_contradict_themselves_are_not_shown():
    details = create(
        FunctionConfig.from_json({"className": "f.F", "inputs": [IN], "py": "f.py", "processingGuarantees": "MANUAL", "autoAck": False})
    )
    assert convert_back(details)["autoAck"] is False
    with pytest.raises(ConfigError, match="autoAck must be equal to true"):
        convert(FunctionConfig.from_json({"inputs": [IN], "autoAck": False, "processingGuarantees": "ATMOST_ONCE"}))


def test_a_refusal_notes_what_was_written_but_not_known():
    with pytest.raises(ConfigError) as refused:
        create(FunctionConfig.from_json({"className": "f.F", "inptus": [IN], "py": "f.py"}))
    assert str(refused.value) == "No input topic(s) specified for the function"
    assert refused.value.__notes__ == ["inptus is no field that Pulsar knows, and is left out; did you mean `inputs`?"]
