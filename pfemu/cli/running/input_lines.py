"""Lines of text into messages.

* A line is what a newline ends; a last one without is a line too. A carriage return before the newline is dropped, and so is a byte
  order mark at the start.
* Text: the line's bytes are the payload, untouched. With a key separator, what stands before its first occurrence is the key.
* JSON lines: an object with ``value`` (or ``value_base64``) and, if wanted, ``key``, ``properties``, ``event_time`` and ``topic``. A text
  is the payload itself, anything else its JSON. Empty lines are skipped.
"""

from __future__ import annotations

import json
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pfemu.errors import InputError

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
JSON_LINES_SUFFIXES = (".jsonl", ".ndjson")
"""Of files whose lines are JSON where nobody said what they are."""
_FIELDS = ("value", "value_base64", "key", "properties", "event_time", "topic")
_SHOWN_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class InputMessage:
    """One message to be sent. ``topic`` None: the function's first input."""

    payload: bytes
    key: str | None = None
    properties: Mapping[str, str] | None = None
    event_time_ms: int | None = None
    topic: str | None = None


Parse = Callable[[bytes, int], "InputMessage | None"]
"""From a line and its number, from 1, to a message; None: nothing to send."""


class LineSplitter:
    """Cuts a stream of bytes into lines, however the stream is cut."""

    def __init__(self) -> None:
        self._rest = b""
        self._at_start = True

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the lines that ``chunk`` completes."""
        lines = (self._rest + chunk).split(b"\n")
        self._rest = lines.pop()
        return self._clean(lines)

    def finish(self) -> list[bytes]:
        """Return the last line, if it had no newline."""
        rest, self._rest = self._rest, b""
        return self._clean([rest]) if rest else []

    def _clean(self, lines: list[bytes]) -> list[bytes]:
        if self._at_start and lines:
            self._at_start = False
            lines[0] = lines[0].removeprefix(_BYTE_ORDER_MARK)
        return [line.removesuffix(b"\r") for line in lines]


def text_with_key(separator: str) -> Parse:
    """Return a parser of text lines with a key before ``separator``."""
    separator_bytes = separator.encode()

    def parse(line: bytes, _number: int) -> InputMessage:
        key, found, value = line.partition(separator_bytes)
        return InputMessage(value, key.decode(errors="replace")) if found else InputMessage(line)

    return parse


def json_lines(source: str) -> Parse:
    """Return a parser of JSON lines; ``source`` is what its errors call the file."""

    def parse(line: bytes, number: int) -> InputMessage | None:
        if not line.strip():
            return None
        try:
            return message_of(_read_object(line))
        except InputError as error:
            raise InputError(f"{source}, line {number}: {error}\n  {_shown(line)}\nThe lines before it were sent.") from None

    return parse


def _read_object(line: bytes) -> dict[str, object]:
    try:
        read = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg} at column {error.colno}.") from None
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8: byte {error.start + 1} of the line cannot be read.") from None
    if not isinstance(read, dict):
        raise InputError('each line must be an object such as {"value": "hello", "key": "k"}.')
    return read


def message_of(read: Mapping[str, object]) -> InputMessage:
    """Return the message that an object of JSON lines says.

    Raises:
        InputError: it says none; the text is what is wrong with it.
    """
    unknown = [name for name in read if name not in _FIELDS]
    if unknown:
        raise InputError(f"unknown field {unknown[0]!r}. Known are {', '.join(_FIELDS)}.")
    return InputMessage(
        payload=_payload(read),
        key=_text(read, "key"),
        properties=_properties(read.get("properties")),
        event_time_ms=_event_time(read.get("event_time")),
        topic=_text(read, "topic"),
    )


def _payload(read: Mapping[str, object]) -> bytes:
    if ("value" in read) == ("value_base64" in read):
        raise InputError('either "value" or "value_base64" is needed.')
    if "value_base64" in read:
        try:
            return b64decode(_text(read, "value_base64") or "", validate=True)
        except Base64Error as error:
            raise InputError(f'"value_base64" is not base64: {error}.') from None
    value = read["value"]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise InputError('"value" holds half of a surrogate pair, which UTF-8 cannot express.') from None


def _text(read: Mapping[str, object], name: str) -> str | None:
    value = read.get(name)
    if value is not None and not isinstance(value, str):
        raise InputError(f'"{name}" must be a text, not {json.dumps(value)}.')
    return value


def _properties(value: object) -> dict[str, str] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise InputError(f'"properties" must be an object of texts, not {json.dumps(value)}.')
    return value


def _event_time(value: object) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        raise InputError(f'"event_time" must be a number of milliseconds, not {json.dumps(value)}.')
    return value


def _shown(line: bytes) -> str:
    text = line.decode(errors="replace")
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
