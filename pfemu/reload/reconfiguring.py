"""Another configuration for a running function, by the worker's rules about what an update may change.

User config and secrets are in force from the next message on, and nothing is restarted. Other numbers of instances start or stop instances;
the rest run on. Anything else starts every instance anew, as an update on a cluster does.

Differs: a cluster starts every instance anew for any update, with counters at zero.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING

from pfemu.model.functions.function_details import FunctionDetails, ProducerSpec
from pfemu.model.functions.function_registration import update
from pfemu.model.topic_name import TopicName
from pfemu.reload.reports import Configured
from pfemu.runtime.context import configure
from pfemu.runtime.instance_config import FunctionDetailsView, InstanceConfig
from pfemu.scheduling.clock import monotonic_ms

if TYPE_CHECKING:
    from pfemu.emulator import Emulator
    from pfemu.function_handle import FunctionHandle
    from pfemu.model.configuration.function_config import FunctionConfig
    from pfemu.runtime.function import Function
    from pfemu.runtime.instance import FunctionInstance

_LIVE = {"user_config", "secrets_map"}
_BY_NUMBER = {*_LIVE, "parallelism"}


class Reconfigurer:
    """Changes the configuration of one function. ``run`` runs what may stop and start instances, where that can be done."""

    def __init__(self, emulator: Emulator, handle: FunctionHandle, run: Callable[[Callable[[], object]], object]) -> None:
        self._emulator = emulator
        self._function: Function = handle.function
        self._run = run

    def reconfigure(self, config: FunctionConfig, since_ms: int, told: Callable[[Configured | Exception], object]) -> None:
        """Take a configuration up; ``told`` hears what changed, or why an instance does not start with it.

        Raises:
            ConfigError: the worker refuses the update, or there is nothing to change.
        """
        details = update(self._function.details, config)
        changed = _changes(self._function.details, details)
        self._run(partial(self._apply, details, changed, since_ms, told))

    def _apply(
        self,
        details: FunctionDetails,
        changed: dict[str, tuple[object, object]],
        since_ms: int,
        told: Callable[[Configured | Exception], object],
    ) -> None:
        restarts = not changed.keys() <= _BY_NUMBER
        before = self._function.details
        try:
            self._take_up(details, restarts=restarts)
        except Exception as error:  # noqa: BLE001 - what an instance dies of is told, and the function runs on as it was
            self._take_up(before, restarts=True)
            told(error)
            return
        self._emulator.forget_codecs()
        told(Configured(monotonic_ms() - since_ms, changed, restarts))

    def _take_up(self, details: FunctionDetails, *, restarts: bool) -> None:
        function = self._function
        for topic in filter(None, (details.sink.topic, details.log_topic)):
            self._emulator.create_namespace(TopicName.parse(topic).namespace_name)
        if restarts:
            function.stop()
        function.details = details
        function.renew()
        for spawner in function.spawners[details.parallelism :]:
            spawner.stop()
        del function.spawners[details.parallelism :]
        for instance in [each for each in function.instances if each.running]:
            instance.before_next_message(partial(_configure, function, instance))
            if instance.thread is None:
                instance.replace_if_idle()
        function.start()


def _changes(before: FunctionDetails, after: FunctionDetails) -> dict[str, tuple[object, object]]:
    """Return the fields that differ for an instance.

    Any update writes two things out that mean what leaving them out meant: forwarding of properties, which the Python instance never
    looks at, and the defaults of the producer.
    """
    before, after = (
        replace(
            each, sink=replace(each.sink, forward_source_message_property=False, producer_spec=each.sink.producer_spec or ProducerSpec())
        )
        for each in (before, after)
    )
    pairs = {field.name: (getattr(before, field.name), getattr(after, field.name)) for field in fields(after)}
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if "secrets_map" in changed:
        changed["secrets_map"] = (_names(before.secrets_map), _names(after.secrets_map))
    return changed


def _names(secrets_map: str) -> str:
    """Return the names of secrets: what is told of a change never shows one."""
    return ", ".join(json.loads(secrets_map)) if secrets_map else ""


def _configure(function: Function, instance: FunctionInstance) -> None:
    """Let the context of an instance show the configuration."""
    view = FunctionDetailsView(function.details)
    configure(instance.context, InstanceConfig(str(instance.instance_id), function.function_id, function.function_version, view))
