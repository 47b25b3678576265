import pytest

from pfemu.runtime.runtimes import RUNTIMES
from tests.samples.samples import SAMPLES

pytestmark = pytest.mark.parametrize("runtime", RUNTIMES)


@pytest.fixture
def dispatch(emulator):
    return emulator.create_function(SAMPLES / "publish_callback.py", inputs=["orders"])


def test_what_was_delivered_is_counted_and_carries_its_text_as_key(emulator, dispatch):
    emulator.topic("orders").send_many(["tea", "coffee"])
    assert [(message.value, message.key) for message in emulator.topic("parcels").messages] == [("tea", "tea"), ("coffee", "coffee")]
    assert dispatch.metrics["delivered"].sum == 2
    assert [text for log in dispatch.logs if (text := log.message)] == []


def test_what_was_not_delivered_is_logged_and_the_input_is_acknowledged_all_the_same(emulator, dispatch):
    emulator.faults.fail_publish(2, topic="parcels")
    emulator.topic("orders").send_many(["tea", "coffee", "milk"])
    emulator.advance(seconds=120)
    assert emulator.topic("parcels").values() == ["tea", "milk"]
    assert dispatch.metrics["delivered"].sum == 2
    assert "coffee was not delivered: Result.Timeout" in [log.message for log in dispatch.logs]
    assert dispatch.stats.received == 3
