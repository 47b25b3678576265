"""Everything that silently bites whoever runs a Python function on Pulsar 4.0.8 is named, the moment it is configured or happens.

One entry for each thing that was seen there; what it does and to whom else is in ``test_function_warnings.py``.
"""

import pulsar
import pytest

import pfemu
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.runtime.state.state_service import StateService
from pfemu.runtime.worker.package_store import Package

CODE = """
from pulsar import Function
from pulsar.schema import Record, String


class Order(Record):
    name = String(){more}


class Silent:
    def serialize(self, input):
        return None

    def deserialize(self, input_bytes):
        return input_bytes


class Function(Function):
    def process(self, input, context):
        {body}


class Async:
    async def process(self, input, context):
        return input


class Generator:
    def process(self, input, context):
        yield input
"""


class Bites:
    """An emulator, a file with code, and every warning that anybody was told."""

    def __init__(self, directory):
        self.directory = directory
        self.told = []
        self.emulator = pfemu.Emulator(on_warning=self.told.append)

    def write(self, body="return input", more=""):
        path = self.directory / "function.py"
        path.write_text(CODE.format(body=body, more=more))
        return path

    def run(self, body="return input", *values, class_name="function.Function", **settings):
        """Deploy a function with this body, and send it the values one by one."""
        settings = {"name": "f", "inputs": ["in"], "output": "out", **settings}
        function = self.emulator.create_function(self.write(body), class_name=class_name, **settings)
        for value in values:
            self.emulator.topic("in").send(value)
        return function

    def configure(self, text):
        self.write()
        path = self.directory / "f.yaml"
        path.write_text(f"py: function.py\nclassName: function.Function\nname: f\ninputs: [in]\noutput: out\n{text}\n")
        return self.emulator.create_function(path)

    def batch(self):
        self.run("return 1 / 0 if input == 'bad' else input")
        producer = self.emulator.client.create_producer("in", batching_enabled=True, batching_max_publish_delay_ms=50)
        for value in (b"good", b"bad"):
            producer.send_async(value, None)
        producer.flush()
        self.emulator.run_until_idle()

    def new_field(self):
        settings = {"inputs": None, "input_specs": {"in": {"schema_type": "avro"}}, "input_type_class_name": "function.Order"}
        self.run("return None", **settings)
        self.write(more="\n    note = String()")
        with pytest.raises(pulsar.exceptions.IncompatibleSchema):
            self.emulator.create_function(self.directory / "function.py", class_name="function.Function", **settings)

    def short_timeout(self):
        with pytest.raises(ValueError, match="greater than 10 seconds"):
            self.run(timeout_ms=5000)

    def broken_update(self):
        name = ("public", "default", "f")
        config = FunctionConfig.from_json({"className": "f.F", "inputs": ["in"], "runtime": "PYTHON"})
        self.emulator.worker.create(name, config, Package("f.py", b"class F:\n    def process(self, a, b): return a\n"), None)
        self.emulator.worker.update(name, config, Package("f.py", b"import nothing_of_that_name\n"), None)

    def over_rest(self, **config):
        whole = FunctionConfig.from_json({"className": "f.F", "runtime": "PYTHON", "output": "out", **config})
        code = Package("f.py", b"class F:\n    def process(self, a, b): return a\n")
        self.emulator.worker.create(("public", "default", "f"), whole, code, None)

    def without_state(self):
        with pfemu.Emulator(state=StateService(off=True), on_warning=self.told.append) as emulator:
            emulator.create_function(self.write("context.put_state('k', 'v')"), class_name="function.Function", inputs=["in"])


ENTRIES = {
    "a choice in the wrong case": (lambda it: it.configure("processingGuarantees: atmost_once"), "did you mean `ATMOST_ONCE`?"),
    "a misspelt field": (lambda it: it.configure("logTopik: x"), "did you mean `logTopic`?"),
    "SystemExit in process": (lambda it: it.run("raise SystemExit", "a"), "ends the thread that processes"),
    "a killed process": (lambda it: it.run("return input", "a").crash(), "comes again, with redelivery count 0"),
    "one of a batch fails": (Bites.batch, "brings back the whole batch"),
    "a timeout below 10 s": (Bites.short_timeout, "the process dies and restarts for ever"),
    "a slow function with a timeout": (lambda it: it.run(timeout_ms=20_000), "delivered again and processed twice"),
    "a field more in a Record": (Bites.new_field, "even an optional one"),
    "an output SerDe that returns None": (
        lambda it: it.run("return input", "a", output_serde_class_name="function.Silent"),
        "leaves the input unacknowledged for ever",
    ),
    "async process": (lambda it: it.run(class_name="function.Async"), "never runs its body"),
    "a generator": (lambda it: it.run(class_name="function.Generator"), "never runs its body"),
    "a wrong output SerDe": (lambda it: it.run(output_serde_class_name="function.Nope"), "is looked at when the first output is there"),
    "a callback that raises": (
        lambda it: it.run("context.publish('side', input, callback=lambda result, message_id: 1 / 0)", "a"),
        "stops the callbacks that follow it",
    ),
    "a callback that waits": (
        lambda it: it.run("context.publish('side', input, callback=lambda result, message_id: context.publish('new', 'x'))", "a"),
        "has to bring the answer",
    ),
    "stop, restart and delete": (lambda it: it.run().stop(), "answered with 204 before anything happens"),
    "an update to broken code": (Bites.broken_update, "the code before is gone"),
    "pretty-printed JSON": (
        lambda it: it.run(output_schema_type="json", output_type_class_name="function.Order"),
        "json writes over several lines",
    ),
    "isRegexPattern over REST": (
        lambda it: it.over_rest(inputs=["in"], inputSpecs={"in": {"isRegexPattern": True}}),
        "did you mean `regexPattern`",
    ),
    "hashing_scheme": (
        lambda it: it.run("context.get_pulsar_client().create_producer('p', hashing_scheme=1)", "a"),
        "partitions of keys follow Boost's hash",
    ),
    "digits arrive as int": (lambda it: it.run("return None if '11' == input else 'no'", "11"), "arrives as an int"),
    "Avro arrives as str": (lambda it: it.run("return None", b"\x06tea"), "arrives as str while its bytes happen to be UTF-8"),
    "Avro arrives as bytes": (lambda it: it.run("return None", b"\x80\x01" + b"x" * 64), "as bytes once they are not"),
    "a dict is returned": (lambda it: it.run("return {}", "a"), "Make text of it"),
    "a number of a subclass is returned": (
        lambda it: it.run("return type('float64', (float,), {})(1)", "a"),
        "nothing that only derives from one of them",
    ),
    "a method that does not exist": (lambda it: it.run("context.get_topic()", "a"), "context.get_topic (nearest: "),
    "state that is silently off": (Bites.without_state, "put_state and incr_counter do nothing"),
    "message_conf as the third argument": (
        lambda it: it.run("context.publish('side', input, {'partition_key': 'k'})", "a"),
        "Write message_conf=",
    ),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("entry", ENTRIES)
def test_it_is_named(tmp_path, entry, capsys):
    happen, words = ENTRIES[entry]
    it = Bites(tmp_path)
    try:
        happen(it)
        assert [str(warning) for warning in it.told if words in str(warning)], f"told: {[str(warning) for warning in it.told]}"
        assert all(warning.source for warning in it.told if warning.about), "each says what shows it"
    finally:
        it.emulator.close()
    capsys.readouterr()
