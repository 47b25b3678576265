"""A topology as a Mermaid flowchart: functions are boxes, topics are rounded, patterns have six corners."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pfemu.topology.graph import EdgeKind, NodeKind

if TYPE_CHECKING:
    from pfemu.topology.graph import Node, Topology

_SHAPES = {NodeKind.FUNCTION: ("[", "]"), NodeKind.TOPIC: ("([", "])"), NodeKind.PATTERN: ("{{", "}}")}
_ENTITIES = str.maketrans({"#": "#35;", "&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;"})
_SOLID = {EdgeKind.INPUT, EdgeKind.OUTPUT}


def mermaid(topology: Topology) -> list[str]:
    """Return the lines of the flowchart; what is not known is a comment."""
    return list(_lines(topology))


def _lines(topology: Topology) -> Iterator[str]:
    yield "flowchart LR"
    numbers = {node.id: f"n{index}" for index, node in enumerate(topology.nodes)}
    for node in topology.nodes:
        opened, closed = _SHAPES[node.kind]
        yield f'    {numbers[node.id]}{opened}"{_text(node)}"{closed}'
    for edge in topology.edges:
        arrow = "-->" if edge.kind in _SOLID else f"-.->|{edge.kind}|"
        yield f"    {numbers[edge.source]} {arrow} {numbers[edge.target]}"
    for sentence in topology.unknown:
        yield f"    %% not shown: {sentence}"


def _text(node: Node) -> str:
    """Return the label with what Mermaid would read as its own written as an entity."""
    return "<br>".join(text.translate(_ENTITIES) for text in (node.label, *node.facts))
