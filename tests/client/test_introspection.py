"""Our classes have every public name of pulsar-client's, with the same signatures."""

import inspect

import pulsar
import pytest

from pfemu.client.chunking import ChunkedMessage
from pfemu.client.client import Client
from pfemu.client.client_impl import ClientImpl
from pfemu.client.consuming.consumer import Consumer, Reader
from pfemu.client.consuming.consumer_impl import ConsumerImpl
from pfemu.client.consuming.multi_topics import MultiTopicsConsumerImpl
from pfemu.client.consuming.reader_impl import ReaderImpl
from pfemu.client.consuming.table_view_impl import TableViewImpl
from pfemu.client.message import DetailedMessage, Message
from pfemu.client.producing.partitioned_producer import PartitionedProducerImpl
from pfemu.client.producing.producer import Producer
from pfemu.client.producing.producer_impl import ProducerImpl

PAIRS = [
    (Client, pulsar.Client),
    (Producer, pulsar.Producer),
    (Consumer, pulsar.Consumer),
    (Reader, pulsar.Reader),
    (Message, pulsar.Message),
    (DetailedMessage, pulsar.Message),
]
MADE_ELSEWHERE = {"create_auto_cluster_failover", "create_service_info_provider"}
FOR_ASYNCIO = {
    "create_producer_async",
    "create_producer_async_v2",
    "create_reader_async",
    "create_reader_async_v2",
    "get_topic_partitions_async",
    "subscribe_async",
    "subscribe_async_pattern",
    "subscribe_async_topics",
    "subscribe_async_v2",
}
NATIVE_PAIRS = [
    (ClientImpl, pulsar._pulsar.Client, MADE_ELSEWHERE | FOR_ASYNCIO),
    (ProducerImpl, pulsar._pulsar.Producer, set()),
    (PartitionedProducerImpl, pulsar._pulsar.Producer, set()),
    (ConsumerImpl, pulsar._pulsar.Consumer, set()),
    (MultiTopicsConsumerImpl, pulsar._pulsar.Consumer, set()),
    (ReaderImpl, pulsar._pulsar.Reader, set()),
    (TableViewImpl, pulsar._pulsar.TableView, set()),
    (Message, pulsar._pulsar.Message, {"length", "int_schema_version"}),  # its native half has them, as the public class has not
]


def public_names(of):
    return {name for name in dir(of) if not name.startswith("_")}


def shown(number):
    return f"{number}"


@pytest.mark.parametrize("number", range(len(PAIRS)), ids=shown)
def test_every_public_name_is_there_with_its_signature(number):
    ours, real = PAIRS[number]
    assert issubclass(ours, real)
    for name in public_names(real):
        found, wanted = getattr(ours, name), getattr(real, name)
        if callable(wanted):
            assert list(inspect.signature(found).parameters) == list(inspect.signature(wanted).parameters), name


@pytest.mark.parametrize(("ours", "real"), PAIRS[:4], ids=["client", "producer", "consumer", "reader"])
def test_defaults_are_the_installed_packages(ours, real):
    for name in public_names(real):
        found, wanted = inspect.signature(getattr(ours, name)), inspect.signature(getattr(real, name))
        assert [(p.name, p.kind) for p in found.parameters.values()] == [(p.name, p.kind) for p in wanted.parameters.values()], name
        defaults = [repr(p.default).split(" at ")[0] for p in found.parameters.values()]
        assert defaults == [repr(p.default).split(" at ")[0] for p in wanted.parameters.values()], name


@pytest.mark.parametrize("number", range(len(NATIVE_PAIRS)), ids=shown)
def test_every_native_method_is_there(number):
    ours, real, left_out = NATIVE_PAIRS[number]
    assert public_names(real) - public_names(ours) == left_out


@pytest.mark.parametrize("ours", [Message, DetailedMessage, ChunkedMessage], ids=["alone", "detailed", "chunked"])
def test_a_message_has_no_public_name_that_pulsar_clients_has_not(ours):
    assert public_names(ours) == public_names(pulsar.Message)


@pytest.mark.parametrize(("ours", "real"), PAIRS[:4], ids=["client", "producer", "consumer", "reader"])
def test_a_class_has_no_public_name_that_pulsar_clients_has_not(ours, real):
    assert public_names(ours) == public_names(real)


def test_objects_that_user_code_gets_have_no_public_name_besides(client):
    made = (client, client.create_producer("t"), client.subscribe("t", "s"), client.create_reader("t", pulsar.MessageId.earliest))
    for one, real in zip(made, (pulsar.Client, pulsar.Producer, pulsar.Consumer, pulsar.Reader), strict=True):
        assert public_names(one) == public_names(real)


def test_the_native_half_of_a_message_has_every_native_method(client):
    consumer = client.subscribe("t", "s")
    client.create_producer("t").send(b"four")
    native = consumer.receive(timeout_millis=100)._message
    assert [name for name in public_names(pulsar._pulsar.Message) if not callable(getattr(native, name, None))] == []
    assert (native.data(), native.length(), native.int_schema_version(), native.partition_key()) == (b"four", 4, -1, "")
    consumer._consumer.acknowledge(native)
    assert repr(native).startswith("<_pulsar.Message object")


def test_objects_show_themselves_as_pulsar_clients_own(client):
    consumer = client.subscribe("t", "s")
    producer = client.create_producer("t")
    producer.send(b"x")
    message = consumer.receive(timeout_millis=0)
    reader = client.create_reader("t", pulsar.MessageId.earliest)
    shown_names = [repr(one).split(" at ")[0] for one in (client, consumer, producer, message, reader)]
    assert shown_names == [f"<pulsar.{name} object" for name in ("Client", "Consumer", "Producer", "Message", "Reader")]


def test_an_id_of_a_batch_is_as_unhashable_as_the_native_one(client):
    consumer = client.subscribe("t", "s")
    client.create_producer("t", batching_enabled=True).send(b"x")
    message_id = consumer.receive(timeout_millis=100).message_id()
    with pytest.raises(TypeError, match=r"unhashable type: '_pulsar\.MessageId'"):
        hash(message_id)
    assert isinstance(message_id, pulsar._pulsar.MessageId)
    assert (str(type(message_id)), str(message_id)[-6:]) == ("<class '_pulsar.MessageId'>", ",-1,0)")


def test_what_does_not_bind_is_refused_in_the_real_methods_words(client):
    for call, text in (
        (lambda: client.subscribe("t"), r"Client\.subscribe\(\) missing 1 required positional argument: 'subscription_name'"),
        (lambda: client.create_reader("t"), r"Client\.create_reader\(\) missing 1 required positional argument: 'start_message_id'"),
        (lambda: client.create_producer("t", hashing_scheme=1), r"got an unexpected keyword argument 'hashing_scheme'"),
        (lambda: client.create_producer("t").send(b"x", nope=1), r"Producer\.send\(\) got an unexpected keyword argument 'nope'"),
    ):
        with pytest.raises(TypeError, match=text):
            call()
