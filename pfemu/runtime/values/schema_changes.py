"""What changed from one schema to another, in words: for who saved a record class while somebody is connected with the old one."""

from __future__ import annotations

import json
from typing import Any


def definition(schema: Any) -> str:  # noqa: ANN401 - pulsar.schema.Schema, which has no stubs
    """Return what tells two schemas apart: the class, and the definition of its records."""
    return f"{type(schema).__name__} {schema.schema_info().schema()}"


def changes(before: Any, after: Any) -> str:  # noqa: ANN401 - as above
    """Return the fields that came, went, or have another type; where that is not all that changed, the names of the two schemas."""
    old, new = _fields(before), _fields(after)
    came = [f"+ {name} ({new[name]})" for name in new if name not in old]
    went = [f"- {name} ({old[name]})" for name in old if name not in new]
    other = [f"{name} is {new[name]}, was {old[name]}" for name in new if name in old and old[name] != new[name]]
    return ", ".join([*came, *went, *other]) or f"{_name(after)}, was {_name(before)}"


def _record(schema: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    found = json.loads(schema.schema_info().schema() or "null")
    return found if isinstance(found, dict) else {}


def _fields(schema: Any) -> dict[str, str]:  # noqa: ANN401 - as above
    return {field["name"]: _type(field["type"]) for field in _record(schema).get("fields", ())}


def _name(schema: Any) -> str:  # noqa: ANN401 - as above
    return " ".join(filter(None, (type(schema).__name__, str(_record(schema).get("name", "")))))


def _type(written: Any) -> str:  # noqa: ANN401 - any JSON that Avro takes for a type
    """Word a type of Avro's: ``string or null``, ``array of int``, a record's name."""
    if isinstance(written, list):
        return " or ".join(sorted(map(_type, written), key=lambda name: name == "null"))
    if not isinstance(written, dict):
        return str(written)
    inner = written.get("items", written.get("values"))
    kind = str(written.get("logicalType") or written.get("name") or written["type"])
    return kind if inner is None else f"{kind} of {_type(inner)}"
