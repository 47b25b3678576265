"""What ``send`` and ``send_async`` return, refuse and deliver."""

from datetime import timedelta

import pulsar
import pytest

from tests.contract.target import drain, place, texts


def attempt(call):
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - the refusal is what is looked at
        return f"{type(error).__module__}.{type(error).__name__}: {str(error).splitlines()[0]}"


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (("text",), "builtins.TypeError: Invalid record obj of type <class 'str'> - expected type is <class 'bytes'>"),
        ((5,), "builtins.TypeError: Invalid record obj of type <class 'int'> - expected type is <class 'bytes'>"),
        ((b"x", ["a"]), "builtins.ValueError: Argument properties is expected to be either None or of type 'dict'"),
        ((b"x", {"a": 1}), "builtins.TypeError: property(): incompatible function arguments. The following argument types are supported:"),
        ((b"x", None, 5), "builtins.ValueError: Argument partition_key is expected to be either None or of type 'str'"),
        ((b"x" * (6 << 20),), "_pulsar.MessageTooBig: Pulsar error: MessageTooBig"),
        ((b"x" * (5 << 20),), "_pulsar.MessageTooBig: Pulsar error: MessageTooBig"),
    ],
)
def test_a_message_that_cannot_be_sent_is_refused_in_pulsars_words(client, topic, arguments, refusal):
    producer = client.create_producer(topic)
    assert attempt(lambda: producer.send(*arguments)) == refusal


def test_a_callback_that_cannot_be_called_is_refused(client, topic):
    producer = client.create_producer(topic)
    assert attempt(lambda: producer.send_async(b"x", "callback")).startswith(
        "builtins.TypeError: send_async(): incompatible function arguments."
    )


def test_a_closed_producer_refuses_everything(client, topic):
    producer = client.create_producer(topic)
    producer.close()
    refused = "_pulsar.AlreadyClosed: Pulsar error: AlreadyClosed"
    assert [attempt(lambda: producer.send(b"x")), attempt(producer.flush), attempt(producer.close)] == [refused] * 3
    assert producer.is_connected() is False


def test_a_closed_producer_tells_the_callback(target, client, topic):
    producer = client.create_producer(topic)
    producer.close()
    told = []
    producer.send_async(b"x", lambda result, message_id: told.append((result, str(message_id))))
    target.pass_time(300)
    assert told == [(pulsar.Result.AlreadyClosed, "(-1,-1,-1,-1)")]


@pytest.mark.parametrize("settings", [{}, {"batching_enabled": True}])
def test_a_message_that_is_too_big_is_told_to_the_callback_at_once_and_uses_up_a_sequence_id(client, topic, settings):
    producer = client.create_producer(topic, **settings)
    told = []
    producer.send_async(b"x" * (6 << 20), lambda result, _id: told.append(result))
    assert told == [pulsar.Result.MessageTooBig]
    producer.send(b"x")
    assert producer.last_sequence_id() == 1


def test_compression_lets_a_large_message_through(client, topic):
    consumer = client.subscribe(topic, "s")
    client.create_producer(topic, compression_type=pulsar.CompressionType.LZ4).send(b"0" * (6 << 20))
    assert len(consumer.receive(timeout_millis=5000).data()) == 6 << 20


def test_ids_count_the_entries_of_a_topic(client, topic):
    producer = client.create_producer(topic)
    assert [place(producer.send(b"x")) for _ in range(3)] == [(0, -1, -1), (1, -1, -1), (2, -1, -1)]


@pytest.mark.parametrize(("settings", "batch_index"), [({}, -1), ({"batching_enabled": True}, 0)])
def test_ids_of_a_producer_of_one_partition_do_not_name_it(target, client, topic, settings, batch_index):
    target.create_partitioned(topic, 2)
    consumer = client.subscribe(f"{topic}-partition-1", "s")
    assert place(client.create_producer(f"{topic}-partition-1", **settings).send(b"x")) == (0, -1, batch_index)
    assert place(consumer.receive(timeout_millis=2000).message_id()) == (0, 1, batch_index)


def test_sequence_ids_count_from_zero_and_zero_counts_as_not_given(client, topic):
    producer = client.create_producer(topic)
    seen = [producer.last_sequence_id()]
    for sequence_id in (None, 0, 10, None):
        producer.send(b"x", sequence_id=sequence_id)
        seen.append(producer.last_sequence_id())
    assert seen == [-1, 0, 1, 10, 2]


def test_an_initial_sequence_id_is_the_last_one_used(client, topic):
    producer = client.create_producer(topic, initial_sequence_id=10)
    assert producer.last_sequence_id() == 10
    producer.send(b"x")
    assert producer.last_sequence_id() == 11


def test_a_message_carries_what_it_was_sent_with(client, topic):
    consumer = client.subscribe(topic, "s")
    producer = client.create_producer(topic, producer_name="me")
    producer.send(b"x", {"a": "1"}, "key", "order", event_timestamp=1_600_000_000_000)
    message = consumer.receive(timeout_millis=2000)
    assert (message.data(), message.value(), message.properties()) == (b"x", b"x", {"a": "1"})
    assert (message.partition_key(), message.ordering_key(), message.event_timestamp()) == ("key", "order", 1_600_000_000_000)
    assert (message.topic_name(), message.producer_name(), message.redelivery_count()) == (topic, "me", 0)
    assert message.publish_timestamp() > 1_600_000_000_000


