"""The fixtures work however tests are written and run."""

import sys

import pytest

from tests.plugin.running import explanation, run

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.timeout(300)  # each starts a pytest of its own

STYLES = """
import asyncio
import unittest

class TestOfUnittest(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def take(self, pulsar_emulator, pulsar_function):
        self.emulator, self.function = pulsar_emulator, pulsar_function

    def test_in_a_test_case(self):
        self.function(Shout, inputs=["orders"], output="shouted")
        self.emulator.topic("orders").send("tea")
        self.assertEqual(self.emulator.topic("shouted").values(), ["tea!"])

    def test_fails_at_its_end(self):
        self.function(Shout, inputs=["orders"], output="shouted")
        self.emulator.topic("orders").send("bad")

    def test_fails_by_itself(self):
        self.function(Shout, inputs=["orders"], output="shouted")
        self.emulator.topic("orders").send("bad")
        self.fail("by itself")

@pytest.mark.parametrize("word", ["tea", "milk", "sugar"])
@pytest.mark.parametrize("partitions", [None, 2])
def test_parametrised(pulsar_emulator, pulsar_function, word, partitions):
    pulsar_function(Shout, inputs="orders", output="shouted", partitions=partitions)
    pulsar_emulator.topic("orders").send(word)
    assert pulsar_emulator.topic("shouted") == [f"{word}!"]

def test_inside_a_running_loop(pulsar_emulator, pulsar_function):
    async def main():
        pulsar_function(Shout, inputs=["orders"], output="shouted")
        pulsar_emulator.topic("orders").send("tea")
        await asyncio.sleep(0)
        return pulsar_emulator.topic("shouted").values()
    assert asyncio.run(main()) == ["tea!"]

@pytest.mark.xfail(strict=True, reason="it raises")
def test_expected_to_fail_at_its_end(pulsar_emulator, pulsar_function):
    pulsar_function(Shout, inputs=["orders"])
    pulsar_emulator.topic("orders").send("bad")

def test_skips(pulsar_emulator, pulsar_function):
    pulsar_function(Shout, inputs=["orders"])
    pulsar_emulator.topic("orders").send("bad")
    pytest.skip("for a reason")
"""


def test_unittest_parametrise_asyncio_xfail_and_skip(pytester):
    result = run(pytester, STYLES)
    result.assert_outcomes(passed=8, failed=2, xfailed=1, skipped=1)
    result.stdout.fnmatch_lines(["*AssertionError: by itself*"])
    result.stdout.fnmatch_lines(["*FAILED test_it.py::TestOfUnittest::test_fails_at_its_end - Failed: The test passed, but what follows*"])


MANY = """
@pytest.mark.parametrize("number", range(12))
def test_alone(pulsar_emulator, pulsar_function, number):
    function = pulsar_function(Count, inputs=["orders"])
    pulsar_emulator.topic("orders").send(f"n{number}")
    assert function.counters == {f"n{number}": 1}
    assert pulsar_emulator.topic("orders") == [f"n{number}"]
"""


def test_nothing_is_shared_between_tests_in_any_order_or_process(pytester):
    run(pytester, MANY, "-n", "2").assert_outcomes(passed=12)
    pytester.runpytest_subprocess("-p", "randomly", "-p", "no:cacheprovider", "-p", "randomly", "test_it.py").assert_outcomes(passed=12)


