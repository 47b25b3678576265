"""``context.publish`` to any topic, with everything that a message can be given, and with callbacks."""

from datetime import timedelta

import pulsar
import pytest

import pfemu
from pfemu.runtime.instance import InstanceStuck

NOW_MS = 1_700_000_000_000


class Publishes:
    """Publishes what it is told to, and keeps what its callbacks hear."""

    def __init__(self):
        self.heard = []

    def process(self, input, context):
        topic, value, settings = self.orders.pop(0)
        if settings.pop("listens", False):
            settings["callback"] = lambda result, message_id: self.heard.append((result, str(result), str(message_id)))
        context.publish(topic, value, **settings)


@pytest.fixture
def emulator():
    with pfemu.Emulator() as made:
        yield made


@pytest.fixture
def publish(emulator):
    """Have a function publish; return the function's object."""
    function = emulator.create_function(Publishes, inputs=["in"])
    made = function.function.instances[0].loaded.instance
    made.orders = []

    def call(topic, value, **settings):
        made.orders.append((topic, value, settings))
        emulator.topic("in").send("now")
        return made

    call.function = function
    return call


@pytest.mark.parametrize(
    ("conf", "shown"),
    [
        ({"partition_key": "k"}, {"key": "k"}),
        ({"ordering_key": "o"}, {"ordering_key": "o"}),
        ({"event_timestamp": NOW_MS}, {"event_time": NOW_MS}),
        ({"properties": {"a": "1"}}, {"properties": {"a": "1"}}),
        ({"sequence_id": 900}, {}),
        ({"disable_replication": True}, {}),
        ({"replication_clusters": ["standalone"]}, {}),
        ({"partition_key": "", "event_timestamp": 0, "sequence_id": 0}, {}),
    ],
    ids=lambda value: ", ".join(value) or "nothing",
)
def test_every_message_setting_reaches_the_message(emulator, publish, conf, shown):
    consumer = emulator.client.subscribe("side", "looks")
    publish("side", "x", message_conf=conf)
    message = consumer.receive(1000)
    found = {
        "key": message.partition_key(),
        "ordering_key": message.ordering_key(),
        "event_time": message.event_timestamp(),
        "properties": message.properties(),
    }
    assert {name: value for name, value in found.items() if value} == shown
    assert message.data() == b"x"


@pytest.mark.parametrize("conf", [{"deliver_after": timedelta(seconds=90)}, {"deliver_at": 90_000}], ids=lambda conf: next(iter(conf)))
def test_a_publication_can_be_delivered_later(emulator, publish, conf):
    consumer = emulator.client.subscribe("side", "looks", consumer_type=pulsar.ConsumerType.Shared)
    if "deliver_at" in conf:
        conf = {"deliver_at": emulator.scheduler.now_ms() + conf["deliver_at"]}
    publish("side", "later", message_conf=conf)
    emulator.advance(seconds=89)
    with pytest.raises(pulsar.Timeout):
        consumer.receive(1)
    emulator.advance(seconds=2)
    assert consumer.receive(1).data() == b"later"


@pytest.mark.parametrize(
    ("conf", "error"), [({"no_such": 1}, TypeError), ({"properties": {"a": 1}}, TypeError), ({"partition_key": 5}, ValueError)], ids=str
)
def test_a_setting_that_no_message_has_raises_in_the_function(publish, conf, error):
    publish("side", "x", message_conf=conf)
    [failure] = publish.function.exceptions
    assert (failure.kind, type(failure.error)) == ("user", error)


@pytest.mark.parametrize(
    "topic",
    ["short", "public/default/full", "persistent://public/default/fuller", "non-persistent://public/default/np", "parts-partition-1"],
)
def test_any_topic_will_do(emulator, publish, topic):
    emulator.create_partitioned_topic("parts", 2)
    consumer = emulator.client.subscribe(topic, "looks")
    publish(topic, "x")
    assert consumer.receive(1000).data() == b"x"


@pytest.mark.parametrize("topic", ["a/b", "persistent://public/nowhere/x", "persistent://nobody/ns/x", ""])
def test_a_topic_that_cannot_be_raises_in_the_function(publish, topic):
    publish(topic, "x")
    [failure] = publish.function.exceptions
    assert failure.kind == "user"
    assert isinstance(failure.error, pulsar.exceptions.PulsarException)


def test_callbacks_hear_of_each_publication_in_order(emulator, publish):
    for value in ("a", "b", "c"):
        heard = publish("side", value, listens=True).heard
    assert [result for result, _, _ in heard] == [pulsar.Result.Ok] * 3
    assert {text for _, text, _ in heard} == {"Result.Ok"}
    assert [message_id for _, _, message_id in heard] == [str(message.message_id) for message in emulator.topic("side").messages]


def test_callbacks_hear_of_what_was_not_stored(emulator, publish):
    emulator.faults.fail_publish(topic="side")
    assert [text for _, text, _ in publish("side", "x", listens=True).heard] == ["Result.Timeout"]
    assert publish.function.stats.system_exceptions == 1


class Asks:
    """Publishes with a callback that does what its input says."""

    def process(self, input, context):
        client = context.get_pulsar_client()
        acts = {
            "new topic": lambda: context.publish("never", "x"),
            "producer": lambda: client.create_producer("never"),
            "partitions": lambda: client.get_topic_partitions("side"),
            "known topic": lambda: context.publish("side", "x"),
            "state": lambda: context.incr_counter("n", 1),
        }
        context.publish("side", input, callback=lambda _result, _message_id: acts[input]())
        return input


@pytest.mark.parametrize("what", ["new topic", "producer", "partitions"])
def test_a_callback_that_waits_for_its_client_leaves_the_instance_stuck(what):
    with pfemu.Emulator() as emulator:
        function = emulator.create_function(Asks, inputs=["in"], output="out")
        for value in (what, "state", "state", "state"):
            emulator.topic("in").send(value)
        assert emulator.topic("out").values() == [what]
        assert "never" not in [topic.name.local_name for topic in emulator.broker.topics_of("public/default")]
        assert function.stats.received == 1
        assert isinstance(function.function.instances[0].ended_by, InstanceStuck)
        function.restart()
        assert emulator.topic("out").values()[1:] == ["state"] * 3


@pytest.mark.parametrize("what", ["known topic", "state"])
def test_a_callback_that_waits_for_nobody_does_what_it_likes(emulator, what):
    function = emulator.create_function(Asks, inputs=["in"], output="out")
    emulator.topic("in").send(what)
    assert function.function.instances[0].ended_by is None
    assert emulator.topic("side").values()[1:] == (["x"] if what == "known topic" else [])
    emulator.topic("in").send("state")
    assert function.counters["n"] >= 1
