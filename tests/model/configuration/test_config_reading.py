"""Values of a configuration are taken, bent and refused as Jackson does it in the worker."""

import json
import math

import pytest

from pfemu.errors import ConfigError, PfemuError, UnreadableConfigError
from pfemu.model.configuration.config_parts import ConsumerConfig, CryptoConfig, ProducerConfig, Resources, WindowConfig
from pfemu.model.configuration.function_config import FunctionConfig, consumer_config_from_json_text

WINDOW = WindowConfig(window_length_count=5, processing_guarantees="ATMOST_ONCE")
OF_TYPE = "Cannot deserialize value of type"
CONFIG = "org.apache.pulsar.common.functions.FunctionConfig"


def read(**values):
    return FunctionConfig.from_json(values)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {"parallelism": "two"},
            f'{OF_TYPE} `java.lang.Integer` from String "two": not a valid `java.lang.Integer` value',
        ),
        ({"parallelism": True}, f"{OF_TYPE} `java.lang.Integer` from Boolean value (token `JsonToken.VALUE_TRUE`)"),
        ({"parallelism": 2**31}, "Numeric value (2147483648) out of range of int (-2147483648 - 2147483647)"),
        (
            {"parallelism": "99999999999"},
            (
                f'{OF_TYPE} `java.lang.Integer` from String "99999999999": Overflow: numeric value (99999999999) out of range'
                " of `java.lang.Integer` (-2147483648 -2147483647)"
            ),
        ),
        ({"timeoutMs": 2**63}, "Numeric value (9223372036854775808) out of range of long (-9223372036854775808 - 9223372036854775807)"),
        (
            {"timeoutMs": "9" * 30},
            f'{OF_TYPE} `java.lang.Long` from String "{"9" * 30}": not a valid `java.lang.Long` value',
        ),
        (
            {"resources": {"cpu": " NaN "}},
            f'{OF_TYPE} `java.lang.Double` from String "NaN": not a valid `Double` value',
        ),
        (
            {"resources": {"cpu": [1]}},
            f"{OF_TYPE} `java.lang.Double` from Array value (token `JsonToken.START_ARRAY`)",
        ),
        ({"autoAck": "yes"}, f'{OF_TYPE} `java.lang.Boolean` from String "yes": only "true" or "false" recognized'),
        (
            {"autoAck": 1.0},
            f"{OF_TYPE} `java.lang.Boolean` from Floating-point value (token `JsonToken.VALUE_NUMBER_FLOAT`)",
        ),
        (
            {"inputSpecs": {"a": {"poolMessages": "x"}}},
            f'{OF_TYPE} `boolean` from String "x": only "true"/"True"/"TRUE" or "false"/"False"/"FALSE" recognized',
        ),
        ({"className": {}}, f"{OF_TYPE} `java.lang.String` from Object value (token `JsonToken.START_OBJECT`)"),
        (
            {"inputs": "x"},
            (
                "Cannot construct instance of `java.util.ArrayList` (although at least one Creator exists): no String-argument"
                " constructor/factory method to deserialize from String value ('x')"
            ),
        ),
        (
            {"inputs": " "},
            (
                'Cannot coerce empty String ("") to element of `java.util.ArrayList`'
                " (but could if coercion was enabled using `CoercionConfig`)"
            ),
        ),
        (
            {"inputs": 5},
            f"{OF_TYPE} `java.util.ArrayList<java.lang.String>` from Integer value (token `JsonToken.VALUE_NUMBER_INT`)",
        ),
        (
            {"producerConfig": 2**70},
            (
                f"Cannot construct instance of `{CONFIG.replace('FunctionConfig', 'ProducerConfig')}` (although at least one Creator"
                f" exists): no BigInteger-argument constructor/factory method to deserialize from Number value ({2**70})"
            ),
        ),
        (
            {"inputSpecs": {"a": {"cryptoConfig": {"encryptionKeys": "a"}}}},
            (
                "Cannot construct instance of `java.lang.String[]`: no String-argument constructor/factory method to deserialize from"
                " String value ('a')"
            ),
        ),
        (
            {"processingGuarantees": []},
            f"{OF_TYPE} `{CONFIG}$ProcessingGuarantees` from Array value (token `JsonToken.START_ARRAY`)",
        ),
        ({"processingGuarantees": 2**40}, "Numeric value (1099511627776) out of range of int (-2147483648 - 2147483647)"),
    ],
)
def test_a_value_of_the_wrong_form_is_refused_in_jacksons_words(values, words):
    with pytest.raises(UnreadableConfigError) as refused:
        FunctionConfig.from_json(values)
    assert refused.value.original == words


