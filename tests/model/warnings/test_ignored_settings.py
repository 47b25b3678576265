"""Each setting that a cluster takes and then ignores is named once, with what happens instead and what shows it."""

from dataclasses import replace

import pytest

from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.warnings.ignored_settings import NEVER_IGNORED, ROWS, ignored

BASE = {"className": "f.F", "inputs": ["in"], "output": "out", "py": "f.py", "runtime": "PYTHON"}
FOUND = [
    ({"timeoutMs": 5000}, "timeoutMs", "restarts for ever"),
    ({"timeoutMs": 20000}, "timeoutMs", "processed twice"),
    ({"autoAck": True, "processingGuarantees": "MANUAL"}, "autoAck", "context.ack"),
    ({"maxMessageRetries": -1}, "maxMessageRetries", "comes back for ever"),
    ({"forwardSourceMessageProperty": True}, "forwardSourceMessageProperty", "__pfn_input_topic__"),
    ({"skipToLatest": True}, "skipToLatest", "never read"),
    ({"maxPendingAsyncRequests": 5}, "maxPendingAsyncRequests", "one at a time"),
    ({"exposePulsarAdminClientEnabled": True}, "exposePulsarAdminClientEnabled", "no admin client"),
    ({"resources": {"cpu": 2}}, "resources", "Kubernetes"),
    ({"customRuntimeOptions": "{}"}, "customRuntimeOptions", "Kubernetes"),
    ({"fqfn": "a/b/c"}, "fqfn", "--fqfn"),
    ({"go": "f"}, "go", "beside `py`"),
    ({"inputSpecs": {"in": {"consumerProperties": {"a": "b"}}}}, "inputSpecs.in.consumerProperties", "not given"),
    ({"inputSpecs": {"in": {"poolMessages": True}}}, "inputSpecs.in.poolMessages", "Java"),
    ({"inputSpecs": {"in": {"schemaType": "string", "serdeClassName": "x.Y"}}}, "inputSpecs.in.serdeClassName", "schema wins"),
    ({"customSchemaInputs": {"in": '{"schemaType": "string", "receiverQueueSize": 5}'}}, "customSchemaInputs.in", "inputSpecs"),
    ({"inputSpecs": {"in": {"schemaType": "INT32"}}}, "inputSpecs.in.schemaType", "does not start"),
    ({"outputSchemaType": "bytes"}, "outputSchemaType", "does not start"),
    ({"outputSchemaType": "JSON"}, "outputSchemaType", "class of the record"),
    ({"inputSpecs": {"in": {"schemaType": "avro"}}}, "inputSpecs.in.schemaType", "class of the record"),
    ({"outputSchemaType": "json", "outputTypeClassName": "f.Record"}, "outputSchemaType", "over several lines"),
    ({"inputTypeClassName": "f.Record"}, "inputTypeClassName", "custom schema"),
    ({"outputTypeClassName": "f.Record", "outputSchemaType": "string"}, "outputTypeClassName", "custom schema"),
    ({"outputSchemaType": "string", "outputSerdeClassName": "x.Y"}, "outputSerdeClassName", "schema writes"),
    ({"output": "", "outputSerdeClassName": "x.Y"}, "outputSerdeClassName", "nothing is written"),
    ({"output": None, "producerConfig": {}}, "producerConfig", "nothing is written"),
    ({"customSchemaOutputs": {"other": "{}"}}, "customSchemaOutputs", "no entry of that name"),
    ({"producerConfig": {"maxPendingMessages": 5}}, "producerConfig.maxPendingMessages", "not given"),
    ({"producerConfig": {"maxPendingMessagesAcrossPartitions": 5}}, "producerConfig.maxPendingMessagesAcrossPartitions", "not given"),
    ({"producerConfig": {"useThreadLocalProducers": True}}, "producerConfig.useThreadLocalProducers", "one producer"),
    ({"producerConfig": {"batchingConfig": {"enabled": False}}}, "producerConfig.batchingConfig", "10 ms"),
    ({"batchBuilder": "key_based"}, "batchBuilder", "DEFAULT or KEY_BASED"),
    ({"producerConfig": {"batchBuilder": "X"}}, "producerConfig.batchBuilder", "DEFAULT or KEY_BASED"),
    ({"producerConfig": {"cryptoConfig": {"encryptionKeys": ["a", "b"]}}}, "producerConfig.cryptoConfig.encryptionKeys", "only the first"),
    (
        {"producerConfig": {"cryptoConfig": {"producerCryptoFailureAction": "SEND"}}},
        "producerConfig.cryptoConfig.producerCryptoFailureAction",
        "fails",
    ),
    (
        {"inputSpecs": {"in": {"cryptoConfig": {"consumerCryptoFailureAction": "CONSUME"}}}},
        "inputSpecs.in.cryptoConfig.consumerCryptoFailureAction",
        "not delivered",
    ),
    ({"userConfig": {"a": None, "b": 1}}, "userConfig.a", "does not see it"),
    ({"secrets": {"a": None}}, "secrets.a", "does not see it"),
    ({"processingGuarantees": "atmost_once"}, "processingGuarantees", "did you mean `ATMOST_ONCE`?"),
    ({"subscriptionPosition": "Middle"}, "subscriptionPosition", "it is one of Latest, Earliest"),
    ({"procesingGuarantees": "MANUAL"}, "procesingGuarantees", "did you mean `processingGuarantees`?"),
    ({"nope": 1}, "nope", "left out"),
    ({"inputSpecs": {"in": {"isRegexPattern": True}}}, "inputSpecs.in.isRegexPattern", "did you mean `regexPattern`"),
    ({"inputSpecs": {"in": {"messagePayloadProcessorConfig": {}}}}, "inputSpecs.in.messagePayloadProcessorConfig", "newer versions"),
    ({"logLevel": "DEBUG"}, "logLevel", "newer versions"),
]
NOT_FOUND = [
    {},
    {"timeoutMs": None, "autoAck": True, "maxMessageRetries": None},
    {"autoAck": False, "processingGuarantees": "MANUAL"},
    {"forwardSourceMessageProperty": False, "skipToLatest": False, "customRuntimeOptions": ""},
    {"inputSpecs": {"in": {"schemaType": "string", "receiverQueueSize": 0}, "b": None}},
    {"inputSpecs": {"in": {"schemaType": "my.Schema"}}, "inputTypeClassName": "f.Record"},
    {"inputSpecs": {"in": {"schemaType": "json"}}, "inputTypeClassName": "f.Record"},
    {"customSchemaInputs": {"in": '{"schemaType": "my.Schema"}', "b": "{", "c": "null"}, "inputTypeClassName": "f.Record"},
    {"outputSchemaType": "avro", "outputTypeClassName": "f.Record", "customSchemaOutputs": {"out": "{}"}},
    {"producerConfig": {"batchBuilder": "KEY_BASED", "compressionType": "NONE", "cryptoConfig": {"encryptionKeys": ["a"]}}},
    {"output": "", "outputSchemaType": ""},
    {"runtime": "GO", "skipToLatest": True},
]


