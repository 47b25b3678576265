"""New code between two messages: what is kept, what is refused, and that nothing is lost or done twice."""

import gc
import random
import weakref
from textwrap import dedent

import pytest

from pfemu.reload.reports import Reloaded, ReloadFailed

MARK = "def process(input):\n    return f'{input}%s'\n"
COUNTING = dedent("""
    class Counting:
        def process(self, input, context):
            context.incr_counter("seen", 1)
            context.record_metric("length", len(str(input)))
            return f"{input}%s"
""")


def marked(mark):
    return MARK % mark


# ------------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def process(input):\n    return input +\n", "function.py, line 2: invalid syntax"),
        ("import nowhere_to_be_found\ndef process(input): ...\n", "nowhere_to_be_found"),
        ("1 / 0\ndef process(input): ...\n", "division by zero"),
        ("import sys\nsys.exit(3)\n", "sys.exit(3)"),
        ("class Other:\n    pass\n", "no function"),
        ("def process():\n    return 1\n", "process"),
        (b"\xff\xfe not utf-8", "function.py"),
        ("", "no function"),
    ],
)
def test_code_that_does_not_load_leaves_the_old_code_running(either, source, words):
    function = either(marked("!"))
    report = function.save(source)
    assert isinstance(report, ReloadFailed)
    assert words in report.traceback
    assert report.still_running == 1
    function.send("a")
    assert function.outputs(1) == ["a!"]


def test_an_import_cycle_is_refused(either, tmp_path):
    function = either(marked("!"))
    (tmp_path / "circle.py").write_text("from function import process\n")
    report = function.save("from circle import process as again\n" + marked("?"))
    assert isinstance(report, ReloadFailed)
    assert "circle.py, line 1" in report.error
    function.send("a")
    assert function.outputs(1) == ["a!"]


def test_a_file_that_was_deleted_or_cannot_be_read_leaves_the_old_code_running(either):
    function = either(marked("!"))
    function.path.unlink()
    assert isinstance(function.take_up(), ReloadFailed)
    function.path.mkdir()
    assert isinstance(function.take_up(), ReloadFailed)
    function.send("a")
    assert function.outputs(1) == ["a!"]


def test_the_class_renamed_is_refused_where_it_was_named(either):
    function = either("class Shout:\n    def process(self, input, context):\n        return input + '!'\n", class_name="function.Shout")
    report = function.save("class Shouts:\n    def process(self, input, context):\n        return input + '?'\n")
    assert isinstance(report, ReloadFailed)
    assert "Nearest: Shouts" in report.traceback
    function.send("a")
    assert function.outputs(1) == ["a!"]


def test_the_class_renamed_is_found_where_the_file_was_named(either):
    function = either("class Shout:\n    def process(self, input, context):\n        return input + '!'\n")
    assert isinstance(function.save("class Ask:\n    def process(self, input, context):\n        return input + '?'\n"), Reloaded)
    function.send("a")
    assert function.outputs(1) == ["a?"]


def test_a_constructor_that_fails_is_refused_though_a_cluster_hides_it(either):
    source = "class Shout:\n    def __init__(self):\n        %s\n    def process(self, input, context):\n        return input + '!'\n"
    function = either(source % "pass", class_name="function.Shout")
    report = function.save(source % "raise LookupError('no table')")
    assert isinstance(report, ReloadFailed)
    assert "no table" in report.traceback
    function.send("a")
    assert function.outputs(1) == ["a!"]


def test_a_serde_that_cannot_be_constructed_is_refused(either):
    serde = (
        "class Dots:\n    serialize, deserialize = staticmethod(str.encode), staticmethod(bytes.decode)\n"
        "    def __init__(self):\n        %s\n"
    )
    code = "class Same:\n    def process(self, input, context):\n        return str(input)\n"
    function = either(code + serde % "pass", class_name="function.Same", output_serde_class_name="function.Dots")
    report = function.save(code + serde % "raise LookupError('no dots')")
    assert isinstance(report, ReloadFailed)
    assert report.error == "LookupError: no dots"
    function.send("a")
    assert function.outputs(1) == ["a"]