@pytest.mark.parametrize(
    ("values", "chain"),
    [
        ({"inputs": [["a"]]}, f'{CONFIG}["inputs"]->java.util.ArrayList[0]'),
        (
            {"inputSpecs": {"a": {"receiverQueueSize": "x"}}},
            f'{CONFIG}["inputSpecs"]->java.util.LinkedHashMap["a"]->org.apache.pulsar.common.functions.ConsumerConfig["receiverQueueSize"]',
        ),
        (
            {"producerConfig": {"cryptoConfig": {"encryptionKeys": ["k", []]}}},
            (
                f'{CONFIG}["producerConfig"]->org.apache.pulsar.common.functions.ProducerConfig["cryptoConfig"]'
                '->org.apache.pulsar.common.functions.CryptoConfig["encryptionKeys"]->java.lang.Object[][1]'
            ),
        ),
    ],
)
def test_a_refusal_says_the_way_to_the_value(values, chain):
    with pytest.raises(UnreadableConfigError) as refused:
        FunctionConfig.from_json(values)
    assert refused.value.chain == chain
    assert str(refused.value) == f"{refused.value.original} (through reference chain: {chain})"


@pytest.mark.parametrize("value", [5, 2**40, 1.5, "x", True, []])
def test_a_configuration_that_is_no_map_is_refused(value):
    with pytest.raises(UnreadableConfigError, match=r"FunctionConfig`.* from "):
        FunctionConfig.from_json(value)


@pytest.mark.parametrize("text", ["", "null", " null"])
def test_no_configuration_at_all_is_refused_as_the_worker_says_it(text):
    with pytest.raises(ConfigError, match=r"^Function config is not provided$"):
        FunctionConfig.from_json_text(text)


@pytest.mark.parametrize(
    "text", ["{nope", "{'a': 1}", '{"a": 01}', '{"a":1,}', '{"userConfig": {"a": NaN}}', '{"a": "\t"}', "[]", "\ufeff{}"]
)
def test_a_text_that_is_no_json_map_cannot_be_read(text):
    with pytest.raises(UnreadableConfigError):
        FunctionConfig.from_json_text(text)


def test_only_blanks_may_follow_a_configuration():
    assert FunctionConfig.from_json_text(' {"name": "f", "name": "g"} \n').name == "g"
    for rest in ("x", "{}", "null", "}", ","):
        with pytest.raises(UnreadableConfigError):
            FunctionConfig.from_json_text(f"{{}}{rest}")


