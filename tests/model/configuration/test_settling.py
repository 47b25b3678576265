"""Python code may write names of choices as text and parts as maps; what is wrong in them is refused at once."""

import pytest

from pfemu.errors import ConfigError
from pfemu.model.configuration.choices import (
    CompressionType,
    ProcessingGuarantees,
    ProducerCryptoFailureAction,
    SubscriptionPosition,
    WindowGuarantees,
)
from pfemu.model.configuration.function_config import ConsumerConfig, CryptoConfig, FunctionConfig, ProducerConfig, Resources, WindowConfig
from pfemu.model.functions.function_registration import create

CRYPTO = CryptoConfig(encryption_keys=("k",), producer_crypto_failure_action=ProducerCryptoFailureAction.SEND)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"processing_guarantees": "atmost_once"}, "processingGuarantees is one of ATLEAST_ONCE, .*, not 'atmost_once'"),
        ({"subscription_position": "Middle"}, "subscriptionPosition is one of Latest, Earliest, not 'Middle'"),
        ({"inputs": "in"}, r"inputs is a list of topics, not a text: \['in'\]"),
        ({"resources": {"gpu": 1}}, "resources has no field 'gpu'; it has cpu, ram, disk"),
        ({"producer_config": {"compression_type": "lz4"}}, "producerConfig.compressionType is one of NONE, LZ4, .*, not 'lz4'"),
        ({"producer_config": {"crypto_config": {"keys": []}}}, "producerConfig.cryptoConfig has no field 'keys'"),
        ({"input_specs": {"in": {"serde": "x"}}}, "inputSpecs.in has no field 'serde'"),
        ({"resources": {"cpu": "many"}}, 'String "many"'),
    ],
)
def test_a_wrong_name_is_refused_with_those_there_are(settings, words):
    with pytest.raises(ConfigError, match=words):
        FunctionConfig(**settings)


def test_names_and_maps_become_what_the_fields_hold():
    config = FunctionConfig(
        processing_guarantees="MANUAL",
        subscription_position="Earliest",
        resources={"cpu": 2},
        producer_config={"compression_type": "ZSTD", "cryptoConfig": {"encryption_keys": ["k"], "producer_crypto_failure_action": "SEND"}},
        input_specs={
            "a": {"receiver_queue_size": "5", "is_regex_pattern": True, "crypto_config": CRYPTO},
            "b": ConsumerConfig(),
            "c": None,
        },
        window_config={"windowLengthCount": 1, "processingGuarantees": "ATMOST_ONCE"},
    )
    assert config == FunctionConfig(
        processing_guarantees=ProcessingGuarantees.MANUAL,
        subscription_position=SubscriptionPosition.EARLIEST,
        resources=Resources(cpu=2.0),
        producer_config=ProducerConfig(compression_type=CompressionType.ZSTD, crypto_config=CRYPTO),
        input_specs={
            "a": ConsumerConfig(receiver_queue_size=5, is_regex_pattern=True, crypto_config=CRYPTO),
            "b": ConsumerConfig(),
            "c": None,
        },
        window_config=WindowConfig(window_length_count=1, processing_guarantees=WindowGuarantees.ATMOST_ONCE),
    )
    assert config.processing_guarantees is ProcessingGuarantees.MANUAL


def test_a_part_settles_by_itself_too():
    assert CryptoConfig(producer_crypto_failure_action="SEND").producer_crypto_failure_action is ProducerCryptoFailureAction.SEND
    assert ConsumerConfig(crypto_config={"encryptionKeys": ["k"]}).crypto_config == CryptoConfig(encryption_keys=("k",))


def test_what_is_settled_already_stays_the_same_object():
    specs = {"a": ConsumerConfig()}
    assert FunctionConfig(input_specs=specs).input_specs is specs


def test_a_guarantee_given_as_text_is_refused_where_it_contradicts_the_rest():
    config = FunctionConfig(class_name="f.F", inputs=["in"], py="f.py", processing_guarantees="ATMOST_ONCE", auto_ack=False)
    with pytest.raises(ConfigError, match="autoAck must be equal to true"):
        create(config)
