"""What the handles show: topics, state, metrics, logs, exceptions, and the life of a function."""

import json

import pytest
from pulsar.schema import JsonSchema, Record, String

from pfemu.errors import InvalidTopicName, LoadError, PfemuError, StateError, SubscriptionNotFound, TopicNotFound
from pfemu.metrics.page import metrics_page
from pfemu.model.configuration.function_config import ConsumerConfig
from pfemu.state_views import MissingKeyError

ORDERS = "persistent://public/default/orders"
READER = "public/default/Everything, which reads it,"


class Everything:
    """Uses state, metrics, logs and publish."""

    def process(self, input, context):
        context.get_logger().warning("saw %s", input)
        print("printed")  # noqa: T201 - shows that prints are logged
        context.put_state("last", str(input))
        context.incr_counter("seen", 1)
        context.record_metric("length", len(str(input)))
        if input == "bad":
            raise ValueError("no tea left")
        context.publish("side", input, message_conf={"partition_key": "k9"})
        return f"{input}!"


class Upper(dict):
    """A SerDe that keeps its values as JSON."""

    def serialize(self, input):
        return json.dumps(input).encode()

    def deserialize(self, input_bytes):
        return json.loads(input_bytes)


class Echo:
    def process(self, input, context):
        return input


@pytest.fixture
def function(pulsar_function):
    return pulsar_function(Everything, inputs=["orders"], output="out")


def test_topics_show_values_keys_and_messages(pulsar_emulator, function):
    orders, side = pulsar_emulator.topic("orders"), pulsar_emulator.topic("side")
    orders.send("tea", key="k1", properties={"a": "b"}, event_time=7)
    orders.send_many(["milk", 42])
    assert orders.values() == ["tea", "milk", 42]
    assert orders.keys() == ["k1", "", ""]
    assert orders.by_key() == {"k1": ["tea"], "": ["milk", 42]}
    assert (orders.messages[0].properties, orders.messages[0].event_time, orders.messages[0].partition) == ({"a": "b"}, 7, -1)
    assert side.by_key() == {"k9": ["tea", "milk", 42]}
    assert [message.value for message in side] == ["tea", "milk", 42]
    assert repr(orders.messages[0]) == "<'tea' key='k1' properties={'a': 'b'} event_time=7>"
    assert repr(orders) == "<topic persistent://public/default/orders: 3 messages>"


def test_a_cleared_topic_shows_only_what_came_later(pulsar_emulator, function):
    out = pulsar_emulator.topic("out")
    pulsar_emulator.topic("orders").send("tea")
    out.clear()
    assert not out
    pulsar_emulator.topic("orders").send("milk")
    assert out == ["milk!"]
    assert pulsar_emulator.topic("out") == ["milk!"]
    assert [message.value for message in pulsar_emulator.topic("out").history()] == ["tea!", "milk!"]


def test_a_topic_holds_the_values_of_its_messages_and_the_messages(pulsar_emulator, function):
    pulsar_emulator.topic("orders").send("tea")
    out = pulsar_emulator.topic("out")
    assert "tea!" in out
    assert "milk!" not in out
    assert out.messages[0] in out
    assert pulsar_emulator.topic("orders").messages[0] not in out
    assert repr(out) == "<topic persistent://public/default/out: 1 message>"


def test_backlogs_are_counted_and_a_wrong_subscription_is_explained(pulsar_emulator, function):
    orders = pulsar_emulator.topic("orders")
    orders.send("tea")
    assert orders.backlog(function.name) == 0
    with pytest.raises(SubscriptionNotFound) as raised:
        orders.backlog("Everything")
    assert str(raised.value) == (
        "no subscription 'Everything' on persistent://public/default/orders; there are: 'public/default/Everything'. "
        "A function's subscription is its full name, tenant/namespace/name."
    )


def test_partitions_are_topics_of_their_own(pulsar_emulator, pulsar_function):
    pulsar_function(Echo, inputs=["orders"], output="out", partitions=3)
    orders = pulsar_emulator.topic("orders")
    for number in range(9):
        orders.send(f"n{number}", key=f"k{number}")
    parts = [orders.partition(index).values() for index in range(3)]
    assert sorted(value for part in parts for value in part) == [f"n{number}" for number in range(9)]
    assert sorted(pulsar_emulator.topic("out").values()) == sorted(orders.values())


def test_a_wrong_topic_name_and_a_wrong_type_are_refused_with_the_place(pulsar_emulator, function):
    with pytest.raises(InvalidTopicName):
        pulsar_emulator.topic("persistent://only/two")
    with pytest.raises(TypeError) as raised:
        pulsar_emulator.topic("orders").send({"a": 1})
    assert str(raised.value) == "IdentitySerde cannot serialize object of type <class 'dict'>"
    assert raised.value.__notes__ == [
        f"{{'a': 1}} was sent to {ORDERS}, which takes what the default SerDe (str, bytes, int, float and complex) of {READER} takes",
        "json.dumps makes text of it",
    ]


