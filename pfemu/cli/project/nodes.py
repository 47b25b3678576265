"""Values of a project file with the places where they stand, so that a refusal names its line and the nearest known name.

The file is read as a function's configuration file is (:mod:`pfemu.model.configuration.yaml_reading`), so that a configuration means the
same in both. Anchors and aliases are refused: Pulsar's own reader takes an alias for a text.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import yaml

from pfemu.errors import ConfigError
from pfemu.model.configuration.config_reading import JsonValue, Path, Written
from pfemu.model.configuration.yaml_reading import Document, read_documents
from pfemu.model.nearest_name import did_you_mean


@dataclass(frozen=True, slots=True)
class Node:
    """One value. ``written`` tells the places of all values of the file."""

    file: str
    written: Mapping[Path, Written]
    value: JsonValue
    path: Path = ()

    def step(self, key: str | int, value: JsonValue) -> Node:
        """Return the node of what is under ``key``."""
        return Node(self.file, self.written, value, (*self.path, key))

    @property
    def place(self) -> str:
        """File and line, as a refusal begins."""
        path = self.path
        while path and path not in self.written:
            path = path[:-1]
        return f"{self.file}, line {self.written[path].line}" if path in self.written else self.file

    @property
    def name(self) -> str:
        """Where it stands, as ``topics.orders.partitions``."""
        return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.path).removeprefix(".")

    def refuse(self, problem: str) -> NoReturn:
        """Refuse the value.

        Raises:
            ConfigError: always.
        """
        raise ConfigError(f"{self.place}: {f'{self.name} ' if self.path else ''}{problem}")

    def fields(self, known: Collection[str]) -> dict[str, Node]:
        """Return what is under each name; no other names are taken than those that are known."""
        entries = self.entries()
        for name, node in entries.items():
            if name not in known:
                node.refuse_field(self, name, known)
        return entries

    def refuse_field(self, owner: Node, name: str, known: Collection[str]) -> NoReturn:
        """Refuse the name of a field of ``owner``, under which this node stands."""
        hint = did_you_mean(name, known, otherwise=f". Known are {', '.join(known)}")
        raise ConfigError(f"{self.place}: {owner.name or 'a project'} has no field {name!r}{hint}")

    def entries(self) -> dict[str, Node]:
        """Return what is under each name, whatever the names; nothing for null."""
        if self.value is None:
            return {}
        if not isinstance(self.value, Mapping):
            self.refuse(f"must be a mapping of names and values, not {self._shown()}")
        return {name: self.step(name, value) for name, value in self.value.items()}

    def items(self) -> list[Node]:
        """Return the nodes of a list; nothing for null."""
        if self.value is None:
            return []
        if isinstance(self.value, str) or not isinstance(self.value, Sequence):
            self.refuse(f"must be a list, not {self._shown()}")
        return [self.step(index, value) for index, value in enumerate(self.value)]

    def text(self) -> str:
        """Return a text."""
        if not isinstance(self.value, str):
            self.refuse(f"must be a text, not {self._shown()}")
        return self.value

    def whole(self, least: int) -> int:
        """Return a whole number, ``least`` or more."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.refuse(f"must be a whole number, not {self._shown()}")
        if self.value < least:
            self.refuse(f"must be {least} or more, not {self.value}")
        return self.value

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            self.refuse(f"must be true or false, not {self._shown()}")
        return self.value

    def choice(self, names: Collection[str]) -> str:
        """Return one of several names."""
        if self.value not in names:
            self.refuse_choice(str(self.value), self._shown(), names)
        return str(self.value)

    def refuse_choice(self, written: str, shown: str, names: Collection[str]) -> NoReturn:
        """Refuse what is written, and shown as ``shown``, for being none of several names."""
        hint = did_you_mean(written, names, otherwise=".", quoted=False)
        self.refuse(f"has no choice {shown}{hint} The choices are {', '.join(names)}")

    def _shown(self) -> str:
        return json.dumps(self.value, ensure_ascii=False)


def read_node(text: str, file: str) -> Node:
    """Read a file's text.

    Raises:
        ConfigError: it is no YAML, or has anchors.
    """
    document: Document = next(read_documents(text))
    if document.broken:
        mark = getattr(document.broken, "problem_mark", None)
        line = document.end[0] if mark is None else mark.line + 1
        raise ConfigError(f"{file}, line {line}: {_first_line(document.broken)}")
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            raise ConfigError(f"{file}, line {token.start_mark.line + 1}: anchors and aliases are not read: write it out")
    return Node(file, document.written, document.value)


def _first_line(error: Exception) -> str:
    problem = getattr(error, "problem", None) or str(error)
    return f"it cannot be read: {str(problem).partition(chr(10))[0]}"
