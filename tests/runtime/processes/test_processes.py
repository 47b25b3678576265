"""User code in processes of its own: what crosses and what stays."""

import os
import sys
import threading
import zipfile

import pytest

import pfemu
from pfemu.errors import ConfigError, LoadError
from pfemu.metrics.page import metrics_page
from pfemu.runtime.runtimes import RUNTIMES, loader_of
from pfemu.scheduling.live import LiveScheduler
from tests.runtime.processes.own_process import PATIENCE_S, process_of

# -- refusals --------------------------------------------------------------------------------------------------------------


def test_there_are_two_runtimes_and_no_other():
    with pytest.raises(ConfigError, match="there is no runtime 'fork': it is thread or process"):
        loader_of("fork")


def test_an_object_of_this_process_is_refused(emulator):
    with pytest.raises(LoadError, match="is an object of this process"):
        emulator.create_function(str.upper, inputs=["in"], name="upper")


def test_code_that_does_not_load_is_refused_as_in_a_thread(emulator, write):
    path = write("def process(input:\n")
    with pytest.raises(LoadError, match="'\\(' was never closed") as caught:
        emulator.create_function(path, inputs=["in"])
    assert isinstance(caught.value.__cause__, SyntaxError)


def test_code_that_ends_its_process_while_it_is_loaded_is_refused_with_the_reason(emulator, write):
    with pytest.raises(LoadError, match=r"its process \(\d+\) has ended with exit code 7"):
        emulator.create_function(write("import os\nos._exit(7)\n"), inputs=["in"])


def test_a_breakpoint_and_the_client_are_refused_in_words(emulator, write):
    function = emulator.create_function(
        write(
            """
            class F:
                def process(self, input, context):
                    return breakpoint() if input == "stop" else context.get_pulsar_client()
            """
        ),
        inputs=["in"],
    )
    emulator.topic("in").send_many(["stop", "client"])
    assert ["thread runtime" in str(failure.error) for failure in function.exceptions] == [True, True]


# -- the same as in a thread -----------------------------------------------------------------------------------------------

EVERYTHING = """
    import logging


    class Odd(ValueError):
        def __init__(self, one, two):
            super().__init__(f"{one} and {two}")


    class F:
        def process(self, input, context):
            print("printed", input)
            context.get_logger().warning("said %s", input)
            logging.getLogger("theirs").error("theirs")
            context.incr_counter("seen", 2)
            context.put_state("last", input)
            context.record_metric("length", len(input))
            if input == "odd":
                raise Odd("this", object)
            if input == "dict":
                return {"a": 1}
            if input == "state":
                context.put_state("key", {"a": 1})
            if input == "missing":
                context.ack(context.get_message_id(), "nowhere")
            context.publish("aside", input, properties={"k": "v"}, callback=lambda result, _: context.incr_counter(f"{result}", 1))
            context.record_metric(metric_value=1, metric_name="by name")
            facts = [context.get_message_key(), context.get_message_properties(), context.get_current_message_topic_name()]
            facts += [str(context.get_message_id()), context.message.data(), context.get_counter("seen"), context.get_state("last")]
            facts += [context.get_user_config_value("greeting"), context.get_function_name(), context.get_input_topics()]
            return str(facts)
"""


def test_outputs_state_metrics_logs_and_tracebacks_are_those_of_a_thread(write):
    path = write(EVERYTHING)
    seen = []
    for runtime in RUNTIMES:
        with pfemu.Emulator(runtime=runtime) as emulator:
            function = emulator.create_function(path, inputs=["in"], output="out", user_config={"greeting": "hi"})
            for value in ("tea", "odd", "dict", "state", "missing", "water"):
                emulator.topic("in").send(value, key="k", properties={"p": value})
            failures = [(each.kind, type(each.error).__name__, str(each.error)) for each in function.exceptions]
            own = [each.traceback for each in function.exceptions if "Odd" in each.traceback]
            logs = [(each.level, each.message) for each in function.logs]
            metrics = {name: metric.values for name, metric in function.metrics.items()}
            happened = [function.counters, dict(function.state), metrics, logs, failures, own]
            seen.append([emulator.topic("out").values(), emulator.topic("aside").values(), *happened])
    assert seen[0] == seen[1]
    assert len(seen[0][0]) == 2
    assert [kind for kind, *_ in seen[0][6]] == ["user", "system", "user", "user"]


def test_a_payload_of_megabytes_crosses(either, write):
    either.create_function(write("def process(input):\n    return input\n"), inputs=["in"], output="out")
    payload = b"\xff" * 4_000_000
    either.topic("in").send(payload)
    assert either.topic("out").values() == [payload]


