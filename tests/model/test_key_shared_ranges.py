"""Held to the broker's own selector classes, step by step."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfemu.errors import ConsumerAssignError
from pfemu.model.key_shared import HashRange
from pfemu.model.key_shared_ranges import ExclusiveRanges

RECORDED = json.loads((Path(__file__).parent / "data" / "key_shared_ranges.json").read_text())


def take(step, selector, consumer):
    """Do one step and return what the broker says to it."""
    try:
        if "remove" in step:
            selector.remove(step["remove"])
        else:
            selector.add(consumer, [HashRange(*wanted) for wanted in step["add"]])
    except ConsumerAssignError as refusal:
        return str(refusal)
    return None


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda steps: f"{len(steps)}-steps")
def test_ranges_and_refusals_are_those_of_the_broker(recorded):
    selector = ExclusiveRanges()
    consumers = 0
    for step in recorded:
        assert take(step, selector, consumers) == step.get("problem")
        consumers += "add" in step
        assert {str(consumer): [list(owned) for owned in ranges] for consumer, ranges in selector.ranges().items()} == step["ranges"]


def test_without_consumers_no_slot_has_an_owner():
    selector = ExclusiveRanges()
    selector.remove("nobody")
    assert selector.owner(1) is None
    assert selector.ranges() == {}


def test_a_slot_is_the_hash_of_the_key_and_never_0():
    assert ExclusiveRanges().slot(b"key1") == 462881061 % 65536
    assert ExclusiveRanges().slot(b"") == 1


def test_a_slot_nobody_took_has_no_owner():
    selector = ExclusiveRanges()
    selector.add("a", [HashRange(10, 20), HashRange(30, 30)])
    assert [selector.owner(slot) for slot in (9, 10, 20, 21, 30, 31)] == [None, "a", "a", None, "a", None]


@given(st.sets(st.integers(1, 40), min_size=2, max_size=10), st.integers(1, 45))
def test_every_slot_has_the_owner_that_the_ranges_tell(ends, slot):
    selector = ExclusiveRanges()
    for start, end in pairwise(sorted(ends)):
        selector.add(start, [HashRange(start, end - 1)])
    owners = [owner for owner, [owned] in selector.ranges().items() if owned.start <= slot <= owned.end]
    assert owners == ([] if selector.owner(slot) is None else [selector.owner(slot)])
