"""Whether data written with one Avro schema can be read with another (Avro's ``Resolver``, as ``ValidateCanRead`` uses it).

* Numbers widen (int, long, float, double); string and bytes stand for each other.
* A field that only the reader has needs a default. Records match by their fields, whatever their names.
* All branches of a writer's union must be readable; of a reader's union, one branch must do.
* Enums match by name, fixed ones by name and size. That a symbol is missing shows only in data.
* A reader's aliases of fields count.

Differs: aliases of records, enums and fixed types, and logical types, are not looked at.
"""

from collections.abc import Iterable
from json import JSONDecodeError, loads
from typing import TypeAlias

from pfemu.broker.refusals import InvalidSchemaData

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

PRIMITIVES = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})
_NAMED = frozenset({"record", "error", "enum", "fixed"})
_DEFINING = _NAMED | {"array", "map"}
_PROMOTIONS = {
    "int": frozenset({"long", "float", "double"}),
    "long": frozenset({"float", "double"}),
    "float": frozenset({"double"}),
    "string": frozenset({"bytes"}),
    "bytes": frozenset({"string"}),
}


class AvroSchema:
    """A parsed schema: its root, and the types it names."""

    __slots__ = ("_kind", "named", "root")

    def __init__(self, data: bytes, kind: str = "AVRO") -> None:
        """Parse the JSON of a schema of that type, AVRO or JSON.

        Raises:
            InvalidSchemaData: it is none.
        """
        self._kind = kind
        self.named: dict[str, dict[str, Json]] = {}
        try:
            self.root: Json = loads(data)
        except (JSONDecodeError, UnicodeDecodeError):
            raise self._invalid() from None
        self._check(self.root)

    def _invalid(self) -> InvalidSchemaData:
        return InvalidSchemaData(f"Invalid schema definition data for {self._kind} schema")

    def _check(self, node: Json) -> None:
        if isinstance(node, list):
            for branch in node:
                self._check(branch)
        elif isinstance(node, dict):
            self._check_definition(node)
        elif not isinstance(node, str) or (node not in PRIMITIVES and node.rpartition(".")[2] not in self.named):
            raise self._invalid()

    def _check_definition(self, node: dict[str, Json]) -> None:
        kind = node.get("type")
        if not isinstance(kind, str):
            raise self._invalid()
        if kind in _NAMED:
            name = node.get("name")
            if not isinstance(name, str):
                raise self._invalid()
            self.named[name.rpartition(".")[2]] = node
        for part in self._parts(node, kind):
            self._check(part)

    def _parts(self, node: dict[str, Json], kind: str) -> Iterable[Json]:
        """Return the types inside of a definition."""
        if kind in {"record", "error"}:
            fields = node.get("fields")
            if not isinstance(fields, list):
                raise self._invalid()
            return [field.get("type") if isinstance(field, dict) else None for field in fields]
        if kind in {"enum", "fixed"}:
            return []
        return [node.get({"array": "items", "map": "values"}.get(kind, "type"))]

    def resolved(self, node: Json) -> tuple[str, dict[str, Json]]:
        """Return the kind of a node that is no union, and its definition (empty for a primitive)."""
        if isinstance(node, dict):
            kind = str(node["type"])
            return ("record" if kind == "error" else kind), node
        text = str(node)
        return (text, {}) if text in PRIMITIVES else self.resolved(self.named[text.rpartition(".")[2]])


def _unwrapped(node: Json) -> Json:
    """Return what ``{"type": ...}`` wraps that defines nothing of its own: a primitive, or a name."""
    while isinstance(node, dict) and node["type"] not in _DEFINING:
        node = node["type"]
    return node


def can_read(reader: AvroSchema, writer: AvroSchema) -> bool:
    """Whether what ``writer`` wrote can be read with ``reader``."""
    return _Resolution(reader, writer).matches(reader.root, writer.root)


class _Resolution:
    def __init__(self, reader: AvroSchema, writer: AvroSchema) -> None:
        self._reader = reader
        self._writer = writer
        self._under_way: set[tuple[int, int]] = set()

    def matches(self, reader: Json, writer: Json) -> bool:
        reader, writer = _unwrapped(reader), _unwrapped(writer)
        if isinstance(writer, list):
            return all(self.matches(reader, branch) for branch in writer)
        if isinstance(reader, list):
            return any(self.matches(branch, writer) for branch in reader)
        kind, own = self._reader.resolved(reader)
        written_kind, written = self._writer.resolved(writer)
        if kind != written_kind:
            return kind in _PROMOTIONS.get(written_kind, ())
        return kind in PRIMITIVES or self._definitions_match(kind, own, written)

    def _definitions_match(self, kind: str, own: dict[str, Json], written: dict[str, Json]) -> bool:
        if kind == "array":
            return self.matches(own["items"], written["items"])
        if kind == "map":
            return self.matches(own["values"], written["values"])
        if kind == "record":
            return self._records_match(own, written)
        return own["name"] == written["name"] and own.get("size") == written.get("size")

    def _records_match(self, own: dict[str, Json], written: dict[str, Json]) -> bool:
        pair = (id(own), id(written))
        if pair in self._under_way:  # a type that contains itself
            return True
        self._under_way.add(pair)
        there = {str(field["name"]): field for field in _fields(written)}
        return all(self._field_matches(field, there) for field in _fields(own))

    def _field_matches(self, field: dict[str, Json], there: dict[str, dict[str, Json]]) -> bool:
        aliases = field.get("aliases")
        for name in [field["name"], *(aliases if isinstance(aliases, list) else [])]:
            if (written := there.get(str(name))) is not None:
                return self.matches(field["type"], written["type"])
        return "default" in field


def _fields(record: dict[str, Json]) -> list[dict[str, Json]]:
    fields = record["fields"]
    return [field for field in fields if isinstance(field, dict)] if isinstance(fields, list) else []
