"""What a project file says, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pfemu.broker.policies import Policies
from pfemu.cli.options.settings import FunctionRequest
from pfemu.cli.running.input_lines import InputMessage
from pfemu.model.schema import SchemaInfo

FILE_NAMES = ("pfemu.yaml", "pfemu.yml")


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """A topic that is to be there. ``partitions`` None: it is not partitioned. ``place`` is where it stands, for refusals."""

    partitions: int | None = None
    policies: Policies = field(default_factory=Policies)
    schema: SchemaInfo | None = None
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class NamespacePlan:
    """A namespace that is to be there."""

    policies: Policies
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Seed:
    """Messages for a topic: those written in the file, or the lines of another file."""

    topic: str
    messages: tuple[InputMessage, ...] = ()
    lines: Path | None = None


@dataclass(frozen=True, slots=True)
class StateSeed:
    """What a function's state begins with: a text is a value, a whole number a counter."""

    function: str
    content: Mapping[str, bytes | int]
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Project:
    """A project file, read. Topics go by their names as they are written."""

    path: Path
    functions: tuple[FunctionRequest, ...] = ()
    namespaces: Mapping[str, NamespacePlan] = field(default_factory=dict)
    topics: Mapping[str, TopicPlan] = field(default_factory=dict)
    seeds: tuple[Seed, ...] = ()
    state: tuple[StateSeed, ...] = ()