def test_a_thread_of_the_users_publishes_after_process_has_returned(write):
    path = write(
        """
        import threading


        class F:
            def process(self, input, context):
                threading.Thread(target=context.publish, args=("aside", input + " later")).start()
        """
    )
    arrived, errors = threading.Event(), []
    with pfemu.Emulator(runtime="process", scheduler=LiveScheduler(errors.append)) as emulator:
        emulator.client.subscribe("aside", "s", message_listener=lambda consumer, message: (consumer.acknowledge(message), arrived.set()))
        emulator.create_function(path, inputs=["in"])
        emulator.topic("in").send("tea")
        assert arrived.wait(PATIENCE_S)
        assert emulator.topic("aside").values() == ["tea later"]
    assert errors == []


def test_record_classes_stay_in_the_process(emulator, write):
    before = sys.modules.get("function")
    path = write(
        """
        from pulsar.schema import Record, String


        class Order(Record):
            item = String()


        class F:
            def process(self, input, context):
                assert type(input) is Order
                return Order(item=input.item + "!")
        """
    )
    settings = {"type_class_name": "function.Order"}
    emulator.create_function(
        path,
        class_name="function.F",
        input_specs={"in": {"schemaType": "json"}},
        input_type_class_name=settings["type_class_name"],
        output="out",
        output_schema_type="json",
        output_type_class_name=settings["type_class_name"],
    )
    emulator.client.create_producer("in").send(b'{"item": "tea"}')
    emulator.run_until_idle()
    assert [message.data for message in emulator.topic("out").messages] == [b'{\n "item": "tea!"\n}']
    assert [value.item for value in emulator.topic("out").values()] == ["tea!"]
    assert sys.modules.get("function") is before


# -- metrics and modules ---------------------------------------------------------------------------------------------------


def test_what_user_code_registers_with_prometheus_client_is_on_the_page_whenever_it_does(emulator, write):
    function = emulator.create_function(
        write(
            """
            from prometheus_client import Counter, REGISTRY

            SEEN = Counter("seen", "Seen.", ["word"])

            def process(input):
                SEEN.labels(input).inc()
                if input == "late":
                    Counter("made_late", "Late.").inc(2)
            """
        ),
        inputs=["in"],
    )
    emulator.topic("in").send_many(["tea", "tea", "late"])
    page = metrics_page(function)
    assert 'seen_total{word="tea"} 2.0' in page
    assert "made_late_total 2.0" in page
    process_of(function).close()
    assert "seen_total" not in metrics_page(function)


def test_a_page_waits_for_no_message(write, tmp_path):
    for name in ("began", "end"):
        os.mkfifo(tmp_path / name)
    path = write(
        """
        from prometheus_client import Counter

        SEEN = Counter("seen", "Seen.")

        class F:
            def process(self, input, context):
                SEEN.inc()
                open(context.get_user_config_value("began"), "w").close()
                open(context.get_user_config_value("end")).close()
        """
    )
    with pfemu.Emulator(runtime="process", scheduler=LiveScheduler(print)) as emulator:
        config = {name: str(tmp_path / name) for name in ("began", "end")}
        function = emulator.create_function(path, inputs=["in"], user_config=config)
        emulator.topic("in").send("tea")
        (tmp_path / "began").read_text()
        assert "seen_total 1.0" in metrics_page(function)
        (tmp_path / "end").write_text("")


def test_modules_that_process_imports_are_known(emulator, write):
    neighbour = write("WORD = 'late'\n", "neighbour.py")
    function = emulator.create_function(write("def process(input):\n    import neighbour\n    return neighbour.WORD\n"), inputs=["in"])
    loaded = function.function.instances[0].loaded
    assert sorted(loaded.modules) == ["function"]
    emulator.topic("in").send("tea")
    assert loaded.modules["neighbour"].__file__ == str(neighbour)


def test_a_module_that_can_be_made_ready_only_once_in_a_process_is_made_ready_anew(emulator, write):
    path = write(
        """
        import faulthandler

        if faulthandler.is_enabled():
            raise ImportError("it is enabled once for ever")
        faulthandler.enable()

        def process(input):
            return input
        """
    )
    function = emulator.create_function(path, inputs=["in"], output="out")
    function.restart()
    emulator.topic("in").send("tea")
    assert emulator.topic("out") == ["tea"]


def test_an_archive_is_unpacked_in_the_process(emulator, tmp_path):
    path = tmp_path / "shouting.zip"
    shout = "import words\n\nclass Shout:\n    def process(self, input, context):\n        return input + words.MARK\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("shouting/src/shout.py", shout)
        archive.writestr("shouting/src/words.py", "MARK = '!'\n")
    emulator.create_function(path, class_name="shout.Shout", inputs=["in"], output="out")
    emulator.topic("in").send("tea")
    assert emulator.topic("out") == ["tea!"]
