"""What a cluster lets happen without a word is said the moment it is configured or happens, once, and strictness makes an error of it."""

import pulsar
import pytest

import pfemu
from pfemu.model.topic_name import TopicName
from pfemu.model.warnings.happenings import HAPPENINGS, THREAD_ENDED
from pfemu.runtime.state.state_service import StateService

TWO_FIELDS = """
from pulsar.schema import Record, String
class Order(Record):
    name = String()
"""


@pytest.fixture
def write(tmp_path):
    def write_file(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


@pytest.fixture
def emulator():
    with pfemu.Emulator() as made:
        yield made


def abouts(function):
    return [warning.about for warning in function.warnings]


def subscriptions(emulator):
    (topic,) = emulator.topics_of(TopicName.parse("in"))
    return topic.subscriptions


class Echo:
    def process(self, input, context):
        return input


class Quits:
    def process(self, input, context):
        raise SystemExit(3)


class FailsOnBad:
    def process(self, input, context):
        if input == "bad":
            raise ValueError(input)
        return input


class CallsBack:
    def process(self, input, context):
        context.publish("elsewhere", input, callback=lambda _result, _id: 1 / 0)


class Counts:
    def process(self, input, context):
        context.incr_counter("n", 1)


class Hashes:
    def process(self, input, context):
        context.get_pulsar_client().create_producer("p", hashing_scheme=1)


def test_a_function_that_a_cluster_runs_as_it_runs_here_has_no_warnings(emulator):
    function = emulator.create_function(Echo, inputs=["in"], output="out")
    emulator.topic("in").send("a")
    assert list(function.warnings) == []


@pytest.mark.parametrize(
    ("settings", "about", "words"),
    [
        ({"timeout_ms": 20_000}, "timeoutMs", "processed twice"),
        ({"skip_to_latest": True}, "skipToLatest", "never read"),
        ({"forward_source_message_property": True}, "forwardSourceMessageProperty", "forwards nothing"),
        (
            {"output_serde_class_name": "no.SerDe"},
            "outputSerdeClassName no.SerDe (TypeError: 'NoneType' object is not callable)",
            "each message",
        ),
        ({"output_schema_type": "protobuf"}, "outputSchemaType", "does not start"),
    ],
)
def test_what_is_ignored_is_named_when_it_is_configured_and_refused_by_a_strict_emulator(emulator, settings, about, words):
    function = emulator.create_function(Echo, inputs=["in"], output="out", **settings)
    assert words in next(warning.text for warning in function.warnings if warning.about == about)
    with pfemu.Emulator(strict=True) as strict:
        with pytest.raises(pfemu.ConfigError, match=words):
            strict.create_function(Echo, inputs=["in"], output="out", **settings)
        assert strict.functions == {}
        strict.create_function(Echo, inputs=["in"], output="out")


def test_what_strictness_refuses_after_the_start_leaves_no_subscription(write):
    path = write("function.py", "async def process(input): return input\n")
    with pfemu.Emulator(strict=True) as strict:
        with pytest.raises(pfemu.ConfigError, match="is async"):
            strict.create_function(path, class_name="function", inputs=["in"], output="out")
        assert subscriptions(strict) == {}


def test_what_is_only_good_to_know_is_no_error_when_strict(write):
    path = write("orders.py", TWO_FIELDS + "class F:\n    def process(self, input, context):\n        return Order(name=input)\n")
    with pfemu.Emulator(strict=True) as strict:
        function = strict.create_function(
            path, class_name="orders.F", inputs=["in"], output="out", output_schema_type="json", output_type_class_name="orders.Order"
        )
        assert [str(each) for each in function.warnings] == [
            "outputSchemaType json writes over several lines, with indentation: Python's JsonSchema prints for people, unlike Java's"
        ]


def test_a_wrong_case_choice_of_a_file_is_named(emulator, write):
    write("function.py", "def process(input): return input\n")
    path = write("f.yaml", "name: f\nclassName: function\npy: function.py\ninputs: [in]\nprocessingGuarantees: atmost_once\n")
    function = emulator.create_function(path)
    assert "did you mean `ATMOST_ONCE`?" in str(function.warnings[0])


def test_the_end_of_the_thread_is_named_once(emulator):
    function = emulator.create_function(Quits, inputs=["in"], parallelism=2)
    emulator.topic("in").send("a")
    emulator.topic("in").send("b")
    assert function.ended_by is not None
    assert list(function.warnings) == [THREAD_ENDED.warning()]


def test_a_killed_process_is_named(emulator):
    function = emulator.create_function(Echo, inputs=["in"], output="out")
    function.crash()
    assert abouts(function) == ["a message during which the process is killed"]


@pytest.mark.parametrize(
    ("guarantee", "size", "expected"), [("ATLEAST_ONCE", 3, 1), ("ATMOST_ONCE", 3, 0), ("ATLEAST_ONCE", 1, 0)], ids=str
)
def test_a_batch_that_comes_back_as_a_whole_is_named(emulator, guarantee, size, expected):
    function = emulator.create_function(FailsOnBad, inputs=["in"], output="out", processing_guarantees=guarantee)
    producer = emulator.client.create_producer("in", batching_enabled=True, batching_max_publish_delay_ms=50)
    for value in [b"a", b"b", b"bad"][-size:]:
        producer.send_async(value, None)
    producer.flush()
    emulator.run_until_idle()
    assert len(function.exceptions) == 1
    assert abouts(function) == ["a failed message of a batch"] * expected
    if expected:
        emulator.advance(seconds=61)
        assert emulator.topic("out").values() == ["a", "b", "a", "b"]


def test_an_output_serde_that_returns_none_is_named(emulator, write):
    source = "class Nothing:\n    def serialize(self, input): return None\n    def deserialize(self, input_bytes): return input_bytes\n"
    path = write("silent.py", source + "class F:\n    def process(self, input, context): return input\n")
    function = emulator.create_function(path, class_name="silent.F", inputs=["in"], output="out", output_serde_class_name="silent.Nothing")
    emulator.topic("in").send("a")
    assert abouts(function) == ["an output SerDe that returns None"]
    assert subscriptions(emulator)["public/default/F"].unacknowledged == 1


@pytest.mark.parametrize("kind", ["async def process(self, input, context): ...", "def process(self, input, context): yield input"])
def test_a_process_whose_body_never_runs_is_named_before_the_first_message(emulator, write, kind):
    path = write("never.py", f"class F:\n    {kind}\n")
    function = emulator.create_function(path, inputs=["in"])
    assert "never runs its body" in str(function.warnings[0])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_callback_that_raises_is_named(emulator, capsys):
    function = emulator.create_function(CallsBack, inputs=["in"])
    emulator.topic("in").send("a")
    assert abouts(function) == ["a callback of context.publish that raises (ZeroDivisionError)"]
    capsys.readouterr()


def test_an_optional_field_more_is_named_when_the_broker_refuses_it(write):
    told = []
    with pfemu.Emulator(on_warning=told.append) as emulator:
        settings = {"inputs": ["in"], "input_type_class_name": "orders.Order"}
        settings["custom_schema_inputs"] = {"in": '{"schemaType": "avro"}'}
        function = "class F:\n    def process(self, input, context): return None\n"
        first = write("orders.py", TWO_FIELDS + function)
        emulator.create_function(first, class_name="orders.F", name="before", **settings)
        write("orders.py", TWO_FIELDS + "    note = String()\n" + function)
        with pytest.raises(pulsar.exceptions.IncompatibleSchema):
            emulator.create_function(first, class_name="orders.F", name="after", **settings)
    assert [warning.about for warning in told] == ["IncompatibleSchema"]
    assert "even an optional one" in told[0].text


def test_a_producer_argument_of_other_clients_is_named(emulator):
    function = emulator.create_function(Hashes, inputs=["in"])
    emulator.topic("in").send("a")
    assert abouts(function) == ["hashing_scheme"]


def test_calls_that_a_cluster_answers_before_it_acts_are_named_and_no_error(emulator):
    function = emulator.create_function(Echo, inputs=["in"], output="out")
    function.restart()
    function.stop()
    assert abouts(function) == ["stop, restart, update and delete"]
    assert function.warnings.strict == []


def test_state_that_is_off_is_said_and_no_error_for_who_asked_for_it():
    with pfemu.Emulator(state=StateService(off=True), strict=True) as emulator:
        function = emulator.create_function(Counts, inputs=["in"])
        emulator.topic("in").send("a")
        assert abouts(function) == ["state"]
        assert dict(function.counters) == {}
        assert len(function.exceptions) == 0


def test_an_update_to_broken_code_is_named(emulator, tmp_path):
    from pfemu.model.configuration.function_config import FunctionConfig
    from pfemu.runtime.worker.package_store import Package

    name = ("public", "default", "f")
    config = FunctionConfig.from_json({"className": "f.F", "inputs": ["in"], "runtime": "PYTHON", "skipToLatest": True})
    good = b"class F:\n    def process(self, input, context): return input\n"
    emulator.worker.create(name, config, Package("f.py", good), None)
    assert abouts(emulator.functions["public/default/f"]) == ["skipToLatest"]
    emulator.worker.update(name, config, Package("f.py", b"import nothing_of_that_name\n"), None)
    found = abouts(emulator.functions["public/default/f"])
    assert found[0] == "skipToLatest"
    assert found[1].startswith("a process that dies while it starts (LoadError: Could not import User Function Module f.F")
    assert "\n" not in found[1]


def test_a_version_of_which_nothing_is_known_is_refused_with_those_that_are():
    for version in ("4.0", "4.0.8", "4.0.x"):
        with pfemu.Emulator(pulsar_version=version) as emulator:
            assert emulator.pulsar_version == "4.0"
    for version in ("3.3", "4.1.0", "", "latest", "4"):
        with pytest.raises(pfemu.ConfigError, match=r"Known: 4\.0 \("):
            pfemu.Emulator(pulsar_version=version)


class Name(str):
    """A text of another class."""

    __slots__ = ()


class Publishes:
    """Publishes with what each message asks for."""

    def process(self, input, context):
        arguments = {"conf": [{"partition_key": "k"}], "dict": [], "text": ["serde.IdentitySerDe"], "name": [Name("serde.IdentitySerDe")]}
        context.publish("elsewhere", {} if input == "dict" else "x", *arguments[input])


def test_a_third_argument_of_publish_that_is_no_name_is_said_at_once(emulator):
    function = emulator.create_function(Publishes, inputs=["in"])
    emulator.topic("in").send_many(["text", "name"])
    assert abouts(function) == []
    emulator.topic("in").send("conf")
    assert abouts(function) == ["a dict as the third argument of context.publish"]
    assert str(function.exceptions[0].error) == "'NoneType' object is not callable"


@pytest.mark.parametrize(
    ("payload", "about"),
    [
        ("11", "an input that reads as a number"),
        (b" 1e3 ", "an input that reads as a number"),
        (b"nan", "an input that reads as a number"),
        (b"\x06tea", "an input of binary content"),
        (b"\xff\xfe", "an input of binary content"),
        (b"t\xff", "an input of binary content"),
        ("tea", None),
        ("{}", None),
        ("note", None),
        ("été", None),
        ("\ttea", None),
        ("", None),
    ],
)
def test_what_identity_serde_makes_of_an_input_is_said_the_first_time_and_no_error(emulator, payload, about):
    function = emulator.create_function(Echo, inputs=["in"], output="out")
    emulator.topic("in").send_many([payload, payload])
    assert abouts(function) == ([] if about is None else [about])
    assert function.warnings.strict == []


def test_an_input_with_a_schema_or_a_serde_of_its_own_is_what_was_asked_for(emulator):
    settings = {"custom_serde_inputs": {"in": "serde.PickleSerDe"}}
    function = emulator.create_function(Echo, **settings)
    emulator.topic("in").send(11)
    assert abouts(function) == []


class Rate(float):
    """What derives from a number, as NumPy's numbers do."""


class Returns:
    def process(self, input, context):
        return {"dict": {}, "list": [], "bool": True, "rate": Rate(1), "text": "x"}[input]


@pytest.mark.parametrize(
    ("asked", "kind"), [("dict", "dict"), ("list", "list"), ("bool", "bool"), ("rate", f"{Rate.__module__}.Rate"), ("text", None)]
)
def test_an_output_that_identity_serde_refuses_is_said(emulator, asked, kind):
    function = emulator.create_function(Returns, inputs=["in"], output="out")
    emulator.topic("in").send(asked)
    assert abouts(function) == ([] if kind is None else [f"a {kind} that is an output or published"])


def test_a_publication_that_identity_serde_refuses_is_said(emulator):
    function = emulator.create_function(Publishes, inputs=["in"])
    emulator.topic("in").send("dict")
    assert abouts(function) == ["a dict that is an output or published"]


class Asks:
    def process(self, input, context):
        return getattr(context, input)


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("get_massage_id", "context.get_massage_id (nearest: get_message_id)"),
        ("getMessageKey", "context.getMessageKey (nearest: get_message_key)"),
        ("getCurrentMessageTopicName", "context.getCurrentMessageTopicName (nearest: get_current_message_topic_name)"),
        ("delete_state", "context.delete_state (nearest: del_counter, which deletes a key of either kind)"),
        ("logger", "context.logger (nearest: get_logger)"),
        ("xyz", "context.xyz"),
    ],
)
def test_a_method_that_the_context_does_not_have_is_named_with_the_nearest(emulator, name, about):
    function = emulator.create_function(Asks, inputs=["in"])
    emulator.topic("in").send(name)
    assert abouts(function) == [about]
    assert "does not exist in Pulsar's Python" in function.warnings[0].text


