"""How many lines a second go through `pfemu run`, beside a bare loop that calls the same function, and how much memory that takes."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from benchmarks.rows import Row, print_rows

SAMPLES = Path(__file__).parents[1] / "sample_functions"
LINES = 1_000_000
BARE = """
import sys
sys.path.insert(0, sys.argv[1])
from exclamation import Exclamation
process = Exclamation().process
for line in sys.stdin:
    sys.stdout.write(process(line[:-1], None) + "\\n")
"""


def seconds(command: list[str], lines: int) -> float:
    """Return how long it takes, start-up included, and check that every line came out."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        source.writelines(b"message %d\n" % number for number in range(lines))
        source.seek(0)
        started = perf_counter()
        subprocess.run(command, stdin=source, stdout=target, stderr=subprocess.DEVNULL, check=True)
        elapsed = perf_counter() - started
        target.seek(0)
        assert sum(block.count(b"\n") for block in iter(lambda: target.read(1 << 20), b"")) == lines
    return elapsed


def peak_megabytes() -> float:
    """Return the largest memory any child has had so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def measure() -> Iterator[Row]:
    ours = [sys.executable, "-m", "pfemu", "run", str(SAMPLES / "exclamation.py")]
    bare_s = seconds([sys.executable, "-c", BARE, str(SAMPLES)], LINES)
    seconds(ours, LINES // 10)
    tenth_mb = peak_megabytes()
    ours_s = seconds(ours, LINES)
    yield Row("a million lines piped through pfemu run", LINES / ours_s, "lines/s", "bare loop", LINES / bare_s, "at least 100,000")
    yield Row("memory for a million lines", peak_megabytes(), "MB", "a hundred thousand lines", tenth_mb, "the same")


if __name__ == "__main__":
    print_rows(list(measure()))
