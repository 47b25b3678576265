"""Running the command in this process, as a process of its own, and on a terminal."""

from __future__ import annotations

import subprocess
import sys
from functools import partial

import pytest

from tests.cli.commands import Outcome, called
from tests.cli.terminals import Terminal
from tests.samples.samples import SAMPLES


@pytest.fixture
def run():
    """Call `pfemu run` in this process; `stdin` is text or bytes."""
    return partial(called, "run")


@pytest.fixture
def check():
    """Call `pfemu check` in this process."""
    return partial(called, "check")


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


@pytest.fixture
def start():
    """Start `pfemu run` with pipes; what still runs at the end is ended."""
    started = []

    def start_process(*arguments, **settings):
        process = subprocess.Popen(
            [sys.executable, "-m", "pfemu", "run", *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,  # what is read is not ahead of what was asked for
            **settings,
        )
        started.append(process)
        return process

    yield start_process
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture
def terminal():
    """Start `pfemu run` on a pseudo-terminal; what still runs at the end is ended."""
    started = []

    def start(*arguments, **environment):
        started.append(Terminal(arguments, environment))
        return started[-1]

    yield start
    for each in started:
        each.close()
