"""A save of the project file while it runs.

What an administrator could change on a running cluster is changed: configurations of functions as an update changes them, more
partitions, policies, schemas, new topics. Everything else is said, and the run goes on as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING

from pfemu.cli.deployment import deployment
from pfemu.cli.project.applying import set_namespace, set_topic
from pfemu.cli.project.reading import read_project
from pfemu.errors import PfemuError
from pfemu.reload.reports import ConfigurationRefused, Configured
from pfemu.reload.watch_set import WatchSet
from pfemu.scheduling.clock import monotonic_ms

if TYPE_CHECKING:
    from pfemu.broker.policies import Policies
    from pfemu.cli.options.settings import FunctionRequest
    from pfemu.cli.project.values import Project, TopicPlan
    from pfemu.cli.reloading.function_reloading import FunctionReloading
    from pfemu.reload.reload_host import ReloadHost

_Changes = dict[str, tuple[object, object]]
_AGAIN = "start the run again for that"


class ProjectReloading:
    """Takes up saves of a project file, on the thread that watches; ``host`` hears of them."""

    def __init__(self, host: ReloadHost, project: Project, functions: list[FunctionReloading]) -> None:
        self._host = host
        self._project = project
        self._functions = functions
        self.watch_set = WatchSet(list, project.path.absolute().parent, named=[project.path])

    def changed(self, files: frozenset[str], since_ms: int) -> None:
        """Take up a save, if one of ``files`` is the project's."""
        if not any(self.watch_set.path_of(file) for file in files):
            return
        try:
            after = read_project(self._project.path)
        except PfemuError as error:
            self._host.report(ConfigurationRefused(str(error)))
            return
        before, self._project = self._project, after
        unapplied = [*self._take_up_functions(before, after, since_ms), *_unapplied(before, after)]
        self._host.on_owner(lambda: self._take_up_topics(before, after, since_ms, unapplied))

    def _take_up_functions(self, before: Project, after: Project, since_ms: int) -> Iterator[str]:
        """Reconfigure the functions that are written otherwise now; yield what cannot be taken up."""
        remaining = {each.function.name for each in self._functions}
        for request in after.functions:
            same = next((each for each in self._functions if each.function.request == request), None)
            if same is not None:
                remaining.discard(same.function.name)
                continue
            name, problem = self._take_up(request, since_ms)
            remaining.discard(name)
            if problem:
                yield problem
        if before.functions != after.functions:
            yield from (f"{name} is not named any more, and runs on: {_AGAIN}" for name in sorted(remaining))

    def _take_up(self, request: FunctionRequest, since_ms: int) -> tuple[str, str]:
        """Return the name of the function, and what cannot be taken up."""
        try:
            found = deployment(replace(request, runtime=self._functions[0].function.request.runtime))
        except (PfemuError, OSError) as error:
            return "", str(error)
        if found.loading.last is not None:
            found.loading.last.unload()
        config, name = found.source.config, found.source.fqfn
        running = next((each for each in self._functions if each.function.name == name), None)
        if running is None:
            return name, f"{name} is new: {_AGAIN}"
        old = running.function.config
        if (config.py, config.class_name) != (old.py, old.class_name):
            return name, f"{name} has its code elsewhere now: {_AGAIN}"
        running.function.request = replace(request, runtime=running.function.request.runtime)
        running.reconfigure(config, since_ms)
        return name, ""

    def _take_up_topics(self, before: Project, after: Project, since_ms: int, unapplied: list[str]) -> None:
        changes: _Changes = {}
        for namespace, plan in after.namespaces.items():
            old = before.namespaces.get(namespace)
            if plan != old and self._try(partial(set_namespace, self._host.emulator, namespace, plan), unapplied):
                changes |= _differences(f"namespaces.{namespace}", _set(None if old is None else old.policies), _set(plan.policies))
        for topic, topic_plan in after.topics.items():
            old_plan = before.topics.get(topic)
            if topic_plan != old_plan and self._try(partial(set_topic, self._host.emulator, topic, topic_plan), unapplied):
                changes |= _differences(f"topics.{topic}", _shown(old_plan), _shown(topic_plan))
        if changes:
            self._host.tell(Configured(monotonic_ms() - since_ms, changes, restarted=False))
        for problem in unapplied:
            self._host.tell(ConfigurationRefused(problem))

    @staticmethod
    def _try(change: Callable[[], object], unapplied: list[str]) -> bool:
        try:
            change()
        except PfemuError as error:
            unapplied.append(str(error))
            return False
        return True


def _unapplied(before: Project, after: Project) -> Iterator[str]:
    """Yield what of a change waits for the next start."""
    for name in before.topics.keys() - after.topics.keys():
        yield f"topic {name} is not named any more, and stays as it is"
    if before.seeds != after.seeds:
        yield f"seeds are sent once, at the start: {_AGAIN}"
    if before.state != after.state:
        yield f"state is set once, at the start: {_AGAIN}"


def _set(policies: Policies | None) -> dict[str, object]:
    if policies is None:
        return {}
    return {each.name: value for each in fields(policies) if (value := getattr(policies, each.name)) is not None}


def _shown(plan: TopicPlan | None) -> dict[str, object]:
    if plan is None:
        return {}
    schema = {} if plan.schema is None else {"schema": f"{plan.schema.type} {plan.schema.data.decode(errors='replace')}".strip()}
    return {"partitions": plan.partitions or 0, **_set(plan.policies), **schema}


def _differences(name: str, before: Mapping[str, object], after: Mapping[str, object]) -> _Changes:
    found = {f"{name}.{key}": (before.get(key), after.get(key)) for key in {**before, **after} if before.get(key) != after.get(key)}
    return {key: (_plain(old), _plain(new)) for key, (old, new) in found.items()}


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | bool) else str(value)
