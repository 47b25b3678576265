"""Rings are held to `keyHashRangeArrays` of a real broker's statistics, owners of keys to what its consumers got."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfemu.model.key_shared import ConsistentHashingRing, HashRange, slot_of, sticky_key

RINGS = json.loads((Path(__file__).parent / "data" / "key_shared_rings.json").read_text())
LAST_SLOT = 65535

names = st.lists(st.text(max_size=3), min_size=1, max_size=4)


def ring_of(*consumers):
    ring = ConsistentHashingRing()
    for name in consumers:
        ring.add(name, name)
    return ring


def test_nobody_owns_a_slot_of_an_empty_ring():
    ring = ConsistentHashingRing()
    ring.remove("nobody")
    assert ring.owner(1) is None
    assert ring.ranges() == {}


@pytest.mark.parametrize("recorded", RINGS, ids=lambda recorded: recorded["name"])
def test_slots_belong_to_the_consumers_a_real_broker_gives_them_to(recorded):
    ring = ConsistentHashingRing()
    consumers = 0
    for step, subject in recorded["steps"]:
        if step == "+":
            ring.add(consumers, subject)
            consumers += 1
        else:
            ring.remove(subject)
    owned_up_to = sorted((owned.end, consumer) for consumer, ranges in ring.ranges().items() for owned in ranges)
    assert [[end, consumer] for end, consumer in owned_up_to] == recorded["owned_up_to"]


@pytest.mark.parametrize(
    ("consumers", "owners"),
    [
        (["a", "b"], "babbbaaabbbaaaabbaabaaabababbbbbbbbabbaaaaabaababb"),
        (["a", "b", "c"], "babbbaaacbbaacabbaabcaababacbcbbbbbabcaaacabcaccbb"),
        (["consumer-1", "consumer-2", "consumer-3"], "33133231132131222231311133332313323212211322211311"),
    ],
)
def test_keys_go_to_the_consumers_that_really_got_them(consumers, owners):
    ring = ring_of(*consumers)
    assert "".join(ring.owner(ring.slot(f"key-{number}".encode()))[-1] for number in range(50)) == owners


@pytest.mark.parametrize(
    ("ordering_key", "partition_key", "key"),
    [("", "", b"shop-7"), ("", "key", b"key"), ("ordering", "", b"ordering"), ("ordering", "key", b"ordering"), ("", "é", "é".encode())],
)
def test_the_sticky_key_is_the_ordering_key_then_the_key_then_unlike_others(ordering_key, partition_key, key):
    assert sticky_key(ordering_key, partition_key, "shop", 7) == key


def test_no_key_has_slot_0():
    assert slot_of(b"", HashRange(0, LAST_SLOT)) == 1
    assert slot_of(b"", HashRange(1, LAST_SLOT)) == 1


@given(st.binary())
def test_a_slot_is_in_its_range(key):
    assert 1 <= slot_of(key, HashRange(1, LAST_SLOT)) <= LAST_SLOT
    assert 1 <= slot_of(key, HashRange(0, LAST_SLOT)) <= LAST_SLOT


@given(names)
def test_every_slot_has_one_owner_and_ranges_tell_which(consumer_names):
    ring = ConsistentHashingRing()
    for consumer, name in enumerate(consumer_names):
        ring.add(consumer, name)
    owned = sorted((start, end, consumer) for consumer, ranges in ring.ranges().items() for start, end in ranges)
    assert [start for start, _, _ in owned] == [1, *(end + 1 for _, end, _ in owned[:-1])]
    assert owned[-1][1] == LAST_SLOT
    assert all(ring.owner(slot) == consumer for start, end, consumer in owned for slot in (start, end))


@given(names, st.text(max_size=3))
def test_a_consumer_that_comes_takes_slots_for_itself_alone_and_gives_them_back(consumer_names, name):
    ring = ConsistentHashingRing()
    for consumer, other in enumerate(consumer_names):
        ring.add(consumer, other)
    before, ranges_before = [ring.owner(slot) for slot in range(1, LAST_SLOT, 97)], ring.ranges()
    ring.add("new", name)
    after = [ring.owner(slot) for slot in range(1, LAST_SLOT, 97)]
    assert all(owner in {"new", earlier} for owner, earlier in zip(after, before, strict=True))
    ring.remove("new")
    assert ring.ranges() == ranges_before


def test_a_point_on_the_last_slot_ends_the_ring():
    name = next(name for name in map(str, range(2000)) if any(end == LAST_SLOT for end in ring_of(name)._points))
    assert ring_of(name).ranges() == {name: [HashRange(1, LAST_SLOT)]}
    assert ring_of(name).owner(LAST_SLOT) == name
