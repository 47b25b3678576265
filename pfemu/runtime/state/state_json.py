"""``FunctionState``, the JSON of the REST state calls: what GET shows and what POST takes (``ComponentImpl.java``).

POST reads its body as Jackson does: numbers become text, text becomes numbers, a null counts as absent, unknown fields are ignored.
The bytes win over the text, the text over the number; a number is stored as eight bytes and does not make a counter.
"""

import base64
import re
from collections.abc import Mapping
from math import isfinite
from typing import NoReturn

from pfemu.errors import StateError
from pfemu.runtime.state.state_rules import HIGHEST, LOWEST, Entry, number_as_value, number_in

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")
_BASE64_GROUP = re.compile(r"[A-Za-z0-9+/]{2}(?:[A-Za-z0-9+/]{2}|[A-Za-z0-9+/]=|==)")
_BASE64 = re.compile(rf"(?:[\x00-\x20]*{_BASE64_GROUP.pattern})*[\x00-\x20]*")


class StateRequestError(StateError):
    """A REST state call is refused: HTTP ``status`` and the ``reason`` of the answer, None where the answer is an HTML error page."""

    def __init__(self, status: int, reason: str | None = None) -> None:
        super().__init__(reason or f"HTTP {status}")
        self.status = status
        self.reason = reason


def missing_key(key: str) -> StateRequestError:
    """Make the answer for a key that holds nothing."""
    return StateRequestError(404, f"key '{key}' doesn't exist.")


def state_is_off() -> StateRequestError:
    """Make the answer of a cluster without a table service."""
    return StateRequestError(503, "State storage client is not done initializing. Please try again in a little while.")


def function_state(key: str, entry: Entry) -> dict[str, object]:
    """Return the JSON of a key: ``key``, one of ``numberValue``, ``stringValue`` and ``byteValue``, and ``version``.

    Any value of eight bytes has its number beside it.
    """
    shown: dict[str, object] = {"key": key}
    if isinstance(entry.content, int):
        shown["numberValue"] = entry.content
    else:
        shown.update(_shown_value(entry.content))
    shown["version"] = entry.version
    return shown


def value_from_json(key: str, body: object) -> bytes:
    """Return the bytes that a POST to ``key`` stores; ``body`` is the parsed JSON of its part ``state``.

    Raises:
        StateRequestError: with the worker's status and reason.
    """
    if body is None:
        raise StateRequestError(500)
    if not isinstance(body, Mapping):
        _refuse()
    body_key = _text(body.get("key"))
    text = _text(body.get("stringValue"))
    raw = _bytes(body.get("byteValue"))
    number = _number(body.get("numberValue"))
    _number(body.get("version"))
    if body_key != key:
        raise StateRequestError(400, "Path key doesn't match key in json")
    if raw:
        return raw
    if text is not None:
        return text.encode("utf-8", "replace")
    if number is not None:
        return number_as_value(number)
    raise StateRequestError(500, "Invalid state value")


def _shown_value(value: bytes) -> dict[str, object]:
    number = number_in(value)
    beside: dict[str, object] = {} if number is None else {"numberValue": number}
    try:
        return {"stringValue": value.decode("utf-8"), **beside}
    except UnicodeDecodeError:
        return {"byteValue": base64.b64encode(value).decode("ascii"), **beside}


def _refuse() -> NoReturn:
    raise StateRequestError(400)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    _refuse()


def _number(value: object) -> int | None:
    """Read a Java long."""
    if value is None or isinstance(value, str):
        return _number_in_text((value or "").strip())
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        _refuse()
    return _long(int(value))


def _number_in_text(text: str) -> int | None:
    if text in {"", "null"}:
        return None
    if _WHOLE_NUMBER.fullmatch(text) is None:
        _refuse()
    return _long(int(text))


def _long(number: int) -> int:
    if not LOWEST <= number <= HIGHEST:
        _refuse()
    return number


def _bytes(value: object) -> bytes | None:
    """Read a Java byte array: base64 with padding, or a list of numbers."""
    if value is None:
        return None
    if isinstance(value, str):
        return _from_base64(value)
    if isinstance(value, list):
        return bytes(_byte(item) for item in value)
    _refuse()


def _from_base64(text: str) -> bytes:
    if _BASE64.fullmatch(text) is None:
        _refuse()
    return b"".join(map(base64.b64decode, _BASE64_GROUP.findall(text)))


def _byte(item: object) -> int:
    number = _number(item) or 0
    if not -128 <= number <= 255:
        _refuse()
    return number % 256
