"""What a saved record class changed, in words."""

import pytest
from pulsar.schema import Array, AvroSchema, Float, Integer, JsonSchema, Map, Record, String, StringSchema

from pfemu.runtime.values.schema_changes import changes, definition


class Inner(Record):
    a = String()


def order(**fields):
    return type("Order", (Record,), fields)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({"name": String()}, {"name": String(), "note": String()}, "+ note (string or null)"),
        ({"name": String(), "n": Integer(required=True)}, {"name": String()}, "- n (int)"),
        ({"n": Integer()}, {"n": Float()}, "n is float or null, was int or null"),
        ({"n": Integer()}, {"n": Integer(required=True)}, "n is int, was int or null"),
        ({"a": Array(String())}, {"a": Map(Integer())}, "a is map of int or null, was array of string or null"),
        ({"a": String()}, {"b": String(), "c": Inner()}, "+ b (string or null), + c (Inner or null), - a (string or null)"),
    ],
)
def test_fields_that_came_went_or_changed_are_named(before, after, words):
    assert changes(AvroSchema(order(**before)), AvroSchema(order(**after))) == words
    assert changes(JsonSchema(order(**before)), JsonSchema(order(**after))) == words


def test_another_kind_of_schema_or_record_is_named():
    record = order(name=String())
    assert changes(JsonSchema(record), AvroSchema(record)) == "AvroSchema Order, was JsonSchema Order"
    assert changes(StringSchema(), JsonSchema(record)) == "+ name (string or null)"
    assert changes(JsonSchema(Inner), JsonSchema(order(a=String()))) == "JsonSchema Order, was JsonSchema Inner"


def test_the_same_fields_are_the_same_definition():
    assert definition(AvroSchema(order(name=String()))) == definition(AvroSchema(order(name=String())))
    assert definition(AvroSchema(order(name=String()))) != definition(JsonSchema(order(name=String())))
