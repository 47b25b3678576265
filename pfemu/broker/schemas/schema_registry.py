"""The schemas of topics, by version (``SchemaRegistryServiceImpl``).

* All partitions of a topic share its schemas.
* A schema that is there already keeps its version, whatever came after it. A new one must have the type of the last one and be
  compatible; the first one is welcome.
* Compatible, by default (``FULL``): what was written with the last one can be read with the new one, and the other way round.
* A consumer needs less: it must be able to read what the last one wrote.
* Deleting adds a version without a schema; what came before it is forgotten, but its numbers are not used again.

Differs: definitions of Avro and JSON schemas are compared by :mod:`pfemu.broker.schemas.avro_resolution`; any other definition (native
Protobuf, key-value) is compatible with itself alone.
"""

from __future__ import annotations

from json import loads

from pfemu.broker.refusals import InvalidSchemaData, NotFound
from pfemu.broker.schemas.avro_resolution import AvroSchema, can_read
from pfemu.broker.schemas.avro_text import are_one, pretty
from pfemu.errors import IncompatibleSchema
from pfemu.model.schema import STRUCT_TYPES, SchemaInfo, StoredSchema
from pfemu.model.topic_name import TopicName

DEFAULT_STRATEGY = "FULL"
STRATEGIES = tuple(
    "ALWAYS_INCOMPATIBLE ALWAYS_COMPATIBLE BACKWARD FORWARD FULL BACKWARD_TRANSITIVE FORWARD_TRANSITIVE FULL_TRANSITIVE".split()
)
"""The names of ``SchemaCompatibilityStrategy`` but ``UNDEFINED``, which is none."""
_NO_DEFINITION = frozenset({b"", b"null"})
"""What clients send as the definition of texts."""
_READS_OLD = frozenset({"BACKWARD", "BACKWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE"})
_READ_BY_OLD = frozenset({"FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE"})


class SchemaRegistry:
    """The schemas of all topics."""

    def __init__(self) -> None:
        self._versions: dict[str, list[StoredSchema]] = {}

    def versions(self, name: TopicName) -> list[StoredSchema]:
        """Return what is stored, oldest first; nothing from before a deletion."""
        stored = self._versions.get(name.partitioned_topic.full, [])
        deleted = max((index for index, version in enumerate(stored) if version.schema is None), default=-1)
        return stored[deleted + 1 :]

    def latest(self, name: TopicName) -> StoredSchema | None:
        """Return the schema of a topic, None when it has none."""
        versions = self.versions(name)
        return versions[-1] if versions else None

    def version(self, name: TopicName, number: int | None = None) -> StoredSchema:
        """Return a version, or the last one.

        Raises:
            NotFound: there is none.
        """
        for stored in reversed(self.versions(name)):
            if number is None or stored.version == number:
                return stored
        raise NotFound("Schema not found")

    def add(self, name: TopicName, schema: SchemaInfo, strategy: str | None, now_ms: int, *, may_update: bool = True) -> StoredSchema:
        """Store a schema unless it is there; return its version.

        Raises:
            IncompatibleSchema: it does not fit, or may not be changed (``may_update``).
        """
        found = self.find(name, schema)
        if found is not None:
            return found
        if not may_update:
            raise IncompatibleSchema("Schema not found and schema auto updating is disabled.")
        versions = self.versions(name)
        check_compatible([stored.schema for stored in versions if stored.schema is not None], schema, strategy or DEFAULT_STRATEGY)
        return self._append(name, schema, now_ms)

    def find(self, name: TopicName, schema: SchemaInfo) -> StoredSchema | None:
        """Return the version that is this schema, None when there is none."""
        return next((stored for stored in self.versions(name) if stored.schema is not None and _are_one(stored.schema, schema)), None)

    def _append(self, name: TopicName, schema: SchemaInfo | None, now_ms: int) -> StoredSchema:
        stored = self._versions.setdefault(name.partitioned_topic.full, [])
        stored.append(StoredSchema(len(stored), schema, now_ms))
        return stored[-1]

    def check_consumer(self, name: TopicName, schema: SchemaInfo, strategy: str | None) -> None:
        """Check that a consumer with that schema can read the topic.

        Raises:
            IncompatibleSchema: it cannot, or the topic has no schema.
        """
        versions = [stored.schema for stored in self.versions(name) if stored.schema is not None]
        if not versions:
            raise IncompatibleSchema("Topic does not have a schema to check")
        strategy = strategy or DEFAULT_STRATEGY
        simple = strategy in {"BACKWARD", "FORWARD", "FORWARD_TRANSITIVE", "FULL"}
        check_compatible(versions, schema, "BACKWARD" if simple else strategy)

    def delete(self, name: TopicName, now_ms: int) -> StoredSchema:
        """Forget the schemas of a topic; return the version that says so."""
        return self._append(name, None, now_ms)

    def forget(self, name: TopicName) -> None:
        """Drop all that is known of a deleted topic's schemas."""
        self._versions.pop(name.full, None)


def _are_one(one: SchemaInfo, other: SchemaInfo) -> bool:
    return one == other or (one.type == other.type and other.type in STRUCT_TYPES and are_one(one.data, other.data))


def check_compatible(existing: list[SchemaInfo], new: SchemaInfo, strategy: str) -> None:
    """Check a schema against those that are there, oldest first: the last one, or all for a transitive strategy.

    Raises:
        IncompatibleSchema: it does not fit; the text is the broker's.
        InvalidSchemaData: it is none.
    """
    parsed = AvroSchema(new.data, new.type) if new.type in STRUCT_TYPES else None
    if new.type == "STRING" and new.data not in _NO_DEFINITION and not new.data.lstrip().startswith(b"{"):
        raise InvalidSchemaData(f"Invalid schema definition data for string schema : '{new.data.decode(errors='replace')}'")
    if strategy == "ALWAYS_COMPATIBLE" or not existing:
        return
    if existing[-1].type != new.type:
        raise IncompatibleSchema(f"Incompatible schema: exists schema type {existing[-1].type}, new schema type {new.type}")
    for old in reversed(existing) if strategy.endswith("_TRANSITIVE") else existing[-1:]:
        _check_pair(old, new, parsed, strategy)


def _check_pair(old: SchemaInfo, new: SchemaInfo, parsed: AvroSchema | None, strategy: str) -> None:
    if strategy == "ALWAYS_INCOMPATIBLE":
        raise IncompatibleSchema(_unreadable(new, new, strategy))
    if parsed is None:
        if old.data != new.data:
            raise IncompatibleSchema(f"Incompatible schema: the definition of the {new.type} schema changed")
        return
    old_parsed = AvroSchema(old.data, old.type)
    if strategy in _READ_BY_OLD and not can_read(old_parsed, parsed):
        raise IncompatibleSchema(_unreadable(new, old, strategy))
    if strategy in _READS_OLD and not can_read(parsed, old_parsed):
        raise IncompatibleSchema(_unreadable(old, new, strategy))


def _unreadable(written: SchemaInfo, reader: SchemaInfo, strategy: str) -> str:
    return (
        f"Error during schema compatibility check with strategy {strategy}: org.apache.avro.SchemaValidationException: "
        f"Unable to read schema: \n{_shown(written)}\nusing schema:\n{_shown(reader)}"
    )


def _shown(schema: SchemaInfo) -> str:
    return pretty(loads(schema.data)) if schema.type in STRUCT_TYPES else schema.data.decode(errors="replace")
