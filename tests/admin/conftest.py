import pytest

from tests.admin.deployment import Deployment


@pytest.fixture
def deployment():
    made = Deployment()
    yield made
    made.emulator.close()
