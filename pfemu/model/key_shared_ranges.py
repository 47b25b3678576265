"""Key_Shared by plain ranges of slots: what a broker does that is not to hash consistently.

* :class:`AutoSplitRanges`, with ``subscriptionKeySharedUseConsistentHashing=false``: the first consumer has all slots; a new one gets the
  lower half of the largest range (of the lowest, if there are several); one that leaves hands its range to the next higher, the highest
  one to the next lower.
* :class:`ExclusiveRanges`, sticky mode: each consumer says which slots it takes. Slots that nobody took have no owner.

Slots here are those of the range 0 to 65535; a key whose slot would be 0 has slot 1.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Generic

from pfemu.errors import ConsumerAssignError
from pfemu.model.key_shared import RANGE_SIZE, C, HashRange, slot_of

_WHOLE: Final = HashRange(0, RANGE_SIZE - 1)


class AutoSplitRanges(Generic[C]):
    """``HashRangeAutoSplitStickyKeyConsumerSelector``; ``range_size`` is a power of two."""

    __slots__ = ("_ends", "_owners", "_range_size")

    def __init__(self, range_size: int = RANGE_SIZE) -> None:
        self._range_size = range_size
        self._ends: list[int] = []
        """Where ranges end, in order. A range starts after the end of the one before; the last one ends beyond the last slot."""
        self._owners: list[C] = []

    def slot(self, key: bytes) -> int:
        """Return the slot of a sticky key, 1 to 65535."""
        return slot_of(key, HashRange(0, self._range_size - 1))

    def add(self, consumer: C) -> None:
        """Give a new consumer half of the largest range.

        Raises:
            ConsumerAssignError: there is no range of two slots left.
        """
        if not self._ends:
            self._insert(0, self._range_size, consumer)
            return
        sizes = [end - before for before, end in pairwise([0, *self._ends])]
        largest = sizes.index(max(sizes))
        half = sizes[largest] >> 1
        if not half:
            raise ConsumerAssignError(f"No more range can assigned to new consumer, assigned consumers {len(self._ends)}")
        self._insert(largest, self._ends[largest] - half, consumer)

    def remove(self, consumer: C) -> None:
        """Hand a consumer's range to its neighbour; harmless when it is not there."""
        if consumer not in self._owners:
            return
        place = self._owners.index(consumer)
        is_highest = place == len(self._ends) - 1
        del self._ends[place - 1 if is_highest and place else place]
        del self._owners[place]

    def owner(self, slot: int) -> C | None:
        """Return the consumer of a slot, None when there is no consumer at all."""
        return self._owners[bisect_left(self._ends, slot)] if self._owners else None

    def ranges(self) -> dict[C, list[HashRange]]:
        """Return the slots of each consumer; the highest range ends beyond the last slot, as in Pulsar."""
        starts = [0, *(end + 1 for end in self._ends)]
        return {owner: [HashRange(start, end)] for start, end, owner in zip(starts, self._ends, self._owners, strict=False)}

    def _insert(self, place: int, end: int, consumer: C) -> None:
        self._ends.insert(place, end)
        self._owners.insert(place, consumer)


class ExclusiveRanges(Generic[C]):
    """Sticky mode (``HashRangeExclusiveStickyKeyConsumerSelector``)."""

    __slots__ = ("_taken",)

    def __init__(self) -> None:
        self._taken: list[tuple[HashRange, C]] = []
        """In order."""

    def slot(self, key: bytes) -> int:
        """Return the slot of a sticky key, 1 to 65535."""
        return slot_of(key, _WHOLE)

    def add(self, consumer: C, ranges: Sequence[HashRange]) -> None:
        """Give a new consumer the slots it asks for. Slots beyond 65535 are no error, nor of any use.

        Raises:
            ConsumerAssignError: no ranges, one that ends before it starts, two that overlap, or one that overlaps with another consumer's.
        """
        _check_ranges(sorted(ranges, key=lambda own: own.start))
        for wanted in ranges:
            for taken, other in self._taken:
                if _overlap(wanted, taken):
                    raise ConsumerAssignError(f"Range conflict with consumer {other}")
        self._taken = sorted([*self._taken, *((wanted, consumer) for wanted in ranges)], key=lambda taken: taken[0].start)

    def remove(self, consumer: C) -> None:
        """Free a consumer's slots; harmless when it is not there."""
        self._taken = [(taken, other) for taken, other in self._taken if other != consumer]

    def owner(self, slot: int) -> C | None:
        """Return the consumer that took the slot, None when nobody did."""
        return next((consumer for taken, consumer in self._taken if taken.start <= slot <= taken.end), None)

    def ranges(self) -> dict[C, list[HashRange]]:
        """Return the slots of each consumer in order, as it asked for them."""
        ranges: dict[C, list[HashRange]] = {}
        for taken, consumer in self._taken:
            ranges.setdefault(consumer, []).append(taken)
        return ranges


def _check_ranges(ranges: list[HashRange]) -> None:
    if not ranges:
        raise ConsumerAssignError("Ranges for KeyShared policy must not be empty.")
    for own, following in zip(ranges, [*ranges[1:], None], strict=True):
        if own.start > own.end:
            raise ConsumerAssignError(f"Fixed hash range start > end for range: {_shown(own)}")
        if following and _overlap(own, following):
            raise ConsumerAssignError(f"Consumer's own ranges conflict: {_shown(own)} overlaps with {_shown(following)}")


def _overlap(one: HashRange, other: HashRange) -> bool:
    return max(one.start, other.start) <= min(one.end, other.end)


def _shown(own: HashRange) -> str:
    return f"[{own.start},{own.end}]"
