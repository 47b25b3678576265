"""The metrics page of a function that runs in an emulator, as Prometheus would fetch it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.broker.namespaces import CLUSTER
from pfemu.metrics.exporter import ExportedInstance, function_labels, render

if TYPE_CHECKING:
    from pfemu.function_handle import FunctionHandle


def metrics_page(function: FunctionHandle, cluster: str = CLUSTER) -> str:
    """Return the page of all instances of a function, in Prometheus text, with Pulsar's names and labels."""
    details = function.function.details
    snapshots = zip(function.function.instances, function.snapshots(), strict=True)
    exported = []
    for instance, stats in snapshots:
        labels = function_labels(details.tenant, details.namespace, details.name, instance.instance_id, cluster)
        registry = None if instance.loaded is None else instance.loaded.collectors.registry
        exported.append(ExportedInstance(labels, stats, registry))
    return render(exported)
