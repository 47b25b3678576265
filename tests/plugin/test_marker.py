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

def test_no_function(pulsar_function): pulsar_function()

@pytest.mark.pfemu(pulsar_version="4.0")
def test_this_version(): pass
"""


def test_each_wrong_use_has_its_message(pytester):
    result = run(pytester, REFUSALS)
    result.assert_outcomes(errors=5, failed=1, passed=1)
    said = {
        "test_unknown_option": "TypeError: @pytest.mark.pfemu has no option 'inptus'; did you mean 'inputs'? There are: function, ",
        "test_two_functions": "TypeError: @pytest.mark.pfemu takes one function and options by name, not <class 'functions.Shout'>, ",
        "test_unknown_finding": "ValueError: a strict test has no finding 'exception'; did you mean 'exceptions'? There are: exceptions, ",
        "test_text_for_a_collection": "TypeError: allow is a collection of findings, not the text 'exceptions': allow=['exceptions']\n",
        "test_other_version": "pfemu.errors.ConfigError: Pulsar 3.3 is not known here, so nothing can be said of what it ignores. ",
        "test_no_function": "TypeError: pulsar_function() was called without a function: name one (pulsar_function('function.py', ",
    }
    for test, text in said.items():
        assert explanation(result, test).startswith(text)
        assert "marker.py" not in explanation(result, test)


def test_the_registered_marker_tells_its_signature(pytester):
    result = pytester.runpytest_subprocess("--markers", "--strict-markers")
    result.stdout.fnmatch_lines(
        ["@pytest.mark.pfemu(function=None, [*], partitions=None, strict=None, allow=(), *settings): what the fixtures *"]
    )
