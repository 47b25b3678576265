"""Receiving: waiting, listeners, queues, batches of messages, and what a closed consumer says."""

import pulsar
import pytest

from tests.contract.target import drain, texts

CLOSED = "Pulsar error: AlreadyClosed"
KINDS = ["Exclusive", "Shared", "Failover", "KeyShared"]


def send_all(client, topic, *payloads):
    producer = client.create_producer(topic)
    for payload in payloads:
        producer.send(payload.encode())
    return producer


@pytest.mark.parametrize("timeout_ms", [0, 100, -5])
def test_nothing_to_receive_is_a_timeout(client, topic, timeout_ms):
    with pytest.raises(pulsar.Timeout, match="Pulsar error: TimeOut"):
        client.subscribe(topic, "s").receive(timeout_millis=timeout_ms)


def test_a_timeout_that_is_no_number_is_refused(client, topic):
    with pytest.raises(ValueError, match="Argument timeout_millis is expected to be of type 'int' and not 'str'"):
        client.subscribe(topic, "s").receive(timeout_millis="1")


def test_a_consumer_with_a_listener_cannot_receive(client, topic):
    consumer = client.subscribe(topic, "s", message_listener=lambda _consumer, _message: None)
    with pytest.raises(pulsar.InvalidConfiguration):
        consumer.receive(timeout_millis=100)
    assert consumer.batch_receive() == []


def test_a_consumer_without_a_listener_has_none_to_pause(client, topic):
    consumer = client.subscribe(topic, "s")
    with pytest.raises(pulsar.InvalidConfiguration):
        consumer.pause_message_listener()
    with pytest.raises(pulsar.InvalidConfiguration):
        consumer.resume_message_listener()


def test_a_closed_consumer_refuses_what_the_real_one_refuses(client, topic):
    consumer = client.subscribe(topic, "s")
    consumer.close()
    for refused in (
        lambda: consumer.receive(timeout_millis=100),
        lambda: consumer.acknowledge(pulsar.MessageId.earliest),
        lambda: consumer.acknowledge_cumulative(pulsar.MessageId.earliest),
        lambda: consumer.seek(pulsar.MessageId.earliest),
        consumer.batch_receive,
        consumer.get_last_message_id,
        consumer.unsubscribe,
    ):
        with pytest.raises(pulsar.AlreadyClosed, match=CLOSED):
            refused()
    with pytest.raises(ValueError, match=r"list\.remove\(x\): x not in list"):
        consumer.close()
    assert (consumer.is_connected(), consumer.topic()) == (False, topic)
    assert consumer.negative_acknowledge(pulsar.MessageId.earliest) is None
    assert consumer.redeliver_unacknowledged_messages() is None


def test_a_closed_client_closes_what_it_made(client, topic):
    consumer = client.subscribe(topic, "s")
    producer = client.create_producer(topic)
    reader = client.create_reader(topic, pulsar.MessageId.earliest)
    client.close()
    for refused in (
        client.close,
        lambda: client.create_producer(topic),
        lambda: client.subscribe(topic, "s"),
        lambda: client.get_topic_partitions(topic),
        lambda: producer.send(b"x"),
        producer.close,
        lambda: consumer.receive(timeout_millis=10),
    ):
        with pytest.raises(pulsar.AlreadyClosed, match=CLOSED):
            refused()
    assert (consumer.close(), reader.close(), client.shutdown()) == (None, None, None)


@pytest.mark.parametrize("comes", KINDS)
@pytest.mark.parametrize("there", KINDS)
def test_consumers_of_one_subscription_are_of_one_type(client, topic, there, comes):
    client.subscribe(topic, "s", consumer_type=getattr(pulsar.ConsumerType, there))
    if there == comes != "Exclusive":
        client.subscribe(topic, "s", consumer_type=getattr(pulsar.ConsumerType, comes))
    else:
        with pytest.raises(pulsar.ConsumerBusy, match="Pulsar error: ConsumerBusy"):
            client.subscribe(topic, "s", consumer_type=getattr(pulsar.ConsumerType, comes))


