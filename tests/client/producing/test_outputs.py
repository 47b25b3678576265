"""A function's outputs: what they carry, and what the client a function gets does differently."""

from base64 import urlsafe_b64decode

import pulsar
import pytest

from pfemu.client.client import Client
from pfemu.ports import OutputProducer


@pytest.fixture
def functions_client(emulation):
    return Client(emulation.engine, for_instance=True)


def make_output(emulation, functions_client, schema=None, topic="out", **batching):
    consumer = functions_client.subscribe("in", "f")
    emulation.client.create_producer("in", **batching).send(b"input")
    origin = consumer.receive(timeout_millis=100)
    settings = {} if schema is None else {"schema": schema}
    return origin, functions_client.create_producer(topic, batching_enabled=True, **settings)


def test_an_output_names_its_input_and_is_a_batch_of_one(emulation, functions_client):
    reader = emulation.client.create_reader("out", pulsar.MessageId.earliest)
    origin, producer = make_output(emulation, functions_client)
    assert isinstance(producer, OutputProducer)
    answered = []
    producer._send_output(b"output", origin, answered.append, None)
    output = reader.read_next(timeout_millis=0)
    assert answered == [origin]
    assert output.properties() == {
        "__pfn_input_topic__": "persistent://public/default/in",
        "__pfn_input_msg_id__": output.properties()["__pfn_input_msg_id__"],
    }
    assert pulsar.MessageId.deserialize(urlsafe_b64decode(output.properties()["__pfn_input_msg_id__"])) == origin.message_id()
    assert (output.data(), output.partition_key(), output.event_timestamp()) == (b"output", "", 0)
    assert (output.message_id().batch_index(), output._batch_size) == (0, 1)


@pytest.mark.parametrize("batching", [{}, {"batching_enabled": True}])
def test_an_output_names_its_input_as_the_real_runtime_would_render_it(emulation, functions_client, batching):
    reader = emulation.client.create_reader("out", pulsar.MessageId.earliest)
    origin, producer = make_output(emulation, functions_client, **batching)
    producer._send_output(b"x", origin, lambda _origin: None, None)
    assert urlsafe_b64decode(reader.read_next(timeout_millis=0).properties()["__pfn_input_msg_id__"]) == origin.message_id().serialize()


def test_an_output_is_encoded_by_its_schema_and_carries_its_version(emulation, functions_client):
    class Item(pulsar.schema.Record):
        name = pulsar.schema.String()

    origin, producer = make_output(emulation, functions_client, pulsar.schema.JsonSchema(Item))
    producer._send_output(Item(name="tea"), origin, lambda _origin: None, None)
    (entry,) = emulation.entries("out")
    assert (entry.payload, entry.metadata.schema_version) == (b'{\n "name": "tea"\n}', b"\0" * 8)
    with pytest.raises(TypeError, match="Invalid record obj of type <class 'str'>"):
        producer._send_output("tea", origin, lambda _origin: None, None)


def test_an_output_that_is_not_bytes_is_refused(emulation, functions_client):
    origin, producer = make_output(emulation, functions_client)
    with pytest.raises(TypeError, match="Invalid record obj of type <class 'str'> - expected type is <class 'bytes'>"):
        producer._send_output("text", origin, None, None)


def test_an_output_that_cannot_be_stored_is_told(emulation, functions_client):
    origin, producer = make_output(emulation, functions_client)
    told = []
    producer._send_output(b"x" * (6 << 20), origin, None, lambda result, message: told.append((result, message)))
    producer.close()
    producer._send_output(b"x", origin, None, lambda result, message: told.append((result, message)))
    assert told == [(pulsar.Result.MessageTooBig, origin), (pulsar.Result.AlreadyClosed, origin)]


def test_outputs_to_partitions_go_round(emulation, functions_client):
    emulation.create_partitioned("parts", 2)
    origin, producer = make_output(emulation, functions_client, topic="parts")
    for _ in range(4):
        producer._send_output(b"x", origin, lambda _origin: None, None)
    assert [len(emulation.entries(f"parts-partition-{index}")) for index in range(2)] == [2, 2]


def test_what_is_published_while_one_message_is_processed_is_one_batch(emulation, functions_client):
    producer = functions_client.create_producer("out", batching_enabled=True, batching_max_publish_delay_ms=10)
    producer.send_async(b"0", None)
    producer.send_async(b"1", None, properties={"a": "1"})
    assert functions_client._open_batches
    functions_client._open_batches.end()
    producer.send_async(b"2", None)
    functions_client._open_batches.end()
    assert not functions_client._open_batches
    assert [[message.payload for message in entry.metadata.batch] for entry in emulation.entries("out")] == [[b"0", b"1"], [b"2"]]


def test_a_batch_that_nobody_ends_goes_when_its_time_has_come(emulation, functions_client):
    producer = functions_client.create_producer("out", batching_enabled=True, batching_max_publish_delay_ms=10)
    producer.send_async(b"0", None)
    assert emulation.entries("out") == []
    emulation.scheduler.advance(10)
    assert len(emulation.entries("out")) == 1
    functions_client._open_batches.end()
    assert len(emulation.entries("out")) == 1


def test_another_client_leaves_its_batches_to_time(emulation):
    assert emulation.client._open_batches is None


def test_with_timed_batches_outputs_share_one_until_its_time_has_come(emulation):
    client = Client(emulation.engine, for_instance=True, timed_batches=True)
    assert client._open_batches is None
    origin, producer = make_output(emulation, client)
    answered = []
    producer._send_output(b"0", origin, answered.append, None)
    producer._send_output(b"1", origin, answered.append, None)
    assert (emulation.entries("out"), answered) == ([], [])
    emulation.scheduler.advance(10)
    (entry,) = emulation.entries("out")
    assert [message.payload for message in entry.metadata.batch] == [b"0", b"1"]
    assert [set(message.metadata.properties) for message in entry.metadata.batch] == [{"__pfn_input_topic__", "__pfn_input_msg_id__"}] * 2
    assert answered == [origin, origin]


def test_with_timed_batches_an_output_that_cannot_be_stored_is_told_as_well(emulation):
    client = Client(emulation.engine, for_instance=True, timed_batches=True)
    origin, producer = make_output(emulation, client)
    told = []
    producer._send_output(b"x" * (6 << 20), origin, None, lambda result, message: told.append((result, message)))
    emulation.scheduler.run_until_idle()
    assert told == [(pulsar.Result.MessageTooBig, origin)]


def test_an_output_whose_schema_makes_no_bytes_of_it_is_refused_in_the_clients_words(emulation, functions_client):
    class Nothing(pulsar.schema.BytesSchema):
        def encode(self, obj):
            return None

    origin, producer = make_output(emulation, functions_client, Nothing())
    with pytest.raises(ValueError, match=r"^Argument data is expected to be of type 'bytes' and not 'NoneType'$"):
        producer._send_output(b"x", origin, None, None)
