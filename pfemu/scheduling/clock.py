"""The clocks; the one module that imports :mod:`time`."""

import time


class SystemClock:
    """Real time."""

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""
        return time.time_ns() // 1_000_000


class VirtualClock:
    """Time that stands still until someone moves it."""

    def __init__(self, start_ms: int) -> None:
        self.time_ms = start_ms

    def now_ms(self) -> int:
        """Milliseconds since the epoch, as far as it was moved."""
        return self.time_ms


def check_moves_forward(milliseconds: int) -> None:
    """Check how far somebody wants to move a clock on.

    Raises:
        ValueError: it is to go back.
    """
    if milliseconds < 0:
        raise ValueError(f"time only moves forward: advance by {milliseconds} ms was asked for")


def monotonic_ms() -> int:
    """Milliseconds of a clock that only goes forward, from an arbitrary start."""
    return time.perf_counter_ns() // 1_000_000


stopwatch_s = time.perf_counter
"""Seconds from an arbitrary start, for durations."""
