"""From functions as they are deployed to what is drawn of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pfemu.model.topic_name import TopicName, short_name
from pfemu.topology.graph import Edge, EdgeKind, Node, NodeKind, Topology
from pfemu.topology.reading import matches

if TYPE_CHECKING:
    from pfemu.model.functions.function_details import FunctionDetails

_DEFAULT_FUNCTIONS = "public/default/"
_PERSISTENT = "persistent://"
_PATTERN = "pattern "


@dataclass(frozen=True, slots=True)
class FunctionFacts:
    """A function: its details, the topics it publishes to, what is not known of it (as sentences), and short facts to show."""

    details: FunctionDetails
    published: Sequence[str] = ()
    unknown: Sequence[str] = ()
    facts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Graph:
    topics: Mapping[str, tuple[str, ...]]
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[Edge, None] = field(default_factory=dict)

    def topic(self, text: str) -> str:
        """Put in a topic; return its id. A partition that is named is its own topic."""
        name = TopicName.if_valid(text)
        full = text if name is None else name.full  # what is none, the function fails with, and the picture shows where
        self.nodes.setdefault(full, Node(full, NodeKind.TOPIC, short_topic(full), self.topics.get(full, ())))
        return full

    def edge(self, source: str, target: str, kind: EdgeKind) -> None:
        self.edges[Edge(source, target, kind)] = None


def short_topic(full: str) -> str:
    """Return a topic's name without what is the same for most."""
    return short_name(full).removeprefix(_PERSISTENT)


def topology(functions: Sequence[FunctionFacts], topics: Mapping[str, tuple[str, ...]] | None = None) -> Topology:
    """Return functions and their topics; ``topics`` are facts by full names, of topics that are to be shown even without a function."""
    graph = _Graph(topics or {})
    for each in functions:
        _add(graph, each)
    for full in graph.topics:
        graph.topic(full)
    for pattern in [node for node in graph.nodes.values() if node.kind is NodeKind.PATTERN]:
        for node in list(graph.nodes.values()):
            if node.kind is NodeKind.TOPIC and _matches(pattern.id.removeprefix(_PATTERN), node.id):
                graph.edge(node.id, pattern.id, EdgeKind.MATCH)
    return Topology(tuple(graph.nodes.values()), tuple(graph.edges), tuple(text for each in functions for text in each.unknown))


def _add(graph: _Graph, function: FunctionFacts) -> None:
    details = function.details
    fqfn = details.fqfn
    copies = (f"{details.parallelism} instances",) if details.parallelism > 1 else ()
    graph.nodes[fqfn] = Node(fqfn, NodeKind.FUNCTION, fqfn.removeprefix(_DEFAULT_FUNCTIONS), (*copies, *function.facts))
    for text, spec in details.input_specs.items():
        if spec.is_regex_pattern:
            source = f"{_PATTERN}{text}"
            graph.nodes.setdefault(source, Node(source, NodeKind.PATTERN, short_topic(text)))
        else:
            source = graph.topic(text)
        graph.edge(source, fqfn, EdgeKind.INPUT)
    if details.sink.topic:
        graph.edge(fqfn, graph.topic(details.sink.topic), EdgeKind.OUTPUT)
    for topic in function.published:
        graph.edge(fqfn, graph.topic(topic), EdgeKind.PUBLISH)
    if details.log_topic:
        graph.edge(fqfn, graph.topic(details.log_topic), EdgeKind.LOG)
    if details.retry_details is not None and details.retry_details.dead_letter_topic:
        graph.edge(fqfn, graph.topic(details.retry_details.dead_letter_topic), EdgeKind.DEAD_LETTER)


def _matches(pattern: str, topic: str) -> bool:
    name = TopicName.if_valid(topic)
    return name is not None and matches(pattern, name)
