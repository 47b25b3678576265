"""From the end of a save to the new code serving, beside uvicorn --reload and FastStream --reload; and the memory of 1,000 reloads.

Each tool serves the same function: it answers "a" with the number of the version in its file. A save writes the next number; the clock
runs from the end of the write until an answer has it. uvicorn and FastStream are measured when they can be imported.
"""

from __future__ import annotations

import json
import os
import selectors
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.error import URLError

from benchmarks.rows import Row, print_rows

SAVES = 30
PEERS_SAVES = 5
RELOADS = 1000
PATIENCE_S = 60
OURS = "def process(input):\n    return '%d'\n"
UVICORN = """
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"%d"})
"""
FASTSTREAM = """
import pathlib
from faststream import FastStream
from faststream.redis import RedisBroker
broker = RedisBroker()
app = FastStream()
pathlib.Path(__file__).with_name("started").write_text("%d")
"""


class Ours:
    """A `pfemu run` on a pipe that stays open."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.path = folder / "function.py"
        self.path.write_text(OURS % 0)
        command = [sys.executable, "-m", "pfemu", "run", str(self.path), "--reload", "--json", *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.rest = b""
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)
        os.set_blocking(self.process.stdout.fileno(), False)

    def events(self, timeout_s: float) -> list[dict[str, object]]:
        if not self.selector.select(timeout_s):
            return []
        *lines, self.rest = (self.rest + (self.process.stdout.read() or b"")).split(b"\n")
        return [json.loads(line) for line in lines]

    def answer(self) -> str | None:
        self.process.stdin.write(b"a\n")
        self.process.stdin.flush()
        deadline = time.perf_counter() + PATIENCE_S
        while time.perf_counter() < deadline:
            for event in self.events(1):
                if event["event"] == "output":
                    return str(event["payload"])
        return None

    def wait_for_reload(self) -> None:
        deadline = time.perf_counter() + PATIENCE_S
        while time.perf_counter() < deadline:
            if any(event["event"] in {"reload", "reload_failed"} for event in self.events(1)):
                return
        raise TimeoutError("no reload")

    def resident_mb(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/statm").read_text().split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 1024**2

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def save_to_answer_ms(save: Callable[[int], object], answer: Callable[[], str | None], saves: int, pause_s: float) -> list[float]:
    """Return how long each save took to be served; the first is not counted."""
    found = []
    for number in range(1, saves + 2):
        time.sleep(pause_s)
        save(number)
        saved = time.perf_counter()
        while answer() != str(number):
            if time.perf_counter() - saved > PATIENCE_S:
                raise TimeoutError(f"save {number} was never served")
        found.append(1000 * (time.perf_counter() - saved))
    return found[1:]


def ours() -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        run = Ours(Path(folder))
        while run.answer() != "0":
            pass
        try:
            return save_to_answer_ms(lambda number: run.path.write_text(OURS % number), run.answer, SAVES, 0.2)
        finally:
            run.close()


def peer(command: list[str], source: str, answer: Callable[[Path], str | None]) -> list[float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "served.py"
        path.write_text(source % 0)
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            started = time.perf_counter()
            while answer(folder) != "0":
                if process.poll() is not None or time.perf_counter() - started > PATIENCE_S:
                    raise RuntimeError(f"{command[2]} does not start")
            return save_to_answer_ms(lambda number: path.write_text(source % number), lambda: answer(folder), PEERS_SAVES, 1.5)
        finally:
            process.terminate()
            process.wait()


def http_answer(_folder: Path) -> str | None:
    with suppress(URLError, ConnectionError, TimeoutError), urllib.request.urlopen("http://127.0.0.1:18923", timeout=2) as answer:
        return answer.read().decode()
    time.sleep(0.005)
    return None


def started_answer(folder: Path) -> str | None:
    time.sleep(0.005)
    with suppress(FileNotFoundError):
        return (folder / "started").read_text()
    return None


def peers() -> Iterator[tuple[str, list[float]]]:
    python = sys.executable
    if find_spec("uvicorn"):
        yield "uvicorn --reload", peer([python, "-m", "uvicorn", "served:app", "--reload", "--port", "18923"], UVICORN, http_answer)
    if find_spec("faststream"):
        yield "faststream --reload", peer([python, "-m", "faststream", "run", "served:app", "--reload"], FASTSTREAM, started_answer)


def grown_mb() -> float:
    """Return by how much memory grows from the hundredth reload to the thousandth after it."""
    with tempfile.TemporaryDirectory() as folder:
        run = Ours(Path(folder))
        run.answer()
        big = OURS + "BIG = list(range(100_000))\n"
        sizes = []
        for number in range(RELOADS + 100):
            run.path.write_text(big % number)
            run.wait_for_reload()
            if number % 10 == 0:
                run.answer()
            if number in {99, RELOADS + 99}:
                sizes.append(run.resident_mb())
        run.close()
        return sizes[1] - sizes[0]


def measure() -> Iterator[Row]:
    times = ours()
    measured = dict(peers())
    nearest = min(measured.items(), key=lambda each: statistics.median(each[1]), default=("", [0.0]))
    yield Row(
        "save to new code serving, median", statistics.median(times), "ms", nearest[0], statistics.median(nearest[1]), "at most 50 ms"
    )
    yield Row("save to new code serving, worst", max(times), "ms", nearest[0], max(nearest[1]), "at most 150 ms")
    for name, found in measured.items():
        yield Row(f"  {name}, median of {len(found)}", statistics.median(found), "ms")
    for name in ("uvicorn", "faststream"):
        if find_spec(name) is None:
            print(f"  {name} is not installed here: not measured", file=sys.stderr)
    if Path("/proc/self/statm").exists():
        yield Row(f"memory after {RELOADS} reloads of 100,000 numbers", grown_mb(), "MB more", goal="less than 5 MB")


if __name__ == "__main__":
    print_rows(list(measure()))
