"""Which Avro schema can read what another wrote."""

import json

import pytest

from pfemu.broker.schemas.avro_resolution import AvroSchema, can_read
from pfemu.errors import IncompatibleSchema


def parse(schema):
    return AvroSchema(json.dumps(schema).encode())


def record(*fields, **more):
    return {"type": "record", "name": "R", "fields": [{"name": name, "type": kind} for name, kind in fields], **more}


ENUM = {"type": "enum", "name": "E", "symbols": ["A", "B"]}
NODE = record(("next", ["null", "R"]))


@pytest.mark.parametrize(
    "data",
    [
        b"{nope",
        b"\xff",
        b"3",
        b'"Unknown"',
        b'{"type": "record", "name": "R"}',
        b'{"type": "record", "fields": []}',
        b'{"type": "record", "name": "R", "fields": [3]}',
        b'{"type": "array"}',
        b'{"type": {"type": "string"}}',
        b'{"type": ["null", "string"]}',
        b'["null", {"type": "map", "values": "nope"}]',
    ],
)
def test_what_is_no_schema_is_refused(data):
    with pytest.raises(IncompatibleSchema, match="Invalid schema definition data for AVRO schema"):
        AvroSchema(data)


@pytest.mark.parametrize(
    ("reader", "writer", "readable"),
    [
        ("long", "int", True),
        ("int", "long", False),
        ("double", "float", True),
        ("float", "string", False),
        ("bytes", "string", True),
        ("string", "bytes", True),
        (["null", "long"], ["null", "int"], True),
        (["null", "int"], ["null", "long"], False),
        (["null", "string"], "string", True),
        ("string", ["null", "string"], False),
        ("string", ["string"], True),
        ({"type": "array", "items": "long"}, {"type": "array", "items": "int"}, True),
        ({"type": "array", "items": "int"}, {"type": "array", "items": "string"}, False),
        ({"type": "map", "values": "long"}, {"type": "map", "values": "int"}, True),
        ({"type": "map", "values": "int"}, {"type": "array", "items": "int"}, False),
        (ENUM, ENUM | {"symbols": ["A", "B", "C"]}, True),
        (ENUM, ENUM | {"name": "F"}, False),
        ({"type": "fixed", "name": "F", "size": 4}, {"type": "fixed", "name": "F", "size": 8}, False),
        ({"type": "fixed", "name": "F", "size": 4}, {"type": "fixed", "name": "F", "size": 4}, True),
        (record(("a", "int")), record(("a", "int"), ("b", "int")), True),
        (record(("a", "int"), ("b", "int")), record(("a", "int")), False),
        (record(("a", "int")), record(("a", "int"), name="Other"), True),
        (record(("a", "string")), record(("a", "int")), False),
        (NODE, NODE, True),
        (record(("a", ENUM), ("b", "E")), record(("a", ENUM), ("b", "E")), True),
        ({"type": "error", "name": "R", "fields": []}, record(), True),
        ("int", {"type": "int", "logicalType": "date"}, True),
        (record(("a", ENUM), ("b", {"type": "E"})), record(("a", ENUM), ("b", "E")), True),
    ],
)
def test_reading_what_another_wrote(reader, writer, readable):
    assert can_read(parse(reader), parse(writer)) is readable


def test_a_default_or_an_alias_stands_for_a_field_that_is_missing():
    written = parse(record(("old", "int")))
    new = {"type": "record", "name": "R", "fields": [{"name": "new", "type": "int", "default": 0}]}
    renamed = {"type": "record", "name": "R", "fields": [{"name": "new", "type": "int", "aliases": ["older", "old"]}]}
    assert can_read(parse(new), written)
    assert can_read(parse(renamed), written)
    assert not can_read(parse(renamed), parse(record(("older still", "int"))))
