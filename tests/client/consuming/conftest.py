import pytest

from tests.client.consuming.asked import Asked


@pytest.fixture
def asked():
    return Asked()
