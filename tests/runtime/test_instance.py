"""One message's life in an instance, on ports written by hand."""

import logging
import sys

import pulsar
import pytest

from pfemu.errors import LoadError
from pfemu.runtime.logs.function_log import UnwritableText
from tests.runtime.fakes import Rig


class Shout:
    def process(self, input, context):
        return f"{input}!"


class Silent:
    def process(self, input, context):
        return None


class Picky:
    def process(self, input, context):
        if input == "bad":
            raise ValueError("no luck")
        if input == "list":
            return ["not bytes"]
        if input == "exit":
            sys.exit(3)
        return input


OUT = {"output": "out"}


def test_the_subscription_is_named_after_the_function_and_shared():
    with Rig(Shout) as rig:
        settings = rig.consumer.settings
        assert rig.consumer.topic == "in"
        assert rig.consumer.subscription_name == "public/default/f"
        assert settings["consumer_type"] == pulsar.ConsumerType.Shared
        assert settings["initial_position"] == pulsar.InitialPosition.Latest
        assert settings["properties"] == {"application": "pulsar-function", "id": "public/default/f", "instance_id": "0"}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"retain_ordering": True}, pulsar.ConsumerType.Failover),
        ({"retain_key_ordering": True}, pulsar.ConsumerType.KeyShared),
    ],
)
def test_ordering_chooses_the_subscription_type(config, expected):
    with Rig(Shout, **config) as rig:
        assert rig.consumer.settings["consumer_type"] == expected


def test_an_output_is_published_with_its_origin_and_acknowledged_when_the_broker_has_it():
    with Rig(Shout, **OUT) as rig:
        message = rig.consumer.receive(b"tea")
        producer = rig.client.producers["out"]
        assert producer.sent == [
            (
                b"tea!",
                {
                    "properties": {
                        "__pfn_input_topic__": "persistent://public/default/in",
                        "__pfn_input_msg_id__": "CAwQBQ==",
                    },
                },
            ),
        ]
        assert rig.consumer.answers == []
        assert rig.instance.stats.processed_successfully == 1
        producer.answer()
        assert rig.consumer.answers == [("ack", message)]


def test_the_sink_producer_is_made_as_pulsar_makes_it():
    with Rig(Shout, **OUT) as rig:
        rig.consumer.receive(b"tea")
        settings = rig.client.producers["out"].settings
        assert settings["batching_enabled"] is True
        assert settings["batching_max_publish_delay_ms"] == 10
        assert settings["block_if_queue_full"] is True
        assert settings["send_timeout_millis"] == 0
        assert settings["compression_type"] == pulsar.CompressionType.LZ4
        assert settings["producer_name"] is None


def test_nothing_is_published_for_none_and_the_input_is_acknowledged():
    with Rig(Silent, **OUT) as rig:
        rig.consumer.receive(b"tea")
        assert rig.client.producers == {}
        assert rig.consumer.answer_names == ["ack"]


def test_a_result_without_an_output_topic_is_dropped_and_acknowledged():
    with Rig(Shout) as rig:
        rig.consumer.receive(b"tea")
        assert rig.client.producers == {}
        assert rig.consumer.answer_names == ["ack"]


def test_a_user_exception_is_counted_told_and_negatively_acknowledged():
    with Rig(Picky, **OUT) as rig:
        message = rig.consumer.receive(b"bad")
        stats = rig.instance.stats
        assert (stats.received, stats.user_exceptions, stats.system_exceptions, stats.processed_successfully) == (1, 1, 0, 0)
        assert stats.latency_count == 0
        assert rig.consumer.answers == [("nack", message)]
        failure = rig.observer.failures[0]
        assert (failure.kind, str(failure.error), failure.origin) == ("user", "no luck", message)
        text, _ = stats.latest_user_exceptions[0]
        assert text.startswith("Traceback (most recent call last):\n  File ")
        assert text.endswith("ValueError: no luck\n")
        assert "pfemu/runtime" not in text


class TextlessError(Exception):
    def __str__(self):
        raise RuntimeError("no text")


