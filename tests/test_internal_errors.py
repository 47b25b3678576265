"""What fails in pfemu itself while a function takes a message is told to whoever runs the emulator, and is no failure of the function's."""

import threading
from io import StringIO

import pytest

from pfemu.cli.reporting.screen import Screen
from pfemu.cli.reporting.styles import Styles
from pfemu.emulator import Emulator
from pfemu.errors import InternalError
from pfemu.function_handle import Recorder
from pfemu.runtime.instance import FunctionInstance
from pfemu.scheduling.live import LiveScheduler
from tests.cli.conftest import exclamation, run  # noqa: F401 - fixtures
from tests.plugin.running import run as run_tests
from tests.plugin.running import said_of

pytest_plugins = ["pytester"]
TEXT = "pfemu itself failed while a function took a message, and not the function: KeyError: 'lost'. Please report it, with the traceback."
PATIENCE_S = 20


class Careless(Recorder):
    """An observer with a fault of its own."""

    def failed(self, failure):
        raise KeyError("lost")


class Fails:
    def process(self, input, context):
        raise ValueError("no")


@pytest.mark.pfemu(allow=["unacknowledged"])
def test_who_steps_the_emulator_hears_of_it(pulsar_emulator):
    pulsar_emulator.create_function(Fails, inputs=["in"], observer=Careless())
    with pytest.raises(InternalError) as told:
        pulsar_emulator.topic("in").send("tea")
    assert str(told.value) == TEXT
    assert isinstance(told.value.__cause__, KeyError)


@pytest.mark.pfemu(allow=["unacknowledged"])
def test_it_goes_on_with_the_next_message_if_somebody_steps_on(pulsar_emulator):
    function = pulsar_emulator.create_function(Fails, inputs=["in"], observer=Careless())
    for _ in range(2):
        with pytest.raises(InternalError):
            pulsar_emulator.topic("in").send("tea")
    assert function.stats.received == 2


def test_a_live_emulator_tells_its_error_handler():
    told, heard = [], threading.Event()
    scheduler = LiveScheduler(lambda error: (told.append(error), heard.set()))
    with Emulator(scheduler=scheduler) as emulator:
        emulator.create_function(Fails, inputs=["in"], observer=Careless())
        emulator.topic("in").send("tea")
        assert heard.wait(PATIENCE_S)
    scheduler.close()
    assert [str(error) for error in told] == [TEXT]


def _lose(*_arguments):
    raise KeyError("lost")


def test_a_run_on_a_pipe_ends_with_the_traceback(run, exclamation, monkeypatch):  # noqa: F811 - fixtures
    monkeypatch.setattr(FunctionInstance, "_step", _lose)
    outcome = run(exclamation, stdin="tea\nmilk\n")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.count("KeyError: 'lost'\n") == 1
    assert f"pfemu.errors.InternalError: {TEXT}\n" in outcome.err
    assert "public/default/Exclamation: received" in outcome.err


def _disk_is_full(*_arguments):
    raise OSError(28, "No space left on device")


def test_a_run_on_a_pipe_tells_an_error_of_the_system_as_such(run, exclamation, monkeypatch):  # noqa: F811 - fixtures
    monkeypatch.setattr(FunctionInstance, "_step", _disk_is_full)
    outcome = run(exclamation, stdin="tea\n")
    assert (outcome.code, outcome.error.splitlines()[0]) == (2, "[Errno 28] No space left on device")
    assert "InternalError" not in outcome.err


@pytest.mark.timeout(300)  # it starts a pytest of its own
def test_a_test_shows_where_it_failed(pytester):
    tests = """
from pfemu.runtime.instance import FunctionInstance

def lose(*_arguments):
    raise KeyError("lost")

def test_it(pulsar_emulator, pulsar_function, monkeypatch):
    monkeypatch.setattr(FunctionInstance, "_step", lose)
    pulsar_function(Shout, inputs=["orders"])
    pulsar_emulator.topic("orders").send("tea")
"""
    said = said_of(run_tests(pytester, tests), "test_it")
    assert "E       KeyError: 'lost'" in said
    assert f"E       pfemu.errors.InternalError: {TEXT}" in said


def test_a_run_that_is_live_tells_it_with_the_traceback_and_anything_else_in_a_line():
    told = StringIO()
    screen = Screen(told, Styles(on=False))
    own = InternalError("lost")
    own.__cause__ = KeyError("name")
    screen.write_failure(own)
    screen.write_failure(ValueError("no"))
    first, *_, last, other = told.getvalue().splitlines()
    assert (first, last, other) == ("KeyError: 'name'", "pfemu.errors.InternalError: lost", "error: ValueError('no')")
