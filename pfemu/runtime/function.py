"""A deployed function: its instances, started and stopped together (``FunctionRuntimeManager``, ``RuntimeSpawner``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pfemu.runtime.instance import FunctionInstance
from pfemu.runtime.instance_start import start_instance

if TYPE_CHECKING:
    from pfemu.model.function_details import FunctionDetails
    from pfemu.ports import PulsarClient, Scheduler, SecretsProvider, StateStore
    from pfemu.runtime.function_log import LogRouter
    from pfemu.runtime.loader import LoadedFunction
    from pfemu.runtime.observer import Observer

RESTART_DELAY_MS = 30_000
"""How often the worker looks for dead instances (``instanceLivenessCheckFreqMs``)."""


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


class Function:
    """One function as deployed: details, code and instances.

    ``load`` loads the user's code afresh at each call, so that a restarted instance starts from the file as it is.
    """

    def __init__(self, details: FunctionDetails, load: Callable[[], LoadedFunction], services: FunctionServices) -> None:
        self.details = details
        self.services = services
        self.load = load
        self.function_id = services.new_uuid()
        self.function_version = services.new_uuid()
        self.instances: list[FunctionInstance] = []
        self.running = False

    @property
    def fqfn(self) -> str:
        """``tenant/namespace/name``."""
        return f"{self.details.tenant}/{self.details.namespace}/{self.details.name}"

    @property
    def subscription_name(self) -> str:
        """The name all its instances subscribe with."""
        return (self.details.subscription_name.strip() and self.details.subscription_name) or self.fqfn

    def start(self) -> None:
        """Start every instance that is not running.

        Raises:
            Exception: whatever starting raised for the first instance that failed; those before it keep running.
        """
        self.running = True
        for number in range(len(self.instances), self.details.parallelism):
            self.instances.append(FunctionInstance(number, self.services))
        for instance in self.instances:
            if not instance.running:
                start_instance(self, instance)

    def stop(self) -> None:
        """Stop every instance; subscriptions stay."""
        self.running = False
        for instance in self.instances:
            instance.stop()

    def restart(self) -> None:
        """Stop and start every instance, with counters at zero, as new processes have them."""
        self.stop()
        self.instances.clear()
        self.function_version = self.services.new_uuid()
        self.start()

    def swap(self, function: LoadedFunction) -> None:
        """Let every instance use other code from its next message on."""
        for instance in self.instances:
            instance.swap(function)