def test_an_exception_without_a_text_is_counted_as_the_users_and_as_the_systems():
    class F:
        def process(self, input, context):
            raise TextlessError

    with Rig(F) as rig:
        rig.consumer.receive(b"x")
        stats = rig.instance.stats
        assert (stats.user_exceptions, stats.system_exceptions) == (1, 1)
        assert stats.latest_user_exceptions[0][0].endswith("TextlessError: <exception str() failed>\n")
        assert stats.latest_system_exceptions[0][0].endswith("RuntimeError: no text\n")
        assert rig.consumer.answer_names == ["nack"]


def test_a_failure_outside_the_users_code_that_has_no_text_ends_the_thread():
    with Rig(Picky, **OUT) as rig:

        def deserialize(_data):
            raise TextlessError

        rig.instance.inputs[0].deserialize = deserialize
        rig.consumer.receive(b"x")
        assert isinstance(rig.instance.ended_by, RuntimeError)
        assert rig.consumer.answers == []


def test_an_output_the_serde_refuses_is_a_system_exception():
    with Rig(Picky, **OUT) as rig:
        rig.consumer.receive(b"list")
        stats = rig.instance.stats
        assert (stats.user_exceptions, stats.system_exceptions, stats.processed_successfully) == (0, 1, 0)
        assert "IdentitySerde cannot serialize object of type <class 'list'>" in str(rig.observer.failures[0].error)
        assert rig.consumer.answer_names == ["nack"]


def test_a_failed_publish_is_counted_as_processed_and_negatively_acknowledged():
    with Rig(Shout, **OUT) as rig:
        rig.consumer.receive(b"tea")
        producer = rig.client.producers["out"]
        producer.result = pulsar.Result.MessageTooBig
        producer.answer()
        stats = rig.instance.stats
        assert (stats.processed_successfully, stats.system_exceptions) == (1, 1)
        assert stats.latest_system_exceptions[0][0] == "NoneType: None\n"
        assert str(rig.observer.failures[0].error) == (
            "Failed to publish to topic [out] with error [Result.MessageTooBig] with src message id [(12,5,-1,-1)]"
        )
        assert rig.consumer.answer_names == ["nack"]


def test_at_most_once_acknowledges_before_the_function_runs():
    seen = []

    class Look:
        def process(self, input, context):
            seen.append(list(rig.consumer.answer_names))
            raise ValueError(input)

    with Rig(Look, processing_guarantees="ATMOST_ONCE") as rig:
        rig.consumer.receive(b"tea")
        assert seen == [["ack"]]
        assert rig.consumer.answer_names == ["ack", "nack"]


def test_without_auto_ack_success_answers_nothing():
    with Rig(Silent, auto_ack=False) as rig:
        rig.consumer.receive(b"tea")
        assert rig.consumer.answers == []


def test_system_exit_ends_the_thread_and_nothing_more_is_processed():
    with Rig(Picky, **OUT) as rig:
        rig.consumer.receive(b"exit")
        rig.consumer.receive(b"fine")
        stats = rig.instance.stats
        assert isinstance(rig.instance.ended_by, SystemExit)
        assert rig.instance.running
        assert (stats.received, stats.processed_successfully, stats.user_exceptions) == (2, 0, 0)
        assert rig.consumer.answers == []


def test_of_what_comes_after_the_thread_has_ended_only_two_count_as_received():
    with Rig(Picky, **OUT) as rig:
        for content in (b"exit", b"queued", b"with the listener", b"unseen", b"unseen"):
            rig.consumer.receive(content)
        assert rig.instance.stats.snapshot(rig.scheduler.now_ms()).totals.received == 3


def test_the_one_in_the_queue_is_acknowledged_at_most_once_though_the_thread_has_ended():
    with Rig(Picky, processing_guarantees="ATMOST_ONCE", **OUT) as rig:
        messages = [rig.consumer.receive(content) for content in (b"exit", b"queued", b"with the listener", b"unseen")]
        assert rig.consumer.answers == [("ack", messages[0]), ("ack", messages[1])]


