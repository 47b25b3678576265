"""What a client sends waits until something runs it; who looks before is told."""

import pytest

from pfemu.state_views import MissingKeyError
from tests.plugin.running import explanation, left_behind, run, said_of

pytest_plugins = ["pytester"]

LEFT = "There is work that has not run yet: run_until_idle() of the emulator runs it; what a client sends waits for that."
TESTS = """
@pytest.fixture
def count(pulsar_emulator, pulsar_function):
    function = pulsar_function(Count, inputs=["orders"], output="out")
    pulsar_emulator.client.create_producer("orders").send(b"tea")
    return function

def test_left(count): pass
def test_topic(count, pulsar_emulator): assert pulsar_emulator.topic("out") == ["tea"]
def test_counters(count): assert count.counters == {"tea": 1}

def test_run(count, pulsar_emulator):
    pulsar_emulator.run_until_idle()
    assert count.counters == {"tea": 1}
"""
UNACKNOWLEDGED = f"""\
public/default/Count has not acknowledged 1 message of orders:
  b'tea'
  {LEFT}
  To allow it: look at topic('orders').backlog('public/default/Count'); or @pytest.mark.pfemu(allow=['unacknowledged']); or in the ini \
file pfemu_allow = unacknowledged
"""


@pytest.mark.timeout(300)  # it starts a pytest of its own
def test_who_looks_before_the_work_is_done_is_told_how_to_have_it_done(pytester):
    result = run(pytester, TESTS)
    result.assert_outcomes(passed=1, failed=3)
    assert left_behind(result, "test_left") == UNACKNOWLEDGED
    assert explanation(result, "test_topic").splitlines()[-1] == LEFT
    assert said_of(result, "test_counters").splitlines()[-1] == LEFT


class Shout:
    def process(self, input, context):
        return f"{input}!"


def test_a_function_is_found_by_its_full_name_alone(pulsar_emulator):
    with pytest.raises(MissingKeyError) as none:
        pulsar_emulator.functions["shout"]
    pulsar_emulator.create_function(Shout, name="shout", inputs=["words"])
    with pytest.raises(MissingKeyError) as short:
        pulsar_emulator.functions["shout"]
    assert str(none.value) == "no function 'shout': its name is tenant/namespace/name; there are: none"
    assert str(short.value) == "no function 'shout': its name is tenant/namespace/name; there are: 'public/default/shout'"
    assert pulsar_emulator.functions.get("shout") is None
