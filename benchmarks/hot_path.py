"""One function in one process: messages a second, one at a time, and what it takes to make an emulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.rows import Row, best_seconds, print_rows
from pfemu.emulator import Emulator

SAMPLES = Path(__file__).parent.parent / "sample_functions"
MESSAGES = 20_000
ROUNDS = 15
EMULATORS = 50
PAYLOAD = b"hello world"
MICROSECONDS = 1e6


def echo(input):
    return input


def process_bare(function: Callable[[object], object]) -> Callable[[], None]:
    def run() -> None:
        for _ in range(MESSAGES):
            function("hello world")

    return run


def bulk(emulator: Emulator, topic: str) -> Callable[[], None]:
    send = emulator.client.create_producer(topic).send_async

    def run() -> None:
        for _ in range(MESSAGES):
            send(PAYLOAD, None)
        emulator.run_until_idle()

    return run


def one_at_a_time(emulator: Emulator, topic: str) -> Callable[[], None]:
    send = emulator.client.create_producer(topic).send_async

    def run() -> None:
        for _ in range(MESSAGES // 10):
            send(PAYLOAD, None)
            emulator.run_until_idle()

    return run


class Echo:
    def process(self, input, context):
        return input


class Count:
    def process(self, input, context):
        context.incr_counter(input, 1)


def make_emulators() -> None:
    for _ in range(EMULATORS):
        with Emulator() as emulator:
            emulator.create_function(SAMPLES / "exclamation.py", inputs=["in"], output="out")


def measure() -> Iterator[Row]:
    """Yield the rows."""
    bare_us = best_seconds(process_bare(echo), ROUNDS) / MESSAGES * MICROSECONDS
    for name, function, output, goal in (("echo", Echo, "out", 200_000), ("counter, no output", Count, None, 100_000)):
        with Emulator(keep_history=False) as emulator:
            emulator.create_function(function, inputs=["in"], output=output)
            each_us = best_seconds(bulk(emulator, "in"), ROUNDS) / MESSAGES * MICROSECONDS
            yield Row(f"{name}: in bulk", each_us, "us/message", "a bare call", bare_us)
            yield Row(f"{name}: in bulk", MICROSECONDS / each_us, "messages/s", goal=f">= {goal:,}")
            alone_us = best_seconds(one_at_a_time(emulator, "in"), ROUNDS) / (MESSAGES // 10) * MICROSECONDS
            yield Row(f"{name}: send, run until idle", alone_us, "us/message", "a bare call", bare_us, goal="<= 10" if output else "")
    make_emulators()
    each_ms = best_seconds(make_emulators, ROUNDS) / EMULATORS * 1000
    yield Row("emulator with one function, made and closed", each_ms, "ms", goal="<= 1")


if __name__ == "__main__":
    print_rows(list(measure()))
