"""The metrics page of function instances, in Prometheus text (``function_stats.py``, ``prometheus_client_fix.py``).

The runtime counts plain numbers; they become Prometheus families here, when someone asks, in the order in which the real instance
makes its own: that is the order of its page. What user code registers comes between, as it does there.

Differs: the families ``python_*`` and ``process_*`` of the real page tell about its process; here they would tell about the emulator,
so they are left out.
Differs: a page for several instances is Pulsar's pages one after the other, family by family. Families of user code, which have no
labels to tell instances apart, then get ``fqfn`` and ``instance_id``.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pfemu.runtime.figures.metric_labels import METRIC_LABELS, metric_label_values
from pfemu.runtime.figures.stats import StatsSnapshot, Totals

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Metric

Labels = dict[str, str]
_PREFIX = "pulsar_function_"


def function_labels(tenant: str, namespace: str, name: str, instance_id: int) -> Labels:
    """Return the labels of all families of an instance; ``namespace`` is shown with its tenant."""
    return dict(zip(METRIC_LABELS, metric_label_values(tenant, namespace, name, str(instance_id)), strict=True))


@dataclass(frozen=True, slots=True)
class ExportedInstance:
    """One instance on the page."""

    labels: Labels
    stats: StatsSnapshot
    user_registry: "CollectorRegistry | None" = None
    """What the function's code registered itself (:mod:`pfemu.runtime.figures.user_collectors`)."""


def render(instances: Sequence[ExportedInstance]) -> str:
    """Return the page as text."""
    from prometheus_client import generate_latest

    return generate_latest(_Page(instances)).decode("utf-8")


def negotiated(instances: Sequence[ExportedInstance], accept: str = "") -> tuple[bytes, str]:
    """Return the page and its content type for an HTTP ``Accept`` header: OpenMetrics for who asks for it, as the real page does."""
    from prometheus_client.exposition import choose_encoder

    encoder, content_type = choose_encoder(accept)
    return encoder(_Page(instances)), content_type


@dataclass(frozen=True, slots=True)
class _Window:
    """The figures of all time, or those of the last minute."""

    suffix: str
    ending: str
    totals: Callable[[StatsSnapshot], Totals]


_SINCE_START = _Window("", ".", lambda stats: stats.totals)
_LAST_MINUTE = _Window("_1min", " in the last 1 minute.", lambda stats: stats.minute)


@dataclass(frozen=True, slots=True)
class _Page:
    """A collector of ``prometheus_client``."""

    instances: Sequence[ExportedInstance]

    def collect(self) -> "Iterator[Metric]":
        yield from _figures(self.instances, _SINCE_START)
        yield from _figures(self.instances, _LAST_MINUTE)
        yield _errors(self.instances, "user_exception", "Exception from user code.", lambda stats: stats.user_exception_labels)
        yield _errors(self.instances, "system_exception", "Exception from system code.", lambda stats: stats.system_exception_labels)
        yield from _user_families(self.instances)
        yield _user_metrics(self.instances)


def _figures(instances: Sequence[ExportedInstance], window: _Window) -> "Iterator[Metric]":
    yield _counter(instances, window, "processed_successfully", "Total number of messages processed successfully")
    yield _counter(instances, window, "system_exceptions", "Total number of system exceptions")
    yield _counter(instances, window, "user_exceptions", "Total number of user exceptions")
    yield _latency(instances, window)
    if not window.suffix:
        yield _last_invocation(instances)
    yield _counter(instances, window, "received", "Total number of messages received from source")


def _counter(instances: Sequence[ExportedInstance], window: _Window, name: str, text: str) -> "Metric":
    """Make the counter of a field of :class:`Totals`."""
    family = _family(name + window.suffix, text + window.ending, "counter")
    for instance in instances:
        family.add_sample(family.name + "_total", instance.labels, float(getattr(window.totals(instance.stats), name)))
        _add_created(family, instance.labels, instance.stats.created_ms)
    return family


def _latency(instances: Sequence[ExportedInstance], window: _Window) -> "Metric":
    family = _family("process_latency_ms" + window.suffix, "Process latency in milliseconds" + window.ending, "summary")
    for instance in instances:
        figures = window.totals(instance.stats)
        _add_summary(family, instance.labels, figures.latency_count, figures.latency_sum_ms, instance.stats.created_ms)
    return family


def _last_invocation(instances: Sequence[ExportedInstance]) -> "Metric":
    family = _family("last_invocation", "The timestamp of the last invocation of the function.", "gauge")
    for instance in instances:
        family.add_sample(family.name, instance.labels, float(instance.stats.last_invocation_ms))
    return family


def _errors(instances: Sequence[ExportedInstance], name: str, text: str, errors: Callable[[StatsSnapshot], Sequence[str]]) -> "Metric":
    family = _family(name, text, "gauge")
    for instance in instances:
        for error in errors(instance.stats):
            family.add_sample(family.name, {**instance.labels, "error": error}, 1.0)
    return family


def _user_metrics(instances: Sequence[ExportedInstance]) -> "Metric":
    family = _family("user_metric", "Pulsar Function user defined metric", "summary")
    for instance in instances:
        for metric in instance.stats.user_metrics:
            _add_summary(family, {**instance.labels, "metric": metric.name}, metric.count, metric.total, metric.created_ms)
    return family


def _user_families(instances: Sequence[ExportedInstance]) -> "Iterator[Metric]":
    """Yield what user code registered; families of the same name and type become one."""
    merged: dict[tuple[str, str], Metric] = {}
    for instance in instances:
        if instance.user_registry is None:
            continue
        told_apart = {name: instance.labels[name] for name in ("fqfn", "instance_id")} if len(instances) > 1 else {}
        for family in instance.user_registry.collect():
            whole = merged.setdefault((family.name, family.type), _empty_copy(family))
            whole.samples += [sample._replace(labels={**told_apart, **sample.labels}) for sample in family.samples]
    yield from merged.values()


def _empty_copy(family: "Metric") -> "Metric":
    from prometheus_client import Metric

    return Metric(family.name, family.documentation, family.type, family.unit)


def _family(name: str, text: str, kind: str) -> "Metric":
    from prometheus_client import Metric

    return Metric(_PREFIX + name, text, kind)


def _add_summary(family: "Metric", labels: Labels, count: int, total: float, created_ms: int) -> None:
    family.add_sample(family.name + "_count", labels, float(count))
    family.add_sample(family.name + "_sum", labels, total)
    _add_created(family, labels, created_ms)


def _add_created(family: "Metric", labels: Labels, created_ms: int) -> None:
    family.add_sample(family.name + "_created", labels, created_ms / 1000)
