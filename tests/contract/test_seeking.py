"""Seeking and reading: where delivery starts."""

import pulsar
import pytest

from tests.contract.target import drain, texts


def send_numbers(client, topic, count=4):
    producer = client.create_producer(topic)
    return [producer.send(str(number).encode()) for number in range(count)]


def send_batch(client, topic, count=4):
    producer = client.create_producer(topic, batching_enabled=True)
    for number in range(count):
        producer.send_async(str(number).encode(), None)
    producer.flush()
    producer.send(str(count).encode())


def read_all(reader):
    read = []
    while reader.has_message_available():
        read.append(reader.read_next(timeout_millis=2000).data().decode())
    return read


@pytest.mark.parametrize("target_place", ["1:2", None, 1.5])
def test_what_is_no_place_is_refused(client, topic, target_place):
    with pytest.raises(ValueError, match="invalid seek_arg type"):
        client.subscribe(topic, "s").seek(target_place)


def test_seeking_goes_after_an_id_or_to_it(target, client, topic):
    exclusive = client.subscribe(topic, "exclusive")
    inclusive = client.subscribe(topic, "inclusive", start_message_id_inclusive=True)
    ids = send_numbers(client, topic)
    for consumer, after in ((exclusive, ["2", "3"]), (inclusive, ["1", "2", "3"])):
        drain(consumer, 200)
        consumer.seek(ids[1])
        assert texts(drain(consumer, 500)) == after


def test_seeking_to_either_end_beyond_it_or_to_an_unknown_ledger(client, topic):
    consumer = client.subscribe(topic, "s")
    last = send_numbers(client, topic)[-1]
    outcomes = []
    for place in (
        pulsar.MessageId.earliest,
        pulsar.MessageId.latest,
        last,
        pulsar.MessageId(-1, last.ledger_id(), 1000, -1),
        pulsar.MessageId(-1, last.ledger_id() + 100_000, 0, -1),
    ):
        consumer.seek(place)
        outcomes.append(len(drain(consumer, 500)))
    assert outcomes == [4, 0, 0, 0, 0]


def test_seeking_to_a_time(target, client, topic):
    consumer = client.subscribe(topic, "s")
    producer = client.create_producer(topic)
    producer.send(b"0")
    target.pass_time(100)
    producer.send(b"1")
    first, second = drain(consumer, 300)
    for time_ms, after in ((second.publish_timestamp(), ["1"]), (0, ["0", "1"]), (second.publish_timestamp() + 3_600_000, [])):
        consumer.seek(time_ms)
        assert texts(drain(consumer, 500)) == after
    assert first.publish_timestamp() < second.publish_timestamp()


def test_seeking_into_a_batch_leaves_its_beginning_unacknowledged(target, client, topic):
    consumer = client.subscribe(topic, "s")
    send_batch(client, topic)
    consumer.seek(drain(consumer, 500)[1].message_id())
    after = drain(consumer, 500)
    for message in after:
        consumer.acknowledge(message)
    assert (texts(after), target.backlog(topic, "s")) == (["2", "3", "4"], 1)


@pytest.mark.parametrize(("inclusive", "expected"), [(False, ["2", "3"]), (True, ["1", "2", "3"])])
def test_a_reader_starts_after_an_id_or_at_it(client, topic, inclusive, expected):
    ids = send_numbers(client, topic)
    assert read_all(client.create_reader(topic, ids[1], start_message_id_inclusive=inclusive)) == expected


@pytest.mark.parametrize(("index", "inclusive", "first"), [(1, False, "2"), (1, True, "1"), (3, False, "4"), (3, True, "3")])
def test_a_reader_starts_inside_a_batch(client, topic, index, inclusive, first):
    consumer = client.subscribe(topic, "s")
    send_batch(client, topic)
    start = drain(consumer, 500)[index].message_id()
    assert read_all(client.create_reader(topic, start, start_message_id_inclusive=inclusive))[0] == first


def test_a_reader_from_the_end_reads_what_comes_or_the_newest_message(client, topic):
    producer = client.create_producer(topic)
    early = client.create_reader(topic, pulsar.MessageId.latest)
    assert early.has_message_available() is False
    producer.send(b"0")
    producer.send(b"1")
    assert read_all(early) == ["0", "1"]
    assert read_all(client.create_reader(topic, pulsar.MessageId.latest)) == []
    assert read_all(client.create_reader(topic, pulsar.MessageId.latest, start_message_id_inclusive=True)) == ["1"]