def test_what_waits_for_a_thread_counts_as_received_as_far_as_queue_and_listener_take_it():
    with Rig(Shout) as rig:
        stats = rig.instance.stats
        for waiting, received in ((0, 0), (1, 1), (2, 2), (9, 2)):
            stats.waiting = lambda waiting=waiting: waiting
            assert stats.snapshot(rig.scheduler.now_ms()).totals.received == received


def test_an_exception_whose_text_no_log_file_takes_keeps_the_thread_busy_for_ever():
    class Half:
        def process(self, input, context):
            raise ValueError("\ud800")

    with Rig(Half, **OUT) as rig:
        rig.consumer.receive(b"tea")
        rig.consumer.receive(b"tea")
        stats = rig.instance.stats
        assert isinstance(rig.instance.ended_by, UnwritableText)
        assert (stats.received, stats.user_exceptions, stats.system_exceptions) == (2, 0, 0)
        assert rig.consumer.answers == []


def test_an_exception_whose_text_no_log_topic_takes_is_one_of_the_instances():
    class Half:
        def process(self, input, context):
            raise ValueError("\ud800")

    with Rig(Half, log_topic="log", **OUT) as rig:
        rig.consumer.receive(b"tea")
        stats = rig.instance.stats
        assert rig.instance.ended_by is None
        assert (stats.received, stats.user_exceptions, stats.system_exceptions) == (1, 0, 1)
        assert stats.latest_system_exceptions[0][0].isascii(), "it is shown in JSON, which has no half pairs"
        assert rig.consumer.answer_names == ["nack"]


@pytest.mark.parametrize("method", ["serialize", "deserialize"])
def test_system_exit_in_a_serde_ends_the_thread_as_well(tmp_path, method):
    path = tmp_path / "function.py"
    path.write_text(
        "class Exits:\n"
        "    def serialize(self, value):\n        return value\n"
        "    def deserialize(self, data):\n        return data\n"
        f"def leave(*_):\n    raise SystemExit(3)\nExits.{method} = leave\n"
        "class F:\n    def process(self, input, context):\n        return input\n",
    )
    serdes = {"custom_serde_inputs": {"in": "function.Exits"}, "output_serde_class_name": "function.Exits"}
    with Rig(f"{path}:F", inputs=None, output="out", **serdes) as rig:
        rig.consumer.receive(b"a")
        rig.consumer.receive(b"b")
        stats = rig.instance.stats
        assert isinstance(rig.instance.ended_by, SystemExit)
        assert (stats.received, stats.processed_successfully, stats.system_exceptions) == (2, 0, 0)
        assert rig.consumer.answers == []


def test_ctrl_c_in_a_function_reaches_the_caller():
    class Interrupted:
        def process(self, input, context):
            raise KeyboardInterrupt

    with Rig(Interrupted) as rig, pytest.raises(KeyboardInterrupt):
        rig.consumer.receive(b"tea")


def test_one_message_at_a_time_even_when_another_arrives_meanwhile():
    order = []

    class Nested:
        def process(self, input, context):
            order.append(f"begin {input}")
            if input == "first":
                rig.consumer.receive(b"second")
            order.append(f"end {input}")

    with Rig(Nested) as rig:
        rig.consumer.receive(b"first")
        assert order == ["begin first", "end first", "begin second", "end second"]


def test_a_class_that_does_not_load_leaves_its_subscription_behind(tmp_path):
    path = tmp_path / "function.py"
    path.write_text("class Other:\n    def process(self, input, context):\n        return input\n")
    rig = Rig(f"{path}:Missing")
    with pytest.raises(LoadError, match="Missing"):
        rig.function.start()
    assert [consumer.subscription_name for consumer in rig.client.consumers] == ["public/default/f"]
    assert rig.client.closed
    assert not rig.instance.running


def test_a_restart_begins_with_new_counters_and_a_new_version():
    with Rig(Shout) as rig:
        rig.consumer.receive(b"tea")
        version = rig.function.function_version
        rig.function.restart()
        assert rig.instance.stats.received == 0
        assert rig.function.function_version != version


