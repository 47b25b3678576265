import json
from dataclasses import dataclass

import pytest

from pfemu.runtime.runtimes import RUNTIMES
from tests.samples.samples import SAMPLES

pytestmark = pytest.mark.parametrize("runtime", RUNTIMES)

SERDE = "custom_serde.OrderSerDe"


@pytest.fixture
def function(emulator):
    return emulator.create_function(
        SAMPLES / "custom_serde.py", custom_serde_inputs={"orders": SERDE}, output="discounted", output_serde_class_name=SERDE
    )


@dataclass
class Order:
    customer: str
    item: str
    amount: int


@pytest.mark.parametrize(("amount", "to_pay"), [(99, 99), (100, 90), (250, 225)])
def test_a_large_order_is_discounted(emulator, function, amount, to_pay):
    emulator.topic("orders").send(Order("ada", "tea", amount))
    [message] = emulator.topic("discounted").messages
    assert json.loads(message.data) == {"customer": "ada", "item": "tea", "amount": to_pay}
    assert message.value.amount == to_pay
    assert function.exceptions == []


def test_what_the_serde_cannot_read_is_a_system_exception_and_comes_again(emulator, function):
    emulator.client.create_producer("orders").send(b"no json")
    emulator.run_until_idle()
    [failure] = function.exceptions
    assert (failure.kind, type(failure.error)) == ("system", json.JSONDecodeError)
    emulator.advance(60)
    assert len(function.exceptions) == 2
