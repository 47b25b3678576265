"""A test with a function: what it costs beside a test with an empty fixture, and beside FastStream's test brokers if they are installed.

A figure is the processor's time for a whole run of :data:`TESTS` tests less that for a run of one, by test. FastStream: ``pip install
'faststream[kafka,redis]'`` into this environment, or name another one's python in ``FASTSTREAM_PYTHON``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row, print_rows

TESTS = 1000
ROUNDS = 3
MILLISECONDS = 1000
REPOSITORY = Path(__file__).parent.parent

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


def run(python: str, tests: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_it.py").write_text(tests, encoding="utf-8")
        command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "test_it.py"]
        finished = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if finished.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{finished.stdout[-2000:]}{finished.stderr[-2000:]}")


def processor_seconds(python: str, tests: str) -> float:
    """Run once and return the time the processor worked on it, in the run's own code and in the kernel."""
    before = os.times()
    run(python, tests)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def milliseconds_a_test(python: str, tests: str, **names: str) -> float:
    one = min(processor_seconds(python, tests.format(tests=1, **names)) for _ in range(ROUNDS))
    many = min(processor_seconds(python, tests.format(tests=TESTS, **names)) for _ in range(ROUNDS))
    return (many - one) / (TESTS - 1) * MILLISECONDS


def faststream_python() -> str | None:
    python = os.environ.get("FASTSTREAM_PYTHON", sys.executable)
    found = subprocess.run([python, "-c", "import faststream.kafka, faststream.redis, pytest"], capture_output=True, check=False)
    return None if found.returncode else python


def measure() -> Iterator[Row]:
    """Yield the rows."""
    empty_ms = milliseconds_a_test(sys.executable, EMPTY)
    yield Row("a test with an empty fixture", empty_ms, "ms")
    pfemu_ms = milliseconds_a_test(sys.executable, PFEMU)
    yield Row("a test with a function and a message", pfemu_ms, "ms", "an empty fixture", empty_ms)
    yield Row("the emulator, the function and the message alone", pfemu_ms - empty_ms, "ms", goal="<= 1")
    python = faststream_python()
    for broker, name in (("kafka", "Kafka"), ("redis", "Redis")) if python else ():
        ms = milliseconds_a_test(str(python), FASTSTREAM, broker=broker, Broker=name)
        yield Row(f"the same with FastStream's Test{name}Broker", ms, "ms", "pfemu", pfemu_ms, goal=">= 10 x")


if __name__ == "__main__":
    print_rows(list(measure()))
