"""The functions worker: create, update, delete, start, stop and ask (``FunctionsImpl`` and ``ComponentImpl``, 4.0).

Rules:

1. Accepting is not starting: a function whose code does not load is created all the same, and its instances die and are started
   again for ever.
2. "Already exists" is looked at before the configuration is; the URL of a package before it, the lack of any package after it.
3. An update ends all processes and starts new ones. The package stays unless a new one comes, which always counts as a change.
4. A function takes its state with it when it is deleted, and its subscriptions unless ``cleanupSubscription`` is false.

Differs: processes start, stop and are gone before the call returns; a real worker answers first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pfemu.errors import ConfigError, LoadError
from pfemu.model.configuration.choices import Runtime
from pfemu.model.configuration.function_config import NOT_PROVIDED, FunctionConfig
from pfemu.model.functions.function_read_back import convert_back
from pfemu.model.functions.function_registration import create, update
from pfemu.model.functions.function_validation import PackageKind
from pfemu.model.java_text import hash_map
from pfemu.runtime.function import Function, FunctionServices
from pfemu.runtime.worker.deployed_function import DeployedFunction
from pfemu.runtime.worker.package_store import Package, PackageStore, refuse_package_name, refuse_url
from pfemu.runtime.worker.stats_json import Json, function_stats, function_status, instance_stats, instance_status
from pfemu.runtime.worker.worker_errors import WorkerError, no_such_function, refused

if TYPE_CHECKING:
    from pathlib import Path

    from pfemu.model.configuration.config_reading import JsonValue
    from pfemu.model.functions.function_details import FunctionDetails
    from pfemu.runtime.loader import LoadedFunction
    from pfemu.runtime.worker.runtime_spawner import RuntimeSpawner

Name = tuple[str, str, str]
"""Tenant, namespace and name of a function."""


@dataclass(frozen=True, slots=True)
class WorkerServices:
    """What the worker asks of the Pulsar and the process it runs in.

    ``load`` loads a class of a file. ``clean_up`` removes the subscriptions of a function. ``deployed`` and ``deleted`` hear of it;
    ``deployed`` gets the configuration that was asked for as well, before anything is started or stopped, and may refuse it (ConfigError).
    """

    tenant_exists: Callable[[str], bool]
    namespace_exists: Callable[[str], bool]
    services_for: Callable[[FunctionDetails], FunctionServices]
    load: Callable[[Path, str], LoadedFunction]
    clean_up: Callable[[Function], None]
    deployed: Callable[[Function, FunctionConfig], None]
    deleted: Callable[[Function], None]


class FunctionsWorker:
    """All functions of one Pulsar."""

    def __init__(self, services: WorkerServices) -> None:
        self.services = services
        self.packages = PackageStore()
        self._functions: dict[Name, DeployedFunction] = {}

    # ---------------------------------------------------------------------------------------------- deploying

    def create(self, name: Name, config: FunctionConfig | None, package: Package | None, url: str | None) -> None:
        """Deploy a function.

        Raises:
            WorkerError: 400, in the worker's words.
        """
        if config is None:
            raise WorkerError(400, NOT_PROVIDED)
        self._check_place(name)
        if name in self._functions:
            raise WorkerError(400, f"Function {name[2]} already exists")
        refuse_url(url)
        try:
            details = create(config, *name, package=_kind(package))
        except ConfigError as error:
            raise refused(error) from error
        if package is None:
            raise WorkerError(400, "Function Package is not provided")
        refuse_package_name(*name)
        self._deploy(name, DeployedFunction(self._function(details, package), package), config)

    def _check_place(self, name: Name) -> None:
        if not self.services.tenant_exists(name[0]):
            raise WorkerError(400, "Tenant does not exist")
        if not self.services.namespace_exists(f"{name[0]}/{name[1]}"):
            raise WorkerError(400, "Namespace does not exist")

    def _function(self, details: FunctionDetails, package: Package) -> Function:
        path = self.packages.store(package)
        load = self.services.load if details.runtime is Runtime.PYTHON else _refuse_other_runtimes
        return Function(details, lambda: load(path, details.class_name), self.services.services_for(details))

    def _deploy(self, name: Name, deployed: DeployedFunction, config: FunctionConfig) -> None:
        self._announce(deployed.function, config)
        self._functions[name] = deployed
        deployed.apply()

    def _announce(self, function: Function, config: FunctionConfig) -> None:
        try:
            self.services.deployed(function, config)
        except ConfigError as error:
            raise WorkerError(400, str(error)) from error

    def adopt(self, function: Function) -> None:
        """Take in a function that was made, and is started, by somebody else."""
        details = function.details
        self._functions[details.tenant, details.namespace, details.name] = DeployedFunction(function, None)

    def update(
        self, name: Name, config: FunctionConfig | None, package: Package | None, url: str | None, *, with_auth_data: bool = False
    ) -> None:
        """Change a function and start it anew.

        Raises:
            WorkerError: 400, in the worker's words.
        """
        if config is None:
            raise WorkerError(400, NOT_PROVIDED)
        deployed = self._functions.get(name)
        if deployed is None:
            raise no_such_function(name[2], 400)
        refuse_url(url)
        kind = _kind(package or deployed.package)
        try:
            details = update(deployed.details, config, with_code=package is not None, with_auth_data=with_auth_data, package=kind)
        except ConfigError as error:
            raise refused(error) from error
        updated = self._updated(deployed, details, package)
        self._announce(updated, config)
        deployed.function.stop()
        deployed.replace(updated, package or deployed.package)
        deployed.apply()

    def _updated(self, deployed: DeployedFunction, details: FunctionDetails, package: Package | None) -> Function:
        package = package or deployed.package
        if package is not None:
            return self._function(details, package)
        return Function(details, deployed.function.load, self.services.services_for(details))

    def delete(self, name: Name) -> None:
        """Remove a function, its state and its subscriptions.

        Raises:
            WorkerError: 404, there is none.
        """
        function = self._deployed(name).function
        function.stop()
        del self._functions[name]
        if function.details.cleanup_subscription:
            self.services.clean_up(function)
        self.services.deleted(function)

    # ---------------------------------------------------------------------------------------------- running

    def set_running(self, name: Name, instance_id: int | None, *, run: bool) -> None:
        """Start or stop a function, or one instance; any number below 0 means all.

        Raises:
            WorkerError: 404, there is no such function; 400, there is nothing to change.
        """
        deployed = self._deployed(name)
        instance_id = None if instance_id is not None and instance_id < 0 else instance_id
        if not deployed.can_change(instance_id, run=run):
            raise WorkerError(400, "Operation not permitted")
        deployed.change(instance_id, run=run)

    def restart(self, name: Name, instance_id: int | None) -> None:
        """End the processes and start new ones.

        Raises:
            WorkerError: 404, there is no such function; 400, no such instance.
        """
        deployed = self._deployed(name)
        if instance_id is not None and not 0 <= instance_id < deployed.details.parallelism:
            raise WorkerError(400, f"{'/'.join(name)}/{instance_id} doesn't exist")
        deployed.restart(instance_id)

    # ---------------------------------------------------------------------------------------------- asking

    def get(self, name: Name) -> dict[str, JsonValue]:
        """Return the configuration as ``get`` shows it; raises as :meth:`delete`."""
        return convert_back(self._deployed(name).details)

    def details(self, name: Name) -> FunctionDetails:
        """Return what is stored of a function; raises as :meth:`delete`."""
        return self._deployed(name).details

    def function(self, name: Name) -> Function:
        """Return a function; raises as :meth:`delete`."""
        return self._deployed(name).function

    def package(self, name: Name) -> Package:
        """Return a function's code.

        Raises:
            WorkerError: 404, there is no such function, or it was not deployed from a file.
        """
        package = self._deployed(name).package
        if package is None:
            raise no_such_function(name[2])
        return package

    def names(self, tenant: str, namespace: str) -> list[str]:
        """Return the names of a namespace's functions, as a Java map has them; none where there is no such namespace."""
        found = {name: name for of_tenant, of_namespace, name in self._functions if (of_tenant, of_namespace) == (tenant, namespace)}
        return list(hash_map(found))

    def status(self, name: Name) -> Json:
        """Return the body of ``status``; raises as :meth:`delete`."""
        return function_status((number, spawner.state(), spawner.snapshot()) for number, spawner in self._spawners(name))

    def stats(self, name: Name) -> Json:
        """Return the body of ``stats``; raises as :meth:`delete`."""
        return function_stats((number, spawner.snapshot()) for number, spawner in self._spawners(name))

    def instance_status(self, name: Name, instance_id: int) -> Json:
        """Return the body of an instance's ``status``.

        Raises:
            WorkerError: 404, there is no such function; 400, no such instance.
        """
        spawner = self._spawner(name, instance_id)
        return instance_status(spawner.state(), spawner.snapshot())

    def instance_stats(self, name: Name, instance_id: int) -> Json:
        """Return the body of an instance's ``stats``; raises as :meth:`instance_status`."""
        return instance_stats(self._spawner(name, instance_id).snapshot())

    def _spawners(self, name: Name) -> list[tuple[int, RuntimeSpawner]]:
        deployed = self._deployed(name)
        return list(enumerate(deployed.function.spawners[: deployed.details.parallelism]))

    def _spawner(self, name: Name, instance_id: int) -> RuntimeSpawner:
        spawners = dict(self._spawners(name))
        if instance_id not in spawners:
            raise WorkerError(400, f"Function {name[2]} doesn't have instance with id {instance_id}")
        return spawners[instance_id]

    def _deployed(self, name: Name) -> DeployedFunction:
        deployed = self._functions.get(name)
        if deployed is None:
            raise no_such_function(name[2])
        return deployed

    def close(self) -> None:
        """Stop all functions and remove their packages."""
        for deployed in self._functions.values():
            deployed.function.stop()
        self.packages.close()


def _kind(package: Package | None) -> PackageKind:
    return PackageKind.of(None if package is None else package.content)


def _refuse_other_runtimes(path: Path, _class_name: str) -> LoadedFunction:
    raise LoadError(f"{path.name} is to run in another runtime than Python, which the emulator has not.")
