"""User code in processes of its own: what crosses, what stays, and what becomes of a process that ends."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import zipfile

import pytest

import pfemu
from pfemu.errors import ConfigError, LoadError
from pfemu.metrics.page import metrics_page
from pfemu.runtime.runtimes import RUNTIMES, loader_of
from pfemu.scheduling.live import LiveScheduler

PATIENCE_S = 30


@pytest.fixture
def emulator():
    with pfemu.Emulator(runtime="process") as emulator:
        yield emulator


@pytest.fixture(params=RUNTIMES)
def either(request):
    with pfemu.Emulator(runtime=request.param) as emulator:
        yield emulator


@pytest.fixture
def write(tmp_path):
    def call(text, name="function.py"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return call


def process_of(function, number=0):
    return function.function.instances[number].loaded.own_process


def is_running(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


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


# -- processes that end ----------------------------------------------------------------------------------------------------

DEADLY = """
    import os


    class F:
        def process(self, input, context):
            context.incr_counter(input, 1)
            if input == "kill" and context.get_counter("kill") == 1:
                os.kill(os.getpid(), 9)
            if input == "exit" and context.get_counter("exit") == 1:
                os._exit(3)
            return f"{input} {os.getpid()}"
"""


@pytest.mark.parametrize(("deed", "reason"), [("kill", "was ended by SIGKILL"), ("exit", "has ended with exit code 3")])
def test_a_process_that_ends_in_a_message_is_started_again_and_the_message_comes_again(emulator, write, deed, reason):
    function = emulator.create_function(write(DEADLY), inputs=["in"], output="out")
    first = process_of(function)
    emulator.topic("in").send_many(["tea", deed, "water"])

    spawner = function.function.spawners[0]
    assert emulator.topic("out").values() == [f"tea {first.process_id}"]
    assert (spawner.alive, spawner.restarts) == (False, 0)
    assert reason in str(spawner.died_of)
    assert any(reason in str(warning) for warning in function.warnings)

    emulator.advance(30)

    second = process_of(function)
    assert (spawner.alive, spawner.restarts) == (True, 1)
    assert emulator.topic("out").values()[1:] == [f"{deed} {second.process_id}", f"water {second.process_id}"]
    assert function.counters == {"tea": 1, deed: 2, "water": 1}
    assert emulator.topic("in").backlog("public/default/F") == 0
    assert function.exceptions == []


def test_a_process_that_ends_is_missed_though_what_it_has_forked_lives_on(emulator, write):
    path = write(
        """
        import os
        import time


        def process(input):
            if os.fork() == 0:
                time.sleep(5)
                os._exit(0)
            os._exit(9)
        """
    )
    function = emulator.create_function(path, inputs=["in"])
    emulator.topic("in").send("tea")
    assert "has ended with exit code 9" in str(function.function.spawners[0].died_of)


def test_a_thread_that_process_waits_for_may_publish_with_a_serde_of_the_users(write):
    path = write(
        """
        import threading


        class Upper:
            def serialize(self, value):
                return value["text"].upper().encode()


        class F:
            def process(self, input, context):
                def publish():
                    for number in range(3):
                        context.publish("aside", {"text": f"{input}{number}"}, "function.Upper")

                thread = threading.Thread(target=publish)
                thread.start()
                thread.join()
                return input
        """
    )
    arrived, errors = threading.Semaphore(0), []
    with pfemu.Emulator(runtime="process", scheduler=LiveScheduler(errors.append)) as emulator:
        emulator.client.subscribe(["aside", "out"], "s", message_listener=lambda _consumer, _message: arrived.release())
        emulator.create_function(path, class_name="function.F", inputs=["in"], output="out")
        emulator.topic("in").send("tea")
        assert all(arrived.acquire(timeout=PATIENCE_S) for _ in range(4))
        assert emulator.topic("aside").values() == ["TEA0", "TEA1", "TEA2"]
    assert errors == []


def test_a_process_that_is_killed_while_it_waits_is_started_again(write):
    with pfemu.Emulator(runtime="process") as emulator:
        function = emulator.create_function(write(DEADLY), inputs=["in"], output="out")
        process = process_of(function)
        told = threading.Event()
        process.watch(lambda reason, died=process._ended: (died(reason), told.set()))
        os.kill(process.process_id, signal.SIGKILL)
        assert told.wait(PATIENCE_S)
        emulator.run_until_idle()
        assert not function.function.spawners[0].alive
        emulator.advance(30)
        emulator.topic("in").send("tea")
        assert emulator.topic("out").values() == [f"tea {process_of(function).process_id}"]


def test_system_exit_in_process_ends_the_thread_as_in_a_thread(either, write):
    function = either.create_function(write("import sys\n\ndef process(input):\n    sys.exit(3)\n"), inputs=["in"])
    either.topic("in").send("tea")
    assert type(function.ended_by) is SystemExit
    assert function.function.spawners[0].alive


def test_each_instance_has_a_process_and_all_of_them_are_gone_at_the_end(write):
    with pfemu.Emulator(runtime="process") as emulator:
        function = emulator.create_function(write(DEADLY), inputs=["in"], output="out", parallelism=2)
        ids = {process_of(function, number).process_id for number in range(2)}
        emulator.topic("in").send_many(["a", "b", "c", "d"])
        assert {value.split()[1] for value in emulator.topic("out").values()} == set(map(str, ids))
        assert os.getpid() not in ids
    assert not any(map(is_running, ids))


def test_a_restart_brings_another_process_with_the_code_as_it_is_now(emulator, write):
    function = emulator.create_function(write("def process(input):\n    return 1\n"), inputs=["in"], output="out")
    first = process_of(function).process_id
    write("def process(input):\n    return 2\n")
    function.restart()
    emulator.topic("in").send("tea")
    assert emulator.topic("out").values() == [2]
    assert not is_running(first)


def test_a_process_that_hangs_is_made_to_end(monkeypatch, write):
    monkeypatch.setattr("pfemu.runtime.processes.function_process.STOP_TIMEOUT_S", 0.2)
    monkeypatch.setattr("pfemu.runtime.instance.STOP_TIMEOUT_S", 0.2)
    path = write(
        """
        import signal
        import threading

        signal.signal(signal.SIGTERM, signal.SIG_IGN)


        class F:
            def process(self, input, context):
                context.publish("aside", "begun")
                threading.Event().wait()
        """
    )
    begun, errors = threading.Event(), []
    with pfemu.Emulator(runtime="process", scheduler=LiveScheduler(errors.append)) as emulator:
        emulator.client.subscribe("aside", "s", message_listener=lambda _consumer, _message: begun.set())
        function = emulator.create_function(path, inputs=["in"])
        process = process_of(function)
        emulator.topic("in").send("tea")
        assert begun.wait(PATIENCE_S)
    assert process.wait_for_end(PATIENCE_S) is not None


def test_no_process_outlives_an_emulator_that_is_killed(write):
    path = write(DEADLY)
    code = f"""
        import os, pfemu
        emulator = pfemu.Emulator(runtime="process")
        function = emulator.create_function({str(path)!r}, inputs=["in"])
        print(function.function.instances[0].loaded.own_process.process_id, flush=True)
        os.kill(os.getpid(), 9)
    """
    finished = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, timeout=PATIENCE_S, check=False)
    assert finished.returncode == -signal.SIGKILL
    assert int(finished.stdout) != os.getpid()  # the output has ended, so whoever had inherited it is gone, too


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
