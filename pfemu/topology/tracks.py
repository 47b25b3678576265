"""Which line of a gap between two layers a connection turns on, so that no two run over each other.

All connections of one cell are one bundle: they leave together, run across on one track, and branch off to their ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bundle:
    """Connections from ``start`` to ``ends``, all places across."""

    start: int
    ends: tuple[int, ...]

    @property
    def is_straight(self) -> bool:
        """Whether it needs no track."""
        return all(end == self.start for end in self.ends)

    @property
    def low(self) -> int:
        """The lowest place of its run across."""
        return min(self.start, *self.ends)

    @property
    def high(self) -> int:
        """The highest."""
        return max(self.start, *self.ends)


def tracks(bundles: Sequence[Bundle]) -> list[int]:
    """Return the track of each bundle, from 0 on in the direction of the edges; those that are straight have none, -1.

    Of two bundles of which one leaves where the other one arrives, the first one turns earlier. Where that goes round in a circle, one of
    them is drawn over the other.
    """
    order = _ordered([index for index, each in enumerate(bundles) if not each.is_straight], bundles)
    taken: list[list[Bundle]] = []
    found = [-1] * len(bundles)
    for index in order:
        bundle = bundles[index]
        least = max((found[other] + 1 for other in order if found[other] >= 0 and _must_precede(bundles[other], bundle)), default=0)
        track = next((n for n in range(least, len(taken)) if all(_apart(bundle, other) for other in taken[n])), len(taken))
        if track == len(taken):
            taken.append([])
        taken[track].append(bundle)
        found[index] = track
    return found


def _must_precede(one: Bundle, other: Bundle) -> bool:
    return one.start in other.ends and one.start != other.start


def _apart(one: Bundle, other: Bundle) -> bool:
    return one.high < other.low or other.high < one.low


def _ordered(indexes: list[int], bundles: Sequence[Bundle]) -> list[int]:
    """Return the bundles so that what must turn earlier comes first, as far as that can be."""
    remaining, ordered = list(indexes), []
    while remaining:
        free = [each for each in remaining if not any(_must_precede(bundles[other], bundles[each]) for other in remaining if other != each)]
        chosen = (free or remaining)[0]
        remaining.remove(chosen)
        ordered.append(chosen)
    return ordered
