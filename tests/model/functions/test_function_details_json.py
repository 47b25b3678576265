"""Function details as protobuf's JSON shows them."""

from pfemu.model.configuration.choices import ProcessingGuarantees, Runtime, SubscriptionPosition
from pfemu.model.configuration.function_config import ConsumerConfig, CryptoConfig, FunctionConfig, ProducerConfig, Resources
from pfemu.model.functions.function_conversion import convert
from pfemu.model.functions.function_details_json import details_json


def test_defaults_of_the_protocol_are_left_out():
    shown = details_json(
        convert(FunctionConfig(tenant="t", namespace="n", name="f", class_name="m.C", inputs=["in"], runtime=Runtime.PYTHON))
    )
    assert shown == {
        "tenant": "t",
        "namespace": "n",
        "name": "f",
        "className": "m.C",
        "runtime": "PYTHON",
        "autoAck": True,
        "parallelism": 1,
        "source": {"inputSpecs": {"in": {}}, "cleanupSubscription": True},
        "sink": {},
        "resources": {"cpu": 1.0, "ram": "1073741824", "disk": "10737418240"},
        "componentType": "FUNCTION",
    }


def test_everything_that_is_set_is_shown_by_its_protocol_name():
    crypto = CryptoConfig(crypto_key_reader_class_name="a.B", encryption_keys=("k",))
    config = FunctionConfig(
        class_name="m.C",
        input_specs={"in": ConsumerConfig(schema_type="avro", receiver_queue_size=0, crypto_config=crypto, is_regex_pattern=True)},
        output="out",
        producer_config=ProducerConfig(max_pending_messages=5, crypto_config=crypto),
        processing_guarantees=ProcessingGuarantees.MANUAL,
        retain_ordering=True,
        subscription_position=SubscriptionPosition.EARLIEST,
        timeout_ms=10_000,
        sub_name="s",
        max_message_retries=2,
        dead_letter_topic="dlq",
        resources=Resources(2.0, 1, 1),
    )
    shown = details_json(convert(config))
    assert shown["processingGuarantees"] == "MANUAL"
    assert shown["retainOrdering"] is True
    assert shown["retryDetails"] == {"maxMessageRetries": 2, "deadLetterTopic": "dlq"}
    source, sink = shown["source"], shown["sink"]
    assert (source["subscriptionType"], source["timeoutMs"], source["subscriptionPosition"]) == ("FAILOVER", "10000", "EARLIEST")
    spec = source["inputSpecs"]["in"]
    assert (spec["isRegexPattern"], spec["receiverQueueSize"], spec["cryptoSpec"]["cryptoKeyReaderClassName"]) == (True, {}, "a.B")
    assert (sink["topic"], sink["producerSpec"]["maxPendingMessages"]) == ("out", 5)
    assert sink["producerSpec"]["cryptoSpec"]["producerEncryptionKeyName"] == ["k"]
