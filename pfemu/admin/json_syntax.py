"""Jackson's words for a body that is no JSON, and where it stands then (``UTF8StreamJsonParser``, 2.17), from what Python's parser says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pfemu.model.jackson_syntax import place

if TYPE_CHECKING:
    from json import JSONDecodeError

_TOKEN = re.compile(r"[^\s\d\"\[\]{},:.+-]\w*")
_VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_ROOT = place(1, 1).replace(", column: 1", "")


def broken(error: JSONDecodeError) -> tuple[str, int]:
    """Return the words, and the column they speak of."""
    text = error.doc.rstrip()
    begin = _skip_blanks(text, error.pos)
    rest = text[begin:]
    if error.msg.startswith("Unterminated"):
        return "Unexpected end-of-input in VALUE_STRING", len(text) + 1
    if not rest:
        return _ended(text), len(text) + 1
    if error.msg == "Extra data":
        return _after_a_value(text, begin)
    if "property name" in error.msg or "trailing comma" in error.msg:
        begin = _skip_blanks(text, begin + rest.startswith(","))
        return _unexpected(text[begin], "was expecting double-quote to start field name"), begin + 1
    return _no_delimiter(text, begin, error.msg) if "delimiter" in error.msg else _no_value(text, rest, begin)


def _skip_blanks(text: str, offset: int) -> int:
    return len(text) - len(text[offset:].lstrip())


def _unexpected(character: str, why: str) -> str:
    return f"Unexpected character ('{character}' (code {ord(character)})): {why}"


def _ended(text: str) -> str:
    if text[-1] in '":,' or not text.startswith("{"):
        return "Unexpected end-of-input within/between Object entries"
    return f"Unexpected end-of-input: expected close marker for Object (start marker at {place(1, 1)})"


def _after_a_value(text: str, begin: int) -> tuple[str, int]:
    if not text[begin - 1].isspace():
        return _unexpected(text[begin], "Expected space separating root-level values"), begin + 1
    kind = "VALUE_STRING" if text[begin] == '"' else "VALUE_NUMBER_INT"
    trailing = "not allowed as per `DeserializationFeature.FAIL_ON_TRAILING_TOKENS`"
    return f"Trailing token (of type {kind}) found after value (bound as `int`): {trailing}", begin + 1


def _no_delimiter(text: str, begin: int, message: str) -> tuple[str, int]:
    if "','" in message and text[begin - 1] == "0" and text[begin].isdigit():
        return "Invalid numeric value: Leading zeroes not allowed", begin + 1
    wanted = "comma to separate Object entries" if "','" in message else "a colon to separate field name and value"
    return _unexpected(text[begin], f"was expecting {wanted}"), begin + 1


def _no_value(text: str, rest: str, begin: int) -> tuple[str, int]:
    token = _TOKEN.match(rest)
    if token is not None:
        ends = begin + token.end()
        return f"Unrecognized token '{token[0]}': was expecting {_VALUES}", ends + (1 if ends == len(text) else 2)
    if rest[0] in "}]" and not text[:begin].strip():
        expected = "]" if rest[0] == "}" else "}"
        return f"Unexpected close marker '{rest[0]}': expected '{expected}' (for root starting at {_ROOT})", begin + 1
    if rest == "-":
        return "Unexpected end-of-input in null", len(text) + 1
    return _unexpected(rest[0], "expected a value"), begin + 1
