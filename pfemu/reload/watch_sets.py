"""Several watch sets as one: what any of them watches is watched once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pfemu.reload.watch_set import WatchSet


class WatchSets:
    """Watches for all of ``watch_sets``, which may be added to."""

    def __init__(self, watch_sets: Sequence[WatchSet]) -> None:
        self._watch_sets = watch_sets

    def refresh(self) -> None:
        """Look again at what is loaded and where links lead."""
        for each in self._watch_sets:
            each.refresh()

    @property
    def files(self) -> Iterable[str]:
        """Every place at which a change of a watched file shows."""
        return dict.fromkeys(place for each in self._watch_sets for place in each.files)

    def directories(self) -> set[str]:
        """Return the directories that must be watched."""
        return set().union(*(each.directories() for each in self._watch_sets))

    def path_of(self, place: str) -> str | None:
        """Return the file that a change at a place is a change of, None where it counts for none of them."""
        return next((path for each in self._watch_sets if (path := each.path_of(place)) is not None), None)
