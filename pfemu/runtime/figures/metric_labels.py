"""The labels of an instance's metrics (``function_stats.py``), and of those that its code records (``contextimpl.py``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.model.namespace_name import CLUSTER

if TYPE_CHECKING:
    from pfemu.runtime.figures.stats import FunctionStats, UserMetric

METRIC_LABELS = ["tenant", "namespace", "name", "instance_id", "cluster", "fqfn"]
USER_METRIC_LABELS = [*METRIC_LABELS, "metric"]


def metric_label_values(tenant: str, namespace: str, name: str, instance_id: str) -> list[str]:
    """Return the values of :data:`METRIC_LABELS`; ``namespace`` is shown with its tenant."""
    return [tenant, f"{tenant}/{namespace}", name, instance_id, CLUSTER, f"{tenant}/{namespace}/{name}"]


class UserMetricsSummary:
    """``context.user_metrics_summary``: gives the metrics of one instance out, as a Prometheus ``Summary`` with labels does."""

    def __init__(self, stats: FunctionStats) -> None:
        self._stats = stats

    def labels(self, *values: object) -> UserMetric:
        """Return the metric that the last of the values of :data:`USER_METRIC_LABELS` names.

        Raises:
            ValueError: ``Incorrect label count``, in prometheus_client's words.
        """
        if len(values) != len(USER_METRIC_LABELS):
            raise ValueError("Incorrect label count")
        return self._stats.metric(str(values[-1]))
