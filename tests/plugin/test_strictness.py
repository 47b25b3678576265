"""A strict test fails at its end for what it left behind unseen, and each message ends with the way to allow it."""

import pytest

from tests.plugin.running import left_behind, run

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.timeout(300)  # each starts a pytest of its own

EXCEPTION = """\
public/default/Shout failed on 1 message:
  ValueError: no tea left
    on b'bad' key='k1' of orders 1:1
    at functions.py:5, in process: raise ValueError("no tea left")
  On a cluster it comes again every 60 s, for ever: Pulsar catches the exception and counts it.
  To allow it: look at function.exceptions; or @pytest.mark.pfemu(allow=['exceptions']); or in the ini file pfemu_allow = exceptions
"""


def test_an_exception_that_nobody_looked_at_fails_the_test(pytester):
    result = run(
        pytester,
        """
def test_it(pulsar_emulator, pulsar_function):
    pulsar_function(Shout, inputs=["orders"], output="shouted")
    pulsar_emulator.topic("orders").send("good")
    pulsar_emulator.topic("orders").send("bad", key="k1")
    assert pulsar_emulator.topic("shouted") == ["good!"]
""",
    )
    result.assert_outcomes(failed=1)
    assert left_behind(result, "test_it") == EXCEPTION


SEND_BAD = """
def send_bad(emulator, function):
    handle = function(Shout, inputs=["orders"], output="shouted")
    emulator.topic("orders").send("bad")
    return handle
"""


def test_each_way_out_of_strictness_lets_the_test_pass(pytester):
    result = run(
        pytester,
        SEND_BAD
        + """
def test_looks_at_the_exceptions(pulsar_emulator, pulsar_function):
    handle = send_bad(pulsar_emulator, pulsar_function)
    assert [str(failure.error) for failure in handle.exceptions] == ["no tea left"]

@pytest.mark.pfemu(allow=["exceptions"])
def test_allows_exceptions(pulsar_emulator, pulsar_function):
    send_bad(pulsar_emulator, pulsar_function)

@pytest.mark.pfemu(strict=False)
def test_is_not_strict(pulsar_emulator, pulsar_function):
    send_bad(pulsar_emulator, pulsar_function)

def test_is_strict(pulsar_emulator, pulsar_function):
    send_bad(pulsar_emulator, pulsar_function)
""",
    )
    result.assert_outcomes(passed=3, failed=1)


@pytest.mark.parametrize(("ini", "options"), [("pfemu_strict = false", ()), ("pfemu_allow = exceptions", ()), ("", ["--pfemu-no-strict"])])
def test_ini_key_and_option_switch_it_off_for_all_tests(pytester, ini, options):
    result = run(
        pytester, SEND_BAD + "def test_it(pulsar_emulator, pulsar_function): send_bad(pulsar_emulator, pulsar_function)", *options, ini=ini
    )
    result.assert_outcomes(passed=1)


def test_a_look_counts_for_what_is_there_by_then(pytester):
    result = run(
        pytester,
        SEND_BAD
        + """
def test_it(pulsar_emulator, pulsar_function):
    handle = send_bad(pulsar_emulator, pulsar_function)
    assert len(handle.exceptions) == 1
    pulsar_emulator.topic("orders").send("bad")
""",
    )
    assert "failed on 1 message" in left_behind(result, "test_it")


def test_what_the_real_runtime_hides_is_said(pytester):
    result = run(
        pytester,
        """
import sys

class Leaves:
    def process(self, input, context):
        sys.exit(3)

class Later:
    async def process(self, input, context):
        return input

def test_leaves(pulsar_emulator, pulsar_function):
    pulsar_function(Leaves, inputs=["orders"])
    pulsar_emulator.topic("orders").send("tea")

@pytest.mark.filterwarnings("ignore:coroutine")
def test_is_a_coroutine(pulsar_emulator, pulsar_function):
    pulsar_function(Later, inputs=["orders"], output="later")
    pulsar_emulator.topic("orders").send("tea")

def test_acknowledges_first(pulsar_emulator, pulsar_function):
    pulsar_function(Shout, inputs=["orders"], processing_guarantees="ATMOST_ONCE")
    pulsar_emulator.topic("orders").send("bad")
""",
    )
    assert left_behind(result, "test_leaves").splitlines()[:3] == [
        "public/default/Leaves: SystemExit: 3 ended the thread that processes messages.",
        "  at test_it.py:9, in process: sys.exit(3)",
        "  A cluster shows the function as running, and it never processes another message.",
    ]
    assert "`async def process` is not awaited by Pulsar's runtime" in left_behind(result, "test_is_a_coroutine")
    assert "On a cluster the message is lost: ATMOST_ONCE acknowledges before processing." in left_behind(result, "test_acknowledges_first")


