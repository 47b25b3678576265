"""What a function instance counts about itself (``function_stats.py``).

Rules:

1. Counters are plain numbers in slots: the instance adds to them directly, and they are given a shape when someone asks.
2. One-minute figures tumble: they count from the last full minute since the instance started. The totals at that moment are remembered
   and subtracted, so a message costs nothing more. Who has the time calls ``roll_minute`` at ``minute_ends_ms`` or before anything is
   counted after it; a snapshot rolls what is overdue.
3. The last ten exceptions are kept as text. The first five of each minute get an ``error`` label on the metrics page, for good; a
   repeated text uses up one of the five (``ratelimit``'s ``@limits(calls=5, period=60)`` counts calls, not labels).
4. What waits for the thread of an instance counts as received only when that one's queue of one message, or its listener, has it.
5. A user metric counts before it sums up: a value that cannot be added raises ``TypeError`` and leaves the count risen.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from pfemu.runtime.figures.stats_surface import StatsSurface

MINUTE_MS = 60_000
AHEAD = 2
"""How many messages count as received while another is processed: one in the queue, and one that the listener waits to put there."""
_LATEST_EXCEPTIONS = 10
_LABELS_PER_MINUTE = 5


@dataclass(frozen=True, slots=True)
class Totals:
    """The counters at one moment, or what was added to them since another."""

    received: int = 0
    processed_successfully: int = 0
    user_exceptions: int = 0
    system_exceptions: int = 0
    latency_sum_ms: float = 0.0
    latency_count: int = 0

    @property
    def average_latency_ms(self) -> float:
        """Mean time of the calls that returned; 0.0 without any."""
        return self.latency_sum_ms / self.latency_count if self.latency_count else 0.0

    def since(self, earlier: "Totals") -> "Totals":
        """Return what was added since ``earlier``."""
        return Totals(
            self.received - earlier.received,
            self.processed_successfully - earlier.processed_successfully,
            self.user_exceptions - earlier.user_exceptions,
            self.system_exceptions - earlier.system_exceptions,
            self.latency_sum_ms - earlier.latency_sum_ms,
            self.latency_count - earlier.latency_count,
        )


class UserMetric:
    """What ``record_metric`` made of one name: a Prometheus summary without quantiles."""

    __slots__ = ("count", "created_ms", "total")

    def __init__(self, created_ms: int) -> None:
        self.total = 0.0
        self.count = 0
        self.created_ms = created_ms

    def observe(self, value: float) -> None:
        """Add a value.

        Raises:
            TypeError: it cannot be added to a float; the count has risen by then.
        """
        self.count += 1
        self.total += value


@dataclass(frozen=True, slots=True)
class UserMetricFigures:
    """A user metric at one moment."""

    name: str
    total: float
    count: int
    created_ms: int


@dataclass(frozen=True, slots=True)
class StatsSnapshot:
    """All figures of an instance at one moment; times are milliseconds since the epoch, 0 for never."""

    totals: Totals
    minute: Totals
    last_invocation_ms: int
    created_ms: int
    user_metrics: tuple[UserMetricFigures, ...]
    user_exception_labels: tuple[str, ...]
    system_exception_labels: tuple[str, ...]
    latest_user_exceptions: tuple[tuple[str, int], ...]
    latest_system_exceptions: tuple[tuple[str, int], ...]


class FunctionStats(StatsSurface):
    """The counters of one run of an instance; a restart begins with new ones.

    Args:
        created_ms: when the instance started; its minutes count from there.
    """

    __slots__ = (
        "_metrics",
        "_system_labels",
        "_totals_at_minute",
        "_user_labels",
        "created_ms",
        "last_invocation_ms",
        "latency_count",
        "latency_sum_ms",
        "latest_system_exceptions",
        "latest_user_exceptions",
        "metrics_by_argument",
        "minute_ends_ms",
        "processed_successfully",
        "received",
        "system_exceptions",
        "user_exceptions",
        "waiting",
    )

    def __init__(self, created_ms: int) -> None:
        self.received = 0
        """Those that the thread which processes has taken; a snapshot adds what waits."""
        self.waiting: Callable[[], int] | None = None
        """How many messages wait for a thread; None where none does."""
        self.processed_successfully = 0
        self.user_exceptions = 0
        self.system_exceptions = 0
        self.latency_sum_ms = 0.0
        self.latency_count = 0
        self.last_invocation_ms = 0
        self.created_ms = created_ms
        self.latest_user_exceptions: deque[tuple[str, int]] = deque(maxlen=_LATEST_EXCEPTIONS)
        self.latest_system_exceptions: deque[tuple[str, int]] = deque(maxlen=_LATEST_EXCEPTIONS)
        self._user_labels = _ErrorLabels(created_ms)
        self._system_labels = _ErrorLabels(created_ms)
        self._metrics: dict[str, UserMetric] = {}
        self.metrics_by_argument: dict[object, UserMetric] = {}
        """``context.user_metrics_map``: by the name as given; 5 and "5" are one metric, found under two keys."""
        self._totals_at_minute = Totals()
        self.minute_ends_ms = created_ms + MINUTE_MS

    def count_user_exception(self, error: BaseException, text: str, now_ms: int) -> None:
        """Count an exception of the user's code; ``text`` is its traceback."""
        self.roll_minute(now_ms)
        self.user_exceptions += 1
        self.latest_user_exceptions.append((text, now_ms))
        self._user_labels.add(error, now_ms)

    def count_system_exception(self, error: BaseException, text: str, now_ms: int) -> None:
        """Count a failure around the user's code; ``text`` is its traceback."""
        self.roll_minute(now_ms)
        self.system_exceptions += 1
        self.latest_system_exceptions.append((text, now_ms))
        self._system_labels.add(error, now_ms)

    def record_metric(self, name: str, value: float) -> None:
        """Add a value to a user metric (``ContextImpl.record_metric``).

        Raises:
            TypeError: the name is unhashable, or the value cannot be added to a float; the count has risen by then.
        """
        metric = self.metrics_by_argument.get(name)
        if metric is None:
            metric = self.metrics_by_argument[name] = self.metric(str(name))
        metric.observe(value)

    def user_metrics(self) -> dict[str, float]:
        """Return ``user_metric_<name>_sum`` and ``user_metric_<name>_count`` of each metric (``ContextImpl.get_metrics``)."""
        figures: dict[str, float] = {}
        for name, metric in list(self._metrics.items()):
            figures[f"user_metric_{name}_sum"] = metric.total
            figures[f"user_metric_{name}_count"] = float(metric.count)
        return figures

    def reset_user_metrics(self) -> None:
        """Set each metric to zero (``ContextImpl.reset_metrics``)."""
        for metric in list(self._metrics.values()):
            metric.total = 0.0
            metric.count = 0

    def roll_minute(self, now_ms: int) -> None:
        """Begin a new minute if the last one is over."""
        overdue_ms = now_ms - self.minute_ends_ms
        if overdue_ms >= 0:
            self.minute_ends_ms += (overdue_ms // MINUTE_MS + 1) * MINUTE_MS
            self._totals_at_minute = self._totals(0)

    def snapshot(self, now_ms: int) -> StatsSnapshot:
        """Return all figures as of now."""
        self.roll_minute(now_ms)
        totals = self._totals(0 if self.waiting is None else min(self.waiting(), AHEAD))
        return StatsSnapshot(
            totals=totals,
            minute=totals.since(self._totals_at_minute),
            last_invocation_ms=self.last_invocation_ms,
            created_ms=self.created_ms,
            user_metrics=tuple(
                UserMetricFigures(name, metric.total, metric.count, metric.created_ms) for name, metric in list(self._metrics.items())
            ),
            user_exception_labels=self._user_labels.texts(),
            system_exception_labels=self._system_labels.texts(),
            latest_user_exceptions=tuple(self.latest_user_exceptions),
            latest_system_exceptions=tuple(self.latest_system_exceptions),
        )

    def _totals(self, ahead: int) -> Totals:
        return Totals(
            self.received + ahead,
            self.processed_successfully,
            self.user_exceptions,
            self.system_exceptions,
            self.latency_sum_ms,
            self.latency_count,
        )

    def metric(self, name: str) -> UserMetric:
        """Return the metric of a name, a new one for a new name."""
        metric = self._metrics.get(name)
        if metric is None:
            metric = self._metrics[name] = UserMetric(self.last_invocation_ms or self.created_ms)
        return metric


class _ErrorLabels:
    """The texts that became labels, oldest first, and how many calls this minute has seen."""

    __slots__ = ("_calls", "_minute_began_ms", "_texts")

    def __init__(self, now_ms: int) -> None:
        self._texts: dict[str, None] = {}
        self._calls = 0
        self._minute_began_ms = now_ms

    def add(self, error: BaseException, now_ms: int) -> None:
        if now_ms - self._minute_began_ms >= MINUTE_MS:
            self._minute_began_ms = now_ms
            self._calls = 0
        self._calls += 1
        if self._calls <= _LABELS_PER_MINUTE:
            self._texts[str(error)] = None

    def texts(self) -> tuple[str, ...]:
        return tuple(self._texts)
