"""Bodies of broker calls, read as Jackson reads them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pfemu.admin.answer import ErrorPage
from pfemu.admin.request import JSON_TYPE
from pfemu.errors import PfemuError

if TYPE_CHECKING:
    from pfemu.admin.request import Request

_TEXT_TYPE = "text/plain"
_TOKEN = re.compile(r"\s*([^\s\d\"\[\]{},:]\w*)")


class UnreadableBody(PfemuError):  # noqa: N818 - the name of the answer
    """The body is not JSON: 400, with Jackson's own words."""


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
        ErrorPage: 415, it says so itself; 400, it begins as JSON but does not go on so.
    """
    if request.body:
        refuse_other_types(request, *also)
    text = request.body.decode("utf-8", "replace")
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        token = _TOKEN.match(text)
        if token is None:
            raise ErrorPage(400) from None
    raise UnreadableBody(
        f"Unrecognized token '{token[1]}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n"
        f" at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: {token.end() + 1}]"
    )


def read_int(request: Request, *, may_be_text: bool = False) -> int:
    """Return the body as a whole number, 0 for no body; raises as :func:`read_json`."""
    value = read_json(request, _TEXT_TYPE) if may_be_text else read_json(request)
    if value is None:
        return 0
    try:
        return int(value)  # type: ignore[call-overload, no-any-return] # what is no number is refused below
    except (TypeError, ValueError):
        raise ErrorPage(400) from None


def read_flag(request: Request) -> bool:
    """Return the body as true or false; raises as :func:`read_json`."""
    value = read_json(request)
    if not isinstance(value, bool):
        raise ErrorPage(400)
    return value


def read_object(request: Request) -> dict[str, object]:
    """Return the body as an object, empty for no body; raises as :func:`read_json`."""
    value = read_json(request)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ErrorPage(400)
    return value