def test_a_subscription_needs_a_name(client, topic):
    with pytest.raises(pulsar.InvalidConfiguration):
        client.subscribe(topic, "")


def test_a_compacted_view_is_for_one_reader_at_a_time(client, topic):
    with pytest.raises(pulsar.InvalidConfiguration):
        client.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared, is_read_compacted=True)


@pytest.mark.parametrize("name", ["persistent://no-tenant/ns/x", "persistent://public/no-namespace/x"])
def test_a_missing_namespace_is_a_missing_topic(client, name):
    for attempt in (lambda: client.subscribe(name, "s"), lambda: client.create_producer(name), lambda: client.get_topic_partitions(name)):
        with pytest.raises(pulsar.TopicNotFound, match="Pulsar error: TopicNotFound"):
            attempt()


@pytest.mark.parametrize(
    "name", ["a/b", "a/b/c/d", "", "//", "persistent://public", "http://public/default/x", "persistent://pub lic/ns/x"]
)
def test_a_wrong_topic_name_is_refused(client, name):
    for attempt in (lambda: client.subscribe(name, "s"), lambda: client.create_producer(name)):
        with pytest.raises(pulsar.InvalidTopicName, match="Pulsar error: InvalidTopicName"):
            attempt()


def test_a_subscription_starts_at_the_end_or_at_the_beginning(client, topic):
    send_all(client, topic, "0", "1")
    assert texts(drain(client.subscribe(topic, "latest"), 300)) == []
    earliest = client.subscribe(topic, "earliest", initial_position=pulsar.InitialPosition.Earliest)
    assert texts(drain(earliest, 300)) == ["0", "1"]


def test_messages_wait_for_a_slow_receiver_in_order(client, topic):
    consumer = client.subscribe(topic, "s", receiver_queue_size=3)
    send_all(client, topic, *(str(number) for number in range(20)))
    assert texts(drain(consumer, 300)) == [str(number) for number in range(20)]


def test_without_a_queue_messages_are_fetched_one_by_one(target, client, topic):
    first = client.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared, receiver_queue_size=0)
    second = client.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared)
    send_all(client, topic, "0", "1", "2")
    assert texts(drain(second, 500)) == ["0", "1", "2"]
    with pytest.raises(pulsar.InvalidConfiguration):
        first.receive(timeout_millis=100)
    second.close()
    assert first.receive().data() == b"0"
    assert first.batch_receive() == []


def test_a_listener_gets_the_consumer_and_each_message_and_may_fail(target, client, topic):
    seen = []

    def listen(consumer, message):
        seen.append((consumer.topic(), message.data()))
        if message.data() == b"bad":
            raise ValueError("in a listener")
        consumer.acknowledge(message)

    client.subscribe(topic, "s", message_listener=listen)
    send_all(client, topic, "0", "bad", "1")
    target.pass_time(500)
    assert seen == [(topic, b"0"), (topic, b"bad"), (topic, b"1")]
    assert target.backlog(topic, "s") == 1


def test_a_paused_listener_gets_nothing_until_it_is_resumed(target, client, topic):
    seen = []
    consumer = client.subscribe(topic, "s", message_listener=lambda _consumer, message: seen.append(message.data()))
    consumer.pause_message_listener()
    send_all(client, topic, "0")
    target.pass_time(300)
    assert seen == []
    consumer.resume_message_listener()
    target.pass_time(300)
    assert seen == [b"0"]


