"""What user code registers with prometheus_client in its own process, on its way to the emulator's metrics pages.

All that is in that process's registry belongs to the function, as on a cluster: what ``process`` registers later, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pfemu.runtime.figures.user_collectors import UserCollectors, registered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import CollectorRegistry, Metric

    from pfemu.runtime.processes.function_process import FunctionProcess

Family: TypeAlias = tuple[str, str, str, str, list[tuple[str, dict[str, str], float]]]
"""Name, text, type, unit, and for each sample its name, labels and value."""


def crossing_families(loaded: CollectorRegistry | None) -> list[Family]:
    """Return the families of a load's registry and of the process's."""
    collectors = registered()
    families = [*([] if loaded is None else loaded.collect()), *(family for each in collectors for family in each.collect())]
    return [
        (
            each.name,
            each.documentation,
            each.type,
            each.unit,
            [(sample.name, dict(sample.labels), float(sample.value)) for sample in each.samples],
        )
        for each in families
    ]


class ProcessCollectors(UserCollectors):
    """The collectors of a function in its own process."""

    def __init__(self, process: FunctionProcess) -> None:
        super().__init__()
        self._process = process

    @property
    def registry(self) -> CollectorRegistry | None:
        """A registry that asks the process."""
        from prometheus_client import CollectorRegistry

        registry = CollectorRegistry()
        registry.register(_Asking(self._process))
        return registry


class _Asking:
    """A collector whose families are in the process."""

    def __init__(self, process: FunctionProcess) -> None:
        self._process = process

    def describe(self) -> list[Metric]:
        """Promise nothing: so it is registered without being asked."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Ask, and make the families again."""
        from prometheus_client import Metric

        for name, text, kind, unit, samples in self._process.metrics():
            family = Metric(name, text, kind, unit)
            for sample in samples:
                family.add_sample(*sample)
            yield family
