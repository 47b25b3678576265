"""Who gets a key of a Key_Shared subscription (the ``StickyKeyConsumerSelector`` classes of the broker).

* The sticky key of a message is its ordering key, else its partition key, else ``<producer name>-<sequence id>``: messages without a key
  are spread.
* A sticky key has a slot of 65536: its Murmur3 hash modulo the size of the range, plus the start of the range. Slot 0 means "not set";
  what falls there goes to slot 1.
* :class:`ConsistentHashingRing`, the default: each consumer has 100 points in the range 1 to 65535, the slots of its name, a NUL, the
  lowest number no other consumer of that name has, a NUL, and 0 to 99. A slot belongs to the first point at or after it, then round again
  to the first of all. Where points collide, the consumer that came first has it until it leaves.
* What the sticky mode does in its place is in :mod:`pfemu.model.key_shared_ranges`.

A consumer may be anything hashable; it is told apart from others by identity or equality, not by its name.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from pfemu.model.hashing import murmur3_32

C = TypeVar("C", bound=Hashable)

RANGE_SIZE: Final = 65536
POINTS_PER_CONSUMER: Final = 100
"""``subscriptionKeySharedConsistentHashingReplicaPoints`` of the broker's configuration, as it is by default."""


class HashRange(NamedTuple):
    """Slots from ``start`` to ``end``, both included."""

    start: int
    end: int


def sticky_key(ordering_key: str, partition_key: str, producer_name: str, sequence_id: int) -> bytes:
    """Return what decides about a message's consumer (``Commands.resolveStickyKey``); an empty key is none."""
    return (ordering_key or partition_key or f"{producer_name}-{sequence_id}").encode()


def slot_of(key: bytes, whole: HashRange) -> int:
    """Return the slot of a sticky key (``StickyKeyConsumerSelectorUtils.makeStickyKeyHash``)."""
    return murmur3_32(key) % (whole.end - whole.start + 1) + whole.start or 1


class StickyKeySelector(Protocol[C]):
    """Owners of slots, however they came to be."""

    def slot(self, key: bytes) -> int:
        """Return the slot of a sticky key, 1 to 65535."""
        ...

    def owner(self, slot: int) -> C | None:
        """Return the consumer of a slot, None when it has none."""
        ...

    def remove(self, consumer: C) -> None:
        """Let a consumer go; harmless when it is not there."""
        ...

    def ranges(self) -> dict[C, list[HashRange]]:
        """Return the slots of each consumer in order: ``keyHashRangeArrays`` of a topic's statistics."""
        ...


class ConsistentHashingRing(Generic[C]):
    """The default of Pulsar 4.0 (``ConsistentHashingStickyKeyConsumerSelector``)."""

    __slots__ = ("_contenders", "_name_indexes", "_owners", "_points")

    WHOLE: Final = HashRange(1, RANGE_SIZE - 1)

    def __init__(self) -> None:
        self._name_indexes: dict[C, tuple[str, int]] = {}
        self._contenders: dict[int, list[C]] = {}
        """By point; the first of each list owns it."""
        self._points: list[int] = []
        """The same points in order."""
        self._owners: list[C] = []
        """Of each point, and the first of them once more for what comes after the last point."""

    def slot(self, key: bytes) -> int:
        """Return the slot of a sticky key, 1 to 65535."""
        return slot_of(key, self.WHOLE)

    def add(self, consumer: C, name: str) -> None:
        """Give a new consumer its points; two consumers may have the same name."""
        index = self._free_index(name)
        self._name_indexes[consumer] = name, index
        for replica in range(POINTS_PER_CONSUMER):
            point = self.slot(f"{name}\0{index}\0{replica}".encode())
            self._contenders.setdefault(point, []).append(consumer)
        self._order()

    def remove(self, consumer: C) -> None:
        """Take a consumer's points away; harmless when it is not there."""
        if self._name_indexes.pop(consumer, None) is None:
            return
        left = {point: [other for other in contenders if other != consumer] for point, contenders in self._contenders.items()}
        self._contenders = {point: contenders for point, contenders in left.items() if contenders}
        self._order()

    def owner(self, slot: int) -> C | None:
        """Return the consumer of a slot, None when there is no consumer at all."""
        return self._owners[bisect_left(self._points, slot)] if self._owners else None

    def ranges(self) -> dict[C, list[HashRange]]:
        """Return the slots of each consumer in order, neighbouring ones joined."""
        ranges: dict[C, list[HashRange]] = {}
        start = self.WHOLE.start
        for end, owner in zip([*self._points, self.WHOLE.end], self._owners, strict=False):
            if end < start:
                continue  # the last point is the last slot
            own = ranges.setdefault(owner, [])
            if own and own[-1].end == start - 1:
                start = own.pop().start
            own.append(HashRange(start, end))
            start = end + 1
        return ranges

    def _free_index(self, name: str) -> int:
        """Return the lowest number that no consumer of that name has (``ConsumerNameIndexTracker``)."""
        taken = {index for other, index in self._name_indexes.values() if other == name}
        return min(set(range(len(taken) + 1)) - taken)

    def _order(self) -> None:
        self._points = sorted(self._contenders)
        self._owners = [self._contenders[point][0] for point in [*self._points, *self._points[:1]]]
