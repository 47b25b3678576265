"""Bodies of broker calls, read as Jackson reads them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TypeVar, cast

from pfemu.admin.answer import ErrorPage
from pfemu.admin.json_syntax import broken
from pfemu.admin.request import JSON_TYPE
from pfemu.errors import PfemuError, UnreadableConfigError
from pfemu.model.configuration.config_reading import (
    JsonValue,
    Place,
    Reading,
    read_integer,
    read_plain_flag,
    read_plain_integer,
    read_plain_long,
)
from pfemu.model.configuration.config_reading import read_flag as read_optional_truth
from pfemu.model.configuration.config_structures import Read, refuse_part
from pfemu.model.jackson_syntax import place

if TYPE_CHECKING:
    from pfemu.admin.request import Request

T = TypeVar("T")

_TEXT_TYPE = "text/plain"


class UnreadableBody(PfemuError):  # noqa: N818 - the name of the answer
    """The body is no JSON, or no such value as is wanted: 400, in Jackson's own words."""


def refuse_other_types(request: Request, *also: str) -> None:
    """Refuse a body that says it is something else than JSON.

    Raises:
        ErrorPage: 415, or 400 for what is no type at all.
    """
    kind = request.content_type
    if kind not in {JSON_TYPE, *also}:
        raise ErrorPage(415 if not kind or "/" in kind else 400)


def read_json(request: Request, *also: str) -> object:
    """Return the body as JSON, None for no body; ``also`` are other types than JSON's that it may say it is.

    Raises:
        UnreadableBody: it is not JSON.
        ErrorPage: 415, it says so itself.
    """
    if request.body:
        refuse_other_types(request, *also)
    text = request.body.decode("utf-8", "replace")
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise unreadable(*broken(error)) from None


def read_int(request: Request, *, may_be_text: bool = False) -> int:
    """Return the body as a whole number, 0 for null.

    Raises:
        UnreadableBody: it is none, or there is no body.
        ErrorPage: 415, the body says it is something else.
    """
    return _read_scalar(request, read_plain_integer, *([_TEXT_TYPE] if may_be_text else []))


def read_long(request: Request) -> int:
    """Return the body as a whole number of 64 bits, 0 for null; raises as :func:`read_int`."""
    return _read_scalar(request, read_plain_long)


def read_optional_int(request: Request, *, may_be_null: bool = True) -> int | None:
    """Return the body as a whole number; None for null and for no body, where both may be; raises as :func:`read_int`."""
    if not may_be_null:
        return read_int(request)
    return _read_scalar(request, read_integer) if request.body.strip() else None


def read_flag(request: Request) -> bool:
    """Return the body as true or false, which null is, too; raises as :func:`read_int`."""
    return _read_scalar(request, read_plain_flag)


def read_optional_flag(request: Request) -> bool | None:
    """Return the body as true or false, None for null and for no body; raises as :func:`read_int`."""
    return _read_scalar(request, read_optional_truth) if request.body.strip() else None


def _read_scalar(request: Request, read: Read[T], *also: str) -> T:
    """What stands in a list or an object is not looked at: either is refused at its beginning."""
    start = request.body.strip()[:1]
    if not start:
        raise UnreadableBody("The request entity cannot be empty.")
    value: object = {} if start == b"{" else [] if start == b"[" else read_json(request, *also)
    try:
        return read(Reading(), Place(), cast("JsonValue", value))
    except UnreadableConfigError as error:
        if error.original.startswith("Numeric value"):  # another exception, which nobody maps
            raise ErrorPage(500) from None
        raise unreadable(error.original) from None


def read_as(request: Request, read: Read[T], *also: str, lists: bool = False) -> T:
    """Return the body as what ``read`` makes of JSON, of null where there is none; raises as :func:`read_object`.

    ``also`` are other types that the body may say it is. A list is not looked into where ``lists`` are not wanted.
    """
    value = [] if request.body.lstrip()[:1] == b"[" and not lists else cast("JsonValue", read_json(request, *also))
    try:
        return read(Reading(), Place(), value)
    except UnreadableConfigError as error:
        raise unreadable(error.original, _column(error, request.body.decode("utf-8", "replace")), error.chain) from None


def _column(error: UnreadableConfigError, text: str) -> int:
    """Return where Jackson stands: at the value it refuses, after one that is too large a number."""
    if not error.path:
        return 1
    found = re.search(rf'"{re.escape(str(error.path[-1]))}"\s*:\s*(-?\d*)', text)
    if found is None:
        return 1
    return (found.end() if error.original.startswith("Numeric value") else found.start(1)) + 1


def read_object(request: Request, java_class: str) -> dict[str, object]:
    """Return the body as an object, empty for no body; it is to become a ``java_class``.

    Raises:
        UnreadableBody: it is none.
        ErrorPage: as :func:`read_json`.
    """
    value = cast("JsonValue", read_json(request))
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    try:
        refuse_part(Place(), java_class, value)
    except UnreadableConfigError as error:
        raise unreadable(error.original) from None


def read_properties(request: Request) -> dict[str, str]:
    """Return the body as texts by name; raises as :func:`read_object`."""
    found = read_object(request, "java.util.LinkedHashMap<java.lang.String,java.lang.String>")
    return {name: str(value) for name, value in found.items()}


def unreadable(words: str, column: int = 1, chain: str = "") -> UnreadableBody:
    """Make the answer to a body that is refused in these words of Jackson's; ``chain`` is where in an object."""
    through = f" (through reference chain: {chain})" if chain else ""
    return UnreadableBody(f"{words}\n at {place(1, column)}{through}")
