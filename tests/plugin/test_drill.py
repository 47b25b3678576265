"""The delivery drill finds what each guarantee does under each crash, and shows it as a table."""

from pathlib import Path

import pytest

from pfemu.errors import ConfigError
from pfemu.testing import delivery_drill

SAMPLES = Path(__file__).parents[2] / "sample_functions"


class CountAndTell:
    def process(self, input, context):
        context.incr_counter(input, 1)
        return f"{input} {context.get_counter(input)}"


class Remember:
    """Does nothing twice: state holds what was done."""

    def process(self, input, context):
        context.put_state(input, "done")


class Complain:
    def process(self, input, context):
        if input == "exit":
            raise SystemExit(3)
        if input != "tea":
            raise ValueError(f"no {input}")


AT_LEAST_ONCE = """\
public/default/CountAndTell (ATLEAST_ONCE): 2 inputs, 8 crashes, 4 of them without a trace
  input  crash                         what happened
  tea    after state write 'tea'       changed: 'tea 2' on drill-output instead of 'tea 1' on drill-output; \
counted twice: tea=2 instead of 1
  tea    after publish 'drill-output'  twice: 'tea 2' on drill-output; counted twice: tea=2 instead of 1
  milk   after state write 'milk'      changed: 'milk 2' on drill-output instead of 'milk 1' on drill-output; \
counted twice: milk=2 instead of 1
  milk   after publish 'drill-output'  twice: 'milk 2' on drill-output; counted twice: milk=2 instead of 1"""

AT_MOST_ONCE = """\
public/default/Exclamation (ATMOST_ONCE): 2 inputs, 6 crashes, 4 of them without a trace
  input  crash      what happened
  tea    after ack  lost: 'tea!' on drill-output
  milk   after ack  lost: 'milk!' on drill-output"""


def test_at_least_once_repeats_outputs_and_counts():
    report = delivery_drill(CountAndTell, ["tea", "milk"])
    assert str(report) == AT_LEAST_ONCE
    assert [crash.input for crash in report.duplicates] == ["tea", "milk"]
    assert len(report.double_counts) == 4
    assert (report.losses, report.lost_counts, len(report.changed)) == ([], [], 2)
    assert not report.is_exactly_once


def test_at_most_once_loses_what_was_acknowledged_first():
    report = delivery_drill(SAMPLES / "exclamation.py", ["tea", "milk"], processing_guarantees="ATMOST_ONCE")
    assert str(report) == AT_MOST_ONCE
    assert [crash.step for crash in report.losses] == ["after ack", "after ack"]
    assert report.duplicates == []


def test_what_can_be_done_twice_without_harm_is_exactly_once():
    report = delivery_drill(Remember, ["tea", "milk"], output=None)
    assert report.is_exactly_once
    assert str(report) == "public/default/Remember (ATLEAST_ONCE): 2 inputs, 6 crashes, 6 of them without a trace"


def test_a_count_that_was_acknowledged_before_is_lost():
    report = delivery_drill(CountAndTell, ["tea"], output=None, processing_guarantees="ATMOST_ONCE")
    assert [crash.lost_counts for crash in report.lost_counts] == [("tea=0 instead of 1",)]


def test_topics_and_configuration_may_be_given():
    report = delivery_drill(CountAndTell, ["tea", "tea"], inputs=["orders"], output="counted", name="count")
    assert report.function == "public/default/count"
    assert {crash.input_index for crash in report.crashes} == {0, 1}
    assert "'tea 3' on counted" in str(report)


def test_a_function_that_the_worker_refuses_is_refused():
    with pytest.raises(ConfigError, match="Effectively-once processing guarantees not yet supported in Python"):
        delivery_drill(CountAndTell, ["tea"], processing_guarantees="EFFECTIVELY_ONCE")


def test_a_function_that_fails_without_a_crash_is_told():
    report = delivery_drill(Complain, ["tea", "milk", "exit"], output=None)
    assert report.failures == (
        "ValueError: no milk, on b'milk'",
        "SystemExit: 3 ended the thread that processes messages",
    )
    head, *failures = str(report).splitlines()
    assert head.startswith("public/default/Complain (ATLEAST_ONCE): 3 inputs, ")
    assert failures == [f"  without a crash: {failure}" for failure in report.failures]


def test_one_is_said_as_one():
    assert str(delivery_drill(Complain, ["exit"])).startswith("public/default/Complain (ATLEAST_ONCE): 1 input, 1 crash, 1 of them")
