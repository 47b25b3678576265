"""A live emulator: real time, the broker on a thread of its own, callers on others."""

import pytest

from pfemu.client.client import Client
from pfemu.emulator import Emulator
from pfemu.scheduling.live import LiveScheduler


@pytest.fixture
def errors():
    return []


@pytest.fixture
def live(errors):
    emulator = Emulator(scheduler=LiveScheduler(errors.append))
    yield emulator
    emulator.close()
    emulator.scheduler.close()
    assert errors == []


@pytest.fixture
def client(live):
    return Client(live.engine)
