"""What the instances of a function get of its configuration."""

import json

import pytest

from pfemu.errors import ConfigError
from pfemu.model.configuration.choices import (
    CompressionType,
    ConsumerCryptoFailureAction,
    ProcessingGuarantees,
    ProducerCryptoFailureAction,
    Runtime,
    SubscriptionPosition,
    SubscriptionType,
    WindowGuarantees,
)
from pfemu.model.configuration.function_config import ConsumerConfig, CryptoConfig, FunctionConfig, ProducerConfig, Resources, WindowConfig
from pfemu.model.functions.function_conversion import convert
from pfemu.model.functions.function_details import (
    ConsumerSpec,
    CryptoSpec,
    FunctionDetails,
    ProducerSpec,
    ResourceSpec,
    RetryDetails,
    SinkSpec,
)
from pfemu.model.functions.function_read_back import convert_back


def test_a_configuration_of_nothing_has_every_default():
    assert convert(FunctionConfig()) == FunctionDetails(auto_ack=True, parallelism=1, cleanup_subscription=True)


def test_a_later_kind_of_input_replaces_an_earlier_one_in_its_place():
    details = convert(
        FunctionConfig(
            inputs=["a", "b", "c", "d", "e"],
            topics_pattern="b",
            custom_serde_inputs={"c": "x.Serde", "f": "y.Serde"},
            custom_schema_inputs={"d": '{"schemaType": "json", "schemaProperties": {"p": "q"}, "receiverQueueSize": 5}'},
            input_specs={"e": ConsumerConfig("string", "x.Serde", receiver_queue_size=0), "f": ConsumerConfig(" ", "z.Serde")},
        )
    )
    assert list(details.input_specs.items()) == [
        ("a", ConsumerSpec()),
        ("b", ConsumerSpec(is_regex_pattern=True)),
        ("c", ConsumerSpec(serde_class_name="x.Serde")),
        ("d", ConsumerSpec(schema_type="json", schema_properties={"p": "q"})),
        ("e", ConsumerSpec(schema_type="string", receiver_queue_size=0)),
        ("f", ConsumerSpec(serde_class_name="z.Serde")),
    ]


@pytest.mark.parametrize(
    ("config", "subscription_type"),
    [
        (FunctionConfig(), SubscriptionType.SHARED),
        (FunctionConfig(retain_ordering=True, retain_key_ordering=True), SubscriptionType.FAILOVER),
        (FunctionConfig(processing_guarantees=ProcessingGuarantees.EFFECTIVELY_ONCE), SubscriptionType.FAILOVER),
        (FunctionConfig(retain_key_ordering=True), SubscriptionType.KEY_SHARED),
    ],
)
def test_ordering_decides_how_instances_share_the_inputs(config, subscription_type):
    assert convert(config).subscription_type is subscription_type


def test_every_setting_reaches_its_place():
    crypto = CryptoConfig("x.Keys", {"path": "p"}, ["k"], ProducerCryptoFailureAction.SEND, ConsumerCryptoFailureAction.CONSUME)
    spec = CryptoSpec("x.Keys", '{"path":"p"}', ("k",), ProducerCryptoFailureAction.SEND, ConsumerCryptoFailureAction.CONSUME)
    config = FunctionConfig(
        tenant="t",
        namespace="n",
        name="f",
        class_name="m.F",
        input_specs={"in": ConsumerConfig(crypto_config=crypto, pool_messages=True, consumer_properties={"a": "b"})},
        input_type_class_name="m.In",
        output="out",
        output_schema_type="json",
        output_serde_class_name="m.Serde",
        output_type_class_name="m.Out",
        custom_schema_outputs={"out": '{"schemaProperties": {"p": "q"}, "consumerProperties": {"r": "s"}}'},
        producer_config=ProducerConfig(5, 6, True, crypto, "DEFAULT", CompressionType.NONE),
        batch_builder="KEY_BASED",
        log_topic="log",
        processing_guarantees=ProcessingGuarantees.MANUAL,
        auto_ack=False,
        retain_key_ordering=True,
        forward_source_message_property=True,
        user_config={"n": 1},
        secrets={"s": "v"},
        runtime=Runtime.PYTHON,
        max_message_retries=3,
        dead_letter_topic="dlq",
        sub_name="sub",
        parallelism=2,
        resources=Resources(2.0, None, 5),
        timeout_ms=20000,
        cleanup_subscription=False,
        custom_runtime_options="{}",
        runtime_flags="-O",
        jar="builtin://f",
        skip_to_latest=True,
        subscription_position=SubscriptionPosition.EARLIEST,
    )
    details = convert(config)
    assert details == FunctionDetails(
        tenant="t",
        namespace="n",
        name="f",
        class_name="m.F",
        log_topic="log",
        processing_guarantees=ProcessingGuarantees.MANUAL,
        user_config='{"n":1}',
        secrets_map='{"s":"v"}',
        runtime=Runtime.PYTHON,
        auto_ack=False,
        parallelism=2,
        input_specs={"in": ConsumerSpec(crypto_spec=spec, pool_messages=True, consumer_properties={"a": "b"})},
        input_type_class_name="m.In",
        subscription_type=SubscriptionType.KEY_SHARED,
        subscription_name="sub",
        subscription_position=SubscriptionPosition.EARLIEST,
        timeout_ms=20000,
        negative_ack_redelivery_delay_ms=20000,
        cleanup_subscription=False,
        skip_to_latest=True,
        sink=SinkSpec(
            topic="out",
            serde_class_name="m.Serde",
            type_class_name="m.Out",
            schema_type="json",
            forward_source_message_property=True,
            schema_properties={"p": "q"},
            consumer_properties={"r": "s"},
            producer_spec=ProducerSpec(5, 6, True, spec, "KEY_BASED", CompressionType.NONE),
        ),
        resources=ResourceSpec(2.0, 1 << 30, 5),
        retry_details=RetryDetails(3, "dlq"),
        runtime_flags="-O",
        custom_runtime_options="{}",
        builtin="f",
        retain_key_ordering=True,
    )
    assert details.fqfn == "t/n/f"