def test_a_reader_seeks(client, topic):
    ids = send_numbers(client, topic)
    reader = client.create_reader(topic, pulsar.MessageId.earliest)
    assert read_all(reader) == ["0", "1", "2", "3"]
    reader.seek(ids[2])
    assert read_all(reader) == ["3"]
    reader.seek(pulsar.MessageId.latest)
    assert reader.has_message_available() is False
    reader.seek(0)
    assert read_all(reader) == ["0", "1", "2", "3"]


def test_a_reader_that_includes_its_start_goes_to_the_newest_message_when_it_is_asked_at_the_end(client, topic):
    reader = client.create_reader(topic, pulsar.MessageId.earliest, start_message_id_inclusive=True)
    producer = client.create_producer(topic)
    for payload in (b"0", b"1"):
        producer.send(payload)
    reader.seek(pulsar.MessageId.latest)
    assert read_all(reader) == ["1"]
    reader.seek(pulsar.MessageId.latest)
    producer.send(b"2")
    assert read_all(reader) == ["2"]


def test_seeking_at_the_end_of_an_empty_topic_finds_nothing(client, topic):
    reader = client.create_reader(topic, pulsar.MessageId.earliest, start_message_id_inclusive=True)
    reader.seek(pulsar.MessageId.latest)
    assert read_all(reader) == []


def test_seeking_on_failover_is_followed_by_a_second_of_nothing(client, topic):
    consumer = client.subscribe(topic, "s", pulsar.ConsumerType.Failover)
    send_numbers(client, topic, 1)
    assert texts([consumer.receive(timeout_millis=3000)]) == ["0"]
    consumer.seek(pulsar.MessageId.earliest)
    assert drain(consumer, 500) == []
    assert texts([consumer.receive(timeout_millis=3000)]) == ["0"]


def test_a_reader_has_a_subscription_that_goes_with_it_and_a_backlog_that_falls(target, client, topic):
    send_numbers(client, topic)
    reader = client.create_reader(topic, pulsar.MessageId.earliest, subscription_role_prefix="role")
    (subscription,) = target.subscriptions(topic)
    assert subscription.startswith("role-reader-")
    read_all(reader)
    assert target.backlog(topic, subscription) == 0
    reader.close()
    assert target.subscriptions(topic) == []


def test_a_reader_refuses_what_the_real_one_refuses(client, topic):
    with pytest.raises(ValueError, match="Argument start_message_id is expected to be of type 'MessageId' and not 'NoneType'"):
        client.create_reader(topic, None)
    reader = client.create_reader(topic, pulsar.MessageId.earliest)
    with pytest.raises(pulsar.Timeout, match="Pulsar error: TimeOut"):
        reader.read_next(timeout_millis=100)
    reader.close()
    for refused in (lambda: reader.read_next(timeout_millis=100), reader.has_message_available):
        with pytest.raises(pulsar.AlreadyClosed):
            refused()


def test_a_reader_with_a_listener_reads_by_itself(target, client, topic):
    seen = []
    send_numbers(client, topic, 2)
    reader = client.create_reader(topic, pulsar.MessageId.earliest, reader_listener=lambda _reader, message: seen.append(message.data()))
    target.pass_time(500)
    assert seen == [b"0", b"1"]
    with pytest.raises(pulsar.InvalidConfiguration):
        reader.read_next(timeout_millis=100)


def test_a_reader_of_a_partitioned_topic_reads_all_partitions(target, client, topic):
    target.create_partitioned(topic, 2)
    send_numbers(client, topic)
    reader = client.create_reader(topic, pulsar.MessageId.earliest)
    assert sorted(read_all(reader)) == ["0", "1", "2", "3"]
    assert reader.topic() == topic


def test_a_table_view_has_the_newest_payload_of_each_key(target, client, topic):
    producer = client.create_producer(topic)
    for key, payload in (("a", b"1"), ("b", b"2"), ("a", b"3"), (None, b"no key")):
        producer.send(payload, partition_key=key)
    view = client.create_table_view(topic)
    seen = []
    view.for_each_and_listen(lambda key, value: seen.append((key, value)))
    producer.send(b"4", partition_key="c")
    producer.send(b"", partition_key="b")
    target.pass_time(500)
    assert (len(view), view.get("a"), view.get("b"), view.get("c"), view.get("none")) == (2, b"3", None, b"4", None)
    assert sorted(seen) == [("a", b"3"), ("b", b""), ("b", b"2"), ("c", b"4")]
    view.close()


def test_a_table_view_is_closed_once_also_when_its_client_was_closed_before(client, topic):
    view = client.create_table_view(topic)
    client.close()
    view.close()
    with pytest.raises(pulsar.ConsumerNotInitialized):
        view.close()
