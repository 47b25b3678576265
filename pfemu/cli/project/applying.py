"""What a project file says, put into an emulator: on the thread that owns the broker.

Namespaces of topics are made, as those of a function's configuration are. What is there already is changed as an administrator would
change it: partitions grow, a schema gets another version, policies are set; what the broker refuses is told with the line of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pfemu.errors import BrokerError, ConfigError
from pfemu.model.nearest_name import did_you_mean
from pfemu.model.topic_name import TopicName

if TYPE_CHECKING:
    from pfemu.cli.project.values import NamespacePlan, Project, StateSeed, TopicPlan
    from pfemu.emulator import Emulator


def prepare(emulator: Emulator, project: Project) -> None:
    """Make the namespaces and topics of a project.

    Raises:
        ConfigError: the broker refuses one.
    """
    for namespace, plan in project.namespaces.items():
        set_namespace(emulator, namespace, plan)
    for topic, topic_plan in project.topics.items():
        set_topic(emulator, topic, topic_plan)


def set_namespace(emulator: Emulator, namespace: str, plan: NamespacePlan) -> None:
    """Make a namespace if it is not there, and set its policies; raises as :func:`prepare`."""
    emulator.create_namespace(namespace)
    with _refused_at(plan.place):
        emulator.broker.set_policies(namespace, plan.policies)
    emulator.engine.arm_checks()


def set_topic(emulator: Emulator, topic: str, plan: TopicPlan) -> None:
    """Make a topic if it is not there, and set what is planned for it; raises as :func:`prepare`."""
    name = TopicName.parse(topic)
    emulator.create_namespace(name.namespace_name)
    with _refused_at(plan.place):
        _make(emulator, name, plan.partitions)
        for each in emulator.topics_of(name):
            emulator.broker.set_topic_policies(each, plan.policies)
        if plan.schema is not None:
            policies = emulator.topics_of(name)[0].policies
            emulator.broker.schemas.add(name, plan.schema, policies.schema_compatibility, emulator.scheduler.now_ms())
    emulator.engine.arm_checks()


def _make(emulator: Emulator, name: TopicName, partitions: int | None) -> None:
    broker, now_ms = emulator.broker, emulator.scheduler.now_ms()
    there = broker.partitions_of(name)
    if partitions is None:
        if not there:
            broker.get_or_create(name, now_ms)
    elif there and partitions != there:
        broker.update_partitions(name, partitions, now_ms)
    elif not there:
        broker.create_partitioned_topic(name, partitions, now_ms)
    emulator.engine.notice_topics()


@contextmanager
def _refused_at(place: str) -> Iterator[None]:
    try:
        yield
    except BrokerError as error:
        raise ConfigError(f"{place}: {error}") from None


def preload_state(emulator: Emulator, seeds: Sequence[StateSeed], functions: Sequence[str]) -> None:
    """Give functions the state they begin with; ``functions`` are ``tenant/namespace/name`` of those of the run.

    Raises:
        ConfigError: there is no function of that name, or there is no state.
    """
    by_name: Mapping[str, str] = {spelling: fqfn for fqfn in functions for spelling in (fqfn, fqfn.rpartition("/")[2])}
    for seed in seeds:
        fqfn = by_name.get(seed.function)
        if fqfn is None:
            hint = did_you_mean(seed.function, by_name, otherwise=".")
            raise ConfigError(f"{seed.place}: there is no function {seed.function!r}{hint} There are {', '.join(functions)}")
        if emulator.state.is_off:
            raise ConfigError(f"{seed.place}: state is off: there is nowhere to put it")
        emulator.state.table(*fqfn.split("/")).preload(dict(seed.content))
