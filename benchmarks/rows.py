"""A row of the table, and how durations are taken."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure. ``beside`` is what it is compared with, measured in the same run in the same unit; ``goal`` is the figure to reach."""

    name: str
    figure: float
    unit: str
    beside: str = ""
    beside_figure: float = 0.0
    goal: str = ""

    def cells(self) -> tuple[str, str, str, str]:
        ratio = ""
        if self.beside_figure:
            ratio = f"{self.figure / self.beside_figure:,.3g} x {self.beside} ({self.beside_figure:,.4g})"
        return self.name, f"{self.figure:,.4g} {self.unit}", ratio, self.goal


def best_seconds(run: Callable[[], object], repeat: int) -> float:
    """Return the shortest of several runs: what the machine can do when it is left alone."""
    best = float("inf")
    for _ in range(repeat):
        gc.collect()
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def print_rows(rows: list[Row]) -> None:
    cells = [row.cells() for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    for line in cells:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
