"""Schemas between pulsar-client's class and the broker's value."""

from __future__ import annotations

from typing import Any

import _pulsar
import pulsar

from pfemu.model.schema import SchemaInfo

_TYPE_NAMES = {kind: name for name, kind in _pulsar.SchemaType.__members__.items()}  # `kind.name` goes through all of them


BYTES = pulsar.schema.BytesSchema()
"""The schema of who asks for none."""


def schema_info_of(native: Any) -> SchemaInfo:  # noqa: ANN401 - _pulsar.SchemaInfo, which has no stubs
    """Return the value of a native schema; that of bytes is one no broker stores."""
    return SchemaInfo(_TYPE_NAMES[native.schema_type()], native.schema().encode())


def native_schema_info(schema: SchemaInfo) -> _pulsar.SchemaInfo:
    """Return pulsar-client's own object for a stored schema."""
    return _pulsar.SchemaInfo(getattr(_pulsar.SchemaType, schema.type), schema.type, schema.data.decode())
