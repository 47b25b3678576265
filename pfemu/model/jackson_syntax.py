"""Jackson's words for text that is no JSON (``com.fasterxml.jackson.core``, 2.17), from what Python's parser says of it."""

from __future__ import annotations

import re
from json import JSONDecodeError

_CORE = "com.fasterxml.jackson.core"
_TOKEN = re.compile(r"[A-Za-z_$][\w$]*")
_VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


def place(line: int, column: int) -> str:
    """Return a place in a text, counted from 1, as Jackson names it."""
    return f"[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: {line}, column: {column}]"


def syntax_error(error: JSONDecodeError) -> tuple[str, str]:
    """Return Jackson's exception with its words, and the place after which it gives up."""
    text, begin = error.doc, error.pos
    rest = text[begin:].lstrip(", \t\r\n") if "trailing comma" in error.msg else text[begin:].lstrip()
    at = len(text) - len(rest)
    if not rest or error.msg.startswith("Unterminated"):
        expected = f"expected close marker for Object (start marker at {place(1, 1)})"
        return f"{_CORE}.io.JsonEOFException: Unexpected end-of-input: {expected}", _place_after(text, len(text))
    if "property name" in error.msg or "trailing comma" in error.msg:
        why = "was expecting double-quote to start field name"
    elif "':'" in error.msg:
        why = "was expecting a colon to separate field name and value"
    elif "','" in error.msg:
        why = "was expecting comma to separate Object entries"
    elif token := _TOKEN.match(rest):
        words = f"{_CORE}.JsonParseException: Unrecognized token '{token[0]}': was expecting {_VALUES}"
        return words, _place_after(text, at + len(token[0]))
    else:
        why = f"expected a valid value {_VALUES}"
    return f"{_CORE}.JsonParseException: Unexpected character ('{rest[0]}' (code {ord(rest[0])})): {why}", _place_after(text, at)


def _place_after(text: str, offset: int) -> str:
    """Return the place of a character, as it is counted when it was read."""
    line_start = text.rfind("\n", 0, offset) + 1
    return place(text.count("\n", 0, offset) + 1, offset - line_start + 1)
