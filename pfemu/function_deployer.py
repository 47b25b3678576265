"""Functions on their way into an emulator: what their namespaces, warnings, services and handles are, and what goes with them again."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pfemu.client.client import Client
from pfemu.errors import ConfigError
from pfemu.function_handle import FunctionHandle, Recorder
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.functions.function_details import FunctionDetails
from pfemu.model.topic_name import TopicName
from pfemu.model.warnings.happenings import STATE_IS_OFF
from pfemu.model.warnings.ignored_settings import ignored
from pfemu.runtime.function import Function, FunctionServices
from pfemu.runtime.function_warnings import FunctionWarnings, code_warnings
from pfemu.runtime.logs.function_log import LogRouter
from pfemu.runtime.worker.functions_worker import WorkerServices
from pfemu.scheduling.clock import stopwatch_s

if TYPE_CHECKING:
    from pfemu.broker.topic import Topic
    from pfemu.emulator import Emulator
    from pfemu.function_source import FunctionSource
    from pfemu.model.warnings.function_warning import FunctionWarning
    from pfemu.ports import SecretsProvider
    from pfemu.runtime.function_warnings import Warn
    from pfemu.runtime.instance import FunctionInstance
    from pfemu.runtime.observer import Observer
    from pfemu.runtime.runtimes import Load
    from pfemu.scheduling.live import LiveScheduler
    from pfemu.scheduling.stepping import SteppingScheduler


@dataclass(frozen=True, slots=True)
class DeploymentSettings:
    """What holds for every function of an emulator; each as :class:`~pfemu.emulator.Emulator` takes it."""

    load: Load
    secrets_provider: SecretsProvider
    log_directory: Path | None
    on_warning: Warn | None
    new_recorder: Callable[[str], Recorder] | None


class FunctionDeployer:
    """Deploys functions into an emulator, for its caller and for the worker that the admin API speaks to."""

    def __init__(self, emulator: Emulator, settings: DeploymentSettings) -> None:
        self._emulator = emulator
        self._settings = settings
        self._uuids = 0
        self._log_router = LogRouter()

    def worker_services(self) -> WorkerServices:
        """Return what the functions worker needs of the emulator."""
        namespaces = self._emulator.broker.namespaces
        return WorkerServices(
            tenant_exists=lambda tenant: tenant in namespaces.tenants,
            namespace_exists=lambda namespace: namespace in namespaces.policies,
            services_for=self._services_of_worker,
            load=self._settings.load,
            clean_up=self._remove_subscriptions,
            deployed=self._keep_handle,
            deleted=self._forget_function,
        )

    def deploy(
        self,
        code: FunctionSource,
        *,
        observer: Observer | None,
        on_warning: Warn | None,
        secrets_provider: SecretsProvider | None,
        pass_prints_on: bool,
    ) -> FunctionHandle:
        """Deploy a function and start its instances; as :meth:`~pfemu.emulator.Emulator.create_function` takes and raises."""
        emulator, registration = self._emulator, code.registration
        details = registration.details
        if details.fqfn in emulator.functions:
            raise ConfigError(f"Function {details.name} already exists")
        for namespace in registration.namespaces:  # on a cluster somebody has made them
            emulator.create_namespace(namespace)
        recorder = Recorder(on_warning or self._settings.on_warning)
        self._warn_of_configuration(recorder, (*code.warnings, *registration.ignored))
        self._refuse_if_strict(recorder)
        services = self._services(details, observer or recorder, recorder.warnings, secrets_provider, pass_prints_on=pass_prints_on)
        function = Function(details, code.load, services)
        handle = FunctionHandle(emulator, function, recorder)
        emulator.forget_codecs()
        function.start()
        try:
            self._refuse_if_strict(recorder)
        except ConfigError:
            function.stop()
            self._remove_subscriptions(function)
            raise
        emulator.functions.keep(handle)
        emulator.worker.adopt(function)
        return handle

    def _warn_of_configuration(self, recorder: Recorder, warnings: Iterable[FunctionWarning]) -> None:
        for warning in warnings:
            recorder.warnings.add(warning)
        if self._emulator.state.is_off:
            recorder.warnings.add(STATE_IS_OFF.warning())

    def _refuse_if_strict(self, recorder: Recorder) -> None:
        """Refuse what a strict emulator has to warn about.

        Raises:
            ConfigError: with all the warnings.
        """
        if self._emulator.strict and recorder.warnings.strict:
            raise ConfigError("\n".join([*map(str, recorder.warnings.strict), "A cluster takes this, with that in mind; strict does not."]))

    def _keep_handle(self, function: Function, config: FunctionConfig) -> None:
        """Keep the handle of a function that the worker deploys; raises as :meth:`_refuse_if_strict`."""
        recorder = function.services.observer
        self._emulator.forget_codecs()
        if isinstance(recorder, Recorder):
            written = replace(config, forward_source_message_property=None)  # any client sends that one
            self._warn_of_configuration(recorder, ignored(written))
            self._refuse_if_strict(recorder)
            self._emulator.functions.keep(FunctionHandle(self._emulator, function, recorder))

    def _forget_function(self, function: Function) -> None:
        """Drop what belongs to a function that the worker deleted."""
        details = function.details
        self._emulator.functions.forget(function.fqfn)
        self._emulator.state.delete_table(details.tenant, details.namespace, details.name)

    def _remove_subscriptions(self, function: Function) -> None:
        """Remove a deleted function's subscriptions from its inputs, but for one that others use (``FunctionActioner``)."""
        for text, spec in function.details.input_specs.items():
            for topic in self._inputs_named(text, is_pattern=spec.is_regex_pattern):
                subscription = topic.subscriptions.get(function.subscription_name)
                if subscription is not None and not subscription.consumers:
                    topic.remove_subscription(function.subscription_name)

    def _inputs_named(self, text: str, *, is_pattern: bool) -> list[Topic]:
        """Return the topics of an input; of a pattern, all of its namespace, as the worker does."""
        name = TopicName.if_valid(text)
        if name is None:
            return []
        return list(self._emulator.broker.topics_of(name.namespace_name)) if is_pattern else self._emulator.topics_of(name)

    def _services_of_worker(self, details: FunctionDetails) -> FunctionServices:
        new_recorder = self._settings.new_recorder
        recorder = Recorder(self._settings.on_warning) if new_recorder is None else new_recorder(details.fqfn)
        return self._services(details, recorder, recorder.warnings, None, pass_prints_on=new_recorder is None)

    def _services(
        self,
        details: FunctionDetails,
        observer: Observer,
        warnings: FunctionWarnings,
        secrets_provider: SecretsProvider | None,
        *,
        pass_prints_on: bool,
    ) -> FunctionServices:
        emulator = self._emulator
        return FunctionServices(
            scheduler=emulator.scheduler,
            new_client=lambda: Client(emulator.engine, for_instance=True),
            state=emulator.state.table(details.tenant, details.namespace, details.name),
            secrets=secrets_provider or self._settings.secrets_provider,
            log_directory=self._settings.log_directory,
            observer=observer,
            new_uuid=self._new_uuid,
            stopwatch_s=stopwatch_s,
            log_router=self._log_router,
            pass_prints_on=pass_prints_on,
            on_thread_error=emulator.scheduler.on_error if emulator.scheduler.threaded else None,
            hand_over=_hand_over(emulator.scheduler),
            in_lane=None if emulator.lanes is None else emulator.lanes.add,
            warn=warnings.add,
            started=self._instance_started,
        )

    def _instance_started(self, function: Function, instance: FunctionInstance) -> None:
        """Say what is wrong with the code and still starts, and put declared faults in the way."""
        for warning in code_warnings(function.details, instance.loaded) if instance.loaded is not None else ():
            function.services.warn(warning)
        self._emulator.arm_faults(function, instance)

    def _new_uuid(self) -> str:
        """Return a number that is new in this emulator and the same in every run."""
        self._uuids += 1
        return _uuid_text(self._uuids)

    def close(self) -> None:
        """Let loggers be as they were."""
        self._log_router.remove()


@lru_cache(maxsize=1000)
def _uuid_text(number: int) -> str:
    return str(uuid.UUID(int=number, version=4))


def _hand_over(scheduler: SteppingScheduler | LiveScheduler) -> Callable[[Callable[[], object]], object] | None:
    """Return how another thread has the scheduler's run something; None where that steps, and is not woken while it waits."""
    if scheduler.threaded:
        return scheduler.soon
    return None if scheduler.wake is None else scheduler.hand_over
