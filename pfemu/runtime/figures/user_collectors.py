"""Prometheus collectors that user code registers (``prometheus_client.Counter(...)`` in a function's module).

On a cluster each instance is a process, so what its code registers in ``prometheus_client.REGISTRY`` is on its page alone. Here all
instances share that registry: a second load of the same module would be refused ("Duplicated timeseries"), and one function's metrics
would be on another's page. So what appears in the registry while a function loads moves to a registry of the instance's own.

Differs: a collector made later, while a message is processed, stays in the registry that all functions of the process share.
Differs: a third-party module that is imported by the first function only registers its collectors for that function.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.registry import Collector


class UserCollectors:
    """The collectors of one loaded function; costs nothing for a function that has none."""

    def __init__(self) -> None:
        self._registry: CollectorRegistry | None = None

    @property
    def registry(self) -> "CollectorRegistry | None":
        """The registry that holds them, None without any."""
        return self._registry

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Take what the body, which loads user code, registers; also when it raises, so that it can be loaded again."""
        before = registered()
        try:
            yield
        finally:
            self._take([collector for collector in registered() if collector not in before])

    def _take(self, collectors: "list[Collector]") -> None:
        if not collectors:
            return
        from prometheus_client import REGISTRY, CollectorRegistry

        if self._registry is None:
            self._registry = CollectorRegistry()
        for collector in collectors:
            REGISTRY.unregister(collector)
            self._registry.register(collector)


def registered() -> "list[Collector]":
    """Return what is in the shared registry beside prometheus_client's own three collectors, in order."""
    if "prometheus_client" not in sys.modules:
        return []
    from prometheus_client import GC_COLLECTOR, PLATFORM_COLLECTOR, PROCESS_COLLECTOR, REGISTRY

    own = (GC_COLLECTOR, PLATFORM_COLLECTOR, PROCESS_COLLECTOR)
    registered = list(REGISTRY._collector_to_names)  # noqa: SLF001 - there is no public list of collectors
    return [collector for collector in registered if collector not in own]