def test_a_serde_that_ends_the_process_is_refused(deployed):
    serde = "class Dots:\n    serialize = staticmethod(str.encode)\n    def __init__(self):\n        %s\n"
    code = "import sys\nclass Same:\n    def process(self, input, context):\n        return str(input)\n"
    function = deployed(code + serde % "pass", class_name="function.Same", output_serde_class_name="function.Dots")
    report = function.save(code + serde % "sys.exit(3)")
    assert isinstance(report, ReloadFailed)
    assert report.error == "SystemExit: 3"


@pytest.mark.parametrize("side", ["input", "output"])
def test_a_record_class_with_other_fields_is_refused_with_what_changed(either, side):
    record = "from pulsar.schema import Record, String\nclass Order(Record):\n    name = String()\n"
    code = record + "%sclass Same:\n    def process(self, input, context):\n        return {}\n".replace(
        "{}", "Order(name='x')" if side == "output" else "'x'"
    )
    settings = {
        "input": {"inputs": None, "input_specs": {"in": {"schema_type": "json"}}, "input_type_class_name": "function.Order"},
        "output": {"output_schema_type": "json", "output_type_class_name": "function.Order"},
    }[side]
    function = either(code % "", class_name="function.Same", **settings)
    value = b'{"name": "tea"}'
    if side == "output":
        function.send(value)
        function.outputs(1)
    report = function.save(code % "    note = String()\n")
    assert isinstance(report, ReloadFailed)
    topic = "in" if side == "input" else "out"
    assert report.error == f"The schema of {topic} is another one now: + note (string or null)."
    assert "start the run again" in report.traceback
    assert isinstance(function.save(code % "\n" + "# the same fields\n"), Reloaded)


def test_when_one_instance_cannot_have_the_new_code_none_gets_it(deployed):
    function = deployed(marked("!"), parallelism=2)
    report = function.save(
        "import sys\nif hasattr(sys, '_reloads'):\n    del sys._reloads\n    raise LookupError('second')\nsys._reloads = 1\n" + marked("?")
    )
    assert isinstance(report, ReloadFailed)
    function.send("a", "b")
    assert function.outputs(2) == ["a!", "b!"]


def test_a_module_that_was_deleted_and_comes_back(either, tmp_path):
    (tmp_path / "words.py").write_text("MARK = '!'\n")
    source = "from words import MARK\ndef process(input):\n    return input + MARK\n"
    function = either(source)
    (tmp_path / "words.py").unlink()
    assert isinstance(function.take_up(), ReloadFailed)
    (tmp_path / "words.py").write_text("MARK = '?'\n")
    assert isinstance(function.take_up(), Reloaded)
    function.send("a")
    assert function.outputs(1) == ["a?"]


def test_after_a_failure_the_next_good_save_counts_on(either):
    function = either(marked("!"))
    assert function.save("oops(").still_running == 1
    assert function.save(marked("?")).generation == 2
    assert function.save("oops(").still_running == 2
    assert function.save(marked(".")).generation == 3


# ------------------------------------------------------------------------------------------------------------- what is kept


def test_the_next_message_runs_the_new_code(either):
    function = either(marked("!"))
    function.send("a")
    function.outputs(1)
    report = function.save(marked("?"))
    assert isinstance(report, Reloaded)
    assert (report.generation, report.redelivered, report.threads) == (2, 0, ())
    function.send("b")
    assert function.outputs(2) == ["a!", "b?"]


def test_state_counters_metrics_and_figures_are_kept(either):
    function = either(COUNTING % "!")
    function.send("a", "bb")
    function.outputs(2)
    assert function.save(COUNTING % "?").state_keys == 1
    function.send("ccc")
    function.outputs(3)
    handle = function.function
    assert handle.counters["seen"] == 3
    assert handle.stats.processed_successfully == 3
    assert handle.metrics["length"].sum == 6


