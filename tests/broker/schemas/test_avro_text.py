"""Avro schemas are written as Avro writes them, and are the same whatever their texts look like."""

import pytest

from pfemu.broker.schemas.avro_text import are_one, pretty


def test_a_schema_is_printed_with_its_lists_on_a_line():
    assert pretty(
        {"type": "record", "fields": [{"name": "a", "type": ["null", "int"], "default": None}, {"name": "é", "type": "map"}]}
    ) == (
        '{\n  "type" : "record",\n  "fields" : [ {\n    "name" : "a",\n    "type" : [ "null", "int" ],\n    "default" : null\n  }, {\n'
        '    "name" : "é",\n    "type" : "map"\n  } ]\n}'
    )
    assert (pretty({}), pretty([]), pretty("int")) == ("{ }", "[ ]", '"int"')


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (b'{"type": "int"}', b' "int" ', True),
        (b'{"type": "array", "items": {"type": "int"}}', b'{"items": "int", "type": "array", "doc": "x"}', True),
        (b'["null", "int"]', b'["int", "null"]', False),
        (b'{"name": "a", "type": "int", "default": {"type": 1}}', b'{"name": "a", "type": "int", "default": 1}', False),
        (b"{", b"{", False),
    ],
)
def test_what_counts_of_a_text_is_what_it_defines(one, other, same):
    assert are_one(one, other) is same