def test_an_attribute_that_something_else_lacks_is_the_users_own_matter(emulator):
    class Wrong:
        def process(self, input, context):
            return input.nothing

    function = emulator.create_function(Wrong, inputs=["in"])
    emulator.topic("in").send("a")
    assert abouts(function) == []


def test_an_abstract_process_is_named_where_it_keeps_the_class_from_being_made(emulator, write):
    source = "from abc import {abc}abstractmethod\nfrom pulsar import Function\nclass F({bases}):\n    @abstractmethod\n"
    source += "    def process(self, input, context): return input\n"
    harmless = write("harmless.py", source.format(abc="", bases="Function"))
    assert abouts(emulator.create_function(harmless, inputs=["in"], output="out", name="harmless")) == []
    emulator.topic("in").send("a")
    assert emulator.topic("out").values() == ["a"]
    harmful = write("harmful.py", source.format(abc="ABC, ", bases="ABC, Function"))
    function = emulator.create_function(harmful, class_name="harmful.F", inputs=["in"], output="out", name="harmful")
    assert "Take @abstractmethod off" in function.warnings[0].text


def test_every_happening_says_what_shows_it():
    assert all(each.source and each.text for each in HAPPENINGS)
    assert len({each.name for each in HAPPENINGS}) == len(HAPPENINGS)