def test_every_module_is_fresh(either, tmp_path):
    (tmp_path / "words.py").write_text("calls = []\n")
    source = "import words\ndef process(input):\n    words.calls.append(input)\n    return f'{len(words.calls)} %s'\n"
    function = either(source % "old")
    function.send("a", "b")
    function.outputs(2)
    function.save(source % "new")
    function.send("c")
    assert function.outputs(3) == ["1 old", "2 old", "1 new"]


def test_serdes_of_the_function_are_exchanged_with_it(either):
    source = dedent("""
        class Dots:
            def serialize(self, value):
                return value.encode() + b"%s"
            def deserialize(self, data):
                return data.decode() + "%s"
        class Same:
            def process(self, input, context):
                context.publish("aside", input, serde_class_name="function.Dots")
                return input
    """)
    function = either(
        source % (">", "<"),
        class_name="function.Same",
        inputs=None,
        custom_serde_inputs={"in": "function.Dots"},
        output_serde_class_name="function.Dots",
    )
    producer = function.emulator.client.create_producer("in")
    producer.send(b"a")
    function.send()
    function.outputs(1)
    assert isinstance(function.save(source % ("]", "[")), Reloaded)
    producer.send(b"b")
    function.send()
    function.outputs(2)
    assert [message.data for message in function.emulator.topic("out").peek()] == [b"a<>", b"b[]"]
    if function.live:
        function._wait_for(lambda: len(function.recorder.publications) == 2)
    assert [publication.payload for publication in function.recorder.publications] == [b"a<>", b"b[]"]


def test_record_classes_are_exchanged_and_another_schema_is_refused(deployed):
    source = dedent("""
        from pulsar.schema import Record, String, Integer
        class Order(Record):
            item = String()
            %s
        class Same:
            def process(self, input, context):
                assert type(input) is Order
                return Order(item=input.item + "%s")
    """)
    import pulsar.schema

    class Order(pulsar.schema.Record):
        item = pulsar.schema.String()

    function = deployed(
        source % ("", "!"),
        class_name="function.Same",
        inputs=None,
        custom_schema_inputs={"in": '{"schemaType": "json"}'},
        input_type_class_name="function.Order",
        output_schema_type="json",
        output_type_class_name="function.Order",
    )
    producer = function.emulator.client.create_producer("in", schema=pulsar.schema.JsonSchema(Order))
    producer.send(Order(item="tea"))
    function.emulator.settle()
    assert isinstance(function.save(source % ("", "?")), Reloaded)
    producer.send(Order(item="milk"))
    function.emulator.settle()
    assert [message.data for message in function.emulator.topic("out").peek()] == [b'{\n "item": "tea!"\n}', b'{\n "item": "milk?"\n}']
    report = function.save(source % ("amount = Integer()", "."))
    assert isinstance(report, ReloadFailed)
    assert "The schema of" in report.error


def test_each_instance_gets_modules_of_its_own(deployed):
    function = deployed(marked("!"), parallelism=2)
    function.save(marked("?"))
    one, two = (instance.loaded.modules["function"] for instance in function.function.function.instances)
    assert one is not two


# ------------------------------------------------------------------------------------------------------------- in flight


SLOW = dedent("""
    import threading
    began, go_on = threading.Event(), threading.Event()
    def process(input):
        began.set()
        go_on.wait(20)
        return f"{input} of the old code"
""")


def test_a_message_in_flight_finishes_on_the_code_that_began_it(deployed):
    function = deployed(SLOW, live=True)
    module = function.function.function.instances[0].loaded.modules["function"]
    function.send("a", "b")
    assert module.began.wait(20)
    report = function.save(marked(" of the new code"))
    assert report.busy
    assert function.save("oops(").still_running == 2
    assert function.save(marked(" of the newest code")).generation == 3
    assert not function.retired
    module.go_on.set()
    assert function.outputs(2) == ["a of the old code", "b of the newest code"]
    assert len(function.retired) == 2