def of(changes):
    return FunctionConfig.from_json(BASE | changes)


@pytest.mark.parametrize(("changes", "name", "words"), FOUND)
def test_a_setting_without_effect_is_named(changes, name, words):
    found = [each for each in ignored(of(changes)) if each.about == name and words in each.text]
    assert len(found) == 1
    assert found[0].source


@pytest.mark.parametrize("changes", NOT_FOUND)
def test_a_setting_that_counts_is_not_named(changes):
    assert ignored(of(changes)) == []


def test_every_row_is_found_by_one_of_these_configurations():
    texts = {each.text for changes, _, _ in FOUND for each in ignored(of(changes))}
    assert {row.text for row in ROWS} <= texts


def test_the_flags_spelling_of_a_regex_is_said_of_the_flag():
    from pfemu.model.command.cli_config import config_of_flags

    flags = {"classname": "f.F", "py": "/f.py", "inputs": "in", "input-specs": '{"in": {"regexPattern": true}}'}
    found = ignored(config_of_flags(flags, exists=lambda _: True))
    assert [each.text for each in found if each.about.startswith("input-specs")] == [
        "is no field that Pulsar knows, and is left out; did you mean `isRegexPattern`, as the flag spells it?"
    ]


def test_no_row_finds_anything_in_a_configuration_of_fields_that_are_never_ignored():
    config = FunctionConfig(
        runtime="PYTHON",
        tenant="public",
        namespace="default",
        name="f",
        class_name="f.F",
        inputs=["in"],
        topics_pattern="in-.*",
        output="out",
        log_topic="log",
        sub_name="mine",
        processing_guarantees="MANUAL",
        parallelism=2,
        py="f.py",
    )
    assert {name for name in NEVER_IGNORED if getattr(config, name) is None} == set()
    for left_out in (None, *NEVER_IGNORED):
        partly = config if left_out is None else replace(config, **{left_out: None})
        assert [row for row in ROWS if list(row.find(partly))] == [], left_out
