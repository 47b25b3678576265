"""Whom reloads are for: an emulator, and those who hear what comes of a save."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pfemu.emulator import Emulator
    from pfemu.reload.reports import Report


def _wakes_itself() -> None:
    """Do nothing: the thread that owns the broker waits for nothing else."""


@dataclass(frozen=True, slots=True)
class ReloadHost:
    """What a reload reaches out to.

    Attributes:
        emulator: whose functions they are.
        tell: is given reports, on the thread that owns the broker.
        retire: is given what ends an old load, to be called where it holds nothing up.
        wake: wakes the thread that owns the broker, where that waits for input as well.
    """

    emulator: Emulator
    tell: Callable[[Report], object]
    retire: Callable[[Callable[[], object]], object]
    wake: Callable[[], object] = _wakes_itself

    def on_owner(self, work: Callable[[], object]) -> None:
        """Have something done on the thread that owns the broker, after what waits there; any thread may ask."""
        self.emulator.scheduler.soon(work)
        self.wake()

    def report(self, report: Report) -> None:
        """Have a report told; from any thread."""
        self.on_owner(partial(self.tell, report))
