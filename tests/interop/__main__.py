"""``make interop``: a list of commands given to the real ``pulsar-admin``, and what it makes of the answers of Pulsar and of the emulator.

PULSAR_HOME=<a Pulsar distribution> python -m tests.interop                       compares the emulator with what was recorded
PULSAR_HOME=... python -m tests.interop --against http://127.0.0.1:8080           compares it with a running Pulsar
PULSAR_HOME=... python -m tests.interop --against http://127.0.0.1:8080 --record  records that Pulsar
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.interop.commands import outcomes

_FOLDER = Path(__file__).parent
RECORDED, EXPECTED = _FOLDER / "recorded.json", _FOLDER / "expected_failures.toml"
_NO_HOME = "Set PULSAR_HOME to a Pulsar 4.0 distribution: it holds bin/pulsar-shell, which needs Java 17 or newer."


def main() -> int:
    """Run, compare, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.interop")
    parser.add_argument("--against", metavar="URL", help="a running Pulsar; without it, what was recorded of one")
    parser.add_argument("--record", action="store_true", help="keep what that Pulsar does")
    arguments = parser.parse_args()
    home = Path(os.environ.get("PULSAR_HOME", ""))
    if not (home / "bin" / "pulsar-shell").is_file():
        print(_NO_HOME, file=sys.stderr)
        return 2
    if arguments.record:
        RECORDED.write_text(json.dumps(outcomes(home, arguments.against), indent=1) + "\n", encoding="utf-8")
        return 0
    with emulator() as url, ThreadPoolExecutor() as threads:
        expected = threads.submit(_expected, home, arguments.against)
        seen = outcomes(home, url)
        return report(expected.result(), seen, tomllib.loads(EXPECTED.read_text(encoding="utf-8")))


def _expected(home: Path, against: str | None) -> dict[str, list[str]]:
    if against is not None:
        return outcomes(home, against)
    recorded: dict[str, list[str]] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return recorded


@contextmanager
def emulator() -> Iterator[str]:
    """Run an emulator without a function and yield where it listens."""
    command = [sys.executable, "-m", "pfemu", "run", "--admin-port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


def report(expected: Mapping[str, list[str]], seen: Mapping[str, list[str]], known: Mapping[str, str]) -> int:
    """Print what differs and is not known to, and how many commands came out the same; return the exit code."""
    failed = 0
    for command in dict.fromkeys([*expected, *seen]):
        differs = expected.get(command) != seen.get(command)
        if differs is (command.partition(" ")[2] in known):
            continue
        failed += 1
        print(f"\n{command}")
        if not differs:
            print("  is as it should be now: take it out of expected_failures.toml")
            continue
        for name, each in (("Pulsar", expected), ("pfemu", seen)):
            print(f"  {name}")
            print("".join(f"    {line}\n" for line in each.get(command, ["never asked"])), end="")
    print(f"\n{len(seen) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
