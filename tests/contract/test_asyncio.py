"""``pulsar.asyncio``: what coroutines get, in which order, and what is refused."""

import asyncio
from datetime import timedelta

import pulsar
import pulsar.asyncio
import pytest
from pulsar.schema import AvroSchema, Integer, Record, String

from tests.contract.target import place

PATIENCE_S = 10
OF_PATTERN = "Argument 'topic' must be a string when 'is_pattern_topic' is True; lists of topics do not support pattern subscriptions"


class Cup(Record):
    size = Integer()


class Name(Record):
    size = String(required=True)


@pytest.fixture
def asyncio_client(target):
    return target.asyncio_client


def run(client, work):
    """Run a coroutine; a real client has to be closed before its callbacks' event loop is."""

    async def work_and_close():
        try:
            return await work()
        finally:
            client.shutdown()

    return asyncio.run(work_and_close())


async def refusal(call):
    try:
        await asyncio.wait_for(call, PATIENCE_S)
    except Exception as error:  # noqa: BLE001 - the refusal is what is looked at
        return f"{type(error).__module__}.{type(error).__name__}: {str(error).splitlines()[0]}"
    return "not refused"


async def received(consumer, count):
    return [await asyncio.wait_for(consumer.receive(), PATIENCE_S) for _ in range(count)]


def test_what_cannot_be_made_is_refused_with_the_brokers_words(asyncio_client, topic):
    async def refusals():
        producer = await asyncio_client.create_producer(topic, producer_name="n")
        consumer = await asyncio_client.subscribe(topic, "s")
        shared = pulsar.ConsumerType.Shared
        told = [
            await refusal(asyncio_client.create_producer("bad://x/y")),
            await refusal(asyncio_client.create_producer("persistent://public/nowhere/x")),
            await refusal(asyncio_client.create_producer(topic, producer_name="n")),
            await refusal(asyncio_client.create_producer(topic, access_mode=pulsar.ProducerAccessMode.Exclusive)),
            await refusal(asyncio_client.create_producer(topic, chunking_enabled=True)),
            await refusal(asyncio_client.create_producer(5)),
            await refusal(asyncio_client.subscribe(topic, "s")),
            await refusal(asyncio_client.subscribe(topic, "s", shared)),
            await refusal(asyncio_client.subscribe(topic, "")),
            await refusal(asyncio_client.subscribe([5], "s")),
            await refusal(asyncio_client.subscribe(["a"], "s", is_pattern_topic=True)),
            await refusal(asyncio_client.subscribe(topic, "other", shared, is_read_compacted=True)),
            await refusal(asyncio_client.create_reader("bad://x/y", pulsar.MessageId.earliest)),
            await refusal(asyncio_client.get_topic_partitions("bad://x")),
        ]
        return told, producer.is_connected(), consumer.topic()

    error, broker = "pulsar.asyncio.PulsarException", "org.apache.pulsar.broker.service.BrokerServiceException$"
    told, connected, consumed = run(asyncio_client, refusals)
    assert told == [
        f"{error}: 21 InvalidTopicName",
        f"{error}: 29 TopicNotFound: Namespace not found",
        f"{error}: 19 ProducerBusy: {broker}NamingException: Producer with name 'n' is already connected to topic '{topic}'",
        f"{error}: 43 ProducerFenced: {broker}ProducerFencedException: Topic has existing shared producers",
        "builtins.ValueError: Batching and chunking of messages can't be enabled together.",
        "builtins.TypeError: create_producer_async_v2(): incompatible function arguments. The following argument types are supported:",
        f"{error}: 13 ConsumerBusy",
        f"{error}: 13 ConsumerBusy",
        f"{error}: 2 InvalidConfiguration: SubscriptionName cannot be empty.",
        "builtins.TypeError: subscribe_async_v2(): incompatible function arguments. The following argument types are supported:",
        f"builtins.ValueError: {OF_PATTERN}",
        f"{error}: 2 InvalidConfiguration",
        f"{error}: 21 InvalidTopicName",
        f"{error}: 21 InvalidTopicName",
    ]
    assert (connected, consumed) == (True, topic)


def test_what_cannot_be_sent_acknowledged_or_sought_is_refused(asyncio_client, topic):
    async def refusals():
        producer = await asyncio_client.create_producer(topic)
        consumer = await asyncio_client.subscribe(topic, "s", pulsar.ConsumerType.Shared)
        await producer.send(b"x")
        [message] = await received(consumer, 1)
        return [
            await refusal(producer.send("x")),
            await refusal(producer.send(b"x", properties={"a": 5})),
            await refusal(producer.send(b"x" * (6 << 20))),
            await refusal(consumer.acknowledge(5)),
            await refusal(consumer.acknowledge_cumulative(5)),
            await refusal(consumer.negative_acknowledge(5)),
            await refusal(consumer.acknowledge_cumulative(message)),
            await refusal(consumer.seek("x")),
            await refusal(consumer.seek(-1)),
        ]

    takes = "incompatible function arguments. The following argument types are supported:"
    assert run(asyncio_client, refusals) == [
        "builtins.TypeError: Invalid record obj of type <class 'str'> - expected type is <class 'bytes'>",
        f"builtins.TypeError: property(): {takes}",
        "pulsar.asyncio.PulsarException: 28 MessageTooBig",
        f"builtins.TypeError: acknowledge_async(): {takes}",
        f"builtins.TypeError: acknowledge_cumulative_async(): {takes}",
        f"builtins.TypeError: negative_acknowledge(): {takes}",
        "pulsar.asyncio.PulsarException: 37 CumulativeAcknowledgementNotAllowedError",
        "builtins.ValueError: invalid messageid type <class 'str'>",
        f"builtins.TypeError: seek_async(): {takes}",
    ]


