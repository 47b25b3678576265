"""Samples run on a thread; those whose values, state, callbacks or secrets cross between processes run in both runtimes."""

import pytest

import pfemu


@pytest.fixture
def runtime():
    """Name the runtime; a module that is run in both parametrises it."""
    return "thread"


@pytest.fixture
def emulator(runtime):
    with pfemu.Emulator(runtime=runtime) as emulator:
        yield emulator
