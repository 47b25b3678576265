"""A comparison that fails says what was expected, what there was, and why."""

import pytest

from tests.plugin.running import explanation, run, said_of

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.timeout(300)  # each starts a pytest of its own

MESSAGES = """\
assert topic 'shouted' holds 2 messages, expected 3 messages
    'tea!'  from orders 1:0
  - 'coffee!'  expected
  - 'cocoa!'  expected
  + 'milk!'  from orders 1:1
public/default/Shout raised ValueError: no tea left
  on b'bad' key='k1' of orders 1:2
  at functions.py:5, in process: raise ValueError("no tea left")
public/default/Shout logged INFO saw tea  on b'tea' of orders 1:0
public/default/Shout logged INFO saw milk  on b'milk' of orders 1:1
public/default/Shout logged INFO saw bad  on b'bad' key='k1' of orders 1:2
public/default/Shout has state: seen=2
"""

REPORT = """\
topic orders: 3 messages
  'tea'
  'milk'
  'bad'  key='k1'
  subscription public/default/Shout: 1 entry not acknowledged
topic shouted: 2 messages
  'tea!'  from orders 1:0
  'milk!'  from orders 1:1
function public/default/Shout: received 3, processed 2, user exceptions 1, system exceptions 0
  state seen = 2
  log INFO saw tea  on b'tea' of orders 1:0
  log INFO saw milk  on b'milk' of orders 1:1
  log INFO saw bad  on b'bad' key='k1' of orders 1:2
  raised ValueError: no tea left
    on b'bad' key='k1' of orders 1:2
    at functions.py:5, in process: raise ValueError("no tea left")
"""


def test_messages_are_shown_side_by_side_with_what_the_function_said(pytester):
    result = run(
        pytester,
        """
@pytest.fixture
def shouted(pulsar_emulator, pulsar_function):
    pulsar_function(Shout, inputs=["orders"], output="shouted")
    pulsar_emulator.topic("orders").send_many(["tea", "milk"])
    pulsar_emulator.topic("orders").send("bad", key="k1")
    return pulsar_emulator.topic("shouted")

def test_handle(shouted): assert shouted == ["tea!", "coffee!", "cocoa!"]
def test_values(shouted): assert shouted.values() == ["tea!", "coffee!", "cocoa!"]
def test_the_other_way_round(shouted): assert ["tea!", "coffee!", "cocoa!"] == shouted.values()
""",
    )
    for test in ("test_handle", "test_values", "test_the_other_way_round"):
        assert explanation(result, test) == MESSAGES
        assert said_of(result, test).endswith(f"pfemu: what there was -----------------------------\n{REPORT}")


def test_what_differs_is_among_the_few_lines_that_pytest_shows(pytester, monkeypatch):
    monkeypatch.delenv("CI", raising=False)  # pytest shows all lines there
    monkeypatch.delenv("BUILD_NUMBER", raising=False)
    result = run(
        pytester,
        """
def test_it(pulsar_emulator, pulsar_function):
    pulsar_function(Shout, inputs=["orders"], output="shouted")
    pulsar_emulator.topic("orders").send_many([f"{number}" for number in range(30)])
    expected = [f"{number}!" for number in range(30)]
    expected[20] = "coffee!"
    assert pulsar_emulator.topic("shouted") == expected
""",
        "-qq",
    )
    said = explanation(result, "test_it")
    assert said.startswith("assert topic 'shouted' holds 30 messages, expected 30 messages\n    '0!'  from orders 1:0\n")
    assert "\n  - 'coffee!'  expected\n  + '20!'  from orders 1:20\n" in said


def test_attributes_of_messages_are_shown(pytester):
    result = run(
        pytester,
        """
def test_it(pulsar_emulator):
    topic = pulsar_emulator.create_partitioned_topic("orders", 2)
    topic.send("tea", key="k1", properties={"lang": "en"}, event_time=5)
    assert topic == ["coffee"]
""",
    )
    assert "\n  + 'tea'  key='k1' properties={'lang': 'en'} event_time=5 partition=" in explanation(result, "test_it")


NO_MESSAGE = """\
assert topic 'orders-out' holds 0 messages, expected 1 message
no message on 'orders-out'; messages were seen on: 'orders' (2), 'order-out' (2)
did you mean 'order-out'?
"""


def test_an_empty_topic_names_those_that_are_not(pytester):
    result = run(
        pytester,
        """
def test_it(pulsar_emulator, pulsar_function):
    pulsar_function(Shout, inputs=["orders"], output="order-out")
    pulsar_emulator.topic("orders").send_many(["tea", "milk"])
    assert pulsar_emulator.topic("orders-out").values() == ["tea!"]

def test_nothing(pulsar_emulator):
    assert pulsar_emulator.topic("orders-out").values() == ["tea!"]
""",
    )
    assert explanation(result, "test_it").startswith(NO_MESSAGE)
    assert explanation(result, "test_nothing").endswith("no message on 'orders-out'; nor on any other topic\n")


STATE = """\
assert function.state holds 1 key, expected 2 keys
  - 'a': 'one'  expected
  + 'a': b'one'
    state gives back bytes, whatever was put
  - 'b': b'two'  expected
"""
COUNTERS = """\
assert function.counters holds 2 keys, expected 2 keys
  + 'milk': 1
  - 'sugar': 1  expected
    1 key as expected
"""


