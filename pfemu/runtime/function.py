"""A deployed function: its instances, started and stopped together (``FunctionRuntimeManager``, ``RuntimeSpawner``)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pfemu.runtime.function_warnings import Warn, nobody_is_warned
from pfemu.runtime.worker.runtime_spawner import RuntimeSpawner

if TYPE_CHECKING:
    from pathlib import Path

    from pfemu.model.functions.function_details import FunctionDetails
    from pfemu.ports import PulsarClient, Scheduler, SecretsProvider, StateStore
    from pfemu.runtime.instance import FunctionInstance
    from pfemu.runtime.loader import LoadedFunction
    from pfemu.runtime.logs.function_log import LogRouter
    from pfemu.runtime.observer import Observer
    from pfemu.runtime.replacement import Replacement
    from pfemu.runtime.runners import InstanceThread, Take


@dataclass(frozen=True, slots=True)
class FunctionServices:
    """What a function's instances are given by the process they run in."""

    scheduler: Scheduler
    new_client: Callable[[], PulsarClient]
    state: StateStore
    secrets: SecretsProvider
    observer: Observer | None
    new_uuid: Callable[[], str]
    stopwatch_s: Callable[[], float]
    log_router: LogRouter
    pass_prints_on: bool = True
    on_thread_error: Callable[[BaseException], object] | None = None
    """Given when each instance is to run on a thread of its own; told what is no failure of the function."""
    new_thread: Callable[[str, Take], InstanceThread] | None = None
    """Makes such a thread, of a name and of what takes its messages, instead of an ordinary one."""
    hand_over: Callable[[Callable[[], object]], object] | None = None
    """Given when starts that nobody waits for load their code on a thread of their own: has the scheduler's thread run something."""
    start_delay_ms: int = 0
    """How long a process takes to start: what is sent meanwhile to an input without a subscription is missed."""
    log_directory: Path | None = None
    """Where each instance is to write its log file, None for nowhere."""
    in_lane: Callable[[Hashable, Callable[[], object]], object] | None = None
    """Given when messages take turns: runs what is in a lane in order, and nothing else is promised."""
    warn: Warn = nobody_is_warned
    """Told of what a cluster lets happen without a word, on the thread where it happens."""
    started: Callable[[Function, FunctionInstance], object] | None = None
    """Told of each instance that has started, before its first message."""


class Function:
    """One function as deployed: details, code and instances.

    ``fqfn`` is ``tenant/namespace/name``. ``load`` loads the user's code afresh at each call, so that a restarted instance starts from
    the file as it is.
    """

    def __init__(self, details: FunctionDetails, load: Callable[[], LoadedFunction], services: FunctionServices) -> None:
        self.details = details
        self.fqfn = details.fqfn
        self.services = services
        self.load = load
        self.function_id = services.new_uuid()
        self.function_version = services.new_uuid()
        self.spawners: list[RuntimeSpawner] = []

    @property
    def instances(self) -> list[FunctionInstance]:
        """The latest process of each instance, running or not."""
        return [spawner.instance for spawner in self.spawners]

    @property
    def running(self) -> bool:
        """Whether any instance is meant to run."""
        return any(not spawner.stopped for spawner in self.spawners)

    @property
    def subscription_name(self) -> str:
        """The name all its instances subscribe with."""
        return (self.details.subscription_name.strip() and self.details.subscription_name) or self.fqfn

    def start(self) -> None:
        """Start every instance that is stopped, with counters at zero, as a new process has them.

        Raises:
            Exception: whatever starting raised for the first instance that failed; those before it keep running.
        """
        for spawner in self._all_spawners():
            if spawner.stopped:
                spawner.start_or_raise()

    def start_watched(self, instance_ids: Iterable[int]) -> None:
        """Start those instances that are stopped; one that dies is started again when the worker looks."""
        spawners = self._all_spawners()
        for instance_id in instance_ids:
            if spawners[instance_id].stopped:
                spawners[instance_id].start()

    def _all_spawners(self) -> list[RuntimeSpawner]:
        for number in range(len(self.spawners), self.details.parallelism):
            self.spawners.append(RuntimeSpawner(self, number))
        return self.spawners

    def take_over(self, spawner: RuntimeSpawner) -> None:
        """Have an instance of the function that this one comes after for the next one, as long as it is not started as this one's."""
        self.spawners.append(spawner)

    def use_own(self, instance_ids: Iterable[int]) -> None:
        """Let those instances be this function's, whatever it came after."""
        spawners = self._all_spawners()
        for instance_id in instance_ids:
            if spawners[instance_id].function is not self:
                spawners[instance_id] = RuntimeSpawner(self, instance_id)

    def stop(self) -> None:
        """Stop every instance; subscriptions stay."""
        for spawner in self.spawners:
            spawner.stop()

    def restart(self) -> None:
        """Stop and start every instance, with counters at zero and another id and version.

        Raises:
            Exception: as :meth:`start`.
        """
        self.stop()
        self.renew()
        self.start()

    def renew(self) -> None:
        """Take another id and version, as every new start by the worker does."""
        self.function_id = self.services.new_uuid()
        self.function_version = self.services.new_uuid()

    def load_replacements(self, load: Callable[[], LoadedFunction] | None = None) -> list[tuple[FunctionInstance, Replacement]]:
        """Load the code anew for each instance that runs, and change nothing yet; any thread may ask.

        Raises:
            LoadError: it does not load, or not everything it needs can be constructed; nothing of it is left loaded.
            Exception: whatever the constructor of a SerDe or of a schema raises.
        """
        ready: list[tuple[FunctionInstance, Replacement]] = []
        try:
            for instance in [each for each in self.instances if each.loaded is not None]:
                ready.append((instance, _replacement(self, instance, (load or self.load)())))  # noqa: PERF401 - what was made is unloaded when one fails
        except BaseException:
            for _, made in ready:
                made.loaded.unload()
            raise
        return ready


def _replacement(function: Function, instance: FunctionInstance, loaded: LoadedFunction) -> Replacement:
    from pfemu.runtime.replacement import replacement  # needed by a reload alone

    try:
        return replacement(function, instance, loaded)
    except BaseException:
        loaded.unload()
        raise
