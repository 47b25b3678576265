"""The functions of a command as a topology: from their configurations and their code, and from what a run has shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pfemu.cli.deployment import deployment
from pfemu.cli.planning import planned
from pfemu.emulator import Emulator
from pfemu.model.english import counted
from pfemu.model.functions.function_registration import create
from pfemu.model.topic_name import TopicName
from pfemu.topology.building import FunctionFacts, topology
from pfemu.topology.published_topics import PublishedTopics, published_topics

if TYPE_CHECKING:
    from pfemu.cli.options.settings import FunctionRequest
    from pfemu.cli.project.values import Project
    from pfemu.cli.running.session import Session
    from pfemu.function_handle import FunctionHandle
    from pfemu.function_source import FunctionSource
    from pfemu.model.functions.function_details import FunctionDetails
    from pfemu.runtime.loader import LoadedFunction
    from pfemu.topology.graph import Topology


def topology_of(requests: tuple[FunctionRequest, ...], *, observed: bool) -> Topology:
    """Return the topology of what is asked for; ``observed``: of a run with the seeds of the project, with figures.

    Raises:
        ConfigError: a configuration is refused.
        LoadError: code cannot be loaded.
        InputError: a file cannot be read.
    """
    plan = planned(requests)
    sources = [deployment(request).source for request in plan.functions]
    if observed:
        return _observed(sources, plan.project)
    loaded = [(create(source.config), source.load()) for source in sources]
    facts = [facts_of(details, code) for details, code in loaded]
    for _, code in loaded:
        code.unload()
    return topology(facts, _planned_topics(plan.project))


def _planned_topics(project: Project | None) -> dict[str, tuple[str, ...]]:
    topics = {} if project is None else project.topics
    return {TopicName.parse(name).full: (f"{plan.partitions} partitions",) if plan.partitions else () for name, plan in topics.items()}


def _observed(sources: list[FunctionSource], project: Project | None) -> Topology:
    with Emulator() as emulator:
        if project is not None:
            from pfemu.cli.project.applying import preload_state, prepare

            prepare(emulator, project)
            preload_state(emulator, project.state, [source.fqfn for source in sources])
        handles = [emulator.create_function(source, pass_prints_on=False) for source in sources]
        if project is not None:
            from pfemu.cli.project.seeding import send_seeds

            send_seeds(emulator, project.seeds)
        published = {handle.name: [each.topic for each in handle.publications] for handle in handles}
        return _counted(emulator, handles, published)


def live_topology(session: Session) -> Topology:
    """Return the topology of a run as it is now, with figures; on the thread that owns the broker."""
    handles = [function.handle for function in session.functions]
    published = {function.name: list(function.reporter.tally.published) for function in session.functions}
    return _counted(session.emulator, handles, published)


def _counted(emulator: Emulator, handles: Iterable[FunctionHandle], published: Mapping[str, Iterable[str]]) -> Topology:
    facts = []
    for handle in handles:
        instances = handle.function.instances
        processed = sum(each.stats.processed_successfully for each in instances)
        failed = sum(each.stats.user_exceptions + each.stats.system_exceptions for each in instances)
        figures = (f"{processed:,} processed", *([f"{failed:,} failed"] if failed else []))
        loaded = next((each.loaded for each in instances if each.loaded is not None), None)
        facts.append(facts_of(handle.function.details, loaded, published[handle.name], figures))
    return topology(facts, _topics_of(emulator))


def _topics_of(emulator: Emulator) -> dict[str, tuple[str, ...]]:
    """Return how many messages came to each topic so far, the partitions of a topic together."""
    counts: dict[str, int] = {}
    for topic in emulator.broker.topics.values():
        full = emulator.broker.whole_of(topic.name).full
        counts[full] = counts.get(full, 0) + topic.messages_in_total
    return {full: (counted(count, "message"),) for full, count in counts.items()}


def facts_of(
    details: FunctionDetails, loaded: LoadedFunction | None, observed: Iterable[str] = (), figures: tuple[str, ...] = ()
) -> FunctionFacts:
    """Return what is known of a function; ``observed`` are topics that it published to, ``figures`` what is shown of it."""
    found, file = _published(details, loaded)
    lines = ", ".join(map(str, found.unknown_lines))
    unknown = [f"{details.name} also publishes where only a run tells ({file}, line {lines})"] if lines else []
    topics = dict.fromkeys([*found.topics, *observed])
    if details.sink.topic:  # what it publishes to its own output is an output like the others
        topics.pop(details.sink.topic, None)
    return FunctionFacts(details, tuple(topics), unknown, figures)


def _published(details: FunctionDetails, loaded: LoadedFunction | None) -> tuple[PublishedTopics, str]:
    target = None if loaded is None else loaded.target
    name, module = getattr(target, "__name__", None), getattr(target, "__module__", None)
    file = None if loaded is None or module is None else getattr(loaded.modules.get(module), "__file__", None)
    if name is None or file is None or not Path(file).is_file():
        return PublishedTopics(), ""
    user_config = json.loads(details.user_config) if details.user_config else {}
    return published_topics(Path(file).read_text(encoding="utf-8", errors="replace"), name, user_config), Path(file).name
