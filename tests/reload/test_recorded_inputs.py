"""What came of an input, in the form in which it is compared with what comes of it on other code."""

import pytest
from pulsar.schema import Record, String

from pfemu.reload.recorded_inputs import as_bytes


class Order(Record):
    item = String()


@pytest.mark.parametrize(
    ("output", "content"), [(b"\xff", b"\xff"), ("tea", b"tea"), (42, b"42"), (Order(item="tea"), b"Order(item='tea')")]
)
def test_results_of_two_runs_that_hold_the_same_are_the_same(output, content):
    assert as_bytes(output) == content
