"""One suite for two clients: ``PFEMU_TARGET=pulsar://host:6650`` adds a real broker to it."""

from uuid import uuid4

import pytest

from tests.contract.target import REAL_SERVICE, target_of

_REAL = pytest.param("real", marks=pytest.mark.skipif(not REAL_SERVICE, reason="PFEMU_TARGET names no real broker"))


@pytest.fixture(params=["emulated", _REAL])
def target(request):
    namespace = "contract" if request.param == "emulated" else f"contract-{uuid4().hex[:10]}"
    with target_of(request.param, namespace) as made:
        yield made


@pytest.fixture
def client(target):
    return target.client


@pytest.fixture
def topic(target):
    return f"persistent://public/{target.namespace}/topic"
