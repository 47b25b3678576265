"""``ContextImpl``: each method's type, default and refusal, as the real one's."""

import inspect

import pulsar
import pytest

from pfemu.runtime.context import ContextImpl
from tests.runtime.fakes import FakeMessage, Rig

RENAMED = {("get_secret", "secret_name"): "secret_key"}  # the real ContextImpl does not keep the name of its base class


class Look:
    """Hands its context out."""

    def process(self, input, context):
        return None


@pytest.fixture
def rig():
    with Rig(
        Look, output="out", user_config={"limit": 5}, secrets={"token": "s3cret"}, inputs=["in", "persistent://public/default/other"]
    ) as made:
        made.consumer.receive(b"tea", key="k", event_time=7, message_properties={"a": "1"})
        yield made


def test_it_is_a_pulsar_context_and_does_every_method(rig):
    assert isinstance(rig.context, pulsar.Context)
    names = [name for name, _ in inspect.getmembers(pulsar.Context, inspect.isfunction) if not name.startswith("_")]
    assert [name for name in names if getattr(ContextImpl, name) is getattr(pulsar.Context, name)] == []


@pytest.mark.parametrize("name", [name for name, _ in inspect.getmembers(pulsar.Context, inspect.isfunction) if not name.startswith("_")])
def test_arguments_have_the_names_and_defaults_of_the_real_methods(name):
    def arguments(method):
        return [(RENAMED.get((name, one.name), one.name), one.default) for one in inspect.signature(method).parameters.values()]

    assert arguments(getattr(ContextImpl, name)) == arguments(getattr(pulsar.Context, name))


def test_the_metadata_of_the_message_are_its_own(rig):
    context = rig.context
    assert str(context.get_message_id()) == "(12,5,-1,-1)"
    assert context.get_message_key() == context.get_partition_key() == "k"
    assert context.get_ordering_key() is None
    assert context.get_message_eventtime() == 7
    assert context.get_message_properties() == {"a": "1"}
    assert context.get_current_message_topic_name() == "persistent://public/default/in"
    assert context.get_message_sequence_id() == (12 << 28) | 5
    assert context.get_message_partition_index() == -1


def test_who_it_is(rig):
    context = rig.context
    assert context.get_function_tenant() == "public"
    assert context.get_function_namespace() == "default"
    assert context.get_function_name() == "f"
    assert context.get_instance_id() == "0"
    assert isinstance(context.get_function_id(), str)
    assert isinstance(context.get_function_version(), str)
    assert sorted(context.get_input_topics()) == ["in", "persistent://public/default/other"]
    assert context.get_output_topic() == "out"
    assert context.get_output_serde_class_name() == ""
    assert context.get_pulsar_client() is rig.client


def test_user_config_and_secrets(rig):
    context = rig.context
    assert context.get_user_config_value("limit") == 5
    assert context.get_user_config_value("missing") is None
    assert context.get_user_config_map() == {"limit": 5}
    assert context.get_secret("token") == "s3cret"
    assert context.get_secret("missing") is None


def test_without_user_config_the_map_is_an_empty_list():
    with Rig(Look) as rig:
        assert rig.context.get_user_config_map() == []
        assert rig.context.get_user_config_value("x") is None
        assert rig.context.get_output_topic() == ""


def test_what_published_functions_reach_for_is_there(rig):
    context = rig.context
    assert isinstance(context.message, FakeMessage)
    assert context.user_config == {"limit": 5}
    assert isinstance(context.user_code_dir, str)
    assert context.instance_config.instance_id == "0"
    assert context.instance_config.function_details.className == "function.F"
    assert list(context.instance_config.function_details.source.inputSpecs) == ["in", "persistent://public/default/other"]
    assert context.instance_config.function_details.sink.topic == "out"