def test_the_plugin_can_be_switched_off(pytester):
    pytester.makepyfile("def test_it(request):\n    assert not request.config.pluginmanager.has_plugin('pfemu')")
    pytester.runpytest_subprocess("-p", "no:pfemu", "-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_paths_are_found_from_where_pytest_runs_from_the_test_and_from_pytests_root(pytester):
    pytester.mkdir("tests")
    (pytester.path / "tests" / "beside.py").write_text("def process(input):\n    return f'{input}?'\n")
    (pytester.path / "tests" / "config.yaml").write_text("py: beside.py\nclassName: beside\ninputs: [orders]\noutput: asked\n")
    (pytester.path / "tests" / "test_paths.py").write_text(
        """
import pytest
import pfemu

@pytest.mark.parametrize("path", ["beside.py", "tests/beside.py"])
def test_path(pulsar_emulator, pulsar_function, path):
    pulsar_function(path, inputs=["orders"], output="asked")
    pulsar_emulator.topic("orders").send("tea")
    assert pulsar_emulator.topic("asked") == ["tea?"]

def test_configuration(pulsar_emulator, pulsar_function):
    pulsar_function("config.yaml")
    pulsar_emulator.topic("orders").send("tea")
    assert pulsar_emulator.topic("asked") == ["tea?"]

def test_missing(pulsar_function):
    with pytest.raises(pfemu.LoadError, match="besides.py"):
        pulsar_function("besides.py", inputs=["orders"])
"""
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider", "tests").assert_outcomes(passed=4)
    pytester.makeini("[pytest]\n")
    pytester.mkdir("elsewhere")
    from_elsewhere = "import os, pytest; os.chdir('elsewhere'); pytest.main(['-p', 'no:cacheprovider', '../tests'])"
    pytester.run(sys.executable, "-c", from_elsewhere).assert_outcomes(passed=4)


KEPT = """
import gc
import weakref

seen = []

@pytest.mark.parametrize("number", range(3))
def test_it(pulsar_emulator, pulsar_function, number):
    pulsar_function(Shout, inputs=["orders"], output="shouted")
    pulsar_emulator.topic("orders").send("tea")
    seen.append(weakref.ref(pulsar_emulator))

def test_golden(pulsar_emulator, pulsar_golden):
    seen.append(weakref.ref(pulsar_golden))

def test_none_is_left():
    gc.collect()
    assert [each() for each in seen] == [None] * 4
"""


def test_an_emulator_is_gone_when_its_test_is_over(pytester):
    # The items of a session live as long as it does: what one of them keeps, pytest keeps for all tests.
    result = run(pytester, KEPT, "--pfemu-update")
    result.assert_outcomes(passed=5)


OVER = """
import pulsar
import pfemu

kept = []

def test_keeps(pulsar_emulator, pulsar_function):
    pulsar_emulator.topic("orders").send("tea")
    kept.extend([pulsar_emulator, pulsar_function, pulsar_function(Shout, inputs=["orders"], output="shouted")])

@pytest.mark.parametrize("use", [
    lambda emulator, deploy, function: deploy(Shout, inputs=["orders"], name="again"),
    lambda emulator, deploy, function: function.restart(),
    lambda emulator, deploy, function: emulator.advance(seconds=60),
    lambda emulator, deploy, function: emulator.run_until_idle(),
])
def test_uses(use):
    with pytest.raises(pfemu.PfemuError, match="the emulator is closed and runs nothing any more; pulsar_emulator is closed"):
        use(*kept)

def test_sends():
    with pytest.raises(pulsar.exceptions.AlreadyClosed):
        kept[0].topic("orders").send("tea")

def test_reads():
    assert kept[0].topic("orders") == ["tea"]
"""


def test_an_emulator_runs_nothing_when_its_test_is_over(pytester):
    run(pytester, OVER, "-p", "no:xdist").assert_outcomes(passed=7)


INTERRUPTED = """
class Interrupt:
    def process(self, input, context):
        raise KeyboardInterrupt

def test_first(pulsar_emulator, pulsar_function):
    pulsar_function(Interrupt, inputs=["orders"])
    pulsar_emulator.topic("orders").send("tea")

def test_second(): pass
"""


def test_an_interrupt_ends_the_run_and_not_the_function(pytester):
    result = run(pytester, INTERRUPTED)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*test_it.py:*: KeyboardInterrupt"])


def test_a_misspelt_setting_of_a_file_is_said_when_the_file_is_refused(pytester):
    (pytester.path / "config.yaml").write_text("py: functions.py\nclassName: functions.Shout\ninptus: [orders]\n")
    result = run(pytester, "def test_it(pulsar_function): pulsar_function('config.yaml')")
    assert explanation(result, "test_it") == (
        "pfemu.errors.ConfigError: No input topic(s) specified for the function\n"
        "inptus is no field that Pulsar knows, and is left out; did you mean `inputs`?\n"
    )
