"""Functions, topics and what goes between them, as a value that can be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NodeKind(StrEnum):
    """What a node is."""

    FUNCTION = "function"
    TOPIC = "topic"
    PATTERN = "pattern"
    """A regular expression that a function reads topics by."""


class EdgeKind(StrEnum):
    """How messages go from one node to another."""

    INPUT = "input"
    OUTPUT = "output"
    PUBLISH = "publish"
    """``context.publish``."""
    LOG = "log"
    DEAD_LETTER = "dead letter"
    MATCH = "match"
    """From a topic to a pattern that it matches."""


@dataclass(frozen=True, slots=True)
class Node:
    """A function (``tenant/namespace/name``), a topic (by its full name) or a pattern. ``facts`` are short texts about it."""

    id: str
    kind: NodeKind
    label: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """Messages go from ``source`` to ``target``, both ids of nodes."""

    source: str
    target: str
    kind: EdgeKind


@dataclass(frozen=True, slots=True)
class Topology:
    """What is known for sure; ``unknown`` says in sentences what is not."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    unknown: tuple[str, ...] = ()
