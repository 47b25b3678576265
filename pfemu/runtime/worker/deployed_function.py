"""What the worker keeps of a function: its package, its instances, and which of them are meant to run (``FunctionMetaData``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pfemu.model.functions.function_details import FunctionDetails
    from pfemu.runtime.function import Function
    from pfemu.runtime.worker.package_store import Package


class DeployedFunction:
    """One function of the worker. ``package`` is None for a function that was not deployed through the worker."""

    def __init__(self, function: Function, package: Package | None) -> None:
        self.function = function
        self.package = package
        self._meant_to_run: dict[int, bool] = {}
        """By instance; empty until a first stop, when all of them run."""

    @property
    def details(self) -> FunctionDetails:
        """What is stored of its configuration."""
        return self.function.details

    def replace(self, function: Function, package: Package | None) -> None:
        """Take an updated function; what was stopped stays stopped, and stays what it was until it is started (``FunctionRuntimeInfo``)."""
        for spawner in self.function.spawners[: function.details.parallelism]:
            function.take_over(spawner)
        self.function = function
        self.package = package

    def runs(self, instance_id: int) -> bool:
        """Whether that instance is meant to run."""
        return self._meant_to_run.get(instance_id, True)

    def can_change(self, instance_id: int | None, *, run: bool) -> bool:
        """Whether starting or stopping an instance, or all, changes anything (``FunctionMetaDataUtils.canChangeState``).

        What was restarted while it was stopped counts as stopped, though it runs.
        """
        if instance_id is not None and instance_id >= self.details.parallelism:
            return False
        if not self._meant_to_run:
            return not run
        if instance_id is None:
            return any(running is not run for running in self._meant_to_run.values())
        return instance_id in self._meant_to_run and self._meant_to_run[instance_id] is not run

    def change(self, instance_id: int | None, *, run: bool) -> None:
        """Start or stop an instance, or all; the others that run are started anew, because they are assigned anew, too."""
        if not self._meant_to_run:
            self._meant_to_run = dict.fromkeys(range(self.details.parallelism), True)
        for number in self._meant_to_run if instance_id is None else [instance_id]:
            self._meant_to_run[number] = run
        self.function.stop()
        self.function.renew()
        self.apply()

    def apply(self) -> None:
        """Start the instances that are meant to run, as what the function is by now; none runs yet."""
        numbers = [number for number in range(self.details.parallelism) if self.runs(number)]
        self.function.use_own(numbers)
        self.function.start_watched(numbers)

    def restart(self, instance_id: int | None = None) -> None:
        """End the processes of an instance, or of all, and start new ones; those that were stopped run then, too, as recorded.

        What was updated while it was stopped runs as what it was before, until it is started.
        """
        numbers = [number for number in range(self.details.parallelism) if instance_id in {None, number}]
        spawners = [spawner for number, spawner in enumerate(self.function.spawners) if number in numbers]
        for spawner in spawners:
            spawner.stop()
        for function in {self.function, *(spawner.function for spawner in spawners)}:
            function.renew()
        self.function.start_watched(numbers)
