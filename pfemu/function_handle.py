"""What tests and scripts see of a function: state, counters, metrics, logs, exceptions, and its life cycle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pfemu.emulator import Emulator
    from pfemu.ports import Message
    from pfemu.runtime.function import Function
    from pfemu.runtime.observer import Failure, LogEntry, Publication
    from pfemu.runtime.state_table import StateTable


class Recorder:
    """An observer that keeps what it is told, in order."""

    watches_acknowledgements = False

    def __init__(self) -> None:
        self.logs: list[LogEntry] = []
        self.failures: list[Failure] = []
        self.publications: list[Publication] = []
        self.metrics: dict[str, list[object]] = {}

    def logged(self, record: LogEntry) -> None:
        """Keep a log record."""
        self.logs.append(record)

    def failed(self, failure: Failure) -> None:
        """Keep a failure."""
        self.failures.append(failure)

    def published(self, publication: Publication) -> None:
        """Keep a publication."""
        self.publications.append(publication)

    def acknowledged(self, message: object, topic: str) -> None:
        """Keep nothing: subscriptions know."""

    def negatively_acknowledged(self, message: Message) -> None:
        """Keep nothing: failures and subscriptions know."""

    def metric_recorded(self, name: str, value: object) -> None:
        """Keep a value of a user metric."""
        self.metrics.setdefault(name, []).append(value)


class StateView(Mapping[str, "bytes"]):
    """The values of a function's state, as bytes, by key; assign text to preload."""

    def __init__(self, table: StateTable) -> None:
        self._table = table

    def _values(self) -> dict[str, bytes]:
        return {key: value for key, value in self._table.snapshot().items() if isinstance(value, bytes)}

    def __getitem__(self, key: str) -> bytes:
        return self._values()[key]

    def __setitem__(self, key: str, value: str | bytes) -> None:
        self._table.preload({key: value})

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())

    def __repr__(self) -> str:
        return f"<state {self._values()}>"


class CountersView(Mapping[str, int]):
    """The counters of a function's state by key; assign numbers to preload."""

    def __init__(self, table: StateTable) -> None:
        self._table = table

    def _counters(self) -> dict[str, int]:
        return {key: value for key, value in self._table.snapshot().items() if isinstance(value, int)}

    def __getitem__(self, key: str) -> int:
        return self._counters()[key]

    def __setitem__(self, key: str, value: int) -> None:
        self._table.preload({key: value})

    def __iter__(self) -> Iterator[str]:
        return iter(self._counters())

    def __len__(self) -> int:
        return len(self._counters())

    def __repr__(self) -> str:
        return f"<counters {self._counters()}>"


class Metric:
    """One user metric over all instances."""

    def __init__(self, values: list[object], total: float, count: int) -> None:
        self.values = values
        self.sum = total
        self.count = count

    def __repr__(self) -> str:
        return f"<metric sum={self.sum} count={self.count}>"


class FunctionHandle:
    """A function of an emulator."""

    def __init__(self, emulator: Emulator, function: Function, recorder: Recorder) -> None:
        self._emulator = emulator
        self.function = function
        self._recorder = recorder
        details = function.details
        self._table = emulator.state.table(details.tenant, details.namespace, details.name)

    @property
    def name(self) -> str:
        """``tenant/namespace/name``."""
        return self.function.fqfn

    @property
    def state(self) -> StateView:
        """The values it stored, as bytes."""
        return StateView(self._table)

    @property
    def counters(self) -> CountersView:
        """The counters it incremented."""
        return CountersView(self._table)

    @property
    def logs(self) -> list[LogEntry]:
        """What it logged and printed."""
        return self._recorder.logs

    @property
    def exceptions(self) -> list[Failure]:
        """What it raised, and what failed around it."""
        return self._recorder.failures

    @property
    def publications(self) -> list[Publication]:
        """Its calls of ``context.publish``."""
        return self._recorder.publications

    @property
    def metrics(self) -> dict[str, Metric]:
        """Its user metrics by name."""
        totals: dict[str, list[float]] = {}
        for instance in self.function.instances:
            for figures in instance.stats.snapshot(self._emulator.scheduler.now_ms()).user_metrics:
                kept = totals.setdefault(figures.name, [0.0, 0])
                kept[0] += figures.total
                kept[1] += figures.count
        return {name: Metric(self._recorder.metrics.get(name, []), total, int(count)) for name, (total, count) in totals.items()}

    def stop(self) -> None:
        """Stop its instances; subscriptions, state and topics stay."""
        self.function.stop()
        self._emulator.settle()

    def start(self) -> None:
        """Start its instances again."""
        self.function.start()
        self._emulator.settle()

    def restart(self) -> None:
        """Stop and start its instances; their counters begin at zero."""
        self.function.restart()
        self._emulator.settle()

    def __repr__(self) -> str:
        return f"<function {self.name}>"