def test_what_follows_a_consumer_configuration_is_not_looked_at():
    assert consumer_config_from_json_text('{"schemaType": "json"} x') == ConsumerConfig("json")


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("parallelism", " 5 ", 5),
        ("parallelism", "+5", 5),
        ("parallelism", "٣", 3),
        ("parallelism", -1.9, -1),
        ("parallelism", 1e5, 100000),
        ("parallelism", "", None),
        ("timeoutMs", "99999999999", 99999999999),
        ("timeoutMs", None, None),
        ("autoAck", "True", True),
        ("autoAck", " false ", False),
        ("autoAck", "", None),
        ("autoAck", -1, True),
        ("autoAck", 0, False),
        ("className", 5, "5"),
        ("className", 1.5, "1.5"),
        ("className", True, "true"),
        ("inputs", ["a", 5, True, None], ("a", "5", "true", None)),
        ("customSerdeInputs", {"a": 5, "b": None}, {"a": "5", "b": None}),
        ("userConfig", {"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}),
        ("processingGuarantees", " ATMOST_ONCE\n", "ATMOST_ONCE"),
        ("processingGuarantees", 1, "ATMOST_ONCE"),
        ("processingGuarantees", "3", "MANUAL"),
        ("runtime", 2, "GO"),
        ("subscriptionPosition", "Earliest", "Earliest"),
        ("resources", {}, Resources(1.0, 1 << 30, 10 << 30)),
        ("resources", {"cpu": None, "ram": "5"}, Resources(None, 5)),
        ("resources", {"cpu": "1e5"}, Resources(100000.0)),
        ("resources", {"cpu": ""}, Resources(None)),
        ("resources", {"cpu": "-INF"}, Resources(-math.inf)),
        ("resources", {"cpu": 10**400}, Resources(math.inf)),
        ("resources", {"cpu": -(10**400)}, Resources(-math.inf)),
        (
            "windowConfig",
            {"windowLengthCount": "5", "processingGuarantees": "ATMOST_ONCE"},
            WindowConfig(window_length_count=5, processing_guarantees="ATMOST_ONCE"),
        ),
        ("inputSpecs", {"a": {}}, {"a": ConsumerConfig()}),
        ("inputSpecs", {"a": {"regexPattern": 1, "poolMessages": None}}, {"a": ConsumerConfig(is_regex_pattern=True)}),
        ("inputSpecs", {"a": "string", "b": None}, {"a": ConsumerConfig("string", None, None, None), "b": None}),
        ("producerConfig", {"batchingConfig": {"enabled": False}}, ProducerConfig(batching_config={"enabled": False})),
        ("producerConfig", {"batchingConfig": "what 4.0 does not know"}, ProducerConfig(batching_config="what 4.0 does not know")),
        ("producerConfig", {"cryptoConfig": {"encryptionKeys": ["k"]}}, ProducerConfig(crypto_config=CryptoConfig(encryption_keys=("k",)))),
    ],
)
def test_a_value_is_bent_to_what_its_field_holds(name, value, taken):
    config = read(**{name: value})
    field = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    assert getattr(config, field) == taken
    assert not config.dropped


@pytest.mark.parametrize(
    ("values", "path", "is_field"),
    [
        ({"nope": 1}, ("nope",), True),
        ({"inputSpecs": {"a": {"isRegexPattern": True}}}, ("inputSpecs", "a", "isRegexPattern"), True),
        ({"processingGuarantees": "atmost_once"}, ("processingGuarantees",), False),
        ({"processingGuarantees": 9}, ("processingGuarantees",), False),
        ({"processingGuarantees": "01"}, ("processingGuarantees",), False),
        ({"processingGuarantees": -1}, ("processingGuarantees",), False),
        ({"producerConfig": {"compressionType": "lz4"}}, ("producerConfig", "compressionType"), False),
    ],
)
def test_what_the_worker_leaves_out_without_a_word_is_remembered(values, path, is_field):
    config = FunctionConfig.from_json(values)
    assert [(each.path, each.is_field) for each in config.dropped] == [(path, is_field)]
    assert config == FunctionConfig.from_json(config.to_json())


def test_a_configuration_is_written_in_pulsars_order_without_what_is_not_there():
    config = FunctionConfig(
        go="g",
        class_name="f.F",
        inputs=["a", None],
        tenant="t",
        user_config={"n": None, "m": {"x": None, "y": [None, math.inf, math.nan]}},
        input_specs={"a": ConsumerConfig(schema_properties={"p": "q"}), "b": None},
        subscription_position="Earliest",
    )
    consumer = {"schemaProperties": {"p": "q"}, "consumerProperties": {}, "poolMessages": False, "regexPattern": False}
    assert json.dumps(config.to_json()) == json.dumps(
        {
            "tenant": "t",
            "className": "f.F",
            "inputs": ["a", None],
            "inputSpecs": {"a": consumer},
            "userConfig": {"m": {"y": [None, "Infinity", "NaN"]}},
            "go": "g",
            "subscriptionPosition": "Earliest",
        }
    )


def test_an_unreadable_configuration_is_a_refused_one():
    assert issubclass(UnreadableConfigError, ConfigError)
    assert issubclass(ConfigError, PfemuError)
