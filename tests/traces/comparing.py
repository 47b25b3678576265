"""Recorded against replayed: what differs, each with its path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.traces.normalising import sorting_text

UNSTABLE = "<unstable>"
ABSENT = "<absent>"
NOT_COMPARED = {"log_file", "recorded_with", "unstable"}
"""A log file holds mostly what the real runtime says of itself; what a function says goes to the log topic as well, which is compared."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the emulator did not do what Pulsar did."""

    path: str
    recorded: Any
    replayed: Any

    def __str__(self) -> str:
        return f"{self.path}\n    recorded: {self.recorded!r}\n    replayed: {self.replayed!r}"


def differences(recorded: Any, replayed: Any, path: str = "") -> Iterator[Difference]:
    """Yield what differs; numbers that were not promised (``<unstable>``) and orders that were not (``any_order``) do not."""
    if isinstance(recorded, str) and recorded == UNSTABLE:
        return
    if isinstance(recorded, dict) and set(recorded) == {"any_order"} and isinstance(replayed, list):
        yield from _of_lists(sorted(recorded["any_order"], key=sorting_text), sorted(replayed, key=sorting_text), path)
    elif isinstance(recorded, dict) and isinstance(replayed, dict):
        for name in [*recorded, *(name for name in replayed if name not in recorded)]:
            if name not in NOT_COMPARED:
                yield from differences(recorded.get(name, ABSENT), replayed.get(name, ABSENT), f"{path}.{name}")
    elif isinstance(recorded, list) and isinstance(replayed, list):
        if path.endswith(".consumers"):  # which process connects first is chance
            recorded, replayed = sorted(recorded, key=sorting_text), sorted(replayed, key=sorting_text)
        yield from _of_lists(recorded, replayed, path)
    elif recorded != replayed or isinstance(recorded, bool) != isinstance(replayed, bool):
        yield Difference(path, recorded, replayed)


def _of_lists(recorded: list[Any], replayed: list[Any], path: str) -> Iterator[Difference]:
    if len(recorded) != len(replayed):
        yield Difference(path, recorded, replayed)
        return
    for index, (one, other) in enumerate(zip(recorded, replayed, strict=True)):
        yield from differences(one, other, f"{path}[{index}]")
