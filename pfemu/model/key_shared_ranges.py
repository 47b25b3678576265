"""Key_Shared in sticky mode: each consumer says which slots it takes. Slots that nobody took have no owner.

Slots here are those of the range 0 to 65535; a key whose slot would be 0 has slot 1.
"""

from collections.abc import Sequence
from typing import Final, Generic

from pfemu.errors import ConsumerAssignError
from pfemu.model.key_shared import RANGE_SIZE, C, HashRange, slot_of

_WHOLE: Final = HashRange(0, RANGE_SIZE - 1)


class ExclusiveRanges(Generic[C]):
    """``HashRangeExclusiveStickyKeyConsumerSelector``."""

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
