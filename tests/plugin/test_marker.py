"""The marker: what tests start from, the nearest winning, and what it refuses."""

import pytest

from tests.plugin.running import explanation, run

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.timeout(300)  # each starts a pytest of its own


def test_the_nearest_marker_wins_option_by_option(pytester):
    result = run(
        pytester,
        """
class Configured:
    def process(self, input, context):
        return f"{context.get_user_config_value('greeting')} {context.get_secret('name')}"

pytestmark = pytest.mark.pfemu(Configured, inputs=["a"], output="b", user_config={"greeting": "hello"}, secrets={"name": "Ada"})

class TestInside:
    pytestmark = pytest.mark.pfemu(secrets={"name": "Grace"})

    def test_class_over_module(self, pulsar_emulator, pulsar_function):
        pulsar_function()
        pulsar_emulator.topic("a").send("x")
        assert pulsar_emulator.topic("b") == ["hello Grace"]

    @pytest.mark.pfemu(user_config={"greeting": "hi"}, partitions=2)
    def test_function_over_class(self, pulsar_emulator, pulsar_function):
        pulsar_function(output="c")
        pulsar_emulator.topic("a").send("x")
        assert pulsar_emulator.topic("c") == ["hi Grace"]
        assert pulsar_emulator.topic("a").messages[0].partition in {0, 1}

def test_module(pulsar_emulator, pulsar_function):
    assert pulsar_function().function.details.class_name.endswith("Configured")
    assert pulsar_emulator.topic("a").partition(0).name.endswith("a-partition-0")

@pytest.mark.pfemu(partitions={"a": 3})
def test_partitions_by_topic(pulsar_emulator, pulsar_function):
    pulsar_function()
    pulsar_emulator.topic("a").send_many(["x"] * 9)
    assert {message.partition for message in pulsar_emulator.topic("a").messages} == {0, 1, 2}

def test_context_has_it_too(pulsar_context):
    assert Configured().process("x", pulsar_context) == "hello Ada"
    assert pulsar_context.get_input_topics() == ["a"]
""",
    )
    result.assert_outcomes(passed=5)


REFUSALS = """
@pytest.mark.pfemu(inptus=["a"])
def test_unknown_option(): pass

@pytest.mark.pfemu(Shout, Count)
def test_two_functions(): pass

@pytest.mark.pfemu(allow=["exception"])
def test_unknown_finding(): pass

@pytest.mark.pfemu(allow="exceptions")
def test_text_for_a_collection(): pass

@pytest.mark.pfemu(pulsar_version="3.3")
def test_other_version(pulsar_emulator): pass

@pytest.mark.pfemu(pulsar_version=4.0)
def test_version_of_another_type(): pass

@pytest.mark.pfemu(partitions={"a": 0})
def test_partitions(): pass

@pytest.mark.pfemu(strict="no")
def test_strict(): pass

@pytest.mark.pfemu(seed="7")
def test_seed(): pass

@pytest.mark.pfemu(step_limit=0)
def test_step_limit(): pass

def test_no_function(pulsar_function): pulsar_function()

def test_partitions_of_no_input(pulsar_function): pulsar_function(Shout, topics_pattern="persistent://public/default/a.*", partitions=3)

def test_partitions_of_another_type(pulsar_function): pulsar_function(Shout, inputs=["a"], partitions="3")

def test_runtime_of_one_function(pulsar_function): pulsar_function("functions.py:Shout", inputs=["a"], runtime="process")

@pytest.mark.pfemu(parallelism="2")
def test_setting_of_another_type(pulsar_function): pulsar_function(Shout, inputs=["a"])

@pytest.mark.pfemu(pulsar_version="4.0", strict=None, allow=None, seed=None, partitions=None)
def test_this_version(): pass
"""