def test_state_and_counters_are_compared_key_by_key(pytester):
    result = run(
        pytester,
        """
def test_state(pulsar_function):
    function = pulsar_function(Count, inputs=["orders"])
    function.state["a"] = "one"
    assert function.state == {"a": "one", "b": b"two"}

def test_counters(pulsar_emulator, pulsar_function):
    function = pulsar_function(Count, inputs=["orders"])
    pulsar_emulator.topic("orders").send_many(["tea", "milk"])
    assert function.counters == {"tea": 1, "sugar": 1}
""",
    )
    assert explanation(result, "test_state") == STATE
    assert explanation(result, "test_counters") == COUNTERS


FAILURES = """\
assert function holds 1 record, expected 0 records
  + ValueError: no tea left
      on b'bad' of orders 1:0
      at functions.py:5, in process: raise ValueError("no tea left")
"""
LOGS = """\
assert function holds 1 record, expected 1 record
  - 'saw milk'  expected
  + <INFO 'saw tea' on b'tea'>
"""


def test_records_are_told_as_people_tell_them(pytester):
    result = run(
        pytester,
        """
def test_failures(pulsar_emulator, pulsar_function):
    function = pulsar_function(Shout, inputs=["orders"])
    pulsar_emulator.topic("orders").send("bad")
    assert function.exceptions == []

def test_no_failures(pulsar_emulator, pulsar_function):
    function = pulsar_function(Shout, inputs=["orders"])
    pulsar_emulator.topic("orders").send("bad")
    assert not function.exceptions

def test_logs(pulsar_emulator, pulsar_function):
    function = pulsar_function(Shout, inputs=["orders"])
    pulsar_emulator.topic("orders").send("tea")
    assert function.logs == ["saw milk"]

def test_value(pulsar_emulator):
    pulsar_emulator.topic("orders").send("tea")
    assert pulsar_emulator.topic("orders") == "tea"

def test_figure(pulsar_function):
    pulsar_function(Shout, inputs=["orders"]).metrics.pulsar["pulsar_function_recieved_total"]
""",
    )
    result.assert_outcomes(failed=5)
    assert explanation(result, "test_failures") == FAILURES
    assert explanation(result, "test_no_failures").startswith("assert not [<ValueError('no tea left') on b'bad'>]")
    assert explanation(result, "test_logs") == LOGS
    assert explanation(result, "test_value") == "assert topic 'orders' == 'tea': a topic is compared with a list of values, ['tea']\n"
    assert explanation(result, "test_figure").startswith(
        "pfemu.state_views.MissingKeyError: Pulsar has no figure 'pulsar_function_recieved_total'; did you mean "
        "'pulsar_function_received_total'? There are: pulsar_function_last_invocation, "
    )


def test_other_comparisons_are_left_to_pytest(pytester):
    result = run(
        pytester,
        """
def test_it(pulsar_emulator):
    assert pulsar_emulator.topic("orders").values() == 3
""",
    )
    assert "assert [] == 3" in explanation(result, "test_it")


STUMBLES = """
import json

class Echo:
    def process(self, input, context):
        return input

@pytest.fixture
def echoed(pulsar_emulator, pulsar_function):
    pulsar_function(Echo, inputs=["orders"], output="echoed")
    return pulsar_emulator.topic("echoed")

def test_in(echoed, pulsar_emulator):
    pulsar_emulator.topic("orders").send("tea")
    assert "milk" in echoed

def test_not_in(echoed, pulsar_emulator):
    pulsar_emulator.topic("orders").send("tea")
    assert "tea" not in echoed

def test_in_nothing(echoed): assert "milk" in echoed
def test_something(echoed): assert echoed != []

def test_sent_elsewhere(echoed, pulsar_emulator):
    pulsar_emulator.topic("order").send("tea")
    assert echoed == ["tea"]

def test_json(echoed, pulsar_emulator):
    pulsar_emulator.topic("orders").send(json.dumps({"item": "tea"}))
    assert echoed == [{"item": "tea"}]

def test_no_namespace(pulsar_emulator): pulsar_emulator.topic("acme/eu/orders").send("tea")
"""
SAID_OF_STUMBLES = {
    "test_in": """\
assert 'milk' in topic 'echoed', which holds 1 message
    'tea'  from orders 1:0
""",
    "test_not_in": """\
assert 'tea' not in topic 'echoed', which holds 1 message
    'tea'  from orders 1:0
""",
    "test_in_nothing": """\
assert 'milk' in topic 'echoed', which holds 0 messages
no message on 'echoed'; nor on any other topic
""",
    "test_something": """\
assert topic 'echoed' holds no message
no message on 'echoed'; nor on any other topic
""",
    "test_sent_elsewhere": """\
assert topic 'echoed' holds 0 messages, expected 1 message
no message on 'echoed'; messages were seen on: 'order' (1)
The test sent to 'order', which no function and no client uses. Did you mean 'orders'?
""",
    "test_json": """\
assert topic 'echoed' holds 1 message, expected 1 message
  - {'item': 'tea'}  expected
  + '{"item": "tea"}'  from orders 1:0
'{"item": "tea"}' is text, as it was sent: json.loads makes the expected value of it
""",
    "test_no_namespace": """\
_pulsar.TopicNotFound: Pulsar error: TopicNotFound
there is no namespace acme/eu: create_namespace('acme/eu') of the emulator makes it; those of a function's configuration are made with it
""",
}


def test_what_people_stumble_over_is_told(pytester):
    result = run(pytester, STUMBLES)
    assert {test: explanation(result, test) for test in SAID_OF_STUMBLES} == SAID_OF_STUMBLES
