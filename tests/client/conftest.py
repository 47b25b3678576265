import pytest

from tests.client.emulation import Emulation


@pytest.fixture
def emulation():
    return Emulation()


@pytest.fixture
def client(emulation):
    return emulation.client