def test_each_wrong_use_has_its_message(pytester):
    result = run(pytester, REFUSALS)
    result.assert_outcomes(errors=10, failed=5, passed=1)
    said = {
        "test_unknown_option": "TypeError: @pytest.mark.pfemu has no option 'inptus'; did you mean 'inputs'? There are: function, ",
        "test_two_functions": "TypeError: @pytest.mark.pfemu takes one function and options by name, not <class 'functions.Shout'>, ",
        "test_unknown_finding": "ValueError: a strict test has no finding 'exception'; did you mean 'exceptions'? There are: exceptions, ",
        "test_text_for_a_collection": "TypeError: allow is a collection of findings, as ['exceptions'], not 'exceptions'\n",
        "test_other_version": "pfemu.errors.ConfigError: Pulsar 3.3 is not known here, so nothing can be said of what it ignores. ",
        "test_version_of_another_type": "TypeError: pulsar_version is a text, as '4.0', not 4.0\n",
        "test_partitions": "TypeError: partitions is a number above 0 or {topic: number}, not {'a': 0}\n",
        "test_strict": "TypeError: strict is True or False, not 'no'\n",
        "test_seed": "TypeError: seed is a whole number, not '7'\n",
        "test_step_limit": "TypeError: step_limit is a number above 0, not 0\n",
        "test_partitions_of_no_input": "ValueError: partitions=3 is for each input, and the function names none: "
        "partitions={'orders': 3}\n",
        "test_partitions_of_another_type": "TypeError: partitions is a number above 0 or {topic: number}, not '3'\n",
        "test_runtime_of_one_function": "TypeError: where functions run is the emulator's, not one function's: "
        "@pytest.mark.pfemu(runtime='process'), or pytest --pfemu-runtime=process\n",
        "test_setting_of_another_type": "pfemu.errors.ConfigError: parallelism is a whole number, not '2'\n",
        "test_no_function": "TypeError: pulsar_function() was called without a function: name one (pulsar_function('function.py', ",
    }
    for test, text in said.items():
        assert explanation(result, test).startswith(text)
        assert "marker.py" not in explanation(result, test)


RUNTIMES = """
import os

@pytest.fixture
def pid(pulsar_emulator, pulsar_function):
    pulsar_function("whose.py", inputs=["a"], output="b")
    pulsar_emulator.topic("a").send("x")
    return pulsar_emulator.topic("b").messages[0].value

@pytest.mark.pfemu(runtime="process")
def test_in_a_process(pid): assert pid != os.getpid()

@pytest.mark.pfemu(runtime="thread")
def test_in_a_thread(pid): assert pid == os.getpid()

@pytest.mark.pfemu(runtime="PYTHON")
def test_as_configured(pid, request):
    assert (pid == os.getpid()) == (request.config.getini("pfemu_runtime") == "thread")
"""


@pytest.mark.parametrize("runtime", ["thread", "process"])
def test_functions_run_where_the_marker_or_the_ini_key_says(pytester, runtime):
    (pytester.path / "whose.py").write_text("import os\n\ndef process(input):\n    return str(os.getpid())\n")
    result = run(pytester, RUNTIMES, ini=f"pfemu_runtime = {runtime}")
    result.assert_outcomes(passed=3)


PARTITIONED = """
import pfemu

CONFIG = pfemu.FunctionConfig(py="functions.py", class_name="functions.Shout", inputs=["a", "b"])

@pytest.mark.parametrize("source", ["config.yaml", CONFIG])
def test_it(pulsar_emulator, pulsar_function, source):
    pulsar_function(source, partitions=2)
    assert pulsar_emulator.topic("a").partition(1).messages == []
    pulsar_emulator.topic("b").send_many("xy")
    assert {message.partition for message in pulsar_emulator.topic("b").messages} == {0, 1}
"""


def test_partitions_are_for_the_inputs_of_a_configuration_too(pytester):
    (pytester.path / "config.yaml").write_text("py: functions.py\nclassName: functions.Shout\ninputs: [a, b]\n")
    run(pytester, PARTITIONED).assert_outcomes(passed=2)


def test_the_registered_marker_tells_its_signature(pytester):
    result = pytester.runpytest_subprocess("--markers", "--strict-markers")
    result.stdout.fnmatch_lines(
        ["@pytest.mark.pfemu(function=None, [*], partitions=None, strict=None, allow=(), *settings): what the fixtures *"]
    )