def test_each_instance_knows_its_number():
    class Number:
        def process(self, input, context):
            return context.get_instance_id()

    with Rig(Number, parallelism=3, output="out") as rig:
        for consumer in rig.client.consumers:
            consumer.receive(b"x")
        assert rig.client.producers["out"].contents == [b"0", b"1", b"2"]


def test_a_custom_serde_decodes_and_its_failure_is_a_system_exception(tmp_path):
    path = tmp_path / "function.py"
    path.write_text(
        "class Upper:\n"
        "    def serialize(self, value):\n        return value.encode()\n"
        "    def deserialize(self, data):\n        return data.decode('ascii').upper()\n"
        "class F:\n    def process(self, input, context):\n        return input\n",
    )
    with Rig(f"{path}:F", inputs=None, custom_serde_inputs={"in": "function.Upper"}, output="out") as rig:
        rig.consumer.receive(b"tea")
        rig.consumer.receive(b"\xff")
        assert rig.client.producers["out"].contents == [b"TEA"]
        assert rig.instance.stats.system_exceptions == 1
        assert rig.instance.stats.last_invocation_ms == rig.scheduler.time_ms


def test_an_output_serde_that_returns_none_leaves_the_input_alone(tmp_path):
    path = tmp_path / "function.py"
    path.write_text(
        "class Nothing:\n    def serialize(self, value):\n        return None\n    def deserialize(self, data):\n        return data\n"
        "class F:\n    def process(self, input, context):\n        return input\n",
    )
    with Rig(f"{path}:F", output="out", output_serde_class_name="function.Nothing") as rig:
        rig.consumer.receive(b"tea")
        assert rig.client.producers["out"].sent == []
        assert rig.consumer.answers == []
        assert rig.instance.stats.processed_successfully == 1


class Talks:
    def process(self, input, context):
        logger = context.get_logger()
        logger.debug("too quiet")
        logger.info("said %s", input)
        logging.getLogger("a.library").warning("from a library")
        print("printed", input)  # noqa: T201 - that is what is tested
        print("an error", file=sys.stderr)  # noqa: T201 - that is what is tested


def test_what_a_function_says_is_told_with_the_message_it_was_said_about(capsys):
    with Rig(Talks) as rig:
        message = rig.consumer.receive(b"tea")
        assert [(entry.level, entry.message) for entry in rig.observer.logs] == [
            ("INFO", "said tea"),
            ("WARNING", "from a library"),
            ("INFO", "printed"),
            ("INFO", "tea"),
            ("ERROR", "an error"),
        ]
        assert all(entry.origin is message for entry in rig.observer.logs)
    assert capsys.readouterr().out == "printed tea\n"


def test_the_log_topic_gets_lines_and_the_traceback_of_a_user_exception():
    with Rig(Picky, log_topic="log") as rig:
        rig.consumer.receive(b"bad")
        lines = [content.decode() for content in rig.client.producers["log"].contents]
        assert len(lines) == 1
        assert "] [ERROR]: Exception while executing user method\nTraceback (most recent call last):\n" in lines[0]
        assert lines[0].endswith("ValueError: no luck")


def test_nothing_is_left_on_the_root_logger_and_the_streams():
    handlers, streams = list(logging.root.handlers), (sys.stdout, sys.stderr)
    with Rig(Talks) as rig:
        rig.consumer.receive(b"tea")
        assert (sys.stdout, sys.stderr) == streams
    assert logging.root.handlers == handlers


def test_two_functions_do_not_hear_each_other():
    with Rig(Talks) as one, Rig(Talks) as other:
        one.consumer.receive(b"tea")
        assert other.observer.logs == []


def test_a_function_that_closed_its_own_client_can_be_stopped():
    class Closes:
        def process(self, input, context):
            context.get_pulsar_client().close()

    with Rig(Closes) as rig:
        rig.consumer.receive(b"x")
        rig.function.stop()
        assert rig.client.closed