def test_a_partition_that_there_is_not_is_refused(pulsar_emulator):
    orders = pulsar_emulator.create_partitioned_topic("orders", 2)
    with pytest.raises(TopicNotFound, match="orders has 2 partitions, counted from 0: there is no partition 2"):
        orders.partition(2)
    with pytest.raises(TopicNotFound, match="plain counts its partitions from 0: there is no partition -1"):
        pulsar_emulator.topic("plain").partition(-1)
    assert pulsar_emulator.topic("plain").partition(3).messages == []  # it may be made later


@pytest.mark.parametrize(
    ("given", "spelled"),
    [({"key": 1}, "partition_key=1"), ({"properties": {"a": 1}, "key": "k"}, "properties={'a': 1}, partition_key='k'")],
)
def test_what_goes_with_a_value_is_refused_with_the_place(pulsar_emulator, given, spelled):
    with pytest.raises((TypeError, ValueError)) as raised:
        pulsar_emulator.topic("orders").send("tea", **given)
    assert raised.value.__notes__[-1] == f"it was sent with {spelled}: a key, and names and values of properties, are texts"


def test_values_pass_through_the_serdes_of_the_functions(pulsar_emulator, pulsar_function, tmp_path):
    module = tmp_path / "codec.py"
    module.write_text(
        "import json\n\n\nclass Json:\n    def serialize(self, input):\n        return json.dumps(input).encode()\n\n"
        "    def deserialize(self, input_bytes):\n        return json.loads(input_bytes)\n\n\n"
        "class Price:\n    def process(self, input, context):\n        return {**input, 'price': 3}\n"
    )
    serdes = {"custom_serde_inputs": {"orders": "codec.Json"}, "output_serde_class_name": "codec.Json"}
    pulsar_function(str(module) + ":Price", output="priced", **serdes)
    pulsar_emulator.topic("orders").send({"item": "tea"})
    assert pulsar_emulator.topic("orders").messages[0].data == b'{"item": "tea"}'
    assert pulsar_emulator.topic("priced") == [{"item": "tea", "price": 3}]


def test_values_pass_through_a_serde_or_schema_the_test_gives(pulsar_emulator):
    class Order(Record):
        item = String()

    orders = pulsar_emulator.topic("orders", schema=JsonSchema(Order))
    orders.send(Order(item="tea"))
    assert orders.messages[0].value.item == "tea"
    plain = pulsar_emulator.topic("plain", serde=Upper())
    plain.send([1, 2])
    assert plain == [[1, 2]]
    with pytest.raises(TypeError, match="give one of the two"):
        pulsar_emulator.topic("plain", serde=Upper(), schema=JsonSchema(Order))


def test_a_topic_with_a_string_schema_is_sent_to_with_it(pulsar_emulator, pulsar_function):
    pulsar_function(Echo, input_specs={"orders": ConsumerConfig(schema_type="string")}, output="out", output_schema_type="string")
    pulsar_emulator.topic("orders").send("42")
    assert pulsar_emulator.topic("out") == ["42"]


def test_state_and_counters_are_read_preloaded_and_compared(pulsar_emulator, function):
    function.state["last"] = "none"
    function.counters["seen"] = 5
    before = function.snapshot()
    pulsar_emulator.topic("orders").send("tea")
    assert function.state == {"last": b"tea"}
    assert function.counters == {"seen": 6}
    assert function.changes_since(before) == {"last": (b"none", b"tea"), "seen": (5, 6)}
    assert (repr(function.state), repr(function.counters)) == ("<state {'last': b'tea'}>", "<counters {'seen': 6}>")
    with pytest.raises(StateError):
        function.counters["seen"] = 2**63


@pytest.mark.parametrize(
    ("view", "key", "text"),
    [
        ("state", "first", "no value 'first' in the function's state; there are: 'last'"),
        ("state", "seen", "'seen' holds a counter, not a value: function.counters['seen'] is 1"),
        ("counters", "last", "'last' holds a value, not a counter: function.state['last'] is b'tea'"),
        ("metrics", "size", "no metric 'size' was recorded; there are: 'length'"),
        (
            "metrics",
            "pulsar_function_received_total",
            "'pulsar_function_received_total' is one of Pulsar's own figures: function.metrics.pulsar['pulsar_function_received_total']",
        ),
    ],
)
def test_a_missing_key_names_what_there_is(pulsar_emulator, function, view, key, text):
    pulsar_emulator.topic("orders").send("tea")
    with pytest.raises(MissingKeyError) as raised:
        getattr(function, view)[key]
    assert str(raised.value) == text


