"""How long from the command to the first output, beside what importing pulsar-client alone takes."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from benchmarks.rows import Row, print_rows

SAMPLE = Path(__file__).parents[1] / "sample_functions/exclamation.py"
RUNS = 15


def seconds_to_first_byte(command: list[str]) -> float:
    started = perf_counter()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        process.stdin.write(b"hello\n")
        process.stdin.flush()  # stays open: the first output must not wait for the end of the input
        first = process.stdout.read(1)
        elapsed = perf_counter() - started
        process.stdin.close()
        process.wait()
    assert first, command
    return elapsed


def median_ms(command: list[str]) -> float:
    seconds_to_first_byte(command)  # compiles what is not compiled yet
    return 1000 * statistics.median(seconds_to_first_byte(command) for _ in range(RUNS))


def measure() -> Iterator[Row]:
    bare = median_ms([sys.executable, "-c", "import pulsar, sys; sys.stdout.write('x'); sys.stdout.flush()"])
    ours = median_ms([sys.executable, "-m", "pfemu", "run", str(SAMPLE)])
    yield Row("pfemu run exclamation.py: command to first output", ours, "ms", "import pulsar alone", bare, "at most 400 ms")


if __name__ == "__main__":
    print_rows(list(measure()))
