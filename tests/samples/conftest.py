"""Every sample runs in both runtimes."""

import pytest

import pfemu
from pfemu.runtime.runtimes import RUNTIMES


@pytest.fixture(params=RUNTIMES)
def emulator(request):
    with pfemu.Emulator(runtime=request.param) as emulator:
        yield emulator