def test_a_schema_that_does_not_fit_is_refused(asyncio_client, topic):
    async def refusals():
        await asyncio_client.create_producer(topic, schema=AvroSchema(Cup))
        return [
            await refusal(asyncio_client.create_producer(topic, schema=AvroSchema(Name))),
            await refusal(asyncio_client.subscribe(topic, "s", schema=AvroSchema(Name))),
        ]

    producers, consumers = run(asyncio_client, refusals)
    assert producers.startswith(
        "pulsar.asyncio.PulsarException: 35 IncompatibleSchema:"
        " org.apache.pulsar.broker.service.schema.exceptions.IncompatibleSchemaException: Error during schema compatibility check"
    )
    assert consumers == "pulsar.asyncio.PulsarException: 35 IncompatibleSchema"


def test_what_is_closed_refuses(asyncio_client, topic):
    async def refusals():
        producer = await asyncio_client.create_producer(topic)
        reader = await asyncio_client.create_reader(topic, pulsar.MessageId.earliest)
        consumer = await asyncio_client.subscribe(topic, "s")
        waiting = asyncio.ensure_future(consumer.receive())
        await reader.close()
        await reader.close()
        await producer.close()
        told = [
            await refusal(reader.read_next()),
            await refusal(reader.has_message_available()),
            await refusal(producer.send(b"x")),
            await refusal(producer.flush()),
            await refusal(producer.close()),
        ]
        await asyncio_client.close()
        return [
            *told,
            await refusal(waiting),
            await refusal(asyncio_client.close()),
            await refusal(asyncio_client.create_producer(topic)),
            await refusal(asyncio_client.subscribe(topic, "s")),
        ]

    assert run(asyncio_client, refusals) == ["pulsar.asyncio.PulsarException: 15 AlreadyClosed"] * 9


def test_a_message_goes_round_with_all_that_it_carries(asyncio_client, topic):
    async def send_and_receive():
        consumer = await asyncio_client.subscribe(topic, "s", consumer_name="c", properties={"who": "me"})
        producer = await asyncio_client.create_producer(topic, producer_name="n")
        sent = await producer.send(b"x", {"a": "b"}, "k", "o", 7, event_timestamp=5)
        [message] = await received(consumer, 1)
        await consumer.acknowledge(message)
        return sent, message, consumer, producer

    sent, message, consumer, producer = run(asyncio_client, send_and_receive)
    assert (type(sent), type(message)) == (pulsar.MessageId, type(message))
    assert isinstance(message, pulsar.Message)
    assert place(sent) == place(message.message_id()) == (0, -1, 0)
    assert (message.data(), message.value(), message.properties()) == (b"x", b"x", {"a": "b"})
    assert (message.partition_key(), message.ordering_key(), message.event_timestamp(), message.producer_name()) == ("k", "o", 5, "n")
    assert (consumer.subscription_name(), consumer.consumer_name(), producer.last_sequence_id()) == ("s", "c", 7)


def test_what_is_sent_in_one_go_shares_a_batch(asyncio_client, topic):
    async def send():
        producer = await asyncio_client.create_producer(topic)
        return await asyncio.gather(*(producer.send(b"%d" % number) for number in range(3)))

    assert [place(each) for each in run(asyncio_client, send)] == [(0, -1, 0), (0, -1, 1), (0, -1, 2)]


def test_a_delayed_message_comes_last(asyncio_client, topic):
    async def send_and_receive():
        consumer = await asyncio_client.subscribe(topic, "s", pulsar.ConsumerType.Shared)
        producer = await asyncio_client.create_producer(topic)
        await producer.send(b"later", deliver_after=timedelta(milliseconds=1200))
        await producer.send(b"now")
        return [message.data() for message in await received(consumer, 2)]

    assert run(asyncio_client, send_and_receive) == [b"now", b"later"]


def test_negative_acknowledgement_brings_a_message_again(asyncio_client, topic):
    async def receive_twice():
        consumer = await asyncio_client.subscribe(topic, "s", pulsar.ConsumerType.Shared, negative_ack_redelivery_delay_ms=300)
        producer = await asyncio_client.create_producer(topic)
        await producer.send(b"x")
        [first] = await received(consumer, 1)
        await consumer.negative_acknowledge(first)
        [again] = await received(consumer, 1)
        return again.redelivery_count()

    assert run(asyncio_client, receive_twice) == 1