UNACKNOWLEDGED = """\
public/default/Count has not acknowledged 1 message of orders:
  b'tea' key='k1'
  It has auto_ack=False, so it acknowledges with context.ack, spelling the topic as the inputs do.
  To allow it: look at topic('orders').backlog('public/default/Count'); or @pytest.mark.pfemu(allow=['unacknowledged']); \
or in the ini file pfemu_allow = unacknowledged
"""


def test_input_that_stays_unacknowledged_fails_the_test_unless_its_backlog_was_counted(pytester):
    result = run(
        pytester,
        """
@pytest.fixture
def orders(pulsar_emulator, pulsar_function):
    pulsar_function(Count, inputs=["orders"], auto_ack=False)
    topic = pulsar_emulator.topic("orders")
    topic.send("tea", key="k1")
    return topic

def test_unseen(orders): pass
def test_counted(orders): assert orders.backlog("public/default/Count") == 1
def test_delayed(pulsar_emulator, pulsar_function):
    pulsar_function(Count, inputs=["orders"])
    pulsar_emulator.topic("orders").send("tea", deliver_after=5)
def test_stopped(pulsar_emulator, pulsar_function):
    pulsar_function(Count, inputs=["orders"]).stop()
    pulsar_emulator.topic("orders").send("tea")
def test_crashed(pulsar_emulator, pulsar_function):
    pulsar_function(Count, inputs=["orders"]).crash()
    pulsar_emulator.topic("orders").send("tea")
""",
    )
    result.assert_outcomes(passed=1, failed=4)
    assert left_behind(result, "test_unseen") == UNACKNOWLEDGED
    assert "  b'tea'  to be delivered in 5 s\n  Something is due in 5 s: advance(seconds=...) lets it happen." in left_behind(
        result, "test_delayed"
    )
    assert "The function is stopped." in left_behind(result, "test_stopped")
    assert "the worker starts it again within 30 s: advance(seconds=30)" in left_behind(result, "test_crashed")


DEAD_LETTERS = """\
1 dead letter on poison, the last one from orders: b'tea'
  To allow it: look at topic('poison').messages; or @pytest.mark.pfemu(allow=['dead_letters']); \
or in the ini file pfemu_allow = dead_letters
"""


def test_a_dead_letter_that_nobody_read_fails_the_test(pytester):
    result = run(
        pytester,
        """
import pulsar

@pytest.fixture
def emulator(pulsar_emulator):
    policy = pulsar.ConsumerDeadLetterPolicy(1, "poison")
    consumer = pulsar_emulator.client.subscribe(
        "orders", "own", pulsar.ConsumerType.Shared, negative_ack_redelivery_delay_ms=1000, dead_letter_policy=policy
    )
    pulsar_emulator.topic("orders").send("tea")
    for _ in range(2):
        consumer.negative_acknowledge(consumer.receive(60_000))
    pulsar_emulator.advance(seconds=10)
    return pulsar_emulator

def test_unread(emulator): pass
def test_read(emulator): assert emulator.topic("poison") == ["tea"]
""",
    )
    result.assert_outcomes(passed=1, failed=1)
    assert left_behind(result, "test_unread") == DEAD_LETTERS


ERROR_LOGS = """\
public/default/Complain logged 1 error:
  ERROR out of tea  on b'tea' of orders 1:0
  To allow it: look at function.logs; or @pytest.mark.pfemu(allow=['error_logs']); or in the ini file pfemu_allow = error_logs
"""


