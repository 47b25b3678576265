"""The stepping scheduler: order, virtual time, endless loops, other threads."""

import threading

import pytest

from pfemu.errors import EndlessLoopError
from pfemu.scheduling.clock import SystemClock, VirtualClock
from pfemu.scheduling.stepping import DEFAULT_START_MS, SteppingScheduler


@pytest.fixture
def trace():
    return []


@pytest.fixture
def scheduler():
    return SteppingScheduler(VirtualClock(0))


def noting(trace, text):
    return lambda: trace.append(text)


def test_time_never_goes_back(scheduler):
    with pytest.raises(ValueError, match="time only moves forward: advance by -1 ms was asked for"):
        scheduler.advance(-1)


def test_real_time_cannot_be_moved():
    scheduler = SteppingScheduler(SystemClock())
    with pytest.raises(TypeError, match="runs on real time, which cannot be moved"):
        scheduler.advance(1)
    assert scheduler.now_ms() > DEFAULT_START_MS
    assert not scheduler.step_until(lambda: False, None)


def test_work_that_makes_work_for_ever_is_explained():
    scheduler = SteppingScheduler(step_limit=10)

    def again():
        scheduler.soon(again)

    again()
    with pytest.raises(EndlessLoopError, match=r"still busy after 10 steps.*Does a function publish to its own input"):
        scheduler.run_until_idle()
    with pytest.raises(EndlessLoopError):
        scheduler.step_until(lambda: False, None)
    assert not scheduler.idle


def test_what_brings_work_back_is_charged_as_many_steps():
    scheduler = SteppingScheduler(step_limit=100)
    seen = []

    def again():
        seen.append(scheduler.charge(20))
        scheduler.soon(again)

    scheduler.soon(again)
    with pytest.raises(EndlessLoopError):
        scheduler.run_until_idle()
    assert len(seen) == 6


def test_what_is_charged_between_two_runs_or_little_by_little_is_no_endless_loop():
    scheduler = SteppingScheduler(step_limit=100)
    for _ in range(20):
        scheduler.charge(20)
        scheduler.soon(lambda: scheduler.charge(20))
        scheduler.run_until_idle()
    assert scheduler.idle


def test_work_runs_in_the_order_it_came_and_counts_as_steps(scheduler, trace):
    scheduler.soon(lambda: (trace.append("a"), scheduler.soon(noting(trace, "c"))))
    scheduler.soon(noting(trace, "b"))
    assert scheduler.run_until_idle() == 3
    assert trace == ["a", "b", "c"]
    assert scheduler.idle


def test_an_error_of_the_work_reaches_the_caller_and_the_rest_stays(scheduler, trace):
    scheduler.soon(lambda: 1 / 0)
    scheduler.soon(noting(trace, "after"))
    with pytest.raises(ZeroDivisionError):
        scheduler.run_until_idle()
    scheduler.run_until_idle()
    assert trace == ["after"]


def test_running_from_within_a_step_leaves_the_rest_to_the_outer_run(scheduler, trace):
    scheduler.soon(lambda: trace.append(scheduler.run_until_idle()))
    scheduler.soon(noting(trace, "b"))
    scheduler.run_until_idle()
    assert trace == [0, "b"]


def test_timers_run_at_their_time_and_in_order_on_ties(scheduler, trace):
    for due_ms, text in [(20, "late"), (10, "first"), (10, "second"), (30, "never")]:
        scheduler.at(due_ms, noting(trace, (text)))
    assert scheduler.next_due_ms() == 10
    scheduler.run_until_idle()
    assert trace == []
    scheduler.advance(25)
    assert trace == ["first", "second", "late"]
    assert scheduler.now_ms() == 25


def test_what_a_timer_starts_runs_at_its_time(scheduler, trace):
    scheduler.at(10, lambda: scheduler.soon(lambda: trace.append(scheduler.now_ms())))
    scheduler.at(10, lambda: scheduler.at(15, lambda: trace.append(scheduler.now_ms())))
    scheduler.advance(100)
    assert trace == [10, 15]


def test_a_timer_of_the_past_runs_with_the_next_step(scheduler, trace):
    scheduler.at(-5, noting(trace, "past"))
    assert scheduler.run_until_idle() == 1
    assert trace == ["past"]


def test_waiting_moves_time_just_as_far_as_needed(scheduler, trace):
    scheduler.at(10, noting(trace, "a"))
    scheduler.at(20, noting(trace, "b"))
    assert scheduler.step_until(lambda: bool(trace), 1000)
    assert (scheduler.now_ms(), trace) == (10, ["a"])


@pytest.mark.parametrize(("timeout_ms", "now_ms"), [(5, 5), (None, 0)])
def test_waiting_in_vain_ends_at_the_timeout_or_when_nothing_is_left(scheduler, timeout_ms, now_ms):
    if timeout_ms:
        scheduler.at(10, lambda: None)
    assert not scheduler.step_until(lambda: False, timeout_ms)
    assert scheduler.now_ms() == now_ms


def test_time_may_pass_within_a_step_and_timers_run_after_it(scheduler, trace):
    scheduler.at(10, noting(trace, "timer"))
    scheduler.soon(lambda: (scheduler.pass_time(20), scheduler.pass_time(0), trace.append(scheduler.now_ms())))
    scheduler.run_until_idle()
    assert trace == [20, "timer"]


def test_a_call_on_the_owner_s_thread_runs_at_once(scheduler):
    assert scheduler.call(lambda: 5) == 5


def test_a_call_from_another_thread_waits_until_the_owner_steps(scheduler):
    results = []

    def work():
        results.append(scheduler.call(threading.get_ident))
        try:
            scheduler.call(lambda: 1 / 0)
        except ZeroDivisionError as error:
            results.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        scheduler.run_until_idle()
        thread.join(0.001)
    assert results == [threading.get_ident(), "division by zero"]


def test_two_runs_give_the_same_trace():
    def run():
        scheduler, trace = SteppingScheduler(VirtualClock(0)), []
        for number in range(50):
            scheduler.at(number * 7 % 13, lambda number=number: trace.append((scheduler.now_ms(), number)))
            scheduler.soon(lambda number=number: trace.append(number))
        scheduler.advance(20)
        return trace

    assert run() == run()
