"""Calls with plain arguments, whose settings are remembered, are taken and refused as pulsar-client takes and refuses them."""

import re

import pulsar
import pytest

from pfemu.client.plain_calls import consumer_settings_of_call, producer_settings_of_call
from tests.client.emulation import Emulation

BYTES = pulsar.schema.BytesSchema()


def words_of(error):
    return re.sub("0x[0-9a-f]+", "somewhere", str(error))


@pytest.fixture
def client():
    return Emulation().client


@pytest.mark.parametrize(
    "wrong",
    [
        {"batching_enabled": 1},
        {"schema": None},
        {"producer_name": 5},
        {"compression_type": 2},
        {"properties": {"key": 1}},
        {"properties": {1: "text"}},
        {"properties": "text"},
        {"message_listener": print},
        {"no_such": 1},
        {"topic": "twice"},
        {"batching_enabled": True, "chunking_enabled": True},
    ],
    ids=str,
)
def test_a_producer_is_refused_as_by_pulsar_client_each_time(client, wrong):
    client.create_producer("words", batching_enabled=True)
    client.create_producer("words", properties={"key": "text"})
    with pytest.raises((ValueError, TypeError)) as expected:
        pulsar.Client.create_producer(client, "words", **wrong)
    for _ in range(2):
        with pytest.raises(type(expected.value)) as refused:
            client.create_producer("words", **wrong)
        assert words_of(refused.value) == words_of(expected.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_read_compacted": 1},
        {"schema": None},
        {"unacked_messages_timeout_ms": 5},
        {"receiver_queue_size": 1.0},
        {"consumer_type": 1},
        {"properties": {"key": 1}},
        {"router": None},
        {"subscription_name": "twice"},
        {"is_read_compacted": True, "consumer_type": pulsar.ConsumerType.Shared},
    ],
    ids=str,
)
def test_a_consumer_is_refused_as_by_pulsar_client_each_time(client, wrong):
    client.subscribe("words", "others", is_read_compacted=True, receiver_queue_size=1).close()
    with pytest.raises((ValueError, TypeError, RuntimeError, pulsar.exceptions.PulsarException)) as expected:
        pulsar.Client.subscribe(client, "words", "readers", **wrong)
    for _ in range(2):
        with pytest.raises(type(expected.value)) as refused:
            client.subscribe("words", "readers", **wrong)
        assert words_of(refused.value) == words_of(expected.value)


def test_a_subscription_without_a_name_is_refused_though_its_settings_are_known(client):
    client.subscribe("words", "readers")
    with pytest.raises(pulsar.InvalidConfiguration):
        client.subscribe("words", "")


def test_a_closed_client_refuses_what_it_made_before(client):
    client.create_producer("words")
    client.close()
    with pytest.raises(pulsar.AlreadyClosed):
        client.create_producer("words")


def test_settings_of_equal_calls_are_made_once():
    first = producer_settings_of_call(("words",), {"batching_enabled": True, "schema": BYTES, "properties": {"a": "b"}})
    again = producer_settings_of_call(("others",), {"batching_enabled": True, "schema": pulsar.schema.BytesSchema()})
    assert first is not None
    assert first is again


def test_one_and_true_are_different_arguments():
    number = consumer_settings_of_call(("words", "readers"), {"receiver_queue_size": 2})
    assert number is not consumer_settings_of_call(("words", "readers"), {"receiver_queue_size": 2, "start_message_id_inclusive": True})
    assert consumer_settings_of_call(("words", "readers"), {"receiver_queue_size": 1}) is not consumer_settings_of_call(
        ("words", "readers"), {"receiver_queue_size": True}
    )


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((["words"], "readers"), {}),
        (("words",), {"subscription_name": "readers"}),
        (("words", "readers"), {"schema": pulsar.schema.StringSchema()}),
        (("words", "readers"), {"key_shared_policy": pulsar.ConsumerKeySharedPolicy()}),
        (("words", "readers"), {"dead_letter_policy": pulsar.ConsumerDeadLetterPolicy(3)}),
        (("words", "readers"), {"properties": {"key": 1}}),
    ],
    ids=["a list of topics", "named", "a schema", "a policy of keys", "a policy of dead letters", "wrong properties"],
)
def test_a_call_that_is_not_plain_is_left_to_pulsar_client(args, kwargs):
    assert consumer_settings_of_call(args, kwargs) is None


def test_what_differs_from_call_to_call_reaches_each_producer_and_consumer(client):
    heard = []
    for name in ("a", "b"):
        client.subscribe(
            f"words-{name}", "readers", properties={"who": name}, message_listener=lambda _, message: heard.append(message.data())
        )
        client.create_producer(f"words-{name}", properties={"who": name}).send(name.encode())
    client._client._connection.scheduler.run_until_idle()
    made = client._client._connection._opened
    assert [one._settings.properties for one in made] == [{"who": "a"}, {"who": "a"}, {"who": "b"}, {"who": "b"}]
    assert heard == [b"a", b"b"]