def test_an_error_in_the_log_that_nobody_looked_at_fails_the_test(pytester):
    result = run(
        pytester,
        """
class Complain:
    def process(self, input, context):
        context.get_logger().error("out of %s", input)

@pytest.fixture
def function(pulsar_emulator, pulsar_function):
    function = pulsar_function(Complain, inputs=["orders"])
    pulsar_emulator.topic("orders").send("tea")
    return function

def test_unseen(function): pass
def test_seen(function): assert function.logs[0].level == "ERROR"
def test_read_on_the_log_topic(pulsar_emulator, pulsar_function):
    pulsar_function(Complain, inputs=["orders"], log_topic="complaints")
    pulsar_emulator.topic("orders").send("tea")
    assert len(pulsar_emulator.topic("complaints").messages) == 1
""",
    )
    result.assert_outcomes(passed=2, failed=1)
    assert left_behind(result, "test_unseen") == ERROR_LOGS


UNUSED_FAULT = """\
A fault was declared that never struck: fail publish number 2 on 'shouted'; its moment came 1 time.
  To allow it: take it out, or look at the fault's `struck`; or @pytest.mark.pfemu(allow=['unused_faults']); or in the ini file \
pfemu_allow = unused_faults
"""


def test_a_fault_that_never_struck_fails_the_test(pytester):
    result = run(
        pytester,
        """
def test_it(pulsar_emulator, pulsar_function):
    pulsar_function(Shout, inputs=["orders"], output="shouted")
    pulsar_emulator.faults.fail_publish(2, topic="shouted")
    pulsar_emulator.topic("orders").send("tea")
""",
    )
    assert left_behind(result, "test_it") == UNUSED_FAULT


UNKNOWN_TOPIC = """\
The test sent to 'ordres', which no function and no client uses. Did you mean 'orders'?
  To allow it: use it in the function; or @pytest.mark.pfemu(allow=['unknown_topics']); or in the ini file pfemu_allow = unknown_topics

The test read 'shoutd', which no function and no client uses. Did you mean 'shouted'?
  To allow it: use it in the function; or @pytest.mark.pfemu(allow=['unknown_topics']); or in the ini file pfemu_allow = unknown_topics
"""


def test_a_misspelt_topic_fails_the_test_though_it_is_empty_as_expected(pytester):
    result = run(
        pytester,
        """
def test_misspelt(pulsar_emulator, pulsar_function):
    pulsar_function(Shout, inputs=["orders"], output="shouted")
    pulsar_emulator.topic("ordres").send("tea")
    assert pulsar_emulator.topic("shoutd").values() == []

def test_right(pulsar_emulator, pulsar_function):
    pulsar_function(Shout, inputs=["orders"], output="shouted")
    assert pulsar_emulator.topic("shouted").values() == []
    assert pulsar_emulator.topic("elsewhere").values() == []
""",
    )
    result.assert_outcomes(passed=1, failed=1)
    assert left_behind(result, "test_misspelt") == UNKNOWN_TOPIC


def test_a_test_that_failed_by_itself_is_not_told_what_else_is_wrong(pytester):
    result = run(
        pytester,
        SEND_BAD
        + """
def test_it(pulsar_emulator, pulsar_function):
    send_bad(pulsar_emulator, pulsar_function)
    assert False, "by itself"
""",
    )
    assert "by itself" in result.stdout.str()
    assert "left behind" not in result.stdout.str()


FAILING_IN_ITS_OWN_WAY = """
import unittest

def fails(input):
    raise ValueError("no")

class TestOfUnittest(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def send(self, pulsar_emulator, pulsar_function, pulsar_golden):
        self.function = pulsar_function(fails, inputs=["orders"])
        pulsar_emulator.topic("orders").send("tea")

    def test_subtest(self):
        for number in range(2):
            with self.subTest(number=number):
                self.assertEqual(number, 0)

    def test_method(self): self.assertEqual(1, 0)
    def test_skip(self): self.skipTest("not today")

    @unittest.expectedFailure
    def test_expected(self): self.assertEqual(1, 0)

    def test_that_passes(self): pass

def test_with_subtests(pulsar_emulator, pulsar_function, pulsar_golden, subtests):
    pulsar_function(fails, inputs=["orders"])
    pulsar_emulator.topic("orders").send("tea")
    with subtests.test("first"):
        assert 1 == 0
"""


def test_neither_is_a_test_that_failed_in_a_part_or_in_the_manner_of_unittest(pytester):
    result = run(pytester, FAILING_IN_ITS_OWN_WAY, "--pfemu-update")
    assert "left behind" not in result.stdout.str()
    written = sorted(path.name for path in pytester.path.glob("golden/test_it/*"))
    assert written == ["TestOfUnittest.test_that_passes.json"]
