"""Acknowledgements, negative acknowledgements, timeouts and dead letters."""

import pulsar
import pytest

from tests.contract.target import counted, drain, texts

KINDS = ["Exclusive", "Shared", "Failover", "KeyShared"]
KEEPING_EACH = {"Shared", "KeyShared"}


def kind_of(name):
    return getattr(pulsar.ConsumerType, name)


def send_all(client, topic, *payloads):
    producer = client.create_producer(topic)
    for payload in payloads:
        producer.send(payload.encode(), partition_key="k")


@pytest.mark.parametrize("method", ["acknowledge", "acknowledge_cumulative", "negative_acknowledge"])
@pytest.mark.parametrize("message", [None, "1:1", 5])
def test_what_is_no_message_is_refused(client, topic, method, message):
    consumer = client.subscribe(topic, "s")
    with pytest.raises(TypeError) as refused:
        getattr(consumer, method)(message)
    lines = str(refused.value).splitlines()
    assert lines[:3] == [
        f"{method}(): incompatible function arguments. The following argument types are supported:",
        "    1. (self: _pulsar.Consumer, arg0: _pulsar.Message) -> None",
        "    2. (self: _pulsar.Consumer, arg0: _pulsar.MessageId) -> None",
    ]


def test_a_wrapped_id_can_be_acknowledged_but_not_negatively(client, topic):
    consumer = client.subscribe(topic, "s")
    consumer.acknowledge(pulsar.MessageId(-1, 1, 1, -1))
    with pytest.raises(TypeError, match=r"negative_acknowledge\(\): incompatible function arguments"):
        consumer.negative_acknowledge(pulsar.MessageId(-1, 1, 1, -1))


@pytest.mark.parametrize("kind", sorted(KEEPING_EACH))
def test_cumulative_acknowledgement_is_refused_where_each_message_is_kept(client, topic, kind):
    consumer = client.subscribe(topic, "s", consumer_type=kind_of(kind))
    send_all(client, topic, "x")
    message = consumer.receive(timeout_millis=2000)
    with pytest.raises(
        pulsar.CumulativeAcknowledgementNotAllowedError, match="Pulsar error: ResultCumulativeAcknowledgementNotAllowedError"
    ):
        consumer.acknowledge_cumulative(message)


def test_a_message_of_another_topic_and_an_unknown_id_acknowledge_nothing(target, client, topic):
    consumer = client.subscribe(topic, "s")
    other = client.subscribe(topic + "-other", "s")
    send_all(client, topic, "x")
    send_all(client, topic + "-other", "y")
    consumer.acknowledge(other.receive(timeout_millis=2000))
    consumer.acknowledge(pulsar.MessageId(-1, 99_999_999, 0, -1))
    assert target.backlog(topic, "s") == 1


def test_acknowledged_messages_leave_the_backlog_in_any_order(target, client, topic):
    consumer = client.subscribe(topic, "s")
    send_all(client, topic, "0", "1", "2")
    received = drain(consumer, 500)
    consumer.acknowledge(received[2])
    consumer.acknowledge(received[0].message_id())
    assert target.backlog(topic, "s") == 1
    consumer.acknowledge_cumulative(received[1].message_id())
    assert target.backlog(topic, "s") == 0


def test_what_was_not_acknowledged_comes_again_to_the_next_consumer(client, topic):
    consumer = client.subscribe(topic, "s")
    send_all(client, topic, "0", "1", "2")
    consumer.acknowledge(drain(consumer, 500)[1])
    consumer.close()
    assert counted(drain(client.subscribe(topic, "s"), 500)) == [("0", 0), ("2", 0)]


@pytest.mark.parametrize("kind", KINDS)
def test_negative_acknowledgement_raises_the_count_where_each_message_is_kept(client, topic, kind):
    consumer = client.subscribe(topic, "s", consumer_type=kind_of(kind), negative_ack_redelivery_delay_ms=200)
    send_all(client, topic, "x")
    seen = []
    for _ in range(3):
        message = consumer.receive(timeout_millis=3000)
        seen.append(message.redelivery_count())
        consumer.negative_acknowledge(message)
    consumer.close()
    again = client.subscribe(topic, "s", consumer_type=kind_of(kind))
    seen.append(again.receive(timeout_millis=3000).redelivery_count())
    assert seen == ([0, 1, 2, 0] if kind in KEEPING_EACH else [0, 0, 0, 0])


def test_negative_acknowledgement_on_exclusive_sends_all_again_beside_what_is_queued(client, topic):
    consumer = client.subscribe(topic, "s", negative_ack_redelivery_delay_ms=300)
    send_all(client, topic, "0", "1", "2")
    assert texts(drain(consumer, 200)) == ["0", "1", "2"]
    consumer.close()
    consumer = client.subscribe(topic, "s", negative_ack_redelivery_delay_ms=300)
    consumer.negative_acknowledge(consumer.receive(timeout_millis=2000))
    assert texts(drain(consumer, 1200)) == ["1", "2", "0", "1", "2"]


def test_acknowledgement_after_a_negative_one_wins(client, topic):
    consumer = client.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared, negative_ack_redelivery_delay_ms=200)
    send_all(client, topic, "x")
    message = consumer.receive(timeout_millis=2000)
    consumer.negative_acknowledge(message)
    consumer.acknowledge(message)
    assert drain(consumer, 1000) == []


@pytest.mark.parametrize(("kind", "again"), [("Shared", [("1", 0), ("0", 1), ("1", 1)]), ("Exclusive", [("1", 0), ("0", 0), ("1", 0)])])
def test_redelivery_of_all_comes_after_what_is_queued(target, client, topic, kind, again):
    consumer = client.subscribe(topic, "s", consumer_type=kind_of(kind))
    send_all(client, topic, "0", "1")
    target.pass_time(300)
    consumer.receive(timeout_millis=2000)
    consumer.redeliver_unacknowledged_messages()
    assert counted(drain(consumer, 700)) == again


