"""A failed test's traceback shows the test's own lines, not those of pfemu, and not again what the error's text has said."""

import pytest

from tests.plugin.running import run, said_of

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.timeout(300)  # each starts a pytest of its own

REFUSALS = """
import unittest
import pfemu

@pytest.fixture
def misnamed(pulsar_emulator):
    pulsar_emulator.topic("orders").send("tea")
    pulsar_emulator.topic("a/b")

def test_no_such_file(pulsar_function):
    pulsar_function("shoot.py", inputs=["orders"])

def test_does_not_parse(pulsar_function):
    pulsar_function("unfinished.py", inputs=["orders"])

def test_refused(pulsar_function):
    pulsar_function(Shout, inputs=["orders"], processing_guarantees="EFFECTIVELY_ONCE")

def test_wrong_value(pulsar_emulator):
    pulsar_emulator.topic("orders").send({"a": 1})

def test_in_a_fixture(misnamed): pass

class TestOfUnittest(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def take(self, pulsar_function):
        self.function = pulsar_function

    def test_in_a_test_case(self):
        self.function("shoot.py", inputs=["orders"])

def test_without_fixtures():
    with pfemu.Emulator() as emulator:
        emulator.create_function("shoot.py", inputs=["orders"])

@pytest.mark.pfemu(pulsar_version="3.3")
def test_of_a_marker(pulsar_emulator): pass
"""
SHOWN = {
    "test_no_such_file": 'pulsar_function("shoot.py", inputs=["orders"])',
    "test_does_not_parse": 'pulsar_function("unfinished.py", inputs=["orders"])',
    "test_refused": 'pulsar_function(Shout, inputs=["orders"], processing_guarantees="EFFECTIVELY_ONCE")',
    "test_wrong_value": 'pulsar_emulator.topic("orders").send({"a": 1})',
    "test_in_a_fixture": 'pulsar_emulator.topic("a/b")',
    "TestOfUnittest.test_in_a_test_case": 'self.function("shoot.py", inputs=["orders"])',
    "test_without_fixtures": 'emulator.create_function("shoot.py", inputs=["orders"])',
}


def run_refusals(pytester, *options):
    (pytester.path / "unfinished.py").write_text("def process(input)\n    return input\n")
    return run(pytester, REFUSALS, *options)


def test_the_last_line_is_the_one_that_asked_for_what_was_refused(pytester):
    result = run_refusals(pytester)
    result.assert_outcomes(failed=6, errors=2)
    for test, line in SHOWN.items():
        said = said_of(result, test)
        marked = [shown.removeprefix(">").strip() for shown in said.splitlines() if shown.startswith(">")]
        assert marked == [line]
        assert "direct cause" not in said
    of_a_marker = said_of(result, "test_of_a_marker")
    assert of_a_marker.startswith("\nE   pfemu.errors.ConfigError: Pulsar 3.3 is not known here")
    assert of_a_marker.endswith("All traceback entries are hidden. Pass `--full-trace` to see hidden and internal frames.\n")


def test_a_fixture_that_fails_is_told_what_there_was(pytester):
    said = said_of(run_refusals(pytester), "test_in_a_fixture")
    assert said.endswith("pfemu: what there was -----------------------------\ntopic orders: 1 message\n  'tea'\n")


def test_a_full_trace_shows_everything(pytester):
    result = run_refusals(pytester, "--full-trace")
    assert "emulator.py" in said_of(result, "test_no_such_file")
    assert "The above exception was the direct cause" in said_of(result, "test_does_not_parse")


KEPT = """
class Broken:
    def serialize(self, input):
        raise ArithmeticError("cannot count")

    def deserialize(self, input_bytes):
        return input_bytes

def test_code_of_the_user(pulsar_emulator):
    pulsar_emulator.topic("orders", serde=Broken()).send("tea")

def test_not_raised_on_purpose(pulsar_emulator):
    pulsar_emulator.advance(seconds="60")
"""


def test_lines_of_the_user_and_where_pfemu_breaks_are_kept(pytester):
    result = run(pytester, KEPT)
    of_the_user = said_of(result, "test_code_of_the_user")
    assert '>       raise ArithmeticError("cannot count")' in of_the_user
    assert "handles.py" not in of_the_user
    broke = said_of(result, "test_not_raised_on_purpose")
    assert "emulator.py:" in broke
    assert "E       TypeError: unsupported type for timedelta seconds component: str" in broke
