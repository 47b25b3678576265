"""Fields as protobuf writes them: numbers as varints, texts and bytes with their length. Negative numbers take ten bytes."""

from __future__ import annotations

from collections.abc import Iterator

_VARINT, _FIXED64, _LENGTH_DELIMITED, _FIXED32 = 0, 1, 2, 5
_FIXED_SIZES = {_FIXED64: 8, _FIXED32: 4}
_MAX_TAG_BYTES = 5
_MAX_VARINT_BYTES = 10
_UNREADABLE = "the bytes are no protobuf message"


def append_number(data: bytearray, field: int, value: int) -> None:
    """Append a field that holds a whole number of 64 bits; ``field`` is 1 to 15."""
    data.append(field << 3 | _VARINT)
    _append_varint(data, value & 2**64 - 1)


def append_bytes(data: bytearray, field: int, value: str | bytes | bytearray) -> None:
    """Append a field that holds bytes, a text's in UTF-8, or another message; ``field`` is 1 to 15."""
    content = value.encode() if isinstance(value, str) else value
    data.append(field << 3 | _LENGTH_DELIMITED)
    _append_varint(data, len(content))
    data += content


def _append_varint(data: bytearray, value: int) -> None:
    while value > 127:
        data.append(value & 127 | 128)
        value >>= 7
    data.append(value)


def signed(value: int, bits: int) -> int:
    """Return a number that was read as a signed one of that many bits."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def read_fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield number and content of each field: an int without sign, or bytes for those with a length. Fields of fixed size are left out.

    Raises:
        ValueError: the bytes end in the middle of a field, or a field has no number, or the old group encoding.
    """
    position = 0
    while position < len(data):
        tag, position = _read_varint(data, position, _MAX_TAG_BYTES)
        number, wire_type = tag >> 3, tag & 7
        if not 0 < number < 2**29:
            raise ValueError(_UNREADABLE)
        if wire_type == _VARINT:
            value, position = _read_varint(data, position, _MAX_VARINT_BYTES)
            yield number, value
        elif wire_type == _LENGTH_DELIMITED:
            length, start = _read_varint(data, position, _MAX_TAG_BYTES)
            position = _within(data, start + length)
            yield number, data[start:position]
        elif wire_type in _FIXED_SIZES:
            position = _within(data, position + _FIXED_SIZES[wire_type])
        else:
            raise ValueError(_UNREADABLE)


def read_packed(data: bytes) -> Iterator[int]:
    """Yield the numbers of a packed field.

    Raises:
        ValueError: the bytes end in the middle of a number.
    """
    position = 0
    while position < len(data):
        value, position = _read_varint(data, position, _MAX_VARINT_BYTES)
        yield value


def _read_varint(data: bytes, position: int, most_bytes: int) -> tuple[int, int]:
    value = 0
    for shift, byte in enumerate(data[position : position + most_bytes]):
        value |= (byte & 127) << 7 * shift
        if byte < 128:
            return value, position + shift + 1
    raise ValueError(_UNREADABLE)


def _within(data: bytes, end: int) -> int:
    if end > len(data):
        raise ValueError(_UNREADABLE)
    return end
