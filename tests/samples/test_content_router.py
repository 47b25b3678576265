import json

import pytest

from tests.samples.samples import SAMPLES

BATCH_DELAY_S = 0.01


@pytest.fixture
def function(emulator):
    return emulator.create_function(SAMPLES / "content_router.py", inputs=["orders"])


def order(item, amount=10):
    return json.dumps({"customer": "ada", "item": item, "amount": amount})


@pytest.mark.parametrize(("item", "topic"), [("tea", "tea-orders"), ("coffee", "coffee-orders"), ("rusks", "other-orders")])
def test_an_order_goes_to_the_topic_of_its_item(emulator, function, item, topic):
    emulator.topic("orders").send(order(item))
    emulator.advance(BATCH_DELAY_S)
    [routed] = emulator.topic(topic).messages
    assert (routed.value, routed.key, routed.properties) == (order(item), "ada", {})
    assert len(function.publications) == 1


def test_a_large_order_goes_to_a_second_topic_with_its_amount(emulator, function):
    emulator.topic("orders").send(order("tea", 100))
    emulator.advance(BATCH_DELAY_S)
    [large] = emulator.topic("large-orders").messages
    assert (large.key, large.properties) == ("ada", {"amount": "100"})
    assert [publication.topic for publication in function.publications] == ["tea-orders", "large-orders"]


def test_an_order_that_is_no_json_fails(emulator, function):
    emulator.topic("orders").send("tea please")
    [failure] = function.exceptions
    assert (failure.kind, type(failure.error)) == ("user", json.JSONDecodeError)
