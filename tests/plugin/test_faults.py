"""Faults strike when and where they were declared, and do what the same fault does on a cluster."""

import pytest

from pfemu.emulator import Emulator
from pfemu.errors import PfemuError
from pfemu.scheduling.live import LiveScheduler


class Careful:
    """Counts, publishes beside its output, and hears how that went."""

    def process(self, input, context):
        context.incr_counter("attempts", 1)
        context.publish("side", input, callback=lambda result, _id: context.put_state("side", str(result)))
        return f"{input}!"


@pytest.fixture
def emulator(pulsar_emulator):
    return pulsar_emulator


@pytest.fixture
def function(pulsar_function):
    return pulsar_function(Careful, inputs=["orders"], output="out")


def test_an_output_that_cannot_be_published_comes_again_after_a_minute(emulator, function):
    fault = emulator.faults.fail_publish(2, topic="out")
    emulator.topic("orders").send_many(["tea", "milk"])
    assert emulator.topic("out") == ["tea!"]
    (failure,) = function.exceptions
    assert (failure.kind, failure.origin.data()) == ("system", b"milk")
    assert str(failure.error).startswith("Failed to publish to topic [out] with error [Result.Timeout] with src message id [")
    emulator.advance(seconds=60)
    assert emulator.topic("out") == ["tea!", "milk!"]
    assert (fault.seen, fault.struck) == (3, 1)


def test_context_publish_is_told_that_it_failed(emulator, function):
    emulator.faults.fail_publish(topic="side")
    emulator.topic("orders").send("tea")
    assert emulator.topic("side").values() == []
    assert function.state["side"] == b"Result.Timeout"
    assert [str(failure.error)[:36] for failure in function.exceptions] == ["Failed to publish to topic [side] wi"]
    assert emulator.topic("out") == ["tea!"]


def test_a_delivery_is_doubled(emulator, function):
    emulator.faults.duplicate_delivery(2, topic="orders")
    emulator.topic("orders").send_many(["tea", "milk", "sugar"])
    assert emulator.topic("out") == ["tea!", "milk!", "milk!", "sugar!"]
    assert function.counters["attempts"] == 4
    assert function.stats.received == 4


@pytest.mark.parametrize(
    ("when", "attempts", "outputs"),
    [
        ("before process", 2, ["tea!", "milk!"]),
        ("before state write", 2, ["tea!", "milk!"]),
        ("after state write", 3, ["tea!", "milk!"]),
        ("before publish", 3, ["tea!", "milk!"]),
        ("before ack", 3, ["tea!", "tea!", "milk!"]),
        ("after ack", 2, ["tea!", "milk!"]),
    ],
)
def test_a_crash_keeps_what_was_done_and_repeats_what_was_not_acknowledged(emulator, function, when, attempts, outputs):
    emulator.faults.crash(when)
    emulator.topic("orders").send_many(["tea", "milk"])
    assert len(emulator.topic("out")) < len(outputs)
    emulator.advance(seconds=30)
    assert emulator.topic("out") == outputs
    assert function.counters["attempts"] == attempts
    assert emulator.topic("orders").backlog(function.name) == 0
    assert list(function.exceptions) == []


def test_a_crash_does_not_raise_the_redelivery_count(emulator, pulsar_function):
    counts = []

    def look(input, context):
        counts.append(context.message.redelivery_count())

    pulsar_function(look, inputs=["orders"])
    emulator.faults.crash("before ack")
    emulator.topic("orders").send("tea")
    emulator.advance(seconds=30)
    assert counts == [0, 0]


def test_a_bare_except_cannot_survive_a_crash(emulator, pulsar_function):
    def stubborn(input, context):
        try:
            context.incr_counter("a", 1)
        except:  # noqa: E722 - what is tested
            context.incr_counter("survived", 1)

    function = pulsar_function(stubborn, inputs=["orders"])
    emulator.faults.crash("before state write")
    emulator.topic("orders").send("tea")
    assert function.counters == {}
    emulator.advance(seconds=30)
    assert function.counters == {"a": 1}


def test_the_state_store_fails_as_the_table_service_does(emulator, function):
    emulator.faults.fail_state(key="attempts")
    emulator.topic("orders").send("tea")
    (failure,) = function.exceptions
    assert type(failure.error).__name__ == "RetryError"
    assert str(failure.error).startswith("Deadline of 60.0s exceeded while calling increment of 'attempts', last exception: ")
    emulator.advance(seconds=60)
    assert emulator.topic("out") == ["tea!"]


def test_a_slow_state_store_lets_waiting_messages_time_out(emulator, pulsar_function):
    def count(input, context):
        context.incr_counter(input, 1)

    function = pulsar_function(count, inputs=["orders"], timeout_ms=10_000)
    emulator.faults.slow_state(seconds=15)
    start_ms = emulator.scheduler.now_ms()
    emulator.topic("orders").send("tea")
    assert emulator.scheduler.now_ms() - start_ms == 15_000
    assert function.counters["tea"] >= 1


def test_faults_are_for_the_function_they_name_and_can_be_cleared(emulator, pulsar_function):
    pulsar_function(Careful, inputs=["orders"], output="out", name="first")
    pulsar_function(Careful, inputs=["orders"], output="out", name="second")
    emulator.faults.fail_publish(topic="out", function="second", times=100)
    emulator.topic("orders").send("tea")
    first, second = emulator.functions.values()
    assert (len(first.exceptions), len(second.exceptions)) == (0, 1)
    emulator.faults.clear()
    emulator.advance(seconds=60)
    assert emulator.topic("out") == ["tea!", "tea!"]


def test_faults_outlive_a_restart(emulator, function):
    emulator.faults.fail_publish(2, topic="out")
    emulator.topic("orders").send("tea")
    function.restart()
    emulator.topic("orders").send("milk")
    assert emulator.topic("out") == ["tea!"]
    assert len(function.exceptions) == 1
    emulator.advance(seconds=60)


def test_wrong_declarations_are_refused(emulator):
    with pytest.raises(PfemuError, match="there is no moment 'after lunch' to crash at; there are: 'before process', "):
        emulator.faults.crash("after lunch")
    with pytest.raises(PfemuError, match="fail publish number 0: nth and times count from 1, not 0"):
        emulator.faults.fail_publish(0)
    with pytest.raises(PfemuError, match="fail state call number 1: nth and times count from 1, not '2'"):
        emulator.faults.fail_state(times="2")
    with pytest.raises(PfemuError, match="time only moves forward: no state call takes -1 s"):
        emulator.faults.slow_state(-1)


def test_a_live_emulator_has_no_faults_and_no_seed():
    errors = []
    scheduler = LiveScheduler(errors.append)
    try:
        emulator = Emulator(scheduler=scheduler)
        with pytest.raises(PfemuError, match="faults need an emulator that steps"):
            _ = emulator.faults
        with pytest.raises(PfemuError, match="only a stepping one can be shuffled"):
            emulator.shuffle(1)
        scheduler.call(emulator.close)
    finally:
        scheduler.close()
    assert errors == []