class TestPublish:
    def test_bytes_go_out_through_the_identity_serde_without_properties(self, rig):
        assert rig.context.publish("side", "text") is None
        producer = rig.client.producers["side"]
        assert producer.sent == [(b"text", {})]
        assert producer.settings["compression_type"] == pulsar.CompressionType.NONE
        assert producer.settings["properties"] == {"application": "pulsar-function", "id": "public/default/f", "instance_id": "0"}

    def test_the_producer_and_its_first_compression_stay(self, rig):
        rig.context.publish("side", "a", compression_type=pulsar.CompressionType.ZLib)
        rig.context.publish("side", "b", compression_type=pulsar.CompressionType.LZ4)
        assert rig.client.producers["side"].settings["compression_type"] == pulsar.CompressionType.ZLib
        assert rig.client.producers["side"].contents == [b"a", b"b"]

    def test_properties_replace_those_of_message_conf_in_the_callers_dictionary(self, rig):
        message_conf = {"partition_key": "k", "properties": {"old": "1"}}
        rig.context.publish("side", "a", properties={"new": "2"}, message_conf=message_conf)
        assert rig.client.producers["side"].sent == [(b"a", {"partition_key": "k", "properties": {"new": "2"}})]
        assert message_conf["properties"] == {"new": "2"}

    @pytest.mark.parametrize("value", [["a", "list"], {"a": 1}, True, None])
    def test_what_the_serde_refuses_raises_in_the_function(self, rig, value):
        with pytest.raises(TypeError, match="IdentitySerde cannot serialize object of type"):
            rig.context.publish("side", value)

    def test_an_unknown_serde_raises_what_the_real_one_raises(self, rig):
        with pytest.raises(TypeError, match="'NoneType' object is not callable"):
            rig.context.publish("side", "x", "no.such.SerDe")

    def test_pickle_is_there_under_its_short_name(self, rig):
        rig.context.publish("side", [1, 2], "serde.PickleSerDe")
        assert rig.client.producers["side"].contents[0].startswith(b"\x80")

    def test_a_topic_the_client_refuses_raises_in_the_function(self, rig):
        rig.client.refusal = pulsar.exceptions.TopicNotFound("Pulsar error: TopicNotFound")
        with pytest.raises(pulsar.exceptions.TopicNotFound):
            rig.context.publish("persistent://public/missing/x", "x")

    def test_the_callback_hears_of_the_result_and_a_failure_is_counted(self, rig):
        heard = []
        rig.context.publish("side", "x", callback=lambda result, message_id: heard.append((str(result), str(message_id))))
        producer = rig.client.producers["side"]
        assert heard == []
        producer.answer()
        assert heard == [("Result.Ok", "(1,0,-1,-1)")]
        producer.result = pulsar.Result.Timeout
        rig.context.publish("side", "y", callback=lambda result, _: heard.append(str(result)))
        producer.answer()
        assert heard[-1] == "Result.Timeout"
        assert rig.instance.stats.system_exceptions == 1
        assert str(rig.observer.failures[0].error) == (
            "Failed to publish to topic [side] with error [Result.Timeout] with src message id [(12,5,-1,-1)]"
        )

    def test_observers_are_told_once_it_is_stored(self, rig):
        rig.context.publish("side", "x", message_conf={"partition_key": "k"})
        assert rig.observer.publications == []
        rig.client.producers["side"].answer()
        publication = rig.observer.publications[0]
        assert (publication.topic, publication.payload, dict(publication.message_conf)) == ("side", b"x", {"partition_key": "k"})


class TestAck:
    def test_the_topic_must_be_spelled_as_configured(self, rig):
        message_id = rig.context.get_message_id()
        rig.context.ack(message_id, "in")
        assert rig.consumer.answers[-1] == ("ack", message_id)
        assert rig.observer.acknowledgements[-1] == (message_id, "in")

    @pytest.mark.parametrize("topic", ["persistent://public/default/in", "nope", "nope-partition-1"])
    def test_another_spelling_is_refused(self, rig, topic):
        with pytest.raises(ValueError, match=f"^Invalid topicname {topic}$"):
            rig.context.ack(rig.context.get_message_id(), topic)

    def test_a_partition_of_an_input_will_do(self, rig):
        message_id = rig.context.get_message_id()
        rig.context.ack(message_id, "persistent://public/default/other-partition-3")
        assert rig.client.consumers[1].answers == [("ack", message_id)]


class TestState:
    def test_values_and_counters(self, rig):
        context = rig.context
        assert context.get_state("k") is None
        assert context.put_state("k", "v") is None
        assert context.get_state("k") == b"v"
        assert context.get_counter("n") is None
        assert context.incr_counter("n", 2) is None
        assert context.get_counter("n") == 2
        assert context.del_counter("n") == 0
        assert context.get_counter("n") is None

    @pytest.mark.parametrize("value", [b"bytes", 5, None, {}])
    def test_only_text_can_be_put(self, rig, value):
        with pytest.raises(AttributeError):
            rig.context.put_state("k", value)

    def test_a_cluster_without_a_state_store_does_nothing_silently(self):
        with Rig(Look, state_off=True) as rig:
            context = rig.context
            assert context.incr_counter("n", 1) is None
            assert context.get_counter("n") is None
            assert context.put_state("k", "v") is None
            assert context.get_state("k") is None
            with pytest.raises(AttributeError):
                context.del_counter("n")