@pytest.mark.parametrize("guarantee", ["ATLEAST_ONCE", "ATMOST_ONCE"])
def test_saves_during_a_stream_cost_and_double_no_message(either, guarantee):
    function = either(COUNTING % ":0", processing_guarantees=guarantee)
    chance = random.Random(7)
    sent = 0
    for generation in range(1, 31):
        batch = chance.randrange(0, 60)
        function.send(*(f"m{number}" for number in range(sent, sent + batch)))
        sent += batch
        if chance.random() < 0.2:
            assert isinstance(function.save("broken("), ReloadFailed)
        assert isinstance(function.save(COUNTING % f":{generation}"), Reloaded)
    outputs = function.outputs(sent)
    assert [output.partition(":")[0] for output in outputs] == [f"m{number}" for number in range(sent)]
    generations = [int(output.partition(":")[2]) for output in outputs]
    assert generations == sorted(generations)
    assert function.function.counters["seen"] == sent
    assert function.emulator.topic("in").backlog("public/default/f") == 0


# ------------------------------------------------------------------------------------------------------------- what failed


RAISING = "def process(input):\n    raise ValueError(f'no {input}')\n"


def test_messages_that_failed_come_again_after_a_good_save(either):
    function = either(RAISING)
    function.send("a", "b")
    if function.live:
        function._wait_for(lambda: function.function.stats.user_exceptions == 2)
    report = function.save("also broken(")
    assert isinstance(report, ReloadFailed)
    report = function.save(marked("!"))
    assert report.redelivered == 2
    assert [(each.payload, each.error) for each in report.failed] == [(b"a", "ValueError: no a"), (b"b", "ValueError: no b")]
    assert sorted(function.outputs(2)) == ["a!", "b!"]
    assert function.save(marked("?")).redelivered == 0


def test_messages_of_a_partitioned_topic_and_of_a_failover_subscription_come_again(deployed):
    function = deployed(RAISING, retain_ordering=True)
    function.send("a", "b")
    assert function.save(marked("!")).redelivered == 2
    assert function.outputs(2) == ["a!", "b!"]


def test_what_failed_waits_its_time_where_that_is_asked_for(deployed):
    function = deployed(RAISING)
    function.reloader._redeliver = False
    function.send("a")
    assert function.save(marked("!")).redelivered == 0
    assert function.outputs(0) == []
    function.emulator.advance(seconds=90)
    assert function.outputs(1) == ["a!"]


def test_a_function_that_ended_its_thread_processes_again_after_a_save(either):
    function = either("import sys\ndef process(input):\n    sys.exit(1)\n")
    function.send("a", "b")
    if function.live:
        function._wait_for(lambda: function.function.function.instances[0].ended_by is not None)
    assert function.save(marked("!")).redelivered == 1
    assert sorted(function.outputs(2)) == ["a!", "b!"]


# ------------------------------------------------------------------------------------------------------------- what lingers


def test_threads_that_the_old_code_started_are_named(either):
    function = either(
        "import threading\nend = threading.Event()\ndef poll():\n    end.wait(20)\n"
        "threading.Thread(target=poll, name='poller', daemon=True).start()\n" + marked("!")
    )
    module = function.function.function.instances[0].loaded.modules["function"]
    assert function.save(marked("?")).threads == ("poller",)
    assert function.save(marked(".")).threads == ()
    module.end.set()


def test_old_modules_are_gone_after_the_reload(either):
    function = either(marked("!"))
    function.send("a")
    function.outputs(1)
    old = weakref.ref(function.function.function.instances[0].loaded.modules["function"])
    function.save(marked("?"))
    function.send("b")
    function.outputs(2)
    function.retired.clear()
    gc.collect()
    assert old() is None


def test_an_idle_function_has_the_new_code_before_the_next_message(either):
    function = either(marked("!"))
    function.save("seen = []\n" + marked("?"))
    if function.live:
        function._wait_for(lambda: bool(function.retired))
    assert hasattr(function.function.function.instances[0].loaded.modules["function"], "seen")
    assert len(function.retired) == 1
