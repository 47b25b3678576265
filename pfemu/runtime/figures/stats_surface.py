"""What ``context.stats`` has in the real runtime (``Stats`` in ``function_stats.py``): no part of the API, but functions can reach for it.

Its numbers are floats, as those of prometheus_client; times are milliseconds.

Differs: it has no ``metrics_labels``, none of prometheus_client's objects, and nothing that counts up but the user's own metrics.
"""

from __future__ import annotations

from collections import deque


class StatsSurface:
    """The getters, and the two lists of exceptions: each with its traceback and its time."""

    __slots__ = ()

    received: int
    processed_successfully: int
    user_exceptions: int
    system_exceptions: int
    latency_sum_ms: float
    latency_count: int
    last_invocation_ms: int
    latest_user_exceptions: deque[tuple[str, int]]
    latest_system_exceptions: deque[tuple[str, int]]

    @property
    def latest_user_exception(self) -> list[tuple[str, int]]:
        """The last ten exceptions of the user's code."""
        return list(self.latest_user_exceptions)

    @property
    def latest_sys_exception(self) -> list[tuple[str, int]]:
        """The last ten failures around it."""
        return list(self.latest_system_exceptions)

    def get_total_received(self) -> float:
        """Return how many messages were received."""
        return float(self.received)

    def get_total_processed_successfully(self) -> float:
        """Return how many calls returned and were answered."""
        return float(self.processed_successfully)

    def get_total_user_exceptions(self) -> float:
        """Return how many calls raised."""
        return float(self.user_exceptions)

    def get_total_sys_exceptions(self) -> float:
        """Return how much failed around the calls."""
        return float(self.system_exceptions)

    def get_avg_process_latency(self) -> float:
        """Return how long a call that returned took on average; 0.0 without any."""
        return self.latency_sum_ms / self.latency_count if self.latency_count else 0.0

    def get_last_invocation(self) -> float:
        """Return when the last call began."""
        return float(self.last_invocation_ms)
