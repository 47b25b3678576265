"""Running the command in this process, and as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

import pytest
from click.testing import CliRunner

from pfemu.cli.main import cli
from tests.samples.samples import SAMPLES

CLEAN = {"NO_COLOR": None, "CI": None}


@dataclass(frozen=True)
class Outcome:
    """What a run came to."""

    code: int
    out: str
    err: str

    @property
    def lines(self):
        return self.out.splitlines()

    @property
    def events(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def of(self, kind):
        """Return the events of a kind."""
        return [event for event in self.events if event["event"] == kind]

    @property
    def error(self):
        """Return the lines of stderr from `error:` on."""
        _, found, text = self.err.partition("error: ")
        assert found, f"no error told:\n{self.err}"
        return text


@pytest.fixture
def run():
    """Call `pfemu run` in this process; `stdin` is text or bytes."""

    def call(*arguments, stdin="", env=None):
        result = CliRunner(env={**CLEAN, **(env or {})}).invoke(cli, ["run", *map(str, arguments)], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Outcome(result.exit_code, result.stdout_bytes.decode(errors="surrogateescape"), result.stderr)

    return call


@pytest.fixture
def run_process():
    """Call `python -m pfemu run` as a process of its own."""

    def call(*arguments, stdin=b"", **settings):
        finished = subprocess.run(
            [sys.executable, "-m", "pfemu", "run", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            timeout=30,
            check=False,
            **settings,
        )
        return Outcome(finished.returncode, finished.stdout.decode(), finished.stderr.decode())

    return call


@pytest.fixture
def write(tmp_path):
    """Write a file and return its path."""

    def write_file(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture
def exclamation():
    return SAMPLES / "exclamation.py"
