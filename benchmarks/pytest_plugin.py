"""A test with a function: what it costs beside a test with an empty fixture, and beside FastStream's test brokers if they are installed.

"Alone" is less what an empty test takes in the same environment: pytest's own time, which neither can change.
A figure is the processor's time for a whole run of :data:`TESTS` tests less that for a run of one, by test; the least of some rounds, in
which everything takes its turn. No run has another plugin than pfemu's, and FastStream's has none. FastStream: ``pip install
'faststream[kafka,redis]' pytest`` into this environment, or name another one's python in ``FASTSTREAM_PYTHON``.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rows import Row, print_rows

TESTS = 1000
ROUNDS = 5
MILLISECONDS = 1000
PLUGIN = ("-p", "pytest_pfemu.plugin")

EMPTY = """
import pytest

@pytest.fixture
def nothing():
    yield 1

@pytest.mark.parametrize("number", range({tests}))
def test_it(nothing, number):
    assert nothing == 1
"""
PFEMU = """
import pytest

class Shout:
    def process(self, input, context):
        return input + "!"

@pytest.mark.parametrize("number", range({tests}))
def test_it(pulsar_emulator, pulsar_function, number):
    pulsar_function(Shout, inputs=["words"], output="shouted")
    pulsar_emulator.topic("words").send("tea")
    assert pulsar_emulator.topic("shouted") == ["tea!"]
"""
FILE = """
import pytest

@pytest.mark.parametrize("number", range({tests}))
def test_it(pulsar_emulator, pulsar_function, number):
    pulsar_function("shout.py", inputs=["words"], output="shouted", user_config={{"mark": "!"}})
    pulsar_emulator.topic("words").send("tea")
    assert pulsar_emulator.topic("shouted") == ["tea!"]
"""
STATE = """
import pytest

class Count:
    def process(self, input, context):
        context.incr_counter(input, 1)
        context.put_state("last", input)

@pytest.mark.parametrize("number", range({tests}))
def test_it(pulsar_emulator, pulsar_function, number):
    function = pulsar_function(Count, inputs=["words"])
    pulsar_emulator.topic("words").send("tea")
    assert function.counters == {{"tea": 1}}
    assert function.state["last"] == b"tea"
"""
CONTEXT = """
import pytest

class Count:
    def process(self, input, context):
        context.incr_counter(input, 1)

@pytest.mark.parametrize("number", range({tests}))
def test_it(pulsar_context, number):
    Count().process("tea", pulsar_context)
    assert pulsar_context.counters == {{"tea": 1}}
"""
SHOUT = """
from pulsar import Function

class Shout(Function):
    def process(self, input, context):
        return input + context.get_user_config_value("mark")
"""
FASTSTREAM = """
import asyncio
import pytest
from faststream.{broker} import {Broker}Broker, Test{Broker}Broker

async def shouts():
    broker = {Broker}Broker()
    heard = []

    @broker.subscriber("words")
    @broker.publisher("shouted")
    async def shout(text: str) -> str:
        return text + "!"

    @broker.subscriber("shouted")
    async def listen(text: str) -> None:
        heard.append(text)

    async with Test{Broker}Broker(broker):
        await broker.publish("tea", "words")
    return heard

@pytest.mark.parametrize("number", range({tests}))
def test_it(loop, number):
    assert loop.run_until_complete(shouts()) == ["tea!"]

@pytest.fixture(scope="module")
def loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()
"""


@dataclass(frozen=True)
class Subject:
    """Tests that are measured: who runs them, with which plugin, and their text by their number."""

    python: str
    tests: str
    plugin: tuple[str, ...] = PLUGIN

    def processor_seconds(self, number: int, folder: Path) -> float:
        """Run so many and return the time the processor worked on it, in the run's own code and in the kernel."""
        Path(folder, "shout.py").write_text(SHOUT, encoding="utf-8")
        Path(folder, "test_it.py").write_text(self.tests.format(tests=number), encoding="utf-8")
        return processor_seconds([self.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *self.plugin, "test_it.py"], folder)


def processor_seconds(command: list[str], folder: Path) -> float:
    """Run a pytest without installed plugins and return the processor's time; modules are compiled once for all runs in the folder."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    finished = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if finished.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{finished.stdout[-2000:]}{finished.stderr[-2000:]}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def milliseconds_a_test(subjects: dict[str, Subject], folder: Path) -> dict[str, float]:
    """Return what a test of each subject takes."""
    one = dict.fromkeys(subjects, float("inf"))
    many = dict(one)
    for _ in range(ROUNDS):
        for name, subject in subjects.items():
            one[name] = min(one[name], subject.processor_seconds(1, folder))
            many[name] = min(many[name], subject.processor_seconds(TESTS, folder))
    return {name: (many[name] - one[name]) / (TESTS - 1) * MILLISECONDS for name in subjects}


def milliseconds_to_load(folder: Path) -> float:
    """Return what loading the plugin adds to a pytest that loads its plugins and does nothing else."""
    command = [sys.executable, "-m", "pytest", "-VV"]
    without = min(processor_seconds(command, folder) for _ in range(5 * ROUNDS))
    return (min(processor_seconds([*command, *PLUGIN], folder) for _ in range(5 * ROUNDS)) - without) * MILLISECONDS


def faststream_python() -> str | None:
    python = os.environ.get("FASTSTREAM_PYTHON", sys.executable)
    found = subprocess.run([python, "-c", "import faststream.kafka, faststream.redis, pytest"], capture_output=True, check=False)
    return None if found.returncode else python


def measure() -> Iterator[Row]:
    """Yield the rows."""
    ours = {"empty": EMPTY, "class": PFEMU, "file": FILE, "state": STATE, "context": CONTEXT}
    subjects = {name: Subject(sys.executable, tests) for name, tests in ours.items()}
    python = faststream_python()
    for broker in ("Kafka", "Redis") if python else ():
        tests = FASTSTREAM.replace("{broker}", broker.lower()).replace("{Broker}", broker)
        subjects[broker] = Subject(str(python), tests, plugin=())
    if python:
        subjects["its empty"] = Subject(python, EMPTY, plugin=())
    with tempfile.TemporaryDirectory() as folder:
        taken_ms = milliseconds_a_test(subjects, Path(folder))
        load_ms = milliseconds_to_load(Path(folder))
    empty_ms, pfemu_ms = taken_ms["empty"], taken_ms["class"]
    alone_ms = pfemu_ms - empty_ms
    yield Row("a test with an empty fixture", empty_ms, "ms")
    yield Row("a test with a function and a message", pfemu_ms, "ms", "an empty fixture", empty_ms)
    yield Row("the emulator, the function and the message alone", alone_ms, "ms", goal="<= 1")
    yield Row("the same with a function in a file, and a user config", taken_ms["file"], "ms", "an empty fixture", empty_ms)
    yield Row("a test with a function that has state", taken_ms["state"], "ms", "an empty fixture", empty_ms)
    yield Row("a test with a context alone", taken_ms["context"], "ms", "an empty fixture", empty_ms)
    for broker in sorted(subjects.keys() & {"Kafka", "Redis"}):
        name, its_ms = f"FastStream's Test{broker}Broker", taken_ms[broker]
        yield Row(f"the first with {name}", its_ms, "ms", "pfemu", pfemu_ms)
        yield Row(f"{name}, a handler and a message alone", its_ms - taken_ms["its empty"], "ms", "pfemu", alone_ms, goal=">= 10 x")
    yield Row("loading the plugin in a run without such tests", load_ms, "ms", goal="<= 5")


if __name__ == "__main__":
    print_rows(list(measure()))
