"""The fields of ``putstate --state``, and Jackson's words for values that they do not take (``FunctionState``, Jackson 2.17).

* Fields are looked at in the order in which they stand; those that a state does not have take anything.
* Text takes any scalar; a number takes a fraction, cut, and text that holds a whole number or nothing.
* Bytes are base64 with its padding, or a list of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pfemu.cli.pulsar_admin.picocli import RefusedError
from pfemu.model.configuration.config_reading import LONG_BITS

_DATABIND = "com.fasterxml.jackson.databind"
_COERCION = "com.fasterxml.jackson.core.exc.InputCoercionException"
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_BASE64_GROUP = 4
_OUTSIDE_OF_BASE64 = re.compile(r"[^A-Za-z0-9+/=\s]", re.ASCII)
_FRAMES_BELOW = {"long": 33, "byte": 35}
_KINDS: tuple[tuple[type, str, str], ...] = (
    (list, "Array", "START_ARRAY"),
    (dict, "Object", "START_OBJECT"),
    (int, "Integer", "VALUE_NUMBER_INT"),
)


class Fraction(float):
    """A number with a fraction or an exponent, which shows itself as it was written."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def __str__(self) -> str:
        """Return the number as it was written."""
        return self._text


def check_field(name: str, value: object) -> None:
    """Refuse a value that a field of a state does not take.

    Raises:
        RefusedError: in Jackson's words.
    """
    if name in _CHECKS and value is not None:
        _CHECKS[name](value)


def _check_text(value: object) -> None:
    if isinstance(value, list | dict):
        raise _mismatch("java.lang.String", value)


def _check_long(value: object) -> None:
    if isinstance(value, str):
        text = value.strip()
        if text not in {"", "null"} and not (_WHOLE_NUMBER.fullmatch(text) and _fits(int(text))):
            raise _invalid("java.lang.Long", value, "not a valid `java.lang.Long` value")
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise _mismatch("java.lang.Long", value)
    elif not _fits(value):
        raise _out_of_range("long", f"Numeric value ({value}) out of range of long ({-(2**LONG_BITS)} - {2**LONG_BITS - 1})")


def _fits(number: float) -> bool:
    return bool(-(2**LONG_BITS) <= number < 2**LONG_BITS)


def _check_bytes(value: object) -> None:
    if isinstance(value, str):
        _check_base64(value)
    elif isinstance(value, list):
        for item in value:
            _check_byte(item)
    else:
        raise _mismatch("byte[]", value)


def _check_base64(text: str) -> None:
    if outside := _OUTSIDE_OF_BASE64.search(text):
        character = outside[0]
        why = f"Illegal character '{character}' (code 0x{ord(character):x}) in base64 content"
        raise _invalid("byte[]", "", f"Failed to decode VALUE_STRING as base64 (MIME-NO-LINEFEEDS): {why}")
    if len("".join(text.split())) % _BASE64_GROUP:
        padding = "expects padding (one or more '=' characters) at the end. This Base64Variant might have been incorrectly configured"
        raise _invalid("byte[]", "", f"Unexpected end of base64-encoded String: base64 variant 'MIME-NO-LINEFEEDS' {padding}")


def _check_byte(item: object) -> None:
    if isinstance(item, str) and not _WHOLE_NUMBER.fullmatch(item.strip()):
        raise _invalid("byte[]", item, "not a valid `byte` value")
    if isinstance(item, int) and not -128 <= item <= 255:
        raise _out_of_range("byte", f"Numeric value ({item}) out of range of Java byte")


def _mismatch(java_class: str, value: object) -> RefusedError:
    kind, token = next(((kind, token) for of, kind, token in _KINDS if isinstance(value, of)), ("Floating-point", "VALUE_NUMBER_FLOAT"))
    if isinstance(value, bool):
        kind, token = "Boolean", f"VALUE_{str(value).upper()}"
    return RefusedError(
        f"{_DATABIND}.exc.MismatchedInputException: Cannot deserialize value of type `{java_class}` from {kind} value"
        f" (token `JsonToken.{token}`)"
    )


def _invalid(java_class: str, text: str, why: str) -> RefusedError:
    words = f'Cannot deserialize value of type `{java_class}` from String "{text}": {why}'
    return RefusedError(f"{_DATABIND}.exc.InvalidFormatException: {words}")


def _out_of_range(kind: str, words: str) -> RefusedError:
    """Make the refusal that Java prints with its cause, of which the frames that they share are only counted."""
    cause = f"Caused by: {_COERCION}: {words}"
    return RefusedError(f"{_DATABIND}.JsonMappingException: {words}", cause, f"\t... {_FRAMES_BELOW[kind]} more")


_CHECKS: dict[str, Callable[[object], None]] = {
    "key": _check_text,
    "stringValue": _check_text,
    "byteValue": _check_bytes,
    "numberValue": _check_long,
    "version": _check_long,
}
