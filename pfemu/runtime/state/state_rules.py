"""What the table service makes of each state call: keys, amounts, values, and what each leaves behind. Pure.

Rules (recorded on Pulsar 4.0.8; ``state_context.py``, bookkeeper's ``kv/table.py`` and its table service):

1. A key is whatever ``key.encode("utf-8")`` answers; it is looked at before the amount or the value.
2. An amount is what protobuf takes for an int64: None is 0, a bool is refused, ``__index__`` is honoured, the range is checked.
3. A value is what ``value.encode("utf-8")`` answers: text only, so bytes and numbers fail with ``AttributeError``.
4. A key holds a counter (signed 64 bits, wraps around) or a value (bytes). Only deleting changes the kind.
5. The version of a key starts at 0, rises by one with each write that succeeds, and starts again after a delete.
"""

from operator import index
from struct import Struct

from pfemu.errors import StateError
from pfemu.runtime.state.bookkeeper_errors import bad_request, key_too_long, value_too_large

LOWEST = -(2**63)
HIGHEST = 2**63 - 1
NO_AMOUNT = -1  # ``get_counter`` of a key that holds a value

MAX_KEY_BYTES = 5701  # measured: the key travels base64-encoded in an HTTP/2 header, of 8 KiB in all
MAX_RECORD_BYTES = 1_040_351  # measured, to 7 bytes: value and twice the key, in one record of BookKeeper's log

_INT64 = Struct(">q")


class Entry:
    """What a key holds: an int is a counter, bytes are a value."""

    __slots__ = ("content", "version")

    def __init__(self, content: int | bytes, version: int = 0) -> None:
        self.content = content
        self.version = version

    def copy(self) -> "Entry":
        """Return one that later writes do not touch."""
        return Entry(self.content, self.version)

    def __repr__(self) -> str:
        return f"Entry({self.content!r}, version={self.version})"


def state_key(key: object) -> str:
    """Return the key as it is kept.

    Raises:
        AttributeError: it is not text.
        UnicodeEncodeError: it holds half a surrogate pair.
        bookkeeper.common.exceptions.UnexpectedError: it is longer than a request can carry.
    """
    encoded = _encoded(key)
    if len(encoded) > MAX_KEY_BYTES:
        raise key_too_long()
    return encoded.decode("utf-8", "surrogateescape")


def key_bytes(key: str) -> bytes:
    """Return the bytes of a key that :func:`state_key` answered."""
    return key.encode("utf-8", "surrogateescape")


def counter_amount(amount: object) -> int:
    """Return the amount that an increment carries.

    Raises:
        TypeError: a bool, or nothing that counts as an integer.
        ValueError: outside of 64 bits.
    """
    if amount is None:
        return 0
    if isinstance(amount, bool):
        raise TypeError("Field bookkeeper.proto.kv.rpc.IncrementRequest.amount: Expected an int, got a boolean.")
    number = index(amount)  # type: ignore[arg-type] # it raises the TypeError that user code sees
    if not LOWEST <= number <= HIGHEST:
        raise ValueError(f"Value out of range: {number}")
    return number


def state_value(key: str, value: object) -> bytes:
    """Return the bytes that a put carries.

    Raises:
        AttributeError: it is not text.
        bookkeeper.common.exceptions.RetryError: the table service cannot log a record of that size.
    """
    encoded = _encoded(value)
    if not fits(key, encoded):
        raise value_too_large(key, len(encoded))
    return encoded


def fits(key: str, value: bytes) -> bool:
    """Tell whether the table service can log a record of that size."""
    return len(value) + 2 * len(key_bytes(key)) <= MAX_RECORD_BYTES


def incremented(entry: Entry | None, amount: int) -> Entry:
    """Add to a counter, made at 0 when missing, and return it.

    Raises:
        bookkeeper.common.exceptions.BadRequest: the key holds a value.
    """
    if entry is None:
        return Entry(amount)
    number = entry.content
    if not isinstance(number, int):
        raise bad_request()
    entry.content = wrapped(number + amount)
    entry.version += 1
    return entry


def replaced_from_outside(entry: Entry | None, value: bytes) -> Entry:
    """Put a value into a key as the REST call does: a counter stays as it is, and nobody is told."""
    return entry if entry is not None and isinstance(entry.content, int) else replaced(entry, value)


def replaced(entry: Entry | None, value: bytes) -> Entry:
    """Put a value into a key, and return what it holds then.

    Raises:
        bookkeeper.common.exceptions.BadRequest: the key holds a counter.
    """
    if entry is None:
        return Entry(value)
    if isinstance(entry.content, int):
        raise bad_request()
    entry.content = value
    entry.version += 1
    return entry


def wrapped(number: int) -> int:
    """Return the number as signed 64 bits show it."""
    if LOWEST <= number <= HIGHEST:
        return number
    return (number - LOWEST) % 2**64 + LOWEST


def amount_of(entry: Entry | None) -> int | None:
    """Return what ``get_counter`` answers."""
    if entry is None:
        return None
    return entry.content if isinstance(entry.content, int) else NO_AMOUNT


def value_of(entry: Entry | None) -> bytes | None:
    """Return what ``get_state`` answers."""
    if entry is None:
        return None
    return _INT64.pack(entry.content) if isinstance(entry.content, int) else entry.content


def number_in(value: bytes) -> int | None:
    """Return the number that eight bytes spell, None for any other length."""
    number: int | None = _INT64.unpack(value)[0] if len(value) == _INT64.size else None
    return number


def number_as_value(number: int) -> bytes:
    """Return the eight big-endian bytes of a number."""
    return _INT64.pack(number)


def preloaded(key: str, content: object) -> Entry:
    """Return what a test or a command line puts into a key before the function runs: text or bytes a value, an int a counter.

    Raises:
        StateError: it is neither, or too large.
    """
    if isinstance(content, str):
        content = content.encode("utf-8")
    if isinstance(content, bytes) and fits(key, content):
        return Entry(content)
    if isinstance(content, int) and not isinstance(content, bool) and LOWEST <= content <= HIGHEST:
        return Entry(content)
    kind = type(content).__name__
    raise StateError(f"state {key!r} cannot hold this {kind}: a value is text or bytes of at most 1 MB, a counter an int of 64 bits")


def _encoded(text: object) -> bytes:
    """Encode as the table's client does, and as protobuf takes it from there."""
    try:
        encoded = text.encode("utf-8")  # type: ignore[attr-defined] # it raises the AttributeError that user code sees
    except (AttributeError, UnicodeEncodeError) as error:
        raise error.with_traceback(None) from None  # raised on purpose: a test's traceback ends in the user's code
    if isinstance(encoded, bytes):
        return encoded
    if encoded is None:
        return b""
    raise TypeError(f"expected bytes, {type(encoded).__name__} found")
