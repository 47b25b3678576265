"""The live scheduler by itself: order, failures, and the end, after which nobody waits."""

import threading

import pytest

from pfemu.errors import SchedulerClosedError
from pfemu.scheduling.live import LiveScheduler

LONG_S = 20


@pytest.fixture
def errors():
    return []


@pytest.fixture
def scheduler(errors):
    made = LiveScheduler(errors.append)
    yield made
    made.close()


def test_what_is_called_after_closing_is_refused(scheduler):
    scheduler.close()
    with pytest.raises(SchedulerClosedError, match="the emulator is closed"):
        scheduler.call(lambda: None)
    scheduler.soon(lambda: pytest.fail("this was run"))
    scheduler.close()


def test_who_was_promised_something_hears_of_the_end(scheduler):
    kept, broken = scheduler.promise(), scheduler.promise()
    scheduler.soon(lambda: kept.set_result("done"))
    scheduler.close()
    assert kept.result(LONG_S) == "done"
    with pytest.raises(SchedulerClosedError):
        broken.result(LONG_S)


def test_what_was_handed_over_before_closing_is_done(scheduler):
    done = []
    scheduler.call(lambda: [scheduler.soon(lambda: done.append("own")), done.append("call")])
    for number in range(100):
        scheduler.soon(lambda number=number: done.append(number))
    scheduler.close()
    assert done == ["call", "own", *range(100)]


def test_the_owner_may_close_it_in_a_step(scheduler):
    scheduler.soon(scheduler.close)
    scheduler.close()
    with pytest.raises(SchedulerClosedError):
        scheduler.call(lambda: None)


@pytest.mark.parametrize("failure", [ValueError("bad"), SystemExit(3), KeyboardInterrupt()], ids=repr)
def test_failures_nobody_waits_for_are_told_and_stop_nothing(scheduler, errors, failure):
    def fail():
        raise failure

    scheduler.soon(fail)
    assert scheduler.call(lambda: "alive") == "alive"
    assert errors == [failure]


def test_failures_are_raised_where_they_are_waited_for(scheduler, errors):
    with pytest.raises(ZeroDivisionError):
        scheduler.call(lambda: 1 / 0)
    assert errors == []


def test_the_work_of_each_thread_stays_in_order(scheduler):
    seen = []
    threads = [
        threading.Thread(target=lambda name=name: [scheduler.soon(lambda n=n: seen.append((name, n))) for n in range(200)])
        for name in "abc"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    scheduler.call(lambda: None)
    assert {name: [n for by, n in seen if by == name] for name in "abc"} == {name: list(range(200)) for name in "abc"}


def test_the_owners_calls_run_at_once(scheduler):
    assert scheduler.call(lambda: (scheduler.is_owner, scheduler.call(lambda: scheduler.is_owner))) == (True, True)
    assert not scheduler.is_owner


def test_timers_fire_unless_cancelled(scheduler):
    fired = scheduler.promise()

    def arm():
        now_ms = scheduler.now_ms()
        scheduler.at(now_ms - 5, lambda: pytest.fail("this was cancelled")).cancel()
        scheduler.at(now_ms + 1, lambda: fired.set_result(scheduler.is_owner))

    scheduler.call(arm)
    assert fired.result(LONG_S)