@pytest.mark.parametrize(
    ("policy", "taken"),
    [((3, -1, 200), [3, 2, 0]), ((-1, -1, 200), [5, 0, 0]), ((-1, 4, 200), [2, 2, 1]), ((0, 0, 100), [5, 0, 0]), (None, [5, 0, 0])],
)
def test_batch_receive_takes_what_the_policy_says(target, client, topic, policy, taken):
    settings = {} if policy is None else {"batch_receive_policy": pulsar.ConsumerBatchReceivePolicy(*policy)}
    consumer = client.subscribe(topic, "s", **settings)
    send_all(client, topic, *(["ab"] * 5))
    target.pass_time(300)
    assert [len(consumer.batch_receive()) for _ in range(3)] == taken


def test_batch_receive_needs_some_limit():
    with pytest.raises(ValueError, match="At least one of maxNumMessages, maxNumBytes and timeoutMs must be specified"):
        pulsar.ConsumerBatchReceivePolicy(0, 0, 0)


def test_a_subscription_with_other_consumers_is_not_deleted(target, client, topic):
    first = client.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared)
    client.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared)
    with pytest.raises(pulsar.BrokerMetadataError, match="Pulsar error: BrokerMetadataError"):
        first.unsubscribe()
    assert target.subscriptions(topic) == ["s"]


def test_unsubscribing_deletes_the_subscription_and_closes_the_consumer(target, client, topic):
    consumer = client.subscribe(topic, "s")
    consumer.unsubscribe()
    assert target.subscriptions(topic) == []
    with pytest.raises(pulsar.AlreadyClosed):
        consumer.unsubscribe()
    consumer.close()


def result_of(call):
    try:
        return call()
    except pulsar.exceptions.PulsarException as error:
        return type(error).__name__


@pytest.mark.parametrize("end", ["close", "unsubscribe"])
def test_a_closed_consumer_that_is_asked_to_unsubscribe_is_open_again_without_a_connection(target, client, topic, end):
    consumer = client.subscribe(topic, "s")
    client.create_producer(topic).send(b"x")
    message = consumer.receive(timeout_millis=2000)
    getattr(consumer, end)()
    assert result_of(consumer.unsubscribe) == "AlreadyClosed"
    told = [
        consumer.is_connected(),
        result_of(lambda: consumer.receive(timeout_millis=200)),
        result_of(lambda: consumer.acknowledge(message)),
        result_of(lambda: consumer.acknowledge_cumulative(message)),
        result_of(lambda: consumer.negative_acknowledge(message)),
        result_of(consumer.redeliver_unacknowledged_messages),
        result_of(consumer.get_last_message_id),
        result_of(lambda: consumer.seek(pulsar.MessageId.earliest)),
        result_of(consumer.unsubscribe),
    ]
    assert told == [False, "Timeout", None, None, None, None, "NotConnected", "NotConnected", "NotConnected"]
    if end == "close":
        assert target.backlog(topic, "s") == 1
        with pytest.raises(ValueError, match="x not in list"):
            consumer.close()
    else:
        consumer.close()
    assert result_of(lambda: consumer.receive(timeout_millis=200)) == "AlreadyClosed"


def test_a_closed_consumer_of_several_topics_that_is_asked_to_unsubscribe_is_one_of_none(target, client, topic):
    consumer = client.subscribe([topic, f"{topic}-2"], "s")
    consumer.close()
    assert result_of(consumer.unsubscribe) == "AlreadyClosed"
    assert (consumer.is_connected(), result_of(lambda: consumer.seek(pulsar.MessageId.earliest))) == (True, None)
    client.create_producer(topic).send(b"x")
    assert target.backlog(topic, "s") == 1


def test_the_last_message_id_is_that_of_the_newest_message(client, topic):
    consumer = client.subscribe(topic, "s")
    assert str(consumer.get_last_message_id()) == "(-1,-1,-1,-1)"
    sent = send_all(client, topic, "0").send(b"1")
    assert consumer.get_last_message_id() == sent


def test_names_of_consumers_are_given_or_made_up(client, topic):
    assert client.subscribe(topic, "s", consumer_name="me").consumer_name() == "me"
    other = client.subscribe(topic, "a/b")
    assert (len(other.consumer_name()), other.subscription_name()) == (10, "a/b")