def test_a_message_without_anything_has_pulsars_defaults(client, topic):
    consumer = client.subscribe(topic, "s")
    client.create_producer(topic).send(b"")
    message = consumer.receive(timeout_millis=2000)
    assert (message.data(), message.properties(), message.partition_key(), message.ordering_key()) == (b"", {}, "", "")
    assert (message.event_timestamp(), message.schema_version(), message.has_null_value(), message.encryption_context()) == (
        0,
        "",
        False,
        None,
    )


def test_none_is_a_tombstone(client, topic):
    consumer = client.subscribe(topic, "s")
    client.create_producer(topic).send(None, partition_key="k")
    message = consumer.receive(timeout_millis=2000)
    assert (message.data(), message.has_null_value(), message.partition_key()) == (b"", True, "k")


def test_a_delayed_message_waits_on_shared_only(client, topic):
    shared = client.subscribe(topic, "shared", consumer_type=pulsar.ConsumerType.Shared)
    exclusive = client.subscribe(topic, "exclusive")
    producer = client.create_producer(topic)
    producer.send(b"late", deliver_after=timedelta(seconds=2))
    producer.send(b"at once")
    assert texts(drain(exclusive, 500)) == ["late", "at once"]
    assert texts(drain(shared, 500)) == ["at once"]
    assert texts(drain(shared, 4000)) == ["late"]


@pytest.mark.parametrize(
    ("there", "comes", "outcome"),
    [
        ("Shared", "Exclusive", "_pulsar.ProducerFenced: Pulsar error: ResultProducerFenced"),
        ("Exclusive", "Shared", "_pulsar.ProducerBusy: Pulsar error: ProducerBusy"),
        ("Exclusive", "Exclusive", "_pulsar.ProducerFenced: Pulsar error: ResultProducerFenced"),
        ("Exclusive", "WaitForExclusive", "_pulsar.Timeout: Pulsar error: TimeOut"),
        ("Exclusive", "ExclusiveWithFencing", True),
        ("Shared", "ExclusiveWithFencing", True),
        ("Shared", "Shared", True),
    ],
)
def test_access_modes_shut_out_or_are_shut_out(client, topic, there, comes, outcome):
    client.create_producer(topic, access_mode=getattr(pulsar.ProducerAccessMode, there))
    assert attempt(lambda: client.create_producer(topic, access_mode=getattr(pulsar.ProducerAccessMode, comes)).is_connected()) == outcome


def test_a_fenced_producer_cannot_send(client, topic):
    first = client.create_producer(topic, access_mode=pulsar.ProducerAccessMode.Exclusive)
    client.create_producer(topic, access_mode=pulsar.ProducerAccessMode.ExclusiveWithFencing)
    assert attempt(lambda: first.send(b"x")) == "_pulsar.ProducerFenced: Pulsar error: ResultProducerFenced"
    assert first.is_connected() is False


def test_a_shared_producer_that_was_fenced_comes_back_when_the_other_is_gone(client, topic):
    shared = client.create_producer(topic, send_timeout_millis=3000)
    fencing = client.create_producer(topic, access_mode=pulsar.ProducerAccessMode.ExclusiveWithFencing)
    assert attempt(lambda: shared.send(b"x")) == "_pulsar.Timeout: Pulsar error: TimeOut"
    fencing.close()
    assert place(shared.send(b"y")) == (0, -1, -1)
    assert shared.is_connected() is True


def test_a_producers_name_is_its_own_until_it_closes(client, topic):
    first = client.create_producer(topic, producer_name="p")
    assert attempt(lambda: client.create_producer(topic, producer_name="p")) == "_pulsar.ProducerBusy: Pulsar error: ProducerBusy"
    first.close()
    assert client.create_producer(topic, producer_name="p").producer_name() == "p"


def test_schemas_encode_and_decode(client, topic):
    class Item(pulsar.schema.Record):
        name = pulsar.schema.String()

    consumer = client.subscribe(topic, "s", schema=pulsar.schema.JsonSchema(Item))
    client.create_producer(topic, schema=pulsar.schema.JsonSchema(Item)).send(Item(name="tea"))
    message = consumer.receive(timeout_millis=2000)
    assert (message.data(), message.value().name, message.schema_version()) == (b'{\n "name": "tea"\n}', "tea", "\0" * 8)


def test_a_callback_that_was_not_called_when_the_producer_closes_hears_so_although_the_message_is_stored(target, client, topic):
    consumer = client.subscribe(topic, "s")
    producer = client.create_producer(topic)
    told = []
    for text in ("a", "b"):
        producer.send_async(text.encode(), lambda result, _message_id: told.append(result.name))
    producer.close()
    target.pass_time(300)
    assert told == ["AlreadyClosed", "AlreadyClosed"]
    assert texts(drain(consumer)) == ["a", "b"]


def test_a_producer_that_was_fenced_has_nothing_to_flush(client, topic):
    fenced = client.create_producer(topic, access_mode=pulsar.ProducerAccessMode.Exclusive)
    client.create_producer(topic, access_mode=pulsar.ProducerAccessMode.ExclusiveWithFencing)
    with pytest.raises(pulsar.ProducerFenced):
        fenced.send(b"x")
    with pytest.raises(pulsar.AlreadyClosed):
        fenced.flush()
