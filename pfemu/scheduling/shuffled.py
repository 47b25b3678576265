"""Work in lanes: in order within a lane, by a seeded choice between lanes.

Each piece of work is a step of its own; whose it is, is decided when it runs. So the same seed and the same program give the
same order, and another seed another one, while everything else the scheduler runs stays first in, first out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from random import Random

from pfemu.ports import Scheduler


class ShuffledLanes:
    """The lanes of one emulator."""

    def __init__(self, scheduler: Scheduler, seed: int) -> None:
        self.seed = seed
        self._scheduler = scheduler
        self._random = Random(seed)  # noqa: S311 - an order that can be repeated, no secret
        self._lanes: dict[Hashable, deque[Callable[[], object]]] = {}

    def add(self, lane: Hashable, run: Callable[[], object]) -> None:
        """Queue work at the end of a lane."""
        self._lanes.setdefault(lane, deque()).append(run)
        self._scheduler.soon(self._run_one)

    def _run_one(self) -> None:
        """Run the first work of some lane; a lane that is empty is forgotten."""
        lane = self._random.choice(list(self._lanes))
        waiting = self._lanes[lane]
        run = waiting.popleft()
        if not waiting:
            del self._lanes[lane]
        run()
