"""``pulsar_context``: the real context's answers and refusals, with everything it was asked readable."""

import pulsar
import pytest

from pfemu.errors import InvalidTopicName


def test_it_is_the_context_functions_get(pulsar_context):
    assert isinstance(pulsar_context, pulsar.Context)
    assert pulsar_context.get_input_topics() == ["input"]
    assert (pulsar_context.get_function_name(), pulsar_context.get_function_tenant(), pulsar_context.get_instance_id()) == (
        "function",
        "public",
        "0",
    )
    assert pulsar_context.get_user_config_map() == []
    assert pulsar_context.get_secret("token") is None


def test_the_message_is_what_the_test_says(pulsar_context):
    assert pulsar_context.get_message_key() == ""
    assert pulsar_context.get_current_message_topic_name() == "persistent://public/default/input"
    message_id = pulsar.MessageId(1, 7, 3, -1)
    pulsar_context.set_message(topic="orders", key="k1", properties={"a": "b"}, event_time=5, message_id=message_id, redelivery_count=2)
    assert pulsar_context.get_partition_key() == "k1"
    assert pulsar_context.get_message_properties() == {"a": "b"}
    assert pulsar_context.get_message_eventtime() == 5
    assert str(pulsar_context.get_message_id()) == "(7,3,1,-1)"
    assert pulsar_context.get_message_partition_index() == 1
    assert pulsar_context.get_current_message_topic_name() == "persistent://public/default/orders"
    assert pulsar_context.message.redelivery_count() == 2
    with pytest.raises(InvalidTopicName):
        pulsar_context.set_message(topic="persistent://only/two")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"key": 1}, "key is a text, not 1"),
        ({"properties": {"a": 1}}, "properties is made of texts, not 1"),
        ({"event_time": "now"}, "event_time is in whole milliseconds, not 'now'"),
        ({"redelivery_count": "2"}, "redelivery_count is a whole number, not '2'"),
        ({"message_id": "1:2"}, "message_id is a pulsar.MessageId, not '1:2'"),
    ],
)
def test_a_message_that_there_cannot_be_is_refused(pulsar_context, given, said):
    with pytest.raises(TypeError) as refused:
        pulsar_context.set_message(**given)
    assert str(refused.value) == said


def test_fixtures_tell_their_names(pulsar_context, pulsar_function):
    assert repr(pulsar_context) == "<pulsar_context of public/default/function>"
    assert repr(pulsar_function) == "<pulsar_function>"


def test_publications_are_recorded_and_refused_as_by_pulsar(pulsar_context):
    told = []
    conf = {"partition_key": "k1", "properties": {"a": "b"}}
    pulsar_context.publish("out", 42, message_conf=conf, callback=lambda result, _id: told.append(result))
    (published,) = pulsar_context.published
    assert (published.topic, published.data, published.value, published.key, published.properties) == (
        "out",
        b"42",
        42,
        "k1",
        {"a": "b"},
    )
    with pytest.raises(TypeError, match="IdentitySerde cannot serialize object of type <class 'dict'>"):
        pulsar_context.publish("out", {})
    with pytest.raises(pulsar.exceptions.TopicNotFound):
        pulsar_context.publish("persistent://nobody/nowhere/out", "x")
    with pytest.raises(ValueError, match="Argument partition_key is expected to be either None or of type 'str'"):
        pulsar_context.publish("out", "x", message_conf={"partition_key": 1})
    assert len(pulsar_context.published) == 1


def test_acknowledgements_need_the_topic_as_the_inputs_spell_it(pulsar_context):
    pulsar_context.ack(pulsar_context.get_message_id(), "input")
    assert [acked.topic for acked in pulsar_context.acked] == ["input"]
    with pytest.raises(ValueError, match="Invalid topicname persistent://public/default/input"):
        pulsar_context.ack(pulsar_context.get_message_id(), pulsar_context.get_current_message_topic_name())


def test_state_metrics_and_logs_are_readable(pulsar_context):
    pulsar_context.state["before"] = "set"
    pulsar_context.put_state("a", "one")
    pulsar_context.incr_counter("b", 2)
    pulsar_context.record_metric("size", 3)
    pulsar_context.get_logger().info("saw %s", "tea")
    assert pulsar_context.get_state("before") == b"set"
    assert pulsar_context.state == {"before": b"set", "a": b"one"}
    assert pulsar_context.counters == {"b": 2}
    assert pulsar_context.metrics["size"].values == (3,)
    assert [(entry.level, entry.message) for entry in pulsar_context.logs] == [("INFO", "saw tea")]
    with pytest.raises(AttributeError):
        pulsar_context.put_state("a", 1)


@pytest.mark.pfemu(user_config={"mark": "?"}, secrets={"token": "s3cret"}, inputs=["orders"], output="out")
def test_configuration_comes_from_the_marker(pulsar_context):
    assert pulsar_context.get_user_config_value("mark") == "?"
    assert pulsar_context.get_secret("token") == "s3cret"
    assert (pulsar_context.get_input_topics(), pulsar_context.get_output_topic()) == (["orders"], "out")