def test_metrics_have_values_sums_and_pulsars_own_names(pulsar_emulator, function):
    pulsar_emulator.topic("orders").send_many(["tea", "milk"])
    length = function.metrics["length"]
    assert (length.values, length.sum, length.count) == ((3, 4), 7.0, 2)
    assert function.metrics.pulsar["pulsar_function_received_total"] == 2.0
    assert function.metrics.pulsar["pulsar_function_processed_successfully_1min_total"] == 2.0
    assert function.metrics.pulsar["pulsar_function_last_invocation"] == pulsar_emulator.scheduler.now_ms()
    assert (function.stats.received, function.stats.processed_successfully) == (2, 2)
    labels = (
        'cluster="standalone",fqfn="public/default/Everything",instance_id="0",name="Everything",namespace="public/default",tenant="public"'
    )
    assert f"pulsar_function_received_total{{{labels}}} 2.0\n" in metrics_page(function)


def test_logs_and_exceptions_know_their_message(pulsar_emulator, function):
    pulsar_emulator.topic("orders").send("bad", key="k1")
    assert [(entry.level, entry.message) for entry in function.logs] == [("WARNING", "saw bad"), ("INFO", "printed")]
    (failure,) = function.exceptions
    assert (type(failure.error), str(failure.error), failure.kind) == (ValueError, "no tea left", "user")
    assert str(failure.message_id) == str(function.logs[0].message_id) == "(1,0,-1,-1)"
    assert failure.origin.partition_key() == function.logs[0].origin.partition_key() == "k1"
    assert failure.traceback.splitlines()[-1] == "ValueError: no tea left"
    assert function.publications == []


def test_what_was_looked_at_is_known(pulsar_emulator, function):
    pulsar_emulator.topic("orders").send("bad")
    records = function.exceptions
    assert (len(records.unseen), len(records.peek()), records.seen) == (1, 1, [])
    assert records
    assert (records.unseen, len(records.seen)) == ([], 1)
    pulsar_emulator.topic("orders").send("bad")
    assert len(records.unseen) == 1
    assert records[-1].error.args == ("no tea left",)
    assert records == list(records)


def test_a_restart_sets_figures_to_zero_and_keeps_state_and_records(pulsar_emulator, function):
    pulsar_emulator.topic("orders").send("tea")
    function.restart()
    assert function.stats.received == 0
    assert function.counters == {"seen": 1}
    assert len(function.logs) == 2
    pulsar_emulator.topic("orders").send("milk")
    assert pulsar_emulator.topic("out") == ["tea!", "milk!"]


def test_a_stopped_function_leaves_its_input_until_it_is_started(pulsar_emulator, function):
    function.stop()
    pulsar_emulator.topic("orders").send("tea")
    assert pulsar_emulator.topic("orders").backlog(function.name) == 1
    function.start()
    assert pulsar_emulator.topic("out") == ["tea!"]


def test_a_reload_takes_the_code_as_it_is_now_or_keeps_what_runs(pulsar_emulator, pulsar_function, tmp_path):
    module = tmp_path / "shout.py"
    module.write_text("def process(input):\n    return f'{input}!'\n")
    function = pulsar_function(module, inputs=["orders"], output="out")
    pulsar_emulator.topic("orders").send("tea")
    module.write_text("def process(input):\n    return f'{input}, please?'\n")
    function.reload()
    pulsar_emulator.topic("orders").send("tea")
    module.write_text("def process(input:\n")
    with pytest.raises(LoadError):
        function.reload()
    pulsar_emulator.topic("orders").send("milk")
    assert pulsar_emulator.topic("out") == ["tea!", "tea, please?", "milk, please?"]


def test_a_killed_instance_comes_back_when_the_worker_looks(pulsar_emulator, function):
    function.crash()
    pulsar_emulator.topic("orders").send("tea")
    pulsar_emulator.advance(seconds=29)
    assert pulsar_emulator.topic("out").values() == []
    pulsar_emulator.advance(seconds=1)
    assert pulsar_emulator.topic("out") == ["tea!"]
    with pytest.raises(PfemuError, match="has no instance 1: it has 1, counted from 0"):
        function.crash(1)


def test_an_exit_is_shown_as_what_ended_the_thread(pulsar_emulator, pulsar_function):
    def leave(input):
        raise SystemExit(3)

    function = pulsar_function(leave, inputs=["orders"])
    assert function.ended_by is None
    pulsar_emulator.topic("orders").send("tea")
    assert repr(function.ended_by) == "SystemExit(3)"
    assert pulsar_emulator.topic("orders").backlog(function.name) == 1


def test_who_looks_for_a_text_among_records_is_refused_as_it_would_never_be_there(pulsar_emulator, function):
    assert "tea" not in function.logs
    pulsar_emulator.topic("orders").send("tea")
    assert function.logs[0] in function.logs
    with pytest.raises(TypeError) as refused:
        "tea" in function.logs  # noqa: B015 - it raises
    words = "'tea' is looked for among records, and none can be equal to it: look at a field of theirs."
    assert str(refused.value) == f"{words} {function.logs!r}"
