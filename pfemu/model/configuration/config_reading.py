"""How a value of a configuration becomes the value of a field: as Jackson does it in the worker and in its command.

* A number or a truth value becomes text where text is wanted, and text a number; a fraction loses its fraction; empty text is nothing.
* An unknown field is left out, and so is an unknown name of a choice: :attr:`Reading.dropped` keeps what the worker does not tell.
* What cannot be taken at all raises :class:`~pfemu.errors.UnreadableConfigError` in Jackson's words.

Sources: Jackson 2.17 as ``ObjectMapperFactory`` sets it up (``StdDeserializer``, ``NumberDeserializers``, ``EnumDeserializer``,
``StringCollectionDeserializer``, ``MapDeserializer``).
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from pfemu.errors import UnreadableConfigError
from pfemu.model.java_text import trim

JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
Path: TypeAlias = tuple[str | int, ...]

INT_BITS = 31
LONG_BITS = 63
_WHOLE_NUMBER = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_NAMED_DOUBLES = {"NaN": math.nan, "Infinity": math.inf, "INF": math.inf, "-Infinity": -math.inf, "-INF": -math.inf}
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@dataclass(frozen=True, slots=True)
class Written:
    """How a value stands in the text it was read from: lines and columns count from 1."""

    text: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something written in a configuration that the worker leaves out without a word."""

    path: Path
    value: JsonValue
    """What was written."""
    choices: tuple[str, ...]
    """The fields known there, or the names the field takes."""
    is_field: bool
    """True: the field is unknown. False: the field is known, but not its value, and the default holds."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in a configuration, for people and as Jackson says it."""

    path: Path = ()
    chain: str = ""

    def step(self, owner: str, key: str | int) -> "Place":
        """Return the place of ``key`` in this one, which is an ``owner`` (a Java class)."""
        link = f"{owner}[{key}]" if isinstance(key, int) else f'{owner}["{key}"]'
        return Place((*self.path, key), f"{self.chain}->{link}" if self.chain else link)


class Reading:
    """One reading of one configuration: how its values were written, if known, and what was left out."""

    __slots__ = ("dropped", "written")

    def __init__(self, written: Mapping[Path, Written] | None = None) -> None:
        self.written = written or {}
        self.dropped: list[Dropped] = []

    def text_of(self, place: Place, value: JsonValue) -> str:
        """Return a scalar as it stands in the text."""
        written = self.written.get(place.path)
        return written.text if written else json.dumps(value)


def refuse(place: Place, original: str, *, invalid_format: bool = False) -> NoReturn:
    """Raise in Jackson's words."""
    raise UnreadableConfigError(original, place.chain, place.path, invalid_format=invalid_format)


def refuse_kind(place: Place, java_type: str, value: JsonValue) -> NoReturn:
    """Raise because a value is of a kind that the field cannot take at all."""
    refuse(place, f"Cannot deserialize value of type `{java_type}` from {_kind(value)}")


def _kind(value: JsonValue) -> str:
    if isinstance(value, bool):
        return f"Boolean value (token `JsonToken.VALUE_{str(value).upper()}`)"
    if isinstance(value, int):
        return "Integer value (token `JsonToken.VALUE_NUMBER_INT`)"
    if isinstance(value, float):
        return "Floating-point value (token `JsonToken.VALUE_NUMBER_FLOAT`)"
    if isinstance(value, Mapping):
        return "Object value (token `JsonToken.START_OBJECT`)"
    return "Array value (token `JsonToken.START_ARRAY`)"


def refuse_text(place: Place, java_type: str, text: str, why: str) -> NoReturn:
    """Raise because a text cannot be read as what the field holds."""
    refuse(place, f'Cannot deserialize value of type `{java_type}` from String "{text}": {why}', invalid_format=True)


