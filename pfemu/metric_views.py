"""The figures of a function as tests and scripts see them, over all its instances.

User metrics have what ``context.record_metric`` was given; Pulsar's own counters have their names of the metrics page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from pfemu.model.nearest_name import did_you_mean
from pfemu.runtime.figures.stats import StatsSnapshot, Totals
from pfemu.state_views import MissingKeyError

_PREFIX = "pulsar_function_"


@dataclass(frozen=True, slots=True)
class Metric:
    """One user metric: a Prometheus summary, and every value that went into it."""

    values: tuple[object, ...]
    sum: float
    count: int


class _Figures(dict[str, float]):
    """Figures by name, which know what is nearest to a name that none has."""

    def __missing__(self, name: str) -> float:
        raise MissingKeyError(f"Pulsar has no figure {name!r}{did_you_mean(name, self, otherwise='.')} There are: {', '.join(self)}")


class MetricsView(Mapping[str, Metric]):
    """User metrics by name.

    ``snapshots`` returns the figures of each instance; ``recorded`` has the values.

    Raises:
        MissingKeyError: no metric of that name was recorded.
    """

    def __init__(self, snapshots: Callable[[], Sequence[StatsSnapshot]], recorded: Mapping[str, list[object]]) -> None:
        self._snapshots = snapshots
        self._recorded = recorded

    @property
    def pulsar(self) -> dict[str, float]:
        """Pulsar's own figures, by their names on the metrics page, summed over the instances.

        Looking up another name raises :class:`~pfemu.state_views.MissingKeyError`.
        """
        snapshots = self._snapshots()
        figures = {
            **_named(add_up([one.totals for one in snapshots]), ""),
            **_named(add_up([one.minute for one in snapshots]), "_1min"),
            f"{_PREFIX}last_invocation": float(max((one.last_invocation_ms for one in snapshots), default=0)),
        }
        return _Figures(sorted(figures.items()))

    def _metrics(self) -> dict[str, Metric]:
        found: dict[str, Metric] = {}
        for snapshot in self._snapshots():
            for figures in snapshot.user_metrics:
                before = found.get(figures.name, Metric((), 0.0, 0))
                values = tuple(self._recorded.get(figures.name, ()))
                found[figures.name] = Metric(values, before.sum + figures.total, before.count + figures.count)
        return found

    def __getitem__(self, name: str) -> Metric:
        metrics = self._metrics()
        if name in metrics:
            return metrics[name]
        if name.startswith(_PREFIX):
            raise MissingKeyError(f"{name!r} is one of Pulsar's own figures: function.metrics.pulsar[{name!r}]")
        raise MissingKeyError(f"no metric {name!r} was recorded; there are: {', '.join(map(repr, metrics)) or 'none'}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._metrics())

    def __len__(self) -> int:
        return len(self._metrics())

    def __repr__(self) -> str:
        return f"<metrics {self._metrics()}>"


def add_up(parts: Sequence[Totals]) -> Totals:
    """Return the sum of several instances' counters."""
    return Totals(*(sum(getattr(part, field.name) for part in parts) for field in fields(Totals)))


def _named(totals: Totals, suffix: str) -> dict[str, float]:
    counters = ("received", "processed_successfully", "user_exceptions", "system_exceptions")
    latency = f"{_PREFIX}process_latency_ms{suffix}"
    return {
        **{f"{_PREFIX}{name}{suffix}_total": float(getattr(totals, name)) for name in counters},
        f"{latency}_count": float(totals.latency_count),
        f"{latency}_sum": totals.latency_sum_ms,
    }
