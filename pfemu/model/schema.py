"""Schemas as the broker stores them (``SchemaData``, ``SchemaInfo``)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

STRUCT_TYPES = frozenset({"AVRO", "JSON", "PROTOBUF"})
"""Types whose definition is an Avro schema."""

SCHEMA_TYPES = (
    "NONE STRING JSON PROTOBUF AVRO BOOLEAN INT8 INT16 INT32 INT64 FLOAT DOUBLE DATE TIME TIMESTAMP KEY_VALUE INSTANT LOCAL_DATE "
    "LOCAL_TIME LOCAL_DATE_TIME PROTOBUF_NATIVE BYTES AUTO AUTO_CONSUME AUTO_PUBLISH"
).split()
"""The names of ``SchemaType``."""

SCHEMALESS_TYPES = frozenset({"NONE", "BYTES", "AUTO_CONSUME", "AUTO_PUBLISH"})
"""Types that a broker stores nothing for."""


@dataclass(frozen=True, slots=True)
class SchemaInfo:
    """A schema: a name of ``SchemaType``, the bytes of its definition (empty for simple types) and properties."""

    type: str
    data: bytes = b""
    properties: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), compare=False)

    @property
    def is_stored(self) -> bool:
        """Whether a topic remembers it; those of bytes are the lack of one."""
        return self.type not in SCHEMALESS_TYPES


@dataclass(frozen=True, slots=True)
class StoredSchema:
    """A version of a topic's schema; ``schema`` is None for a deletion, which takes a number, too."""

    version: int
    schema: SchemaInfo | None
    stored_ms: int

    @property
    def version_bytes(self) -> bytes:
        """The version as messages carry it (``LongSchemaVersion``)."""
        return self.version.to_bytes(8, "big")
