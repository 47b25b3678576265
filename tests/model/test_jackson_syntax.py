"""Jackson's words for text that is no JSON."""

import json

import pytest

from pfemu.model.jackson_syntax import syntax_error

VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


@pytest.mark.parametrize(
    ("text", "words", "column"),
    [
        ("{broken", "Unexpected character ('b' (code 98)): was expecting double-quote to start field name", 2),
        ('{"a" 1}', "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value", 6),
        ('{"a": 1 "b"}', "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries", 9),
        ("hello", f"Unrecognized token 'hello': was expecting {VALUES}", 6),
        ('{"a": ?}', f"Unexpected character ('?' (code 63)): expected a valid value {VALUES}", 7),
    ],
)
def test_what_is_wrong_and_where(text, words, column):
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(text)
    said, place = syntax_error(caught.value)
    assert said == f"com.fasterxml.jackson.core.JsonParseException: {words}"
    assert place.endswith(f"line: 1, column: {column}]")


def test_text_that_ends_early_says_what_was_not_closed():
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads('{"a": \n')
    said, place = syntax_error(caught.value)
    assert said.startswith("com.fasterxml.jackson.core.io.JsonEOFException: Unexpected end-of-input: expected close marker for Object")
    assert place.endswith("line: 2, column: 1]")
