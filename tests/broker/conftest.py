import pytest

from tests.broker.station import Station


@pytest.fixture
def station():
    return Station()
