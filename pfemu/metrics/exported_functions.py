"""The instances of functions as the metrics page takes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pfemu.metrics.exporter import ExportedInstance, function_labels
from pfemu.runtime.metric_labels import CLUSTER

if TYPE_CHECKING:
    from pfemu.function_handle import FunctionHandle


def exported(functions: Iterable[FunctionHandle], now_ms: int, cluster: str = CLUSTER) -> list[ExportedInstance]:
    """Return all instances with their figures as of now."""
    found = []
    for function in functions:
        details = function.function.details
        for instance in function.function.instances:
            labels = function_labels(details.tenant, details.namespace, details.name, instance.instance_id, cluster)
            registry = None if instance.loaded is None else instance.loaded.collectors.registry
            found.append(ExportedInstance(labels, instance.stats.snapshot(now_ms), registry))
    return found
