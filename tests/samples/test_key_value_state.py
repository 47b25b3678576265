import pytest

from pfemu.runtime.runtimes import RUNTIMES
from tests.samples.samples import SAMPLES

pytestmark = pytest.mark.parametrize("runtime", RUNTIMES)


@pytest.fixture
def function(emulator):
    return emulator.create_function(SAMPLES / "key_value_state.py", inputs=["readings"], output="changes")


def test_only_a_changed_reading_is_told(emulator, function):
    for reading in ("7.0", "7.0", "7.5"):
        emulator.topic("readings").send(reading, key="quay")
    assert emulator.topic("changes") == ["quay: first reading 7.0", "quay: 7.0 -> 7.5"]
    assert function.state == {"quay": b"7.5"}


def test_sensors_are_told_apart_by_their_key(emulator, function):
    emulator.topic("readings").send("7.0", key="quay")
    emulator.topic("readings").send("7.0")
    assert emulator.topic("changes") == ["quay: first reading 7.0", "unnamed: first reading 7.0"]


def test_what_is_stored_before_counts(emulator, function):
    function.state["quay"] = "7.0"
    emulator.topic("readings").send("7.0", key="quay")
    assert emulator.topic("changes") == []


def test_state_outlives_a_restart(emulator, function):
    emulator.topic("readings").send("7.0", key="quay")
    function.restart()
    emulator.topic("readings").send("8.0", key="quay")
    assert emulator.topic("changes") == ["quay: first reading 7.0", "quay: 7.0 -> 8.0"]
