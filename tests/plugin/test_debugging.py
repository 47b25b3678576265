"""Debuggers stop in the function's code, and coverage counts its lines, however it was loaded."""

import sys

import pytest

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.timeout(300)  # each starts a pytest of its own

RESERVE = """
class Reserve:
    def process(self, input, context):
        left = {"tea": 3}
        if input == "stop":
            breakpoint()
        if input not in left:
            raise LookupError(f"no {input}")
        return str(left[input])
"""
TEST = """
import pytest

{marker}
def test_it(pulsar_emulator, pulsar_function):
    pulsar_function("reserve.py", inputs=["orders"], output="reserved")
    pulsar_emulator.topic("orders").send("{input}")
"""


@pytest.fixture
def project(pytester):
    """Run a test module in the manner of a person at a terminal; return what was printed."""

    def run(*command, input, marker="", typed=b"", code=0):
        pytester.makepyfile(reserve=RESERVE, test_it=TEST.format(input=input, marker=marker))
        options = ("-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:timeout")
        result = pytester.run(sys.executable, "-m", *command, *options, stdin=typed)
        assert result.ret == code, result.stdout.str()
        return result.stdout.str()

    return run


def test_the_debugger_stops_where_the_function_raised_what_nobody_looked_at(project):
    said = project("pytest", "--pdb", input="unicorn", typed=b"p left\nq\n", code=2)
    assert "ValueError" not in said
    assert "-> raise LookupError(f\"no {input}\")\n(Pdb) {'tea': 3}" in said


def test_the_debugger_stops_in_the_test_where_it_is_another_finding_that_fails_it(project):
    said = project("pytest", "--pdb", input="unicorn", marker="@pytest.mark.pfemu(allow=['exceptions'])", typed=b"q\n")
    assert "(Pdb)" not in said


def test_a_breakpoint_in_a_function_that_is_loaded_from_its_file_stops_there(project):
    said = project("pytest", input="stop", marker="@pytest.mark.pfemu(strict=False)", typed=b"p left\nc\n")
    line = "-> breakpoint()" if sys.version_info >= (3, 13) else "-> if input not in left:"  # until 3.12, the line after it
    assert f"{line}\n(Pdb) {{'tea': 3}}" in said


@pytest.mark.parametrize("options", [(), ("--pfemu-runtime=process",)], ids=["thread", "process"])
def test_lines_of_a_function_that_is_loaded_from_its_file_are_counted(pytester, project, options):
    (pytester.path / ".coveragerc").write_text("[run]\npatch = subprocess, _exit\nparallel = true\n")
    project("coverage", "run", "--source=.", "-m", "pytest", *options, input="tea")
    pytester.run(sys.executable, "-m", "coverage", "combine")
    told = pytester.run(sys.executable, "-m", "coverage", "report", "--show-missing").stdout.str()
    (line,) = [line.split() for line in told.splitlines() if line.startswith("reserve.py")]
    assert line[-2:] == ["5,", "7"]
