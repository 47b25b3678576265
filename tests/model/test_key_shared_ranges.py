"""Held to the broker's own selector classes, step by step."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfemu.errors import ConsumerAssignError
from pfemu.model.key_shared import HashRange
from pfemu.model.key_shared_ranges import AutoSplitRanges, ExclusiveRanges

RECORDED = json.loads((Path(__file__).parent / "data" / "key_shared_ranges.json").read_text())


def take(step, selector, consumer):
    """Do one step and return what the broker says to it."""
    try:
        if "remove" in step:
            selector.remove(step["remove"])
        elif isinstance(selector, ExclusiveRanges):
            selector.add(consumer, [HashRange(*wanted) for wanted in step["add"]])
        else:
            selector.add(consumer)
    except ConsumerAssignError as refusal:
        return str(refusal)
    return None


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda recorded: f"{recorded['kind']}-{recorded['range_size']}-{len(recorded['steps'])}")
def test_ranges_and_refusals_are_those_of_the_broker(recorded):
    selector = AutoSplitRanges(recorded["range_size"]) if recorded["kind"] == "split" else ExclusiveRanges()
    consumers = 0
    for step in recorded["steps"]:
        assert take(step, selector, consumers) == step.get("problem")
        consumers += "add" in step
        assert {str(consumer): [list(owned) for owned in ranges] for consumer, ranges in selector.ranges().items()} == step["ranges"]


@pytest.mark.parametrize("selector", [AutoSplitRanges(), ExclusiveRanges()])
def test_without_consumers_no_slot_has_an_owner(selector):
    selector.remove("nobody")
    assert selector.owner(1) is None
    assert selector.ranges() == {}


@pytest.mark.parametrize("selector", [AutoSplitRanges(), ExclusiveRanges()])
def test_a_key_has_the_same_slot_either_way(selector):
    assert selector.slot(b"key1") == 462881061 % 65536
    assert selector.slot(b"") == 1


def test_a_slot_nobody_took_has_no_owner():
    selector = ExclusiveRanges()
    selector.add("a", [HashRange(10, 20), HashRange(30, 30)])
    assert [selector.owner(slot) for slot in (9, 10, 20, 21, 30, 31)] == [None, "a", "a", None, "a", None]


@given(st.lists(st.one_of(st.just("add"), st.integers(0, 5)), max_size=12), st.integers(1, 65535))
def test_every_slot_has_the_owner_that_the_ranges_tell(steps, slot):
    selector, there = AutoSplitRanges(), []
    for number, step in enumerate(steps):
        if step == "add":
            selector.add(number)
            there.append(number)
        elif step < len(there):
            selector.remove(there.pop(step))
    owners = [owner for owner, [owned] in selector.ranges().items() if owned.start <= slot <= owned.end]
    assert owners == ([selector.owner(slot)] if there else [])
    assert set(selector.ranges()) == set(there)
