"""Batches that end with the message that is being processed.

A function instance's producers fill batches like any other, and on a cluster they are sent 10 ms later. Where time is virtual the
instance ends them after each message of its own, so that what one call of ``process`` published is one batch, and there at once.

Differs: on a cluster what is published within 10 ms shares a batch, also for several messages; a result of ``process`` is a batch of
one here.
"""

from __future__ import annotations

from typing import Protocol


class BatchFiller(Protocol):
    """A producer with a batch that is being filled."""

    def end_batch(self) -> None:
        """Send what is in it."""
        ...


class OpenBatches:
    """The producers of one client that have begun a batch; true when there are any."""

    __slots__ = ("_fillers",)

    def __init__(self) -> None:
        self._fillers: list[BatchFiller] = []

    def add(self, filler: BatchFiller) -> None:
        """Note a producer that begins a batch."""
        self._fillers.append(filler)

    def end(self) -> None:
        """Have all of them sent, in the order in which they were begun."""
        fillers, self._fillers = self._fillers, []
        for filler in fillers:
            filler.end_batch()

    def __bool__(self) -> bool:
        return bool(self._fillers)
