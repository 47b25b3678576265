"""Partitions, lists and patterns."""

import re

import pulsar
import pytest

from tests.contract.target import drain, place, texts

NOT_SUPPORTED = "Pulsar error: OperationNotSupported"


@pytest.fixture
def partitioned(target, topic):
    target.create_partitioned(topic, 4)
    return topic


def chosen(producer, count=8):
    return [producer.send(b"x").partition() for _ in range(count)]


@pytest.mark.parametrize("partition", [10, -1])
def test_a_router_must_name_a_partition(client, partitioned, partition):
    with pytest.raises(pulsar.UnknownError, match="Pulsar error: UnknownError"):
        client.create_producer(partitioned, message_router=lambda _message, _count: partition).send(b"x")


def test_what_a_router_raises_is_raised_by_send(client, partitioned):
    with pytest.raises(ZeroDivisionError):
        client.create_producer(partitioned, message_router=lambda _message, _count: 1 // 0).send(b"x")


def test_a_router_gets_the_message_and_the_number_of_partitions(client, partitioned):
    seen = []

    def route(message, count):
        seen.append((message.data(), message.partition_key(), message.properties(), count))
        return 3

    producer = client.create_producer(partitioned, message_router=route)
    assert producer.send(b"x", {"a": "1"}, "key").partition() == 3
    assert seen == [(b"x", "key", {"a": "1"}, 4)]


def test_no_partition_lies_beyond_the_number_of_partitions(client, partitioned):
    for attempt in (
        lambda: client.create_producer(f"{partitioned}-partition-4"),
        lambda: client.subscribe(f"{partitioned}-partition-4", "s"),
    ):
        with pytest.raises(pulsar.TopicNotFound):
            attempt()


def test_a_queue_of_size_zero_is_refused_on_partitions(client, partitioned):
    with pytest.raises(pulsar.InvalidConfiguration):
        client.subscribe(partitioned, "s", receiver_queue_size=0)


def test_keys_choose_the_partition_the_real_client_chooses(client, partitioned):
    producer = client.create_producer(partitioned)
    keys = {"key-0": 2, "key-1": 1, "key-2": 0, "key-10": 3, "a": 0, "c": 3, "é": 1, "日本": 2, " ": 3, "order-1": 2}
    assert {key: producer.send(b"x", partition_key=key).partition() for key in keys} == keys


@pytest.mark.parametrize("settings", [{}, {"batching_enabled": True, "batching_max_publish_delay_ms": 10}])
def test_messages_sent_one_by_one_go_round(client, partitioned, settings):
    partitions = chosen(client.create_producer(partitioned, **settings))
    first = partitions[0] if settings else 0
    assert [(partition - first) % 4 for partition in partitions] == [0, 1, 2, 3, 0, 1, 2, 3]


@pytest.mark.parametrize(("settings", "partitions"), [({"batching_max_messages": 1000}, {8: 1}), ({"batching_max_messages": 2}, {2: 4})])
def test_messages_of_a_batch_stay_on_one_partition(target, client, partitioned, settings, partitions):
    producer = client.create_producer(partitioned, batching_enabled=True, batching_max_publish_delay_ms=500, **settings)
    told = []
    for _ in range(8):
        producer.send_async(b"x", lambda _result, message_id: told.append(message_id.partition()))
    producer.flush()
    target.pass_time(300)
    counts = sorted(told.count(partition) for partition in set(told))
    assert counts == [count for count, times in partitions.items() for _ in range(times)]


def test_a_single_partition_keeps_everything_without_a_key(client, partitioned):
    single = pulsar.PartitionsRoutingMode.UseSinglePartition
    assert len(set(chosen(client.create_producer(partitioned, message_routing_mode=single)))) == 1


def test_a_partitioned_producer_is_named_after_the_topic(client, partitioned):
    producer = client.create_producer(partitioned, producer_name="p")
    assert (producer.topic(), producer.producer_name(), producer.is_connected(), producer.last_sequence_id()) == (
        partitioned,
        "p",
        True,
        -1,
    )
    chosen(producer, 5)
    assert producer.last_sequence_id() == 1
    with pytest.raises(pulsar.ProducerBusy):
        client.create_producer(partitioned, producer_name="p")
    producer.close()
    with pytest.raises(pulsar.AlreadyClosed):
        producer.send(b"x")


def test_partitions_are_listed(client, partitioned, topic):
    assert client.get_topic_partitions(partitioned) == [f"{topic}-partition-{index}" for index in range(4)]
    assert client.get_topic_partitions(topic + "-plain") == [topic + "-plain"]


def test_messages_of_partitions_tell_theirs_and_are_acknowledged(target, client, partitioned):
    consumer = client.subscribe(partitioned, "s")
    producer = client.create_producer(partitioned)
    sent = [producer.send(str(number).encode()) for number in range(4)]
    received = {message.data().decode(): message for message in drain(consumer, 500)}
    assert [place(received[str(number)].message_id()) for number in range(4)] == [place(message_id) for message_id in sent]
    assert received["0"].topic_name() == f"{partitioned}-partition-{sent[0].partition()}"
    consumer.acknowledge(received["0"])
    consumer.acknowledge(received["1"].message_id())
    consumer.acknowledge_cumulative(received["2"])
    left = [target.backlog(f"{partitioned}-partition-{message_id.partition()}", "s") for message_id in sent]
    assert left == [0, 0, 0, 1]


def test_an_id_without_its_topic_is_not_supported_on_several(client, partitioned):
    consumer = client.subscribe(partitioned, "s")
    sent = client.create_producer(partitioned).send(b"x")
    received = pulsar.MessageId.deserialize(consumer.receive(timeout_millis=2000).message_id().serialize())
    for refused in (
        lambda: consumer.acknowledge(sent),
        lambda: consumer.acknowledge(received),
        lambda: consumer.acknowledge_cumulative(sent),
        lambda: consumer.seek(sent),
        consumer.get_last_message_id,
    ):
        with pytest.raises(pulsar.OperationNotSupported, match=NOT_SUPPORTED):
            refused()
    assert consumer.negative_acknowledge(sent) is None


def test_a_closed_consumer_of_partitions_refuses_what_the_real_one_refuses(client, partitioned):
    consumer = client.subscribe(partitioned, "s")
    client.create_producer(partitioned).send(b"x")
    message = consumer.receive(timeout_millis=2000)
    consumer.close()
    for refused in (
        lambda: consumer.acknowledge(message),
        lambda: consumer.seek(0),
        lambda: consumer.seek(pulsar.MessageId.earliest),
        consumer.batch_receive,
        lambda: consumer.receive(timeout_millis=10),
    ):
        with pytest.raises(pulsar.AlreadyClosed):
            refused()
    for refused in (
        lambda: consumer.acknowledge_cumulative(message),
        lambda: consumer.seek(message.message_id()),
        consumer.get_last_message_id,
    ):
        with pytest.raises(pulsar.OperationNotSupported):
            refused()
    assert (consumer.negative_acknowledge(message), consumer.redeliver_unacknowledged_messages()) == (None, None)
    with pytest.raises(pulsar.AlreadyClosed):
        consumer.unsubscribe()


def test_seeking_on_partitions_is_for_all_or_for_a_received_messages_own(client, partitioned):
    consumer = client.subscribe(partitioned, "s")
    producer = client.create_producer(partitioned)
    for number in range(8):
        producer.send(str(number).encode())
    received = drain(consumer, 500)
    for place_, count in ((pulsar.MessageId.earliest, 8), (pulsar.MessageId.latest, 0), (0, 8)):
        consumer.seek(place_)
        assert len(drain(consumer, 500)) == count
    first = next(message for message in received if message.message_id().entry_id() == 0)
    consumer.seek(first.message_id())
    assert [message.topic_name() for message in drain(consumer, 500)] == [first.topic_name()]


def test_a_list_of_topics_is_one_consumer(client, topic):
    topics = [topic + "-1", topic + "-2"]
    consumer = client.subscribe(topics, "s")
    for name in topics:
        client.create_producer(name).send(name[-1:].encode())
    assert sorted((message.data().decode(), message.topic_name()) for message in drain(consumer, 500)) == [
        ("1", topics[0]),
        ("2", topics[1]),
    ]
    assert re.fullmatch(re.escape(topics[1]) + "-TopicsConsumerFakeName-[0-9a-f]{10}", consumer.topic())
    assert (consumer.consumer_name(), consumer.is_connected()) == ("", True)


def test_lists_are_refused_as_a_whole(client, topic):
    client.subscribe(topic + "-2", "s")
    for topics, error in (
        ([topic, "a/b"], pulsar.InvalidTopicName),
        ([topic, "persistent://public/no-namespace/x"], pulsar.TopicNotFound),
        ([topic, topic + "-2"], pulsar.ConsumerBusy),
        ([5], TypeError),
    ):
        with pytest.raises(error):
            client.subscribe(topics, "s")
    client.subscribe(topic, "s").close()


def test_where_one_of_a_list_cannot_be_the_subscriptions_on_the_others_stay(target, client, topic):
    with pytest.raises(pulsar.TopicNotFound):
        client.subscribe(["persistent://public/no-namespace/x", topic], "s")
    assert target.subscriptions(topic) == ["s"]
    client.subscribe(topic, "s").close()


def test_an_empty_list_is_a_consumer_that_gets_nothing(client):
    consumer = client.subscribe([], "s")
    assert (consumer.topic(), drain(consumer, 100)) == ("EmptyTopics", [])


@pytest.mark.parametrize("pattern", ["persistent://public/.*/x", "persistent://public/default/l[0-9]/x"])
def test_a_pattern_is_of_one_namespace(client, pattern):
    with pytest.raises(pulsar.InvalidTopicName):
        client.subscribe(re.compile(pattern), "s")


@pytest.mark.parametrize("prefix", ["persistent://", "non-persistent://", ""])
def test_a_pattern_takes_the_topics_it_matches_wholly(client, target, prefix):
    namespace = f"public/{target.namespace}"
    producers = {name: client.create_producer(f"persistent://{namespace}/{name}") for name in ("in-1", "in-2", "in-22", "out")}
    consumer = client.subscribe(re.compile(f"{prefix}{namespace}/in-[0-9]"), "s")
    for name, producer in producers.items():
        producer.send(name.encode())
    assert sorted(texts(drain(consumer, 500))) == ["in-1", "in-2"]
    assert consumer.topic() == f"{prefix or 'persistent://'}{namespace}/in-[0-9]"


def test_a_pattern_takes_all_partitions_of_a_topic(client, target, partitioned):
    consumer = client.subscribe(re.compile(f"persistent://public/{target.namespace}/top.*c"), "s")
    producer = client.create_producer(partitioned)
    for number in range(4):
        producer.send(str(number).encode())
    assert sorted(texts(drain(consumer, 500))) == ["0", "1", "2", "3"]


def test_where_one_of_several_topics_refuses_the_subscriptions_on_the_others_stay(target, client, topic):
    client.subscribe(topic, "s")
    with pytest.raises(pulsar.ConsumerBusy):
        client.subscribe([topic, f"{topic}-new"], "s")
    assert target.subscriptions(f"{topic}-new") == ["s"]
    assert client.subscribe(f"{topic}-new", "s").is_connected()


@pytest.mark.parametrize(("of_several", "comes_again"), [(True, []), (False, ["a", "b"])])
def test_of_partitions_a_batch_that_is_acknowledged_in_part_does_not_time_out(target, client, topic, of_several, comes_again):
    if of_several:
        target.create_partitioned(topic, 2)
    consumer = client.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared, unacked_messages_timeout_ms=10_000)
    producer = client.create_producer(topic, batching_enabled=True, batching_max_publish_delay_ms=200)
    for text in ("a", "b"):
        producer.send_async(text.encode(), None, partition_key="k")
    producer.flush()
    consumer.acknowledge(drain(consumer)[0])
    target.pass_time(15_000)
    assert texts(drain(consumer)) == comes_again
