"""Fixtures of the tests of processes."""

import textwrap

import pytest

import pfemu
from pfemu.runtime.runtimes import RUNTIMES


@pytest.fixture
def emulator():
    with pfemu.Emulator(runtime="process") as emulator:
        yield emulator


@pytest.fixture(params=RUNTIMES)
def either(request):
    with pfemu.Emulator(runtime=request.param) as emulator:
        yield emulator


@pytest.fixture
def write(tmp_path):
    def call(text, name="function.py"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return call
