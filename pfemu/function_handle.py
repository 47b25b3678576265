"""What tests and scripts see of a function: state, counters, metrics, logs, exceptions, and its life cycle."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pfemu.errors import PfemuError
from pfemu.metric_views import MetricsView, add_up
from pfemu.model.topic_name import TopicName
from pfemu.model.warnings.happenings import ANSWERED_AT_ONCE
from pfemu.records import Records
from pfemu.runtime.function_warnings import FunctionWarnings
from pfemu.runtime.instance import InstanceKilled
from pfemu.state_views import CountersView, MissingKeyError, StateContent, StateSnapshot, StateView, diff

if TYPE_CHECKING:
    from pfemu.emulator import Emulator
    from pfemu.ports import Message
    from pfemu.runtime.figures.stats import StatsSnapshot, Totals
    from pfemu.runtime.function import Function
    from pfemu.runtime.function_warnings import Warn
    from pfemu.runtime.instance import FunctionInstance
    from pfemu.runtime.observer import Failure, LogEntry, Publication
    from pfemu.runtime.replacement import Replacement


class Recorder:
    """An observer that keeps what it is told, in order."""

    watches_acknowledgements = False

    def __init__(self, told: Warn | None = None) -> None:
        self.logs: list[LogEntry] = []
        self.failures: list[Failure] = []
        self.publications: list[Publication] = []
        self.metrics: dict[str, list[object]] = {}
        self.warnings = FunctionWarnings(told)

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


class FunctionHandle:
    """A function of an emulator.

    What was recorded (logs, exceptions, publications, values of metrics) outlives restarts; figures do not, as on a cluster.
    """

    def __init__(self, emulator: Emulator, function: Function, recorder: Recorder) -> None:
        self._emulator = emulator
        self.function = function
        details = function.details
        self._table = emulator.state.table(details.tenant, details.namespace, details.name)
        self._logs = Records(recorder.logs)
        self._exceptions = Records(recorder.failures)
        self._publications = Records(recorder.publications)
        self._metrics = MetricsView(self.snapshots, recorder.metrics)
        self._warnings = recorder.warnings
        self._saw_end = False

    @property
    def name(self) -> str:
        """``tenant/namespace/name``."""
        return self.function.fqfn

    def writes_to(self, topic: str) -> bool:
        """Whether its configured output is that topic; ``topic`` is a full name."""
        output = self.function.details.sink.topic
        return bool(output) and TopicName.parse(output).full == topic

    # ---------------------------------------------------------------------------------------------------------- state

    @property
    def state(self) -> StateView:
        """The values it stored, as bytes; assign to preload."""
        return StateView(self._table)

    @property
    def counters(self) -> CountersView:
        """The counters it incremented; assign to preload."""
        return CountersView(self._table)

    def snapshot(self) -> StateSnapshot:
        """Return all its state as it is now: values as bytes, counters as int."""
        return self._table.snapshot()

    def changes_since(self, before: StateSnapshot) -> dict[str, tuple[StateContent | None, StateContent | None]]:
        """Return the keys that changed since a snapshot: what each held then and holds now, None for nothing."""
        return diff(before, self._table.snapshot())

    # -------------------------------------------------------------------------------------------------- what it did

    @property
    def logs(self) -> Records[LogEntry]:
        """What it logged and printed."""
        return self._logs

    @property
    def exceptions(self) -> Records[Failure]:
        """What it raised, and what failed around it."""
        return self._exceptions

    @property
    def publications(self) -> Records[Publication]:
        """Its calls of ``context.publish``."""
        return self._publications

    @property
    def warnings(self) -> FunctionWarnings:
        """What a cluster would take or let happen without a word, each once: of its configuration, its code, and what it did."""
        return self._warnings

    @property
    def metrics(self) -> MetricsView:
        """Its user metrics by name; Pulsar's own figures are ``metrics.pulsar``."""
        return self._metrics

    @property
    def stats(self) -> Totals:
        """Pulsar's counters over all instances, since each was started."""
        return add_up([one.totals for one in self.snapshots()])

    def snapshots(self) -> list[StatsSnapshot]:
        """Return all figures of each instance as of now."""
        now_ms = self._emulator.scheduler.now_ms()
        return [instance.stats.snapshot(now_ms) for instance in self.function.instances]

    @property
    def ended_by(self) -> BaseException | None:
        """What ended the thread of an instance: ``SystemExit`` and its like. On a cluster its status stays "running"; None without."""
        self._saw_end = True
        return self._end()

    @property
    def unseen_end(self) -> BaseException | None:
        """The same unless somebody looked at it; asking for this is not looking."""
        return None if self._saw_end else self._end()

    def _end(self) -> BaseException | None:
        ends = [one.ended_by for one in self.function.instances]
        return next((end for end in ends if end is not None and not isinstance(end, InstanceKilled)), None)

    # ----------------------------------------------------------------------------------------------------- life cycle

    def stop(self) -> None:
        """Stop its instances; subscriptions, state and topics stay."""
        self._warnings.add(ANSWERED_AT_ONCE.warning())
        self.function.stop()
        self._emulator.settle()

    def start(self) -> None:
        """Start the instances that are stopped."""
        self.function.start()
        self._emulator.settle()

    def restart(self) -> None:
        """Stop and start its instances; their counters begin at zero."""
        self._warnings.add(ANSWERED_AT_ONCE.warning())
        self.function.restart()
        self._emulator.settle()

    def reload(self) -> None:
        """Use the code as it is in the file now, from the next message on; instances, counters and subscriptions stay.

        Raises:
            LoadError: it does not load; the code that runs is kept.
        """
        for instance, ready in self.function.load_replacements():
            instance.before_next_message(partial(_exchange, ready, instance))
            if instance.thread is None:
                instance.replace_if_idle()
        self._emulator.forget_codecs()

    def crash(self, instance_id: int = 0) -> None:
        """Kill the process of an instance: what it had not acknowledged goes back, at once, to whoever else reads the subscription.

        As on a cluster the worker starts another process when it next looks, within 30 s of broker time: ``advance(seconds=30)``.

        Raises:
            PfemuError: there is no such instance.
        """
        spawners = self.function.spawners
        if not 0 <= instance_id < len(spawners):
            raise PfemuError(f"{self.name} has no instance {instance_id}: it has {len(spawners)}, counted from 0")
        spawners[instance_id].kill(InstanceKilled(f"instance {instance_id} of {self.name} was killed"))
        self._emulator.settle()

    def __repr__(self) -> str:
        return f"<function {self.name}>"


def _exchange(ready: Replacement, instance: FunctionInstance) -> None:
    before = ready.put_into(instance)
    if before is not None:
        before.unload()


class FunctionHandles(dict[str, FunctionHandle]):
    """The functions of an emulator by their full names. ``changes`` counts those that came, went or were replaced."""

    def __init__(self) -> None:
        super().__init__()
        self.changes = 0

    def keep(self, handle: FunctionHandle) -> None:
        """Take one in, in place of one of the same name."""
        self[handle.name] = handle
        self.changes += 1

    def forget(self, name: str) -> None:
        """Drop one, if it is there."""
        self.pop(name, None)
        self.changes += 1

    def __missing__(self, name: str) -> FunctionHandle:
        there = ", ".join(map(repr, self)) or "none"
        raise MissingKeyError(f"no function {name!r}: its name is tenant/namespace/name; there are: {there}")
