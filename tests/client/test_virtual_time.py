"""What waiting means where time is virtual: nothing waits, and what would wait for ever says so."""

import re

import pulsar
import pytest

from pfemu.errors import WaitsForeverError
from pfemu.model.topic_name import TopicName


def test_receiving_without_a_timeout_explains_that_nothing_can_come(client):
    with pytest.raises(WaitsForeverError, match="this would wait for ever: nothing is left to run and no timer is set"):
        client.subscribe("t", "s").receive()


def test_batch_receive_without_a_time_limit_explains_it_too(client):
    consumer = client.subscribe("t", "s", batch_receive_policy=pulsar.ConsumerBatchReceivePolicy(5, 0, -1))
    with pytest.raises(WaitsForeverError):
        consumer.batch_receive()


def test_receiving_without_a_timeout_waits_for_what_a_timer_brings(emulation, client):
    consumer = client.subscribe("t", "s", consumer_type=pulsar.ConsumerType.Shared)
    client.create_producer("t").send(b"late", deliver_at=emulation.scheduler.now_ms() + 60_000)
    begin_ms = emulation.scheduler.now_ms()
    assert consumer.receive().data() == b"late"
    assert emulation.scheduler.now_ms() - begin_ms == 60_000


def test_a_timeout_moves_time_by_itself(emulation, client):
    begin_ms = emulation.scheduler.now_ms()
    with pytest.raises(pulsar.Timeout):
        client.subscribe("t", "s").receive(timeout_millis=5000)
    assert emulation.scheduler.now_ms() - begin_ms == 5000


def test_sending_to_a_batch_moves_time_by_its_delay(emulation, client):
    begin_ms = emulation.scheduler.now_ms()
    client.create_producer("t", batching_enabled=True, batching_max_publish_delay_ms=500).send(b"x")
    assert emulation.scheduler.now_ms() - begin_ms == 500


def test_waiting_for_exclusive_access_ends_when_the_other_leaves(emulation, client):
    first = client.create_producer("t", access_mode=pulsar.ProducerAccessMode.Exclusive)
    emulation.scheduler.at(emulation.scheduler.now_ms() + 1000, first.close)
    second = client.create_producer("t", access_mode=pulsar.ProducerAccessMode.WaitForExclusive)
    second.send(b"x")
    assert second.is_connected()


def test_callbacks_run_in_a_later_step_and_in_order(emulation, client):
    told = []
    producer = client.create_producer("t")
    producer.send_async(b"0", lambda _result, message_id: told.append(message_id.entry_id()))
    producer.send_async(b"1", lambda _result, message_id: told.append(message_id.entry_id()), properties={"a": "1"})
    assert told == []
    emulation.scheduler.run_until_idle()
    assert told == [0, 1]


def test_a_callback_may_send(emulation, client):
    producer = client.create_producer("t")
    producer.send_async(b"0", lambda *_answer: producer.send(b"1"))
    emulation.scheduler.run_until_idle()
    assert [entry.payload for entry in emulation.entries("t")] == [b"0", b"1"]


def test_new_topics_of_a_pattern_are_found_once_a_minute(emulation, client):
    consumer = client.subscribe(re.compile("persistent://public/default/in-.*"), "s", pattern_auto_discovery_period=1)
    assert emulation.scheduler.next_due_ms() is None
    producer = client.create_producer("in-new")
    producer.send(b"before it was found")
    with pytest.raises(pulsar.Timeout):
        consumer.receive(timeout_millis=59_000)
    emulation.scheduler.advance(1000)
    producer.send(b"after")
    assert consumer.receive(timeout_millis=0).data() == b"after"
    consumer.close()
    client.create_producer("in-newer")
    assert emulation.scheduler.next_due_ms() is None


def test_new_partitions_are_found_once_a_minute(emulation, client):
    emulation.create_partitioned("t", 1)
    consumer = client.subscribe("t", "s")
    producer = client.create_producer("t")
    emulation.engine.broker.update_partitions(TopicName.parse("t"), 2)
    emulation.engine.notice_topics()
    assert {producer.send(b"x").partition() for _ in range(4)} == {0}
    emulation.scheduler.advance(60_000)
    assert {producer.send(b"x").partition() for _ in range(4)} == {0, 1}
    assert len([consumer.receive(timeout_millis=0) for _ in range(8)]) == 8


@pytest.mark.parametrize("pattern", ["(?i)in-.*", "(?P<name>in)-.*", "in-(?<=x)y"])
def test_a_pattern_that_ends_a_real_clients_process_is_refused(client, pattern):
    with pytest.raises(pulsar.InvalidConfiguration):
        client.subscribe(re.compile(pattern), "s")


def test_two_runs_give_the_same_names(client, emulation):
    shared = pulsar.ConsumerType.Shared
    clients = [client, type(emulation)().client]
    names = [[made.subscribe("t", "s", consumer_type=shared).consumer_name() for _ in range(2)] for made in clients]
    assert names[0] == names[1]
    assert names[0][0] != names[0][1]


def test_topic_names_that_only_the_broker_refuses_time_out(client):
    with pytest.raises(pulsar.Timeout, match="Pulsar error: TimeOut"):
        client.create_producer("persistent://public/default/.")