def read_text(reading: Reading, place: Place, value: JsonValue) -> str | None:
    """A ``String``: any scalar, as it is written."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return reading.text_of(place, value)
    refuse_kind(place, "java.lang.String", value)


def read_integer(reading: Reading, place: Place, value: JsonValue) -> int | None:
    """An ``Integer``: 32 bits, signed."""
    return _whole(reading, place, value, "java.lang.Integer", INT_BITS)


def read_plain_integer(reading: Reading, place: Place, value: JsonValue) -> int:
    """An ``int``, which is 0 where nothing is written."""
    return _whole(reading, place, value, "int", INT_BITS) or 0


def read_long(reading: Reading, place: Place, value: JsonValue) -> int | None:
    """A ``Long``: 64 bits, signed."""
    return _whole(reading, place, value, "java.lang.Long", LONG_BITS)


def read_plain_long(reading: Reading, place: Place, value: JsonValue) -> int:
    """A ``long``, which is 0 where nothing is written."""
    return _whole(reading, place, value, "long", LONG_BITS) or 0


def _whole(reading: Reading, place: Place, value: JsonValue, java_type: str, bits: int) -> int | None:
    if value is None:
        return None
    if isinstance(value, str):
        return _whole_of_text(place, trim(value), java_type, bits)
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse_kind(place, java_type, value)
    return whole_of_number(reading, place, value, bits)


def _whole_of_text(place: Place, text: str, java_type: str, bits: int) -> int | None:
    if not text:
        return None
    number = int(text) if _WHOLE_NUMBER.fullmatch(text) else None
    if number is None or not _fits(number, LONG_BITS):
        refuse_text(place, java_type, text, f"not a valid `{java_type}` value")
    if not _fits(number, bits):
        limits = f"({-(1 << bits)} -{(1 << bits) - 1})"
        refuse_text(place, java_type, text, f"Overflow: numeric value ({text}) out of range of `{java_type}` {limits}")
    return number


def whole_of_number(reading: Reading, place: Place, value: float, bits: int) -> int:
    """Return a number without its fraction, refused where it has too many bits."""
    if not _fits(value, bits):
        name = "int" if bits == INT_BITS else "long"
        text = reading.text_of(place, value)
        refuse(place, f"Numeric value ({text}) out of range of {name} ({-(1 << bits)} - {(1 << bits) - 1})")
    return int(value)


def _fits(number: float, bits: int) -> bool:
    limit = 1 << bits
    return -limit <= number < limit


def read_double(_: Reading, place: Place, value: JsonValue) -> float | None:
    """A ``Double``."""
    if value is None:
        return None
    if isinstance(value, str):
        return _double_of_text(place, value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse_kind(place, "java.lang.Double", value)
    return _as_double(value)


def _double_of_text(place: Place, value: str) -> float | None:
    if value in _NAMED_DOUBLES:
        return _NAMED_DOUBLES[value]
    text = trim(value)
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        refuse_text(place, "java.lang.Double", text, "not a valid `Double` value")
    return float(text)


def _as_double(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def read_flag(_: Reading, place: Place, value: JsonValue) -> bool | None:
    """A ``Boolean``, which may be missing; a whole number is true unless it is 0."""
    return _truth(place, value, "java.lang.Boolean", 'only "true" or "false" recognized')


def read_plain_flag(_: Reading, place: Place, value: JsonValue) -> bool:
    """A ``boolean``, which is false where nothing is written."""
    why = 'only "true"/"True"/"TRUE" or "false"/"False"/"FALSE" recognized'
    return _truth(place, value, "boolean", why) or False


def _truth(place: Place, value: JsonValue, java_type: str, why: str) -> bool | None:
    if isinstance(value, str):
        text = trim(value)
        if text and text not in _TRUTHS:
            refuse_text(place, java_type, text, why)
        return _TRUTHS.get(text)
    if isinstance(value, float | Mapping | Sequence):
        refuse_kind(place, java_type, value)
    return None if value is None else bool(value)


def parse_json(text: str, *, alone: bool = False) -> JsonValue:
    """Parse a JSON text; whatever follows the value is not looked at, as Jackson does, unless it is to stand ``alone``.

    Raises:
        UnreadableConfigError: it does not begin with JSON, or does not end with it.
    """
    text = text.strip(_BLANKS)
    value: JsonValue
    try:
        value, end = _DECODER.raw_decode(text)
    except json.JSONDecodeError as error:
        raise UnreadableConfigError(f"{error.msg}: line {error.lineno}, column {error.colno}") from None
    if alone and end < len(text):
        raise UnreadableConfigError(f"Trailing token found after value: column {end + 1}")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise UnreadableConfigError(f"Non-standard token '{name}': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow")


_BLANKS = " \t\r\n"
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
