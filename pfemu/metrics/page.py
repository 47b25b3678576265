"""The metrics page of functions that run in an emulator, as Prometheus would fetch it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pfemu.metrics.exporter import ExportedInstance, function_labels, negotiated, render

if TYPE_CHECKING:
    from pfemu.emulator import Emulator
    from pfemu.function_handle import FunctionHandle
    from pfemu.runtime.function import Function

Page = Callable[[str], tuple[bytes, str]]
"""From an ``Accept`` header to a body and its content type."""


def metrics_page(function: FunctionHandle) -> str:
    """Return the page of all instances of a function, in Prometheus text, with Pulsar's names and labels."""
    return render(list(_instances(function.function)))


def page_of(emulator: Emulator) -> Page:
    """Return the page of all functions of an emulator.

    A live emulator is asked on its own thread. A stepping one may be waiting for input, so its counters, which are plain numbers, are
    read from the thread that asks.
    """

    def page(accept: str) -> tuple[bytes, str]:
        scheduler = emulator.scheduler

        def look() -> tuple[bytes, str]:
            functions = [handle.function for handle in list(emulator.functions.values())]
            return negotiated([instance for function in functions for instance in _instances(function)], accept)

        return scheduler.call(look) if scheduler.threaded else look()

    return page


def _instances(function: Function) -> Iterable[ExportedInstance]:
    """Yield the instances of a function with their figures as of now."""
    details, now_ms = function.details, function.services.scheduler.now_ms()
    for instance in function.instances:
        labels = function_labels(details.tenant, details.namespace, details.name, instance.instance_id)
        registry = None if instance.loaded is None else instance.loaded.collectors.registry
        yield ExportedInstance(labels, instance.stats.snapshot(now_ms), registry)
