"""One payload under the microscope: bytes, the value a function gets of them, and the bytes that value becomes as an output.

What is looked for is what surprises: a type that follows from the content, bytes that do not come back as they were, and what cannot be
decoded or encoded at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pfemu.model.english import an
from pfemu.runtime.traceback_text import error_line

Decode = Callable[[bytes], object]
Encode = Callable[[object], object]
_IN_ORDER = "IdentitySerDe tries int, float, complex, then str"


@dataclass(frozen=True, slots=True)
class Look:
    """What became of a payload. ``value`` counts without ``undecodable`` only, ``again`` (bytes, of a sound SerDe) without either."""

    payload: bytes
    value: object = None
    again: object = b""
    undecodable: Exception | None = None
    unencodable: Exception | None = None

    @property
    def fails(self) -> bool:
        """Whether a message with it would fail."""
        return self.undecodable is not None or self.unencodable is not None


def look(payload: bytes, decode: Decode, encode: Encode) -> Look:
    """Decode a payload and encode what comes of it."""
    try:
        value = decode(payload)
    except Exception as error:  # noqa: BLE001 - whatever a SerDe of the user's raises is what is asked for
        return Look(payload, undecodable=error)
    try:
        return Look(payload, value, encode(value))
    except Exception as error:  # noqa: BLE001 - as above
        return Look(payload, value, unencodable=error)


def remarks(seen: Look, *, identity: bool) -> Iterator[str]:
    """Yield what surprises; ``identity``: the SerDe is the default one."""
    if seen.undecodable is not None:
        yield f"it cannot be decoded: {error_line(seen.undecodable)}. Each message with it fails and comes again after 60 s"
        return
    kind = type(seen.value).__name__
    if identity and kind == "bytes":
        yield f"it is no UTF-8, so the function gets bytes; other messages arrive as str or as numbers: {_IN_ORDER}"
    elif identity and kind != "str":
        yield f"{seen.payload!r} became {an(kind)}, though it is text: {_IN_ORDER}. Write str(input), or use a schema or a SerDe"
    if seen.unencodable is not None:
        yield f"it cannot be an output as it is: {error_line(seen.unencodable)}"
    elif not isinstance(seen.again, bytes):
        yield f"as an output it becomes {an(type(seen.again).__name__)}, not bytes: nothing is published, or each message fails"
    elif seen.again != seen.payload:
        yield f"it does not come back as it was: {seen.payload!r} is {seen.again!r} as an output"
