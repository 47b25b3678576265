"""The JSON of ``…/stats`` and ``…/status`` (``FunctionStatsImpl``, ``FunctionInstanceStatsDataImpl``, ``FunctionStatus``).

Rules: an average latency of nothing and a last invocation that never was are null in statistics and 0 in a status; the average of a
function is the mean of its instances' averages, whatever their loads; a figure that is not a number is left out of the user metrics,
an endless one is text; an instance that cannot be asked shows zeros.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite, isnan

from pfemu.runtime.figures.stats import StatsSnapshot, Totals

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class InstanceState:
    """What the worker knows of an instance beside its figures."""

    running: bool
    worker_id: str
    error: str = ""
    restarts: int = 0
    stopped: bool = False
    """By ``stop``, so that it is not asked at all; otherwise one that does not run is a process that died."""


def function_stats(instances: Iterable[tuple[int, StatsSnapshot | None]]) -> Json:
    """Return the body of ``…/stats``; a snapshot is None for an instance that cannot be asked."""
    numbered = sorted(((number, _answered(snapshot)) for number, snapshot in instances), key=lambda item: item[0])
    seen = [snapshot for _, snapshot in numbered if snapshot is not None]
    return {
        **_sums([snapshot.totals for snapshot in seen]),
        "1min": _sums([snapshot.minute for snapshot in seen]),
        "lastInvocation": max((snapshot.last_invocation_ms for snapshot in seen), default=0) or None,
        "instances": [{"instanceId": number, "metrics": instance_stats(snapshot)} for number, snapshot in numbered],
    }


def instance_stats(snapshot: StatsSnapshot | None) -> Json:
    """Return the body of ``…/{id}/stats``."""
    snapshot = _answered(snapshot)
    return {
        **_sums([] if snapshot is None else [snapshot.totals]),
        "1min": _sums([] if snapshot is None else [snapshot.minute]),
        "lastInvocation": None if snapshot is None else snapshot.last_invocation_ms or None,
        "userMetrics": {} if snapshot is None else _user_metrics(snapshot),
    }


def function_status(instances: Iterable[tuple[int, InstanceState, StatsSnapshot | None]]) -> Json:
    """Return the body of ``…/status``."""
    numbered = sorted(instances, key=lambda item: item[0])
    return {
        "numInstances": len(numbered),
        "numRunning": sum(state.running for _, state, _ in numbered),
        "instances": [{"instanceId": number, "status": instance_status(state, snapshot)} for number, state, snapshot in numbered],
    }


def instance_status(state: InstanceState, snapshot: StatsSnapshot | None) -> Json:
    """Return the body of ``…/{id}/status``."""
    totals = Totals() if snapshot is None else snapshot.totals
    user, system = ((), ()) if snapshot is None else (snapshot.latest_user_exceptions, snapshot.latest_system_exceptions)
    return {
        "running": state.running,
        "error": state.error,
        "numRestarts": state.restarts,
        "numReceived": totals.received,
        "numSuccessfullyProcessed": totals.processed_successfully,
        "numUserExceptions": totals.user_exceptions,
        **({} if state.stopped else {"latestUserExceptions": _exceptions(user)}),
        "numSystemExceptions": totals.system_exceptions,
        **({} if state.stopped else {"latestSystemExceptions": _exceptions(system)}),
        "averageLatency": totals.average_latency_ms,
        "lastInvocationTime": 0 if snapshot is None else snapshot.last_invocation_ms,
        "workerId": state.worker_id,
    }


def _answered(snapshot: StatsSnapshot | None) -> StatsSnapshot | None:
    """Return None for an instance that fails to answer: protobuf takes no half of a surrogate pair, which a metric's name may have."""
    if snapshot is None or all(metric.name.isprintable() or _is_utf8(metric.name) for metric in snapshot.user_metrics):
        return snapshot
    return None


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sums(instances: Sequence[Totals]) -> Json:
    averages = [totals.average_latency_ms for totals in instances if totals.average_latency_ms]
    return {
        "receivedTotal": sum(totals.received for totals in instances),
        "processedSuccessfullyTotal": sum(totals.processed_successfully for totals in instances),
        "systemExceptionsTotal": sum(totals.system_exceptions for totals in instances),
        "userExceptionsTotal": sum(totals.user_exceptions for totals in instances),
        "avgProcessLatency": sum(averages) / len(averages) if averages else None,
    }


def _user_metrics(snapshot: StatsSnapshot) -> Json:
    shown: Json = {}
    for metric in snapshot.user_metrics:
        if not isnan(metric.total):
            shown[f"user_metric_{metric.name}_sum"] = _double(metric.total)
        shown[f"user_metric_{metric.name}_count"] = float(metric.count)
    return shown


def _double(number: float) -> float | str:
    if isfinite(number):
        return float(number)
    return "Infinity" if number > 0 else "-Infinity"


def _exceptions(latest: Sequence[tuple[str, int]]) -> list[Json]:
    return [{"exceptionString": text, "timestampMs": time_ms} for text, time_ms in latest]