def test_who_waits_longer_than_he_wants_gets_a_timeout(asyncio_client, topic):
    async def receive():
        consumer = await asyncio_client.subscribe(topic, "s")
        await asyncio.wait_for(consumer.receive(), 0.2)

    with pytest.raises(TimeoutError):
        run(asyncio_client, receive)


def test_who_waits_gets_what_another_task_sends(asyncio_client, topic):
    async def exchange():
        consumer = await asyncio_client.subscribe(topic, "s")
        producer = await asyncio_client.create_producer(topic, batching_enabled=False)
        received_first, sent = await asyncio.gather(received(consumer, 1), producer.send(b"x"))
        return place(received_first[0].message_id()), place(sent)

    assert run(asyncio_client, exchange) == ((0, -1, -1), (0, -1, -1))


def test_readers_read_seek_and_know_when_nothing_is_left(asyncio_client, topic):
    async def read():
        producer = await asyncio_client.create_producer(topic, batching_enabled=False)
        sent = [await producer.send(b"%d" % number) for number in range(3)]
        reader = await asyncio_client.create_reader(topic, pulsar.MessageId.earliest)
        seen = []
        while await reader.has_message_available():
            seen.append((await reader.read_next()).data())
        await reader.seek(sent[1])
        seen.append((await asyncio.wait_for(reader.read_next(), PATIENCE_S)).data())
        return seen, reader.topic(), reader.is_connected()

    assert run(asyncio_client, read) == ([b"0", b"1", b"2", b"2"], topic, True)


def test_several_topics_and_patterns_are_consumed_together(asyncio_client, target, topic):
    async def consume():
        of_list = await asyncio_client.subscribe([topic, f"{topic}-2"], "list")
        of_pattern = await asyncio_client.subscribe(f"{topic}.*", "pattern", is_pattern_topic=True)
        for name in (topic, f"{topic}-2"):
            producer = await asyncio_client.create_producer(name)
            await producer.send(name.encode())
        got = []
        for consumer in (of_list, of_pattern):
            messages = await received(consumer, 2)
            got.append(sorted(message.topic_name() for message in messages))
            for message in messages:
                await consumer.acknowledge(message)
            await consumer.close()
        return got

    assert run(asyncio_client, consume) == [[topic, f"{topic}-2"]] * 2
    assert target.backlog(topic, "list") == 0


def test_partitions_are_named_and_a_router_is_asked(asyncio_client, target, topic):
    target.create_partitioned(topic, 3)

    async def send():
        producer = await asyncio_client.create_producer(topic, message_router=lambda message, count: int(message.data()) % count)
        sent = [await producer.send(b"%d" % number) for number in (2, 0, 4)]
        return await asyncio_client.get_topic_partitions(topic), [each.partition() for each in sent]

    names, partitions = run(asyncio_client, send)
    assert names == [f"{topic}-partition-{index}" for index in range(3)]
    assert partitions == [2, 0, 1]


def test_values_are_encoded_and_decoded_by_the_schema(asyncio_client, topic):
    async def send_and_receive():
        consumer = await asyncio_client.subscribe(topic, "s", schema=AvroSchema(Cup))
        producer = await asyncio_client.create_producer(topic, schema=AvroSchema(Cup))
        await producer.send(Cup(size=3))
        [message] = await received(consumer, 1)
        return message.value().size

    assert run(asyncio_client, send_and_receive) == 3


def test_who_wants_to_be_alone_waits_until_the_others_are_gone(asyncio_client, target, topic):
    target.create_partitioned(topic, 2)

    async def wait_for_access():
        first = await asyncio_client.create_producer(topic)
        waiting = asyncio.ensure_future(asyncio_client.create_producer(topic, access_mode=pulsar.ProducerAccessMode.WaitForExclusive))
        await asyncio.wait({waiting}, timeout=0.3)
        waited = not waiting.done()
        await first.close()
        alone = await asyncio.wait_for(waiting, PATIENCE_S)
        return waited, alone.is_connected()

    assert run(asyncio_client, wait_for_access) == (True, True)


def test_unsubscribing_and_redelivery_on_demand(asyncio_client, target, topic):
    async def unsubscribe():
        consumer = await asyncio_client.subscribe(topic, "s", pulsar.ConsumerType.Shared)
        producer = await asyncio_client.create_producer(topic)
        await producer.send(b"x")
        await received(consumer, 1)
        consumer.redeliver_unacknowledged_messages()
        [again] = await received(consumer, 1)
        last = await consumer.get_last_message_id()
        await consumer.unsubscribe()
        return again.data(), place(last)

    assert run(asyncio_client, unsubscribe) == (b"x", (0, -1, 0))
    assert target.subscriptions(topic) == []