def test_get_shows_what_is_left_of_every_setting():
    consumer = ConsumerConfig("string", receiver_queue_size=5, crypto_config=CryptoConfig("x.Keys"))
    config = FunctionConfig(
        tenant="t",
        name="f",
        inputs=["b"],
        input_specs={"a": consumer},
        max_message_retries=0,
        sub_name="s",
        timeout_ms=5,
        py="gone.py",
        skip_to_latest=True,
        input_type_class_name="m.Gone",
        producer_config=ProducerConfig(max_pending_messages=7),
    )
    maps, flags = {"schemaProperties": {}, "consumerProperties": {}}, {"poolMessages": False, "regexPattern": False}
    crypto = {
        "cryptoKeyReaderClassName": "x.Keys",
        "encryptionKeys": [],
        "producerCryptoFailureAction": "FAIL",
        "consumerCryptoFailureAction": "FAIL",
    }
    assert json.dumps(convert_back(convert(config))) == json.dumps(
        {
            "tenant": "t",
            "namespace": "",
            "name": "f",
            "className": "",
            "inputSpecs": {
                "a": {"schemaType": "string", **maps, "receiverQueueSize": 5, "cryptoConfig": crypto, **flags},
                "b": {**maps, **flags},
            },
            "producerConfig": {"maxPendingMessages": 7, "useThreadLocalProducers": False, "batchBuilder": "", "compressionType": "LZ4"},
            "processingGuarantees": "ATLEAST_ONCE",
            "retainOrdering": False,
            "retainKeyOrdering": False,
            "userConfig": {},
            "runtime": "JAVA",
            "autoAck": True,
            "maxMessageRetries": 0,
            "subName": "s",
            "parallelism": 1,
            "resources": {"cpu": 1.0, "ram": 1073741824, "disk": 10737418240},
            "timeoutMs": 5,
            "cleanupSubscription": True,
            "subscriptionPosition": "Latest",
        }
    )


def test_a_window_travels_in_the_user_configuration_and_back():
    config = FunctionConfig(class_name="w.W", window_config=WindowConfig(window_length_count=5), user_config={"a": 1})
    details = convert(config)
    assert details.processing_guarantees is ProcessingGuarantees.MANUAL
    assert details.class_name == "org.apache.pulsar.functions.windowing.WindowFunctionExecutor"
    assert json.loads(details.user_config)["__WINDOWCONFIGS__"]["actualWindowFunctionClassName"] == "w.W"
    shown = convert_back(details)
    assert shown["className"] == "w.W"
    assert shown["processingGuarantees"] == WindowGuarantees.ATLEAST_ONCE
    assert shown["windowConfig"]["windowLengthCount"] == 5
    assert shown["userConfig"] == {"a": 1.0}


@pytest.mark.parametrize("guarantees", [ProcessingGuarantees.MANUAL, ProcessingGuarantees.EFFECTIVELY_ONCE])
def test_a_window_takes_two_guarantees_only(guarantees):
    with pytest.raises(ConfigError, match=f"^Windows Function not support {guarantees} delivery semantics.$"):
        convert(FunctionConfig(window_config=WindowConfig(window_length_count=1), processing_guarantees=guarantees))


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (FunctionConfig(input_specs={"a": None}), 'ConsumerConfig.isRegexPattern()" because "consumerConf" is null'),
        (
            FunctionConfig(input_specs={"a": ConsumerConfig.of_schema_type("x")}),
            '"java.util.Map.keySet()" because "m" is null',
        ),
        (FunctionConfig(custom_schema_inputs={"a": "null"}), 'ConsumerConfig.getSchemaType()" because "consumerConfig" is null'),
        (FunctionConfig(custom_schema_inputs={"a": None}), 'argument "content" is null'),
        (FunctionConfig(custom_schema_inputs={"a": "{}"}), "schemaType in customSchemaInputs of topic a is null"),
        (FunctionConfig(custom_serde_inputs={"a": None}), "customSerdeInputs of topic a is null"),
        (FunctionConfig(inputs=[None]), "inputs is null"),
        (FunctionConfig(output="o", custom_schema_outputs={"o": "{"}), "Incorrect custom schema outputs,Topic o "),
        (FunctionConfig(output="o", custom_schema_outputs={"o": "null"}), 'getSchemaProperties()" because "consumerConfig" is null'),
        (FunctionConfig(user_config={"a": float("nan")}), "NaN is not a valid double value"),
    ],
)
def test_what_cannot_be_resolved_is_refused(config, words):
    with pytest.raises(ConfigError) as refused:
        convert(config)
    assert words in str(refused.value)