class TestMetrics:
    def test_user_metrics_are_sums_and_counts(self, rig):
        rig.context.record_metric("latency", 1.5)
        rig.context.record_metric("latency", 2)
        assert rig.context.get_metrics() == {"user_metric_latency_sum": 3.5, "user_metric_latency_count": 2.0}
        assert rig.observer.metrics == [("latency", 1.5), ("latency", 2)]

    def test_a_value_that_is_no_number_raises_after_the_count_was_raised(self, rig):
        with pytest.raises(TypeError):
            rig.context.record_metric("latency", "fast")
        assert rig.context.get_metrics()["user_metric_latency_count"] == 1.0

    def test_they_can_be_reset(self, rig):
        rig.context.record_metric("latency", 1.5)
        assert rig.context.get_and_reset_metrics()["user_metric_latency_sum"] == 1.5
        assert rig.context.get_metrics() == {"user_metric_latency_sum": 0.0, "user_metric_latency_count": 0.0}


def test_its_public_names_are_those_of_the_real_one(rig):
    """As the recording 05-context-surface has them."""
    names = {name for name in dir(rig.context) if not name.startswith("_")}
    declared = {name for name in dir(pulsar.Context) if not name.startswith("_")}
    methods = {"callback_wrapper", "get_and_reset_metrics", "get_message_partition_index", "get_message_sequence_id", "get_metrics"}
    methods |= {"get_pulsar_client", "reset_metrics", "set_current_message_context"}
    data = {"consumers", "current_start_time", "instance_config", "log", "message", "metrics_labels", "publish_producers"}
    data |= {"publish_serializers", "pulsar_client", "secrets_map", "secrets_provider", "state_context", "stats", "user_code_dir"}
    data |= {"user_config", "user_metrics_map", "user_metrics_summary"}
    assert names - declared - methods - data == {"user_metrics_label_names"}
    assert {name for name in vars(rig.context) if not name.startswith("_")} == data
    assert repr(rig.context).startswith("<contextimpl.ContextImpl object at 0x")


def test_the_workings_that_published_functions_reach_for_work(rig):
    context, answers = rig.context, []
    assert context.metrics_labels == ["public", "public/default", "f", "0", "standalone", "public/default/f"]
    assert context.user_metrics_label_names[-1] == "metric"
    context.record_metric("tea", 2)
    context.user_metrics_map["tea"].observe(3)
    context.user_metrics_summary.labels(*context.metrics_labels, "tea").observe(5)
    assert context.get_metrics() == {"user_metric_tea_sum": 10.0, "user_metric_tea_count": 3.0}
    with pytest.raises(ValueError, match=r"^Incorrect label count$"):
        context.user_metrics_summary.labels("tea")
    context.callback_wrapper(lambda *answer: answers.append(answer), "side", None, pulsar.Result.Ok, "id")
    assert answers == [(pulsar.Result.Ok, "id")]
    assert rig.observer.failures == []
    context.callback_wrapper(None, "side", None, pulsar.Result.Timeout, None)
    assert "Failed to publish to topic [side]" in str(rig.observer.failures[0].error)
    assert context.instance_config._fields[-1] == "max_buffered_tuples"
    assert context.current_start_time == rig.scheduler.time_ms / 1000
    context.set_current_message_context(None, "in")
    assert context.message is None


def test_an_empty_path_of_a_serde_names_none(rig):
    with pytest.raises(TypeError, match=r"^'NoneType' object is not callable$"):
        rig.context.publish("side", "text", serde_class_name="")


def test_the_instances_description_has_the_protocols_numbers():
    with Rig(Look, retain_key_ordering=True, processing_guarantees="MANUAL", subscription_position="Earliest") as rig:
        details = rig.context.instance_config.function_details
        assert (details.processingGuarantees, details.runtime, details.componentType) == (3, 1, 1)
        assert (details.retainOrdering, details.retainKeyOrdering, details.resources.ram) == (False, True, 1 << 30)
        assert (details.source.subscriptionType, details.source.subscriptionPosition) == (2, 1)
        assert (details.source.cleanupSubscription, details.source.typeClassName) == (True, "")
        assert details.sink.forwardSourceMessageProperty is True


def test_the_figures_can_be_asked_for_in_the_real_runtimes_words():
    with Rig(Look) as rig:
        rig.consumer.receive(b"tea")
        stats = rig.context.stats
        assert (stats.get_total_received(), stats.get_total_processed_successfully()) == (1.0, 1.0)
        assert (stats.get_total_user_exceptions(), stats.get_total_sys_exceptions()) == (0.0, 0.0)
        assert stats.get_avg_process_latency() >= 0.0
        assert stats.get_last_invocation() == float(rig.scheduler.now_ms())
        assert (stats.latest_user_exception, stats.latest_sys_exception) == ([], [])
        stats.count_system_exception(ValueError("x"), "text", 5)
        assert stats.latest_sys_exception == [("text", 5)]