@pytest.mark.timeout(90)
def test_an_acknowledgement_timeout_asks_again_within_a_second_of_its_time(target, client, topic):
    consumer = client.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared, unacked_messages_timeout_ms=10_000)
    send_all(client, topic, "kept", "acknowledged")
    kept, acknowledged = consumer.receive(timeout_millis=2000), consumer.receive(timeout_millis=2000)
    consumer.acknowledge(acknowledged)
    target.pass_time(9000)
    assert drain(consumer, 300) == []
    assert counted(drain(consumer, 4000)) == [(kept.data().decode(), 1)]


def test_an_acknowledgement_timeout_under_ten_seconds_is_refused(client, topic):
    with pytest.raises(ValueError, match="Unacknowledged message timeout should be greater than 10 seconds"):
        client.subscribe(topic, "s", unacked_messages_timeout_ms=5000)


@pytest.mark.parametrize("maximum", [0, -1, None])
def test_a_dead_letter_policy_needs_a_positive_maximum(maximum):
    with pytest.raises(ValueError, match="max_redeliver_count must be greater than 0"):
        pulsar.ConsumerDeadLetterPolicy(maximum)


def fail_all(consumer):
    counts = []
    while True:
        try:
            message = consumer.receive(timeout_millis=2000)
        except pulsar.Timeout:
            return counts
        counts.append(message.redelivery_count())
        consumer.negative_acknowledge(message)


@pytest.mark.parametrize("kind", sorted(KEEPING_EACH))
def test_a_message_that_fails_too_often_becomes_a_dead_letter(target, client, topic, kind):
    dead = client.subscribe(f"{topic}-s-DLQ", "watch")
    policy = pulsar.ConsumerDeadLetterPolicy(2, initial_subscription_name="first")
    consumer = client.subscribe(topic, "s", consumer_type=kind_of(kind), negative_ack_redelivery_delay_ms=200, dead_letter_policy=policy)
    client.create_producer(topic).send(b"bad", {"p": "1"}, "key", "order", event_timestamp=1_600_000_000_000)
    assert fail_all(consumer) == [0, 1, 2]
    letter = dead.receive(timeout_millis=2000)
    assert (letter.data(), letter.partition_key(), letter.ordering_key(), letter.event_timestamp()) == (b"bad", "key", "order", 0)
    origin = letter.properties().pop("ORIGIN_MESSAGE_ID")
    assert origin.endswith(",0,-1,-1)")
    assert letter.properties() == {"p": "1", "REAL_TOPIC": topic, "ORIGIN_MESSAGE_ID": origin}
    assert target.backlog(topic, "s") == 0
    assert sorted(target.subscriptions(f"{topic}-s-DLQ")) == ["first", "watch"]


def test_a_dead_letter_keeps_the_properties_of_one_that_it_was_before(client, topic):
    dead = client.subscribe(f"{topic}-s-DLQ", "watch")
    policy = pulsar.ConsumerDeadLetterPolicy(1)
    consumer = client.subscribe(
        topic, "s", consumer_type=kind_of("Shared"), negative_ack_redelivery_delay_ms=200, dead_letter_policy=policy
    )
    client.create_producer(topic).send(b"bad", {"REAL_TOPIC": "an earlier one"})
    assert fail_all(consumer) == [0, 1]
    assert dead.receive(timeout_millis=2000).properties()["REAL_TOPIC"] == "an earlier one"


def test_an_exclusive_subscription_has_no_dead_letters(client, topic):
    policy = pulsar.ConsumerDeadLetterPolicy(1)
    consumer = client.subscribe(topic, "s", negative_ack_redelivery_delay_ms=200, dead_letter_policy=policy)
    client.create_producer(topic).send(b"bad")
    counts = []
    for _ in range(4):
        message = consumer.receive(timeout_millis=3000)
        counts.append(message.redelivery_count())
        consumer.negative_acknowledge(message)
    assert counts == [0, 0, 0, 0]


def test_a_dead_letter_topic_that_cannot_be_leaves_the_message_where_it_is(target, client, topic):
    policy = pulsar.ConsumerDeadLetterPolicy(1)
    consumer = client.subscribe(
        topic, "a/b/c", consumer_type=pulsar.ConsumerType.Shared, negative_ack_redelivery_delay_ms=200, dead_letter_policy=policy
    )
    client.create_producer(topic).send(b"bad")
    assert fail_all(consumer) == [0, 1]


def test_a_batch_becomes_dead_letters_as_a_whole(target, client, topic):
    dead = client.subscribe(topic + "-dead", "watch")
    policy = pulsar.ConsumerDeadLetterPolicy(1, dead_letter_topic=topic + "-dead")
    consumer = client.subscribe(
        topic, "s", consumer_type=pulsar.ConsumerType.Shared, negative_ack_redelivery_delay_ms=200, dead_letter_policy=policy
    )
    producer = client.create_producer(topic, batching_enabled=True)
    for number in range(3):
        producer.send_async(str(number).encode(), None)
    producer.flush()
    consumer.negative_acknowledge(drain(consumer, 500)[1])
    again = drain(consumer, 1000)
    consumer.acknowledge(again[0])
    consumer.negative_acknowledge(again[1])
    assert drain(consumer, 1500) == []
    letters = drain(dead, 500)
    assert texts(letters) == ["0", "1", "2"]
    assert [letter.properties()["ORIGIN_MESSAGE_ID"][-6:] for letter in letters] == ["0,-1,0)"[-6:], "0,-1,1)"[-6:], "0,-1,2)"[-6:]]
    assert target.backlog(topic, "s") == 0
